// SPDX-License-Identifier: GPL-3.0-or-later
// A promoted version that goes wrong afterwards, in Lathe's own server.
#include "core/services/deployment/deployment_record.h"
#include "core/services/deployment/request_counts.h"
#include "core/services/deployment/roll_back.h"
#include "tests/deployment/served_stubs.h"
#include "tests/support/fake_server.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using services::WatchVerdict;
using serving::tests::TestServer;

namespace {

services::Deployment stateOf(const std::string& code) {
  services::Deployment state;
  state.healthy = code.empty();
  if (!code.empty()) state.why = Error{code, {}, {}};
  return state;
}

}  // namespace

LATHE_TEST("another answer is proof at once, a refusal at the second look in a row, silence never") {
  int strikes = 0;
  CHECK(services::verdictOf(stateOf("deploy.differs"), strikes) == WatchVerdict::Broken);
  strikes = 0;
  CHECK(services::verdictOf(stateOf("deploy.refused"), strikes) == WatchVerdict::Unclear);
  CHECK(services::verdictOf(stateOf(""), strikes) == WatchVerdict::Fine);
  CHECK_EQ(strikes, 0);
  CHECK(services::verdictOf(stateOf("deploy.refused"), strikes) == WatchVerdict::Unclear);
  CHECK(services::verdictOf(stateOf("deploy.refused"), strikes) == WatchVerdict::Broken);
  strikes = 0;
  for (int i = 0; i < 5; ++i)
    CHECK(services::verdictOf(stateOf("deploy.unreachable"), strikes) == WatchVerdict::Unclear);
}

LATHE_TEST("a version that answers differently gives way to the one before, and both answers are told") {
  TestServer server({"m/1=numeric", "m/2=numeric"});
  const auto manifest = numericManifest();
  CHECK_EQ(server.management("PUT", "/models/m/2/set-default").status, 200);
  const services::ServedVersion served{stubPlace(server, "2.0"), "1.0", {}};
  int strikes = 0;
  const auto fine = services::watchOnce(served, manifest, strikes, 5);
  REQUIRE_OK(fine);
  CHECK(fine->state.healthy);
  CHECK(!fine->rolledBack);
  CHECK_EQ(defaultVersionOf(server), std::string("2.0"));

  // Somebody loads something else in its place.
  REQUIRE_OK(server.server().load({"m", 2, "2.0", server.writeModel("other", "numeric 5")}));
  const auto broken = services::watchOnce(served, manifest, strikes, 5);
  REQUIRE_OK(broken);
  CHECK(!broken->state.healthy);
  CHECK(broken->rolledBack);
  REQUIRE(broken->state.why && broken->state.other);
  CHECK_EQ(broken->state.why->code, std::string("deploy.differs"));
  CHECK_EQ(broken->state.other->row, std::int64_t{0});
  CHECK(isNear(broken->state.other->wanted.at(1), 0.0F, 1e-6F));
  CHECK(isNear(broken->state.other->found.at(1), 0.05F, 1e-6F));
  CHECK_EQ(defaultVersionOf(server), std::string("1.0"));
  REQUIRE(broken->done.has_value());
  CHECK(broken->done->render().find("1.0 answers again instead of version 2.0") != std::string::npos);
}

LATHE_TEST("a watch looks again and again, and ends early when it had to go back") {
  TestServer server({"m/1=numeric", "m/2=numeric"});
  CHECK_EQ(server.management("PUT", "/models/m/2/set-default").status, 200);
  const services::ServedVersion served{stubPlace(server, "2.0"), "1.0", {}};
  const auto quiet = services::watchFor(served, numericManifest(), 0.4, 0.1);
  REQUIRE_OK(quiet);
  CHECK(quiet->state.healthy);
  CHECK(quiet->looks >= 3);
  REQUIRE_OK(server.server().load({"m", 2, "2.0", server.writeModel("other", "numeric 5")}));
  const auto broken = services::watchFor(served, numericManifest(), 60, 1);
  REQUIRE_OK(broken);
  CHECK(broken->rolledBack);
  CHECK_EQ(broken->looks, 1);
}

LATHE_TEST("nothing is rolled back where nothing was before, where a person chose otherwise, or where nobody is") {
  TestServer server({"m/1=numeric", "m/2=numeric 5"});
  CHECK_EQ(server.management("PUT", "/models/m/2/set-default").status, 200);
  const auto manifest = numericManifest();
  int strikes = 0;
  const auto first = services::watchOnce({stubPlace(server, "2.0"), "", {}}, manifest, strikes, 5);
  REQUIRE_OK(first);
  CHECK(!first->state.healthy);
  CHECK(!first->rolledBack);
  CHECK_EQ(defaultVersionOf(server), std::string("2.0"));
  CHECK_EQ(services::rollBack({stubPlace(server, "2.0"), "", {}}, 5).error().code,
           std::string("deploy.nothing_before"));

  CHECK_EQ(server.management("PUT", "/models/m/1/set-default").status, 200);
  CHECK_EQ(services::rollBack({stubPlace(server, "2.0"), "1.0", {}}, 5).error().code,
           std::string("deploy.not_default"));

  services::ServedPlace nowhere = stubPlace(server, "2.0");
  nowhere.url = nowhere.predictUrl = "127.0.0.1:1";
  for (int i = 0; i < 3; ++i) {
    const auto gone = services::watchOnce({nowhere, "1.0", {}}, manifest, strikes, 1);
    REQUIRE_OK(gone);
    CHECK(!gone->rolledBack);
    CHECK_EQ(gone->state.why->code, std::string("deploy.unreachable"));
  }
}

LATHE_TEST("TensorFlow Serving and Triton go back by their folder of models, which has to be known") {
  for (const auto target : {services::DeployTarget::TfServing, services::DeployTarget::Triton}) {
    FakeServer server;
    server.otherwise([](const Asked&) { return Canned{200, "{}"}; });
    const TempFolder store;
    std::filesystem::create_directories(store / "m" / "1");
    std::filesystem::create_directories(store / "m" / "2");
    services::ServedPlace place{target, server.url(), "127.0.0.1:1", {}, "m", "2"};
    CHECK_EQ(services::rollBack({place, "1", {}}, 2).error().code, std::string("deploy.no_store"));
    REQUIRE_OK(services::rollBack({place, "1", store.path()}, 2));
    CHECK(std::filesystem::exists(store / "m" / "1"));
    CHECK(!std::filesystem::exists(store / "m" / "2"));
    if (target == services::DeployTarget::Triton)
      CHECK_EQ(server.count("POST /v2/repository/models/m/load"), 1);
    else
      CHECK(std::filesystem::exists(store / "models.config"));
  }
}

LATHE_TEST("a record of a deployment keeps everything, and reads what older versions wrote") {
  services::DeployedModel model;
  model.run = 7;
  model.target = services::DeployTarget::Triton;
  model.url = "http://h:1";
  model.name = "m";
  model.version = "2";
  model.previous = "1";
  model.modelStore = "/store";
  model.state = services::DeploymentState::RolledBack;
  model.reason = Error{"deploy.differs", {"{a} differs.", {{"a", "it"}}}, {"Look.", {}}};
  model.other = services::OtherAnswer{3, {0.5F, 0.25F}, {1, 0}};
  model.watchedUntilMicros = 5;
  model.strikes = 1;
  services::addEvent(model, 9, {"{run} came.", {{"run", "7"}}});
  const auto back = services::deployedModelsFrom(services::toJson({model}));
  REQUIRE(back.size() == 1);
  CHECK(back.front() == model);
  const auto old = services::deployedModelsFrom(
      R"([{"run":1,"target":"torchserve","url":"u","name":"n","version":"1.0"},5,{"name":"no address"}])");
  REQUIRE(old.size() == 1);
  CHECK(old.front().state == services::DeploymentState::Served);
  CHECK(old.front().history.empty());
}

LATHE_TEST("requests are counted by what each server tells, and not at all where it tells nothing") {
  TestServer lathe({"m/1=numeric"});
  const auto place = stubPlace(lathe, "1.0");
  for (int i = 0; i < 3; ++i) CHECK_EQ(lathe.http("POST", "/predictions/m", R"({"x":1,"y":2})").status, 200);
  services::Deployment checked;
  REQUIRE_OK(services::checkServed(place, numericManifest(), 5, checked, {}));
  CHECK(checked.healthy);
  const auto own = services::requestsOf(place, 5);
  REQUIRE(own.has_value());
  CHECK_EQ(own->total, std::uint64_t{3});  // the check is not among them
  CHECK(!own->withChecks);

  const std::string text =
      "# HELP ts_inference_requests_total Total\n"
      "ts_inference_requests_total{uuid=\"a\",model_name=\"m\",model_version=\"default\",} 4.0\n"
      "ts_inference_requests_total{uuid=\"a\",model_name=\"m\",model_version=\"1.0\",} 2.0\n"
      "ts_inference_requests_total{uuid=\"a\",model_name=\"other\",model_version=\"1.0\",} 9.0\n";
  CHECK_EQ(services::prometheusSum(text, "ts_inference_requests_total", {"model_name=\"m\""}).value_or(0), 6.0);
  CHECK(!services::prometheusSum(text, "ts_inference", {}).has_value());

  FakeServer triton;
  triton.answer("GET /v2/models/m/versions/1/stats",
                R"({"model_stats":[{"name":"m","version":"1","inference_stats":{"success":{"count":12,"ns":5}}}]})");
  const auto counted = services::requestsOf({services::DeployTarget::Triton, triton.url(), {}, {}, "m", "1"}, 5);
  REQUIRE(counted.has_value());
  CHECK_EQ(counted->total, std::uint64_t{12});
  CHECK(!services::requestsOf({services::DeployTarget::TfServing, triton.url(), {}, {}, "m", "1"}, 5));
}
