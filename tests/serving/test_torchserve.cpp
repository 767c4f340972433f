// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "tests/serving/serving_support.h"
#include "tests/support/testing.h"

// TorchServe's inference and management REST.
using namespace lathe::serving;
using namespace lathe::serving::tests;

namespace {

std::string messageOf(const HttpAnswer& answer) { return answer.json().value("message", ""); }
std::string typeOf(const HttpAnswer& answer) { return answer.json().value("type", ""); }
std::string statusTextOf(const HttpAnswer& answer) { return answer.json().value("status", ""); }

double near(const JsonValue& value) { return std::round(value.get<double>() * 1e4) / 1e4; }

}  // namespace

LATHE_TEST("a ping of any verb says Healthy") {
  const TestServer server({"m/1=numeric"});
  for (const char* method : {"GET", "POST", "PUT", "OPTIONS"}) {
    const auto answer = server.http(method, "/ping");
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(statusTextOf(answer), std::string("Healthy"));
  }
}

LATHE_TEST("one row as an object, a list or a form is answered by one object with the columns of predict") {
  const TestServer server({"m/1=numeric"});
  for (const auto& [type, body] :
       {std::pair("application/json", R"({"x":30,"y":40,"other":"ignored"})"),
        std::pair("application/json", "[30, 40]"), std::pair("application/x-www-form-urlencoded", "x=30&y=40"),
        std::pair("application/x-www-form-urlencoded", R"({"x":30,"y":40})")}) {
    const auto answer = server.http("POST", "/predictions/m", body, {{"Content-Type", type}});
    CHECK_EQ(answer.status, 200);
    CHECK_EQ(answer.header("Content-Type"), std::string("application/json"));
    const auto json = answer.json();
    REQUIRE(json.is_object());
    CHECK_EQ(json["prediction"].get<std::string>(), std::string("high"));
    CHECK_EQ(near(json["prob_high"]), 0.7);
    CHECK_EQ(near(json["prob_low"]), 0.3);
  }
}

LATHE_TEST("several rows are answered by a list, those under instances by predictions, CSV lines by a list") {
  const TestServer server({"m/1=numeric"});
  const auto list = server.http("POST", "/predictions/m", R"([{"x":1,"y":2},{"y":4,"x":3}])").json();
  REQUIRE(list.is_array() && list.size() == 2);
  CHECK_EQ(near(list[1]["prob_high"]), 0.07);
  CHECK_EQ(server.http("POST", "/predictions/m", "[[1,2],[3,4],[5,6]]").json().size(), std::size_t{3});
  const auto instances = server.http("POST", "/predictions/m/1.0", R"({"instances":[{"x":1,"y":2}]})").json();
  REQUIRE(instances["predictions"].is_array());
  CHECK_EQ(near(instances["predictions"][0]["prob_high"]), 0.03);
  for (const char* csv : {"y,x\n4,3\n2,1\n", "3,4\n1,2", "\"y\";\"x\"\r\n4;3\r\n2;1\r\n"}) {
    const auto lines = server.http("POST", "/predictions/m", csv, {{"Content-Type", "text/csv"}}).json();
    REQUIRE(lines.is_array() && lines.size() == 2);
    CHECK_EQ(near(lines[0]["prob_high"]), 0.07);
  }
}

LATHE_TEST("categories are words or codes, dates are text, and what is missing is null, NaN or empty") {
  const TestServer server({"m/1=mixed"});
  const auto predicted = [&](const std::string& body) {
    return server.http("POST", "/predictions/m", body).json()["prediction"].get<double>();
  };
  // 2000-01-11 12:00 is day 10 and second 43200.
  CHECK_EQ(predicted(R"({"size":1.5,"colour":"red","day":"2000-01-11T12:00:00","ok":"yes"})"),
           1.5 + 2 + 10 + 43200 + 1);
  CHECK_EQ(predicted(R"({"size":1.5,"colour":2,"day":20000111,"ok":true})"), 1.5 + 2 + 10 + 1);
  CHECK_EQ(predicted(R"({"size":null,"colour":"green","day":[3,4],"ok":false})"), 1000 + 1 + 3 + 4.0);
  CHECK_EQ(predicted(R"({"size":NaN,"colour":"","day":null,"ok":"NA"})"), 5000.0);
  CHECK_EQ(predicted(R"({"size":"2,000.5","colour":"pink","day":[0,0],"ok":"maybe"})"), 2000.5 - 1 - 1);
  CHECK_EQ(predicted("[1, 2, 3, 4, 5]"), 15.0);
  CHECK_EQ(predicted(R"([1, "blue", "2000-01-03", "no"])"), 3.0);
}

LATHE_TEST("a wrong row is refused with 400 and the column's name") {
  const TestServer server({"m/1=mixed"});
  const auto told = [&](const std::string& body) {
    const auto answer = server.http("POST", "/predictions/m", body);
    CHECK_EQ(answer.status, 400);
    CHECK_EQ(answer.json().value("code", 0), 400);
    CHECK_EQ(typeOf(answer), std::string("BadRequestException"));
    return messageOf(answer);
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  CHECK(has(told(R"({"colour":"red","day":null,"ok":"yes"})"), "size"));
  CHECK(has(told(R"({"sise":1,"colour":"red","day":null,"ok":"yes"})"), "sise"));
  CHECK(has(told(R"({"size":"big","colour":"red","day":null,"ok":"yes"})"), "size"));
  CHECK(has(told(R"({"size":[1,2],"colour":"red","day":null,"ok":"yes"})"), "size"));
  CHECK(has(told(R"({"size":1,"colour":"red","day":"someday","ok":"yes"})"), "day"));
  CHECK(has(told("[1,2,3]"), "size"));
  CHECK(has(told("size,colour\n1,red\n"), "day"));
  CHECK(has(told("{\"size\":"), "JSON"));
  CHECK(has(told("[]"), "no rows"));
  CHECK(has(told(""), "empty"));
  CHECK(has(told("[[1,2,3,4,5],7]"), "row"));
  (void)told(std::string(100'000, '['));
}

LATHE_TEST("images come as files, as parts of a form, or as arrays in either order") {
  const TestServer server({"m/1=image"});
  // A grey bitmap of 3 x 2 pixels would be scaled; arrays are taken as they are.
  const auto light = [&](const HttpAnswer& answer) { return near(answer.json()["prob_light"]); };
  CHECK_EQ(light(server.http("POST", "/predictions/m", "[[[51,0,0],[0,0,0]]]")), 0.2);
  CHECK_EQ(light(server.http("POST", "/predictions/m", "[[[51],[0],[0]],[[0],[0],[0]]]")), 0.2);
  CHECK_EQ(server.http("POST", "/predictions/m", "[[[[51,0,0],[0,0,0]]],[[[0,0,0],[0,0,0]]]]").json().size(),
           std::size_t{2});
  const auto broken =
      server.http("POST", "/predictions/m", "\x89PNG\r\n\x1a\nnonsense", {{"Content-Type", "image/png"}});
  CHECK_EQ(broken.status, 400);
  CHECK(messageOf(broken).find("image") != std::string::npos);
  const std::string form =
      "--B\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a\"\r\n\r\n[[[51,0,0],[0,0,0]]]\r\n--B--\r\n";
  CHECK_EQ(light(server.http("POST", "/predictions/m", form, {{"Content-Type", "multipart/form-data; boundary=B"}})),
           0.2);
  CHECK_EQ(server.http("POST", "/predictions/m", "[[[1,2],[3,4]]]").status, 400);
}

LATHE_TEST("a window of rows is one input, and CSV gives its last rows") {
  const TestServer server({"m/1=window"});
  const auto one = server.http("POST", "/predictions/m", R"([{"a":1,"b":2},{"a":3,"b":4},[5,6]])").json();
  REQUIRE(one.is_object());
  CHECK_EQ(one.begin().value().get<double>(), 21.0);
  CHECK_EQ(one.size(), std::size_t{2});
  CHECK_EQ(server.http("POST", "/predictions/m", "[[[1,2],[3,4],[5,6]],[[0,0],[0,0],[0,0]]]").json().size(),
           std::size_t{2});
  CHECK_EQ(server.http("POST", "/predictions/m", "a,b\n9,9\n1,2\n3,4\n5,6\n").json().begin().value().get<double>(),
           21.0);
  CHECK_EQ(server.http("POST", "/predictions/m", "a,b\n1,2\n").status, 400);
  CHECK_EQ(server.http("POST", "/predictions/m", "[[1,2],[3,4]]").status, 400);
}

LATHE_TEST("unknown models, versions, paths and verbs are told as TorchServe tells them") {
  const TestServer server({"m/1=numeric"});
  const auto model = server.http("POST", "/predictions/other", "[1,2]");
  CHECK_EQ(model.status, 404);
  CHECK_EQ(typeOf(model), std::string("ModelNotFoundException"));
  CHECK_EQ(messageOf(model), std::string("Model not found: other"));
  const auto version = server.http("POST", "/predictions/m/9.9", "[1,2]");
  CHECK_EQ(version.status, 404);
  CHECK_EQ(typeOf(version), std::string("ModelVersionNotFoundException"));
  CHECK_EQ(messageOf(version), std::string("Model version: 9.9 does not exist for model: m"));
  const auto path = server.http("GET", "/nothing/here");
  CHECK_EQ(path.status, 404);
  CHECK_EQ(messageOf(path), std::string("Requested resource is not found, please refer to API document."));
  CHECK_EQ(server.http("DELETE", "/predictions/m").status, 405);
}

LATHE_TEST("a model of the store is registered, scaled, made the default, described and unregistered") {
  const TestServer server({"m/1=numeric"});
  server.writeModel("n.mar", "numeric 5");
  const auto bare = server.management("POST", "/models?url=n.mar");
  CHECK_EQ(bare.status, 200);
  CHECK_EQ(statusTextOf(bare),
           std::string("Model \"n\" Version: 1.0 registered with 0 initial workers. Use scale workers API to "
                       "add workers for the model."));
  const auto idle = server.http("POST", "/predictions/n", "[1,2]");
  CHECK_EQ(idle.status, 503);
  CHECK(!idle.header("Retry-After").empty());
  CHECK(messageOf(idle).starts_with("Model \"n\" has no worker to serve inference request."));
  CHECK_EQ(server.management("PUT", "/models/n?min_worker=2").status, 202);
  const auto scaled = server.management("PUT", "/models/n?min_worker=2&synchronous=true");
  CHECK_EQ(statusTextOf(scaled), std::string("Workers scaled to 2 for model: n"));
  CHECK_EQ(near(server.http("POST", "/predictions/n", "[1,2]").json()["prob_high"]), 0.08);
  const auto described = server.management("GET", "/models/n").json();
  REQUIRE(described.is_array() && described.size() == 1);
  CHECK_EQ(described[0]["modelVersion"].get<std::string>(), std::string("1.0"));
  CHECK_EQ(described[0]["workers"].size(), std::size_t{2});
  CHECK_EQ(described[0]["workers"][0]["status"].get<std::string>(), std::string("READY"));
  CHECK_EQ(described[0]["jobQueueStatus"]["remainingCapacity"].get<int>(), 1000);

  const auto again = server.management("POST", "/models?url=n.mar&initial_workers=1");
  CHECK_EQ(again.status, 409);
  CHECK_EQ(typeOf(again), std::string("ConflictStatusException"));
  CHECK_EQ(messageOf(again), std::string("Model version 1.0 is already registered for model n"));
  const auto named = server.management("POST", "/models?url=n.mar&model_name=other&initial_workers=1&synchronous=true");
  CHECK_EQ(statusTextOf(named), std::string("Model \"other\" Version: 1.0 registered with 1 initial workers"));
  CHECK_EQ(statusTextOf(server.management("DELETE", "/models/other")), std::string("Model \"other\" unregistered"));
  CHECK_EQ(server.management("DELETE", "/models/other").status, 404);
  CHECK_EQ(server.http("POST", "/predictions/other", "[1,2]").status, 404);
}

LATHE_TEST("versions live side by side, one is the default, and only that one cannot be removed before the others") {
  const TestServer server({"m/1=numeric 10", "m/2=numeric 20"});
  const auto high = [&](const char* target) { return near(server.http("POST", target, "[0,0]").json()["prob_high"]); };
  CHECK_EQ(high("/predictions/m"), 0.2);
  CHECK_EQ(high("/predictions/m/1.0"), 0.1);
  CHECK_EQ(high("/predictions/m/1"), 0.1);
  CHECK_EQ(statusTextOf(server.management("PUT", "/models/m/1.0/set-default")),
           std::string("Default version successfully updated for model \"m\" to \"1.0\""));
  CHECK_EQ(high("/predictions/m"), 0.1);
  CHECK_EQ(messageOf(server.management("PUT", "/models/m/3.0/set-default")),
           std::string("Model version 3.0 does not exist for model m"));
  CHECK_EQ(server.management("GET", "/models/m/all").json().size(), std::size_t{2});
  const auto refused = server.management("DELETE", "/models/m/1.0");
  CHECK_EQ(refused.status, 403);
  CHECK_EQ(typeOf(refused), std::string("InvalidModelVersionException"));
  CHECK_EQ(messageOf(refused), std::string("Cannot remove default version for model m"));
  CHECK_EQ(server.management("DELETE", "/models/m/2.0").status, 200);
  CHECK_EQ(server.management("DELETE", "/models/m").status, 200);
}

LATHE_TEST("models are listed page by page") {
  const TestServer server({"a/1=numeric", "b/1=numeric", "c/1=numeric"});
  const auto first = server.management("GET", "/models?limit=2").json();
  CHECK_EQ(first["models"].size(), std::size_t{2});
  CHECK_EQ(first["nextPageToken"].get<std::string>(), std::string("2"));
  const auto last = server.management("GET", "/models?limit=2&next_page_token=2").json();
  REQUIRE(last["models"].size() == 1);
  CHECK_EQ(last["models"][0]["modelName"].get<std::string>(), std::string("c"));
  CHECK(!last.contains("nextPageToken"));
}

LATHE_TEST("nothing outside the store is registered, whatever the path, and no URL is followed") {
  const TestServer server({"m/1=numeric"});
  const auto outside = lathe::tests::TempFolder();
  std::filesystem::create_directories(outside / "x");
  std::filesystem::create_symlink(outside / "x", server.folder() / "link.mar");
  const auto told = [&](const std::string& url) { return server.management("POST", "/models?url=" + url); };
  CHECK_EQ(messageOf(told("../x")), std::string("Relative path is not allowed in url: ../x"));
  CHECK_EQ(messageOf(told("sub/%2e%2e/%2e%2e/x")), std::string("Relative path is not allowed in url: sub/../../x"));
  CHECK_EQ(messageOf(told("absent.mar")), std::string("Model not found at: absent.mar"));
  CHECK_EQ(told("absent.mar").status, 404);
  CHECK_EQ(told("link.mar").status, 404);
  CHECK_EQ(told("/etc/passwd").status, 404);
  CHECK_EQ(told("file:///etc/passwd").status, 404);
  const auto url = told("http://example.com/x.mar");
  CHECK_EQ(url.status, 404);
  CHECK(messageOf(url).find("does not match any allowed URL") != std::string::npos);
  CHECK_EQ(messageOf(server.management("POST", "/models")), std::string("Parameter url is required."));
}

LATHE_TEST("a broken model of the store is told, and is not registered") {
  const TestServer server({"m/1=numeric"});
  server.writeModel("bad.mar", "nonsense");
  const auto answer = server.management("POST", "/models?url=bad.mar&initial_workers=1");
  CHECK_EQ(answer.status, 500);
  CHECK(messageOf(answer).starts_with("Failed to start workers for model bad version: 1.0"));
  CHECK_EQ(server.management("GET", "/models/bad").status, 404);
}

LATHE_TEST("OPTIONS gives OpenAPI, of one model with its columns") {
  const TestServer server({"m/1=mixed"});
  const auto all = server.http("OPTIONS", "/").json();
  CHECK(all["openapi"].get<std::string>().starts_with("3.0"));
  CHECK(all["paths"].contains("/v2/models/{model_name}/infer"));
  CHECK(all["paths"]["/models"].contains("post"));
  const auto one = server.http("OPTIONS", "/predictions/m").json();
  const auto& row =
      one["paths"]["/predictions/m"]["post"]["requestBody"]["content"]["application/json"]["schema"]["oneOf"][0];
  CHECK_EQ(row["properties"]["colour"]["enum"].size(), std::size_t{4});
  CHECK_EQ(row["required"].size(), std::size_t{4});
  CHECK_EQ(server.http("GET", "/openapi.json").json(), all);
  CHECK_EQ(server.management("OPTIONS", "/").json(), all);
}

LATHE_TEST("the page, the metrics and the summary of inputs tell what was asked") {
  const TestServer server({"m/1=mixed"});
  (void)server.http("POST", "/predictions/m", R"([{"size":1,"colour":"red","day":"2024-01-01","ok":"yes"},
                                                   {"size":3,"colour":"pink","day":null,"ok":"no"}])");
  (void)server.http("POST", "/predictions/m", R"({"size":1})");
  const auto page = server.http("GET", "/");
  CHECK_EQ(page.status, 200);
  CHECK(page.header("Content-Type").starts_with("text/html"));
  CHECK(page.header("Content-Security-Policy").find("default-src 'none'") != std::string::npos);
  CHECK(page.body.find("src=\"http") == std::string::npos);
  const auto metrics = server.http("GET", "/metrics").body;
  CHECK(metrics.find("ts_inference_requests_total{model_name=\"m\",model_version=\"1\"} 1\n") != std::string::npos);
  CHECK(metrics.find("lathe_request_failures_total{model_name=\"m\",model_version=\"1\"} 1\n") != std::string::npos);
  CHECK(metrics.find("lathe_rows_total{model_name=\"m\",model_version=\"1\"} 2\n") != std::string::npos);
  CHECK(metrics.find("le=\"+Inf\"} 1\n") != std::string::npos);
  const auto models = server.http("GET", "/lathe/models").json();
  CHECK_EQ(models["models"][0]["columns"].size(), std::size_t{4});
  CHECK_EQ(models["models"][0]["requests"].get<int>(), 1);
  const auto inputs = server.http("GET", "/lathe/models/m/inputs").json();
  CHECK_EQ(inputs["rows"].get<int>(), 2);
  const auto& size = inputs["columns"][0];
  CHECK_EQ(size["mean"].get<double>(), 2.0);
  CHECK_EQ(size["min"].get<double>(), 1.0);
  CHECK_EQ(size["counts"].size(), size["edges"].size() + 1);
  const auto& colour = inputs["columns"][1];
  CHECK_EQ(colour["counts"], JsonValue::parse("[0,0,1,1]"));
  CHECK_EQ(inputs["columns"][2]["missing"].get<int>(), 1);
}
