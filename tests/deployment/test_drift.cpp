// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/base/random.h"
#include "core/services/deployment/drift.h"
#include "tests/deployment/served_stubs.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;
using services::ColumnCounts;
using services::DriftLevel;
using services::InputCounts;
using serving::tests::TestServer;

namespace {

/// Normal numbers in 20 bins from -3 to 3.
ColumnCounts normals(const std::string& name, int rows, double mean, double missing = 0, std::uint64_t seed = 1) {
  Random random(seed, name);
  ColumnCounts column;
  column.name = name;
  for (int i = 0; i <= 20; ++i) column.edges.push_back(-3 + 0.3 * i);
  column.counts.assign(column.edges.size() + 1, 0);
  double sum = 0;
  for (int i = 0; i < rows; ++i) {
    ++column.count;
    if (random.uniform() < missing) {
      ++column.missing;
      continue;
    }
    const double value = random.normal() + mean;
    sum += value;
    ++column.counts[static_cast<std::size_t>(std::upper_bound(column.edges.begin(), column.edges.end(), value) -
                                             column.edges.begin())];
  }
  column.mean = sum / static_cast<double>(column.count - column.missing);
  column.deviation = 1;
  return column;
}

ColumnCounts words(const std::vector<std::uint64_t>& counts) {
  ColumnCounts column;
  column.name = "colour";
  column.kind = spec::ColumnKind::Category;
  column.words = {"red", "green", "blue"};
  column.counts = counts;
  for (const auto count : counts) column.count += count;
  return column;
}

services::ColumnDrift only(const ColumnCounts& then, const ColumnCounts& now) {
  const auto report = services::compareInputs({"", then.count, {then}}, {"", now.count, {now}});
  REQUIRE(report.columns.size() == 1);
  return report.columns.front();
}

}  // namespace

LATHE_TEST("rows of the same kind are no drift, however few, and a shifted column is named with both means") {
  int alarms = 0;
  for (std::uint64_t seed = 2; seed < 202; ++seed)
    if (only(normals("age", 700, 0), normals("age", 100, 0, 0, seed)).level != DriftLevel::Same) ++alarms;
  CHECK(alarms <= 6);  // one in a hundred is meant
  const auto same = only(normals("age", 5000, 0), normals("age", 5000, 0, 0, 7));
  CHECK(same.psi < 0.02);
  CHECK_EQ(same.sentence.render(), std::string("age is as in training."));
  const auto older = only(normals("age", 5000, 0), normals("age", 500, 1, 0, 7));
  CHECK(older.level == DriftLevel::Other);
  CHECK(older.psi > 0.5);
  CHECK(older.sentence.render().starts_with("age is higher than in training: "));
  const auto little = only(normals("age", 5000, 0), normals("age", 5000, 0.4, 0, 7));
  CHECK(little.level == DriftLevel::Moved);
}

LATHE_TEST("the index of two known shares is what its formula says") {
  // Half a row more in each of three bins (the unknown words count too once there are some).
  const auto drift = only(words({50, 50, 0, 0}), words({80, 20, 0, 0}));
  const double e = 50.5 / 101, a = 80.5 / 101, b = 20.5 / 101;
  CHECK(isNear(drift.psi, (a - e) * std::log(a / e) + (b - e) * std::log(b / e), 1e-9));
  CHECK(drift.level == DriftLevel::Other);
  CHECK_EQ(drift.sentence.render(), std::string("red is now 80 % of colour, in training it was 50 %."));
}

LATHE_TEST("missing values and unknown words drift too, and what drifted most comes first") {
  const auto missing = only(normals("age", 5000, 0, 0.02), normals("age", 500, 0, 0.4, 7));
  CHECK(missing.level == DriftLevel::Other);
  CHECK(isNear(missing.missingNow, 0.4, 0.08));
  CHECK(missing.sentence.render().find("age is missing in ") == 0);
  const auto unseen = only(words({300, 300, 300, 0}), words({60, 60, 60, 60}));
  CHECK(isNear(unseen.unseen, 0.25, 1e-9));
  CHECK(unseen.level == DriftLevel::Other);
  CHECK_EQ(unseen.sentence.render(), std::string("colour has values that training never saw, in 25 % of the rows."));
  const auto report = services::compareInputs(
      {"", 900, {normals("still", 900, 0), normals("age", 900, 0), words({300, 300, 300, 0})}},
      {"", 240, {normals("still", 240, 0, 0, 9), normals("age", 240, 2, 0, 9), words({60, 60, 60, 60})}});
  REQUIRE(report.columns.size() == 3);
  CHECK_EQ(report.columns.back().name, std::string("still"));
  CHECK(report.columns[0].psi > report.columns[1].psi);
}

LATHE_TEST("fewer than a hundred rows say nothing") {
  const auto report = services::compareInputs({"", 900, {normals("age", 900, 0)}}, {"", 99, {normals("age", 99, 3)}});
  CHECK(!report.enough);
  CHECK(report.columns.empty());
  CHECK_EQ(report.rows, std::uint64_t{99});
}

LATHE_TEST("what a server saw is read from it without Lathe's own checks, and training rows are counted in its bins") {
  TestServer server({"m/1=numeric"});
  const auto place = stubPlace(server, "1.0");
  services::Deployment checked;
  REQUIRE_OK(services::checkServed(place, numericManifest(), 5, checked, {}));
  auto seen = services::inputsSeen(place, 5);
  REQUIRE_OK(seen);
  CHECK_EQ(seen->rows, std::uint64_t{0});
  for (int i = 0; i < 4; ++i)
    CHECK_EQ(server.http("POST", "/predictions/m", R"({"instances":[{"x":1,"y":2},{"x":3,"y":null}]})").status, 200);
  seen = services::inputsSeen(place, 5);
  REQUIRE_OK(seen);
  CHECK_EQ(seen->rows, std::uint64_t{8});
  REQUIRE(seen->columns.size() == 2);
  CHECK(isNear(seen->columns[0].mean, 2.0, 1e-9));
  CHECK_EQ(seen->columns[1].missing, std::uint64_t{4});
  CHECK_EQ(seen->columns[0].counts.size(), seen->columns[0].edges.size() + 1);

  data::Dataset rows;
  rows.schema = numericManifest().schema;
  rows.rows = 4;
  rows.table = {1, 2, 3, NAN, 1, 2, 100, 100};
  const auto training = services::countedLike(*seen, rows, {0, 1, 2});
  REQUIRE(training.columns.size() == 2);
  CHECK_EQ(training.columns[0].count, std::uint64_t{3});
  CHECK_EQ(training.columns[1].missing, std::uint64_t{1});
  CHECK(isNear(training.columns[0].mean, 5.0 / 3, 1e-9));
  // Kept as text and read again, they are the same.
  const auto kept = services::inputCountsFrom(services::toJson(training));
  REQUIRE_OK(kept);
  CHECK(kept->columns[0].counts == training.columns[0].counts);
  CHECK(kept->columns[0].edges == seen->columns[0].edges);
  CHECK_EQ(services::inputCountsFrom("[1]").error().code, std::string("deploy.bad_answer"));
  CHECK_EQ(services::inputsSeen(stubPlace(server, "7.0"), 5).error().code, std::string("deploy.refused"));
}
