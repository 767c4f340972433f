// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/spec/preprocess_reference.h"
#include "tests/spec/spec_builders.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

bool near(double a, double b, double tolerance = 1e-6) {
  return std::abs(a - b) <= tolerance * std::max(1.0, std::abs(b));
}

Program lowerOk(const ModelDescription& description) {
  auto program = lower(description);
  REQUIRE_OK(program);
  checkProgram(*program);
  return *program;
}

GraphContext contextOf(const ModelDescription& description) {
  return graphContext(description.schema, description.fitted, description.preprocessing);
}

}  // namespace

LATHE_TEST("a table offers features side by side, and codes for large categories") {
  const auto context = contextOf(tableDescription());
  REQUIRE(context.inputs.size() == 2);
  // Two numbers, eight date parts, three colours and unknown, one indicator.
  CHECK(context.inputs[0] == (GraphContext::Input{"features", {2 + 8 + 4 + 1}, {}, {2, 1, {4}, {}}}));
  CHECK(context.inputs[1] == (GraphContext::Input{"categories", {1}, {41}}));
  CHECK_EQ(context.outputs, 2);
}

LATHE_TEST("preprocessing turns a raw row into what the network reads") {
  const auto program = lowerOk(tableDescription());
  CHECK(program.inputType == ElementType::Float32);
  // 2021-03-15 was a Monday; 7744 days after 2000-01-01.
  const auto prepared = prepare(program, {60.25, 4, 7744, 21600, 2, 7});
  REQUIRE(prepared.size() == 2);
  const std::vector<double> expected{
      2, 1, -0.256, 0.42, std::sin(std::acos(-1.0) / 3), std::cos(std::acos(-1.0) / 3), 0, 1, 1, 0, 0, 0, 1, 0, 0};
  REQUIRE(prepared[0].size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    if (!near(prepared[0][i], expected[i]))
      lathe::testing::reportFailure(__FILE__, __LINE__,
                                    "place " + std::to_string(i) + ": " + std::to_string(prepared[0][i]));
  CHECK(prepared[1] == std::vector<double>{7});
}

LATHE_TEST("missing and unseen values have places of their own") {
  const auto program = lowerOk(tableDescription());
  const auto prepared = prepare(program, {missing, missing, missing, 0, -1, 99});
  CHECK(near(prepared[0][0], 0.125));
  CHECK(near(prepared[0][1], 0.5));
  for (int i = 2; i < 10; ++i) CHECK_EQ(prepared[0][static_cast<std::size_t>(i)], 0.0);
  CHECK_EQ(prepared[0][13], 1.0);
  CHECK_EQ(prepared[0][14], 1.0);
  CHECK_EQ(prepared[1][0], 40.0);
}

LATHE_TEST("settings of preprocessing change what is built") {
  auto description = tableDescription();
  description.preprocessing.categories = "onehot";
  description.preprocessing.missingIndicator = false;
  description.preprocessing.dateParts = false;
  description.preprocessing.scaling = "none";
  auto context = contextOf(description);
  REQUIRE(context.inputs.size() == 1);
  CHECK(context.inputs[0].shape == Shape{3 + 4 + 41});
  const auto prepared = prepare(lowerOk(description), {60.25, 4, 7744, 21600, 2, 7});
  CHECK_EQ(prepared[0][0], 60.25);
  CHECK_EQ(prepared[0][2], 7744.0);
  description.preprocessing.categories = "embedding";
  context = contextOf(description);
  CHECK(context.inputs[1].cardinalities == (std::vector<std::int64_t>{4, 41}));
  CHECK_EQ(prepare(lowerOk(description), {1, 1, 1, 1, 0, missing})[1][1], 40.0);
}

LATHE_TEST("quantile scaling maps a skewed column to a bell curve, ties and constants included") {
  auto description = tableDescription();
  description.preprocessing.scaling = "quantile";
  auto& features = description.fitted.features;
  for (int i = 0; i < 101; ++i) features[0].quantiles.push_back(std::exp(static_cast<float>(i) / 20.0F));
  features[1].quantiles = {0, 0, 0, 1, 1, 5};
  features[2].quantiles.assign(10, 3.0F);
  description.preprocessing.dateParts = false;
  const auto program = lowerOk(description);
  for (const auto& constant : program.constants) {
    if (constant.name != "numeric.knots") continue;
    const auto count = static_cast<std::size_t>(constant.shape[1]);
    for (std::size_t i = 0; i < constant.data.size(); ++i)
      if (i % count != 0) CHECK(constant.data[i] > constant.data[i - 1]);
  }
  const auto at = [&](double a, double b, double c) { return prepare(program, {a, b, c, 0, 0, 0})[0]; };
  CHECK(near(at(std::exp(2.5), 0, 3)[0], 0, 1e-3));
  CHECK(at(1, 0, 3)[0] < -2 && at(1e9, 0, 3)[0] > 2);
  CHECK(near(at(1e9, 0, 3)[0], at(std::exp(5.0), 0, 3)[0]));
  CHECK(near(at(1, 0, 3)[1], -0.67449, 1e-3));  // the middle of the lower half: probability 0.25
  CHECK(at(1, 5, 3)[1] > at(1, 1, 3)[1]);
  CHECK_EQ(at(1, 0, 3)[2], at(1, 0, 1e6)[2]);
  CHECK(near(at(1, 0, 3)[2], 0));
}

LATHE_TEST("images are scaled by channel and end in class probabilities") {
  auto description = imageDescription();
  useTemplate(description, "cnn");
  const auto program = lowerOk(description);
  CHECK(program.inputType == ElementType::UInt8);
  REQUIRE(program.preprocess.size() == 1);
  std::vector<double> raw(784, 0.0);
  raw[10] = 255;
  const auto prepared = prepare(program, raw)[0];
  CHECK(near(prepared[0], -72.94 / 90.02, 1e-5));
  CHECK(near(prepared[10], (255 - 72.94) / 90.02, 1e-5));
  REQUIRE(program.head.size() == 1);
  CHECK(program.head[0].primitive == Primitive::Softmax);
  CHECK(program.values[static_cast<std::size_t>(program.output)] == Shape{10});
}

LATHE_TEST("a column of Unix times is centred before it is scaled, or float32 would blur it") {
  auto description = tableDescription();
  description.fitted.features[0].shift = 1.7e9;
  description.fitted.features[0].scale = 1e-3;
  const auto program = lowerOk(description);
  const auto step = std::find_if(program.preprocess.begin(), program.preprocess.end(),
                                 [](const auto& operation) { return operation.primitive == Primitive::Standardize; });
  REQUIRE(step != program.preprocess.end());
  const float centre = program.constants[static_cast<std::size_t>(step->constants[0])].data[0];
  const float scale = program.constants[static_cast<std::size_t>(step->constants[1])].data[0];
  // In the arithmetic of engines and exports: as good as the float32 input allows, 64 / 1000 at this size.
  for (const double raw : {1.7e9 - 2500, 1.7e9 - 1, 1.7e9, 1.7e9 + 400, 1.7e9 + 3000}) {
    const float given = (static_cast<float>(raw) - centre) * scale;
    CHECK(near(given, (raw - 1.7e9) * 1e-3, 0.0641));
    CHECK(near(given, (static_cast<double>(static_cast<float>(raw)) - 1.7e9) * 1e-3, 1e-6));
  }
}

LATHE_TEST("regression ends in the target's unit") {
  auto description = tableDescription();
  description.schema.task = Task::Regression;
  description.schema.target.classes.clear();
  description.fitted.targetMean = 150;
  description.fitted.targetStd = 77;
  useTemplate(description, "mlp");
  auto program = lowerOk(description);
  REQUIRE(program.head.size() == 1);
  CHECK(program.head[0].primitive == Primitive::Affine);
  CHECK(program.constants[static_cast<std::size_t>(program.head[0].constants[0])].data == std::vector<float>{77});
  CHECK(program.constants[static_cast<std::size_t>(program.head[0].constants[1])].data == std::vector<float>{150});
  description.preprocessing.scaleTarget = false;
  program = lowerOk(description);
  CHECK(program.head.empty());
  CHECK_EQ(program.output, program.logits);
}

LATHE_TEST("every template lowers on every kind of data it is for") {
  for (const auto& info : templates()) {
    auto image = imageDescription();
    if (info.forAnomalies) image.schema.task = Task::Anomaly;
    if (info.forAnomalies) image.schema.target = {};
    if (!info.forTables) {
      useTemplate(image, info.name);
      lowerOk(image);
    }
    if (info.forImages) continue;
    for (const auto* categories : {"auto", "onehot", "embedding"}) {
      auto table = tableDescription();
      table.preprocessing.categories = categories;
      if (info.forAnomalies) table.schema.task = Task::Anomaly;
      if (info.forAnomalies) table.schema.target = {};
      useTemplate(table, info.name);
      const auto program = lowerOk(table);
      const auto embedded = std::any_of(program.model.begin(), program.model.end(), [](const auto& operation) {
        return operation.primitive == Primitive::Embedding;
      });
      CHECK_EQ(embedded, std::string(categories) != "onehot");
    }
  }
}

LATHE_TEST("descriptions that do not fit together are refused, not believed") {
  const auto codeOf = [](const ModelDescription& description) {
    const auto program = lower(description);
    return program ? std::string() : program.error().code;
  };
  auto description = tableDescription();
  description.schema.features[2].offset = 5;
  CHECK_EQ(codeOf(description), "spec.description");
  description = tableDescription();
  description.fitted.features.pop_back();
  CHECK_EQ(codeOf(description), "spec.description");
  description = tableDescription();
  description.fitted.features[0].scale = missing;
  CHECK_EQ(codeOf(description), "spec.description");
  description = tableDescription();
  description.schema.inputShape = {-4};
  CHECK_EQ(codeOf(description), "spec.description");
  description = tableDescription();
  description.schema.target.classes.clear();
  CHECK_EQ(codeOf(description), "spec.description");
  description = imageDescription();
  description.fitted.channelMean.clear();
  CHECK_EQ(codeOf(description), "spec.description");
  description = tableDescription();
  for (auto& feature : description.schema.features)
    if (feature.kind != ColumnKind::DateTime) feature.kind = ColumnKind::Text;
  description.schema.features.erase(description.schema.features.begin() + 2);
  description.fitted.features.pop_back();
  CHECK_EQ(codeOf(description), "spec.no_features");
  description = tableDescription();
  description.graph.layers.clear();
  CHECK_EQ(codeOf(description), "spec.no_layers");
}
