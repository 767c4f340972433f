// SPDX-License-Identifier: GPL-3.0-or-later
// Champion and challenger in Lathe's own server.
#include "core/base/random.h"
#include "core/services/deployment/promotion.h"
#include "tests/deployment/served_stubs.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using serving::tests::TestServer;

namespace {

/// Rows whose label is high with the probability that the model says.
std::string honestRows(int rows) {
  Random random(3, "rows");
  std::string text = "x,y,y0\n";
  for (int i = 0; i < rows; ++i) {
    const auto x = random.uniform() * 50, y = random.uniform() * 50;
    text += fmt::format("{:.4f},{:.4f},{}\n", x, y, random.uniform() * 100 < x + y ? "high" : "low");
  }
  return text;
}

struct Judged {
  explicit Judged(const std::string& challenger) : server({"m/1=numeric", "m/2=" + challenger}) {
    writeText(folder / "rows.csv", honestRows(400));
    request.what.manifest = numericManifest();
    request.what.manifest.schema.target.name = "y0";
    const auto place = stubPlace(server, "2.0");
    request.target = place.target;
    request.url = place.url;
    request.predictUrl = place.predictUrl;
    request.data = folder / "rows.csv";
    deployment.name = "m";
    deployment.version = "2.0";
    deployment.previous = "1.0";
    deployment.healthy = true;
    deployment.latencyMs = 3;
  }
  TempFolder folder;
  TestServer server;
  services::DeployRequest request;
  services::Deployment deployment;
};

}  // namespace

LATHE_TEST("a challenger that is clearly worse on labelled rows is refused, with the numbers") {
  Judged all("numeric 30");
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK(!all.deployment.healthy);
  REQUIRE(all.deployment.promotion && all.deployment.why);
  const auto& promotion = *all.deployment.promotion;
  CHECK(!promotion.promoted);
  CHECK_EQ(promotion.measure, std::string("log_loss"));
  CHECK_EQ(promotion.rows, std::int64_t{400});
  CHECK(promotion.challenger > promotion.champion);
  CHECK(promotion.low > 0 && promotion.high > promotion.low);
  CHECK_EQ(all.deployment.why->code, std::string("deploy.worse"));
  CHECK(all.deployment.why->sentence().find("log_loss") != std::string::npos);
}

LATHE_TEST("a challenger that is as good is promoted, one on fewer rows too") {
  Judged all("numeric 0.01");
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK(all.deployment.healthy);
  REQUIRE(all.deployment.promotion.has_value());
  CHECK(all.deployment.promotion->promoted);
  all.request.dataRows = {5, 7, 9, 11, 13, 400'000};
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK_EQ(all.deployment.promotion->rows, std::int64_t{5});
  all.request.dataRows = {400'000};
  CHECK_EQ(services::judge(all.request, all.deployment, {}).error().code, std::string("deploy.no_rows_held_out"));
}

LATHE_TEST("one that takes too long is refused before anything is compared, and an unhealthy one is not asked") {
  Judged all("numeric");
  all.request.maxLatencyMs = 1;
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK(!all.deployment.healthy);
  CHECK(!all.deployment.promotion.has_value());
  CHECK_EQ(all.deployment.why->code, std::string("deploy.slow"));
  all.deployment.why.reset();
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK(!all.deployment.why.has_value());
}

LATHE_TEST(
    "a champion that does not answer is no hindrance, and one with classes in another order is asked in its own") {
  Judged all("numeric 30");
  all.deployment.previous = "9.0";
  REQUIRE_OK(services::judge(all.request, all.deployment, {}));
  CHECK(all.deployment.healthy);
  CHECK(!all.deployment.promotion.has_value());

  Judged turned("numeric 0.01");
  auto champion = turned.request.what.manifest.schema;
  std::swap(champion.target.classes[0], champion.target.classes[1]);
  turned.request.championSchema = champion;
  REQUIRE_OK(services::judge(turned.request, turned.deployment, {}));
  REQUIRE(turned.deployment.promotion.has_value());
  CHECK(turned.deployment.promotion->promoted);
  CHECK(isNear(turned.deployment.promotion->champion, turned.deployment.promotion->challenger, 0.01));
}

LATHE_TEST("a served model is asked by its version, and what it refuses is told in its own words") {
  TestServer server({"m/1=numeric", "m/2=numeric 10"});
  const auto manifest = numericManifest();
  serving::RequestRows rows;
  rows.shape = {2};
  rows.numbers = {10, 10, 20, 20};
  for (const auto& [version, wanted] : {std::pair("1.0", 0.2F), std::pair("2.0", 0.3F)}) {
    auto ask = services::askServed(stubPlace(server, version), manifest.schema, 5);
    REQUIRE_OK(ask);
    const auto values = (*ask)->ask(rows, 0, 2);
    REQUIRE_OK(values);
    REQUIRE(values->size() == 4);
    CHECK(isNear((*values)[1], wanted, 1e-6F));
    CHECK(isNear((*values)[0], 1 - wanted, 1e-6F));
  }
  auto none = services::askServed(stubPlace(server, "3.0"), manifest.schema, 5);
  REQUIRE_OK(none);
  CHECK_EQ((*none)->ask(rows, 0, 1).error().code, std::string("deploy.refused"));
  rows.shape = {3};
  rows.numbers = {1, 2, 3};
  auto one = services::askServed(stubPlace(server, "1.0"), manifest.schema, 5);
  REQUIRE_OK(one);
  CHECK_EQ((*one)->ask(rows, 0, 1).error().code, std::string("deploy.refused"));
  // Answers without the columns of the model are no answers.
  auto other = manifest.schema;
  other.target.classes = {"low", "middle", "high"};
  rows.shape = {2};
  rows.numbers = {1, 2};
  auto wrong = services::askServed(stubPlace(server, "1.0"), other, 5);
  REQUIRE_OK(wrong);
  CHECK_EQ((*wrong)->ask(rows, 0, 1).error().code, std::string("deploy.bad_answer"));
}
