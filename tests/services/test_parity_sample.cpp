// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/services/parity_rows.h"
#include "core/services/parity_sample.h"
#include "core/spec/templates.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::services;

namespace {

data::Dataset pictures(std::size_t count) {
  data::Dataset rows;
  rows.schema.image = true;
  rows.schema.inputShape = {1, 4, 4};
  rows.rows = count;
  rows.pixels.assign(count * 16, 100);
  return rows;
}

spec::ModelDescription convolutions(std::int64_t width) {
  spec::ModelDescription model;
  model.schema.image = true;
  model.schema.inputShape = {1, 28, 28};
  model.schema.target = {"label", {"a", "b"}};
  spec::TemplateContext context;
  context.graph = spec::graphContext(model.schema, model.fitted, model.preprocessing);
  context.trainRows = 60'000;
  const spec::ValueMap settings{{"channels", spec::Value(std::vector<std::int64_t>{width, 2 * width})}};
  auto graph = spec::buildTemplate("cnn", settings, context);
  REQUIRE_OK(graph);
  model.graph = std::move(*graph);
  return model;
}

}  // namespace

LATHE_TEST("a sample of pictures for the parity check has the darkest and the brightest, the first and the last") {
  auto rows = pictures(5000);
  std::fill_n(rows.pixels.begin() + 1234 * 16, 16, std::uint8_t{0});
  std::fill_n(rows.pixels.begin() + 4321 * 16, 16, std::uint8_t{255});
  const auto sample = paritySample(rows, 300);
  CHECK(sample.size() <= 300);
  CHECK(sample.size() >= 298);
  CHECK(std::is_sorted(sample.begin(), sample.end()));
  for (const std::uint32_t row : {0U, 1234U, 4321U, 4999U})
    CHECK(std::binary_search(sample.begin(), sample.end(), row));
  CHECK_EQ(paritySample(rows, 5000).size(), std::size_t{5000});
}

LATHE_TEST("large networks are compared on fewer rows than small ones") {
  const auto small = parityRowCount(convolutions(1)), large = parityRowCount(convolutions(64));
  CHECK(small > large);
  CHECK(large >= 256);
  CHECK(large < 5000);
  CHECK_EQ(parityRowCount({}), mostParityRows);
}
