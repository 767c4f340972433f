// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "core/base/random.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/snapshot_rows.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

std::vector<float> mixed(std::size_t count) {
  Random random(3, "histogram");
  std::vector<float> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double size = std::pow(10, 6 * random.uniform() - 5);
    values.push_back(i % 50 == 0 ? 0.0F : static_cast<float>(random.normal() * size));
  }
  return values;
}

std::uint32_t countIn(const ValueHistogram& histogram, int index) {
  for (const auto& bin : histogram.bins)
    if (bin.index == index) return bin.count;
  return 0;
}

}  // namespace

LATHE_TEST("every value is counted in the bin whose limits it lies between") {
  const auto values = mixed(5000);
  ValueCounter counter;
  for (const double scale : {1.0, 0.25, -3.0}) {
    const auto histogram = counter.count(values.data(), values.size(), scale);
    CHECK_EQ(histogram.total(), std::uint64_t{5000});
    std::uint64_t found = 0;
    for (const auto& bin : histogram.bins) {
      const double low = ValueHistogram::low(bin.index);
      const double high = ValueHistogram::high(bin.index);
      std::uint32_t inside = 0;
      for (const float value : values) {
        const double scaled = value * static_cast<float>(scale);
        const bool within = bin.index > 0   ? scaled >= low && scaled < high
                            : bin.index < 0 ? scaled > low && scaled <= high
                                            : scaled > low && scaled < high;
        inside += within ? 1 : 0;
      }
      CHECK_EQ(bin.count, inside);
      found += inside;
    }
    CHECK_EQ(found, std::uint64_t{5000});
  }
}

LATHE_TEST("the bins of a histogram have round limits, and one takes what is beyond them") {
  // Eight bins of equal width from one power of two to the next.
  const float values[] = {1.0F,  1.124F, 1.125F, 1.99F,  2.0F,
                          -1.0F, 1e-20F, 1e30F,  -1e30F, std::numeric_limits<float>::infinity()};
  ValueCounter counter;
  const auto histogram = counter.count(values, 10);
  int ofOne = 0;
  for (int index = 1; index <= ValueHistogram::lastBin; ++index)
    if (ValueHistogram::low(index) == 1.0) ofOne = index;
  REQUIRE(ofOne > 0);
  CHECK_EQ(ValueHistogram::high(ofOne), 1.125);
  CHECK_EQ(countIn(histogram, ofOne), 2U);
  CHECK_EQ(countIn(histogram, ofOne + 1), 1U);
  CHECK_EQ(countIn(histogram, ofOne + 7), 1U);
  CHECK_EQ(countIn(histogram, ofOne + 8), 1U);
  CHECK_EQ(countIn(histogram, -ofOne), 1U);
  CHECK_EQ(countIn(histogram, 0), 1U);
  CHECK_EQ(countIn(histogram, ValueHistogram::lastBin), 2U);
  CHECK_EQ(countIn(histogram, -ValueHistogram::lastBin), 1U);
  CHECK_EQ(ValueHistogram::low(-ofOne), -1.125);
  CHECK_EQ(ValueHistogram::high(-ofOne), -1.0);
  CHECK_EQ(ValueHistogram::high(0), std::ldexp(1.0, -40));
  CHECK_EQ(ValueHistogram::low(ValueHistogram::lastBin), std::ldexp(1.875, 23));
}

LATHE_TEST("a histogram is a few hundred bytes, and what is no histogram is not read") {
  const auto values = mixed(100'000);
  ValueCounter counter;
  const auto histogram = counter.count(values.data(), values.size());
  const auto bytes = encode(histogram);
  CHECK(bytes.size() < 1500);
  const auto back = decodeHistogram(bytes);
  REQUIRE(back.has_value());
  CHECK(*back == histogram);
  CHECK(decodeHistogram({}).has_value());
  const std::vector<std::byte> cut(bytes.begin(), bytes.end() - 1);
  CHECK(!decodeHistogram(cut).has_value());
  Random random(5, "noise");
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::byte> noise(random.below(40));
    for (auto& each : noise) each = static_cast<std::byte>(random.below(256));
    const auto read = decodeHistogram(noise);
    if (!read) continue;
    for (const auto& bin : read->bins) CHECK(std::abs(bin.index) <= ValueHistogram::lastBin && bin.count > 0);
  }
}

LATHE_TEST("of a large layer a part is counted, with the same shares") {
  Random random(9, "large");
  std::vector<float> values(3'000'001);
  for (auto& value : values) value = static_cast<float>(random.normal());
  ValueCounter counter;
  const auto part = counter.count(values.data(), values.size());
  CHECK_EQ(part.total(), std::uint64_t{1} << 18);
  double negative = 0;
  double small = 0;
  for (const auto& bin : part.bins) {
    if (bin.index < 0) negative += bin.count;
    if (ValueHistogram::high(bin.index) <= 1 && ValueHistogram::low(bin.index) >= -1) small += bin.count;
  }
  const auto total = static_cast<double>(part.total());
  CHECK(std::abs(negative / total - 0.5) < 0.005);
  CHECK(std::abs(small / total - 0.6827) < 0.005);  // within one deviation of a normal distribution
}

LATHE_TEST("histograms are kept at epoch ends, not too often and at most some two hundred times") {
  const auto stepsOf = [](const char* mode, std::int64_t perEpoch, std::int64_t total) {
    const HistogramPlan plan(mode, perEpoch, total);
    std::vector<std::int64_t> steps;
    for (std::int64_t step = 1; step <= total; ++step)
      if (plan.due(step)) steps.push_back(step);
    return steps;
  };
  CHECK(stepsOf("off", 10, 100).empty());
  CHECK((stepsOf("every_epoch", 10, 35) == std::vector<std::int64_t>{1, 10, 20, 30, 35}));
  // Short epochs: only at their ends, 256 steps or more apart on average.
  const auto ends = stepsOf("auto", 45, 4500);
  CHECK(ends.size() >= 15 && ends.size() <= 20);
  for (std::size_t i = 1; i < ends.size(); ++i) CHECK_EQ(ends[i] % 45, std::int64_t{0});
  // A short training: some sixteen times, at every end among them.
  const auto few = stepsOf("auto", 300, 900);
  CHECK(few.size() >= 15 && few.size() <= 18);
  for (const std::int64_t end : {1, 300, 600, 900}) CHECK(std::find(few.begin(), few.end(), end) != few.end());
  // One long epoch: within it.
  const auto within = stepsOf("auto", 100'000, 100'000);
  CHECK(within.size() >= 150 && within.size() <= 202);
  CHECK_EQ(within.back(), std::int64_t{100'000});
  CHECK(stepsOf("auto", 50'000, 2'000'000).size() <= 202);
}

LATHE_TEST("the rows that predictions are shown of are distinct and the seed's") {
  std::vector<std::uint32_t> validation;
  for (std::uint32_t i = 0; i < 500; ++i) validation.push_back(1000 + 3 * i);
  Predictions predictions{500, 2, {}};
  for (int i = 0; i < 1000; ++i) predictions.values.push_back(static_cast<float>(i));
  std::map<std::uint32_t, int> drawn;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const SnapshotRows rows(seed, validation);
    const auto shown = rows.of(predictions, 7, 2, 0.5);
    REQUIRE(shown.rows.size() == rowsOfSnapshot);
    CHECK_EQ(std::set<std::uint32_t>(shown.rows.begin(), shown.rows.end()).size(), rowsOfSnapshot);
    for (std::size_t i = 0; i < shown.rows.size(); ++i) {
      CHECK_EQ(shown.values[2 * i], static_cast<float>(2 * (shown.rows[i] - 1000) / 3));
      ++drawn[shown.rows[i]];
    }
    CHECK(shown.rows == SnapshotRows(seed, validation).of(predictions, 8, 3, 0.5).rows);
  }
  CHECK(drawn.size() > 480);  // every row has its chance
  validation.resize(5);
  CHECK_EQ(SnapshotRows(0, validation).of(predictions, 1, 1, 0.5).rows.size(), std::size_t{5});
  validation.clear();
  CHECK(SnapshotRows(0, validation).of(predictions, 1, 1, 0.5).rows.empty());
}
