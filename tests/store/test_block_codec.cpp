// SPDX-License-Identifier: GPL-3.0-or-later
#include <SQLiteCpp/SQLiteCpp.h>
#include <bit>
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/store/sqlite/block_codec.h"
#include "core/store/sqlite/curve_reader.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/store/run_store_conformance.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::store;
using namespace lathe::store::sqlite;

namespace {

std::vector<Point> curve(std::size_t count, double (*value)(Random&, std::size_t)) {
  Random random(7);
  std::vector<Point> points;
  for (std::size_t i = 0; i < count; ++i) points.push_back({static_cast<std::int64_t>(i + 1), value(random, i)});
  return points;
}

double bytesPerPoint(const std::vector<Point>& points, Packing packing) {
  return static_cast<double>(encodeBlock(points, packing).size()) / static_cast<double>(points.size());
}

bool comesBack(const std::vector<Point>& points, Packing packing) {
  const auto bytes = encodeBlock(points, packing);
  const auto back = decodeBlock(bytes, points.front().step, static_cast<std::int64_t>(points.size()));
  if (!back || back->size() != points.size()) return false;
  for (std::size_t i = 0; i < points.size(); ++i)
    if (back->at(i).step != points[i].step ||
        std::bit_cast<std::uint64_t>(back->at(i).value) != std::bit_cast<std::uint64_t>(points[i].value))
      return false;
  return true;
}

double noisyFloat(Random& random, std::size_t) { return static_cast<double>(static_cast<float>(random.normal())); }
double noisyDouble(Random& random, std::size_t) { return random.normal(); }
double constant(Random&, std::size_t) { return 0.001; }
double schedule(Random&, std::size_t i) { return 0.5 * (1 + std::cos(static_cast<double>(i) / 1e6)); }
double anything(Random& random, std::size_t) { return std::bit_cast<double>(random.next()); }

}  // namespace

LATHE_TEST("a block gives every value back, whatever its bits") {
  for (const auto packing : {Packing::Fast, Packing::Small})
    for (const std::size_t count : {1U, 2U, 3U, 511U, 4096U})
      for (const auto value : {noisyFloat, noisyDouble, constant, schedule, anything})
        CHECK(comesBack(curve(count, value), packing));
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(comesBack({{0, 1.0}, {most, 2.0}}, Packing::Small));
  CHECK(comesBack({{least, 1.0}, {-1, 2.0}, {0, 2.5}, {most, 3.0}}, Packing::Small));
  CHECK(comesBack({{least, 1.0}, {most, 3.0}}, Packing::Fast));
}

LATHE_TEST("full blocks are small: noise by its bits, schedules and constants by next to nothing") {
  CHECK(bytesPerPoint(curve(4096, noisyFloat), Packing::Small) < 3.8);
  CHECK(bytesPerPoint(curve(4096, noisyDouble), Packing::Small) < 7.9);
  CHECK(bytesPerPoint(curve(4096, constant), Packing::Small) < 0.02);
  CHECK(bytesPerPoint(curve(4096, schedule), Packing::Small) < 6);
}

LATHE_TEST("bytes that are no block are refused, never followed") {
  Random random(11);
  const auto points = curve(1000, noisyDouble);
  for (const auto packing : {Packing::Fast, Packing::Small}) {
    const auto good = encodeBlock(points, packing);
    for (std::size_t length = 0; length < good.size(); length += 1 + good.size() / 300)
      CHECK(!decodeBlock(std::span(good).first(length), 1, 1000));
    CHECK(!decodeBlock(good, 1, 0));
    CHECK(!decodeBlock(good, 1, 1001));
    CHECK(!decodeBlock(good, 1, std::numeric_limits<std::int64_t>::max()));
    for (int round = 0; round < 3000; ++round) {
      auto bytes = good;
      for (int i = 0; i < 4; ++i)
        bytes[random.below(std::min<std::size_t>(bytes.size(), 64))] = std::byte(random.below(256));
      const auto back = decodeBlock(bytes, static_cast<std::int64_t>(random.next()), 1000);
      if (back) CHECK(back->front().step < back->back().step);
    }
  }
}

LATHE_TEST("the cache of curves keeps within its size and answers the same beyond it") {
  const tests::TempFolder folder;
  const auto file = folder / "store.sqlite3";
  {
    auto store = openSqliteStore(file, OpenMode::Create);
    REQUIRE_OK(store);
    REQUIRE_OK((*store)->createRun(tests::plainRun(), spec::RunStatus::Running, thisProcess()));
    for (const char* name : {"a", "b", "c"})
      (*store)->append((*store)->seriesId(1, name).value(), curve(50000, noisyFloat));
    REQUIRE_OK((*store)->flush());
  }
  Connection connection(file, Access::ReadOnly);
  constexpr std::size_t one = 50000 * sizeof(Point);
  CurveReader large(std::size_t{1} << 30);
  CurveReader middle(one * 5 / 2);
  CurveReader tiny(one / 2);
  for (int round = 0; round < 2; ++round)
    for (const char* name : {"a", "b", "c"}) {
      const auto row = findSeries(connection, 1, name);
      REQUIRE(row.has_value());
      const auto expected = large.reduced(connection, *row, 1, 50000, 777);
      REQUIRE(expected.size() == 777);
      for (auto* reader : {&middle, &tiny}) {
        const auto columns = reader->reduced(connection, *row, 1, 50000, 777);
        REQUIRE(columns.size() == expected.size());
        for (std::size_t i = 0; i < columns.size(); ++i) CHECK(columns[i].max == expected[i].max);
      }
      CHECK(middle.cachedBytes() <= one * 5 / 2);
      CHECK(tiny.cachedBytes() <= one / 2);
    }
  CHECK(large.cachedBytes() > 3 * one);
}
