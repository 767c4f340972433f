// SPDX-License-Identifier: GPL-3.0-or-later
// Templates for images and sequences: sizes that are published, and data of every shape.
#include <algorithm>

#include "core/spec/layer_kind.h"
#include "tests/spec/layer_checks.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

ModelGraph build(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  auto graph = buildTemplate(name, settings, context);
  REQUIRE_OK(graph);
  return *graph;
}

std::int64_t count(const ModelGraph& graph, const std::string& kind) {
  return std::count_if(graph.layers.begin(), graph.layers.end(), [&](const auto& node) { return node.kind == kind; });
}

TemplateContext images(Shape shape, std::int64_t outputs = 10) {
  return {imageContext(std::move(shape), outputs), Task::Classification, 50000};
}

std::int64_t parameters(const std::string& name, const ValueMap& settings, const TemplateContext& context) {
  return analyse(build(name, settings, context), context.graph).parameters;
}

/// The smallest image or sequence on the way to the end.
Shape lastImage(const ModelGraph& graph, const GraphContext& context) {
  Shape shape;
  for (const auto& layer : analyse(graph, context).layers)
    if (layer.output.size() == 3) shape = layer.output;
  return shape;
}

}  // namespace

LATHE_TEST("ResNet-20 and ResNet-56 have the published sizes") {
  const auto cifar = images({3, 32, 32});
  // 0.27 M and 0.85 M (He 2016, table 6), with the two projections 16 x 32 and 32 x 64 and their normalisation on top.
  const std::int64_t stem = 3 * 16 * 9 + 32;
  const auto block = [](std::int64_t in, std::int64_t out) { return 9 * in * out + 9 * out * out + 4 * out; };
  const std::int64_t projections = 16 * 32 + 64 + 32 * 64 + 128;
  const std::int64_t twenty = stem + 3 * block(16, 16) + block(16, 32) + 2 * block(32, 32) + block(32, 64) +
                              2 * block(64, 64) + projections + 650;
  CHECK_EQ(parameters("resnet-small", {}, cifar), twenty);
  CHECK_EQ(twenty, 272474);
  const auto large = parameters("resnet-small", {{"blocks", 9}}, cifar);
  CHECK(large > 845000 && large < 860000);
  const auto graph = build("resnet-small", {{"stochastic_depth", 0.2}}, cifar);
  CHECK_EQ(count(graph, "conv2d"), 19 + 2);
  CHECK_EQ(count(graph, "add"), 9);
  CHECK_EQ(count(graph, "stochastic_depth"), 9);
  CHECK(lastImage(graph, cifar.graph) == (Shape{64, 8, 8}));
  // 40.8 M multiply-adds (He 2016's ResNet-20, commonly counted), two operations each.
  const auto flops = analyse(graph, cifar.graph).flops;
  CHECK(flops > 80'000'000 && flops < 84'000'000);
}

LATHE_TEST("wide residual networks have the published sizes") {
  // Zagoruyko 2016, table 4: WRN-16-4 has 2.7 M, WRN-40-4 8.9 M, WRN-28-10 36.5 M.
  const auto cifar = images({3, 32, 32});
  CHECK_EQ(parameters("wide-resnet", {}, cifar), 2748890);
  const auto deep = parameters("wide-resnet", {{"blocks", 6}}, cifar);
  CHECK(deep > 8'850'000 && deep < 8'999'000);
  const auto wide = parameters("wide-resnet", {{"blocks", 4}, {"width", 10}}, cifar);
  CHECK(wide > 36'450'000 && wide < 36'550'000);
  CHECK_EQ(count(build("wide-resnet", {{"dropout", 0.3}}, cifar), "dropout"), 6);
}

LATHE_TEST("the mobile network is MobileNetV3-Small where images are large") {
  const auto imagenet = images({3, 224, 224}, 1000);
  // torchvision's mobilenet_v3_small.
  CHECK_EQ(parameters("mobilenet-small", {}, imagenet), 2542856);
  CHECK(lastImage(build("mobilenet-small", {}, imagenet), imagenet.graph) == (Shape{576, 7, 7}));
  // 56 M multiply-adds (Howard 2019, table 4).
  const auto flops = analyse(build("mobilenet-small", {}, imagenet), imagenet.graph).flops;
  CHECK(flops > 110'000'000 && flops < 125'000'000);
  CHECK(parameters("mobilenet-small", {{"width", 0.5}}, imagenet) < 1'700'000);
}

LATHE_TEST("small images keep their resolution, large ones are brought down") {
  for (const auto* name : {"resnet-small", "wide-resnet", "mobilenet-small"})
    for (const auto& shape : {Shape{1, 8, 8}, Shape{1, 28, 28}, Shape{3, 64, 48}, Shape{3, 300, 224}, Shape{1, 1, 1},
                              Shape{4, 3, 200}, Shape{2, 5, 1}}) {
      const auto sized = images(shape);
      const auto graph = build(name, {}, sized);
      const auto last = lastImage(graph, sized.graph);
      const auto side = std::min(shape[1], shape[2]);
      CHECK(std::min(last[1], last[2]) >= std::min<std::int64_t>(side, 4));
      if (shape[1] == 300) CHECK(std::min(last[1], last[2]) <= 16);
    }
  CHECK(lastImage(build("resnet-small", {}, images({1, 28, 28})), images({1, 28, 28}).graph) == (Shape{64, 7, 7}));
}

LATHE_TEST("sequence templates read sequences, the columns of a table, and the rows of an image") {
  auto coded = tableContext(6, 3);
  coded.inputs.push_back({"categories", {2}, {5, 40}});
  auto beside = sequenceContext({50, 4}, 3);
  beside.inputs.push_back({"features", {6}, {}});
  for (const auto* name : {"conv1d", "gru", "lstm", "transformer"}) {
    for (const auto& context : {sequenceContext({50, 4}, 3), sequenceContext({1, 1}, 3), tableContext(30, 3),
                                tableContext(1, 3), coded, beside, imageContext({3, 12, 10}, 3)}) {
      const auto report = analyse(build(name, {}, {context, Task::Classification, 1000}), context);
      CHECK(!report.error);
      CHECK(report.layers.back().output == Shape{3});
    }
    const auto joined = build(name, {}, {beside, Task::Classification, 1000});
    CHECK_EQ(count(joined, "concat"), 1);
  }
  const auto table = build("gru", {}, {tableContext(30, 3), Task::Classification, 1000});
  CHECK(analyse(table, tableContext(30, 3)).layers[0].output == (Shape{30, 1}));
  const auto rows = build("lstm", {}, {imageContext({3, 12, 10}, 3), Task::Classification, 1000});
  CHECK(analyse(rows, imageContext({3, 12, 10}, 3)).layers[1].output == (Shape{12, 30}));
  CHECK_EQ(defaultTemplate(sequenceContext({9, 2})), "conv1d");
}

LATHE_TEST("settings of the sequence templates") {
  const TemplateContext context{sequenceContext({64, 4}, 3), Task::Classification, 1000};
  const auto conv =
      build("conv1d", {{"channels", std::vector<std::int64_t>{8, 16}}, {"depth", 2}, {"head", "average"}}, context);
  CHECK_EQ(count(conv, "conv1d"), 4);
  CHECK_EQ(count(conv, "maxpool1d"), 2);
  CHECK_EQ(count(conv, "globalavgpool"), 1);
  // LSTM with 4 features and 64 hidden, and 64 to 3.
  CHECK_EQ(parameters("lstm", {}, context), 4 * 64 * (4 + 64 + 2) + 64 * 3 + 3);
  const auto gru = build("gru", {{"layers", 2}, {"bidirectional", true}, {"pool", "mean"}, {"dropout", 0.3}}, context);
  CHECK_EQ(count(gru, "pool_sequence"), 1);
  CHECK_EQ(gru.layers[0].attributes.at("dropout").toReal(), 0.3);
  // Stem, 64 positions, two blocks of 12 D^2 + 13 D, the last normalisation, and the output.
  CHECK_EQ(parameters("transformer", {}, context),
           (4 * 64 + 64) + 64 * 64 + 2 * (12 * 64 * 64 + 13 * 64) + 128 + 64 * 3 + 3);
  CHECK_EQ(count(build("transformer", {{"norm", "post"}, {"position", "none"}}, context), "layernorm"), 0);
  const auto wrong = buildTemplate("transformer", {{"width", 30}}, context);
  REQUIRE(!wrong);
  CHECK_EQ(wrong.error().sentence(),
           "Layer block1 cannot split the 30 features of 64 x 30 among 4 heads. Choose a number of heads that divides "
           "the features, or put a Linear layer before it.");
  CHECK(buildTemplate("ResNet_Small", {}, images({3, 32, 32})).has_value());
  CHECK(!buildTemplate("wide_resnet", {}, context).has_value());
}
