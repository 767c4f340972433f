// SPDX-License-Identifier: GPL-3.0-or-later
// Networks in torchvision's layout, ImageNet's scaling, frozen layers and adapters.
#include <algorithm>

#include "core/spec/image_scaling.h"
#include "core/spec/lora.h"
#include "core/spec/schema.h"
#include "core/spec/spec_json.h"
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

TemplateContext images(Shape shape, std::int64_t outputs) {
  return {imageContext(std::move(shape), outputs), Task::Classification, 1000};
}

Program lowered(const ModelGraph& graph, const GraphContext& context) {
  Program program;
  for (const auto& input : context.inputs) {
    program.prepared.push_back(static_cast<int>(program.values.size()));
    program.values.push_back(input.shape);
  }
  const auto done = lowerGraph(graph, context, program);
  REQUIRE_OK(done);
  return program;
}

const Parameter* find(const Program& program, const std::string& name) {
  const auto at = std::find_if(program.parameters.begin(), program.parameters.end(),
                               [&](const auto& parameter) { return parameter.name == name; });
  return at == program.parameters.end() ? nullptr : &*at;
}

GraphContext rows(std::int64_t features, std::int64_t outputs) {
  GraphContext context;
  context.inputs.push_back({"features", {features}, {}});
  context.outputs = outputs;
  return context;
}

ModelDescription imageModel(Shape shape, const std::string& scaling) {
  ModelDescription model;
  model.schema.image = true;
  model.schema.inputShape = shape;
  model.schema.task = Task::Classification;
  model.schema.target.classes = {"a", "b"};
  model.fitted.channelMean.assign(static_cast<std::size_t>(shape[0]), 100.0F);
  model.fitted.channelStd.assign(static_cast<std::size_t>(shape[0]), 50.0F);
  model.preprocessing.imageScaling = scaling;
  model.graph.layers = {{"flat", "flatten", {}, {"image"}}, {"out", "linear", {{"out", 2}}, {}}};
  return model;
}

}  // namespace

LATHE_TEST("torchvision's networks have torchvision's numbers of parameters at 1000 classes") {
  const auto context = images({3, 224, 224}, 1000);
  const std::vector<std::pair<std::string, std::int64_t>> published{
      {"resnet18", 11689512}, {"resnet34", 21797672}, {"resnet50", 25557032}, {"mobilenet-v2", 3504872}};
  for (const auto& [name, count] : published)
    CHECK_EQ(analyse(build(name, {}, context), context.graph).parameters, count);
}

LATHE_TEST("their multiply-adds at 224 pixels are those that torchvision publishes") {
  // GFLOPS of torchvision's table of weights, which counts a multiply-add as one.
  const auto context = images({3, 224, 224}, 1000);
  for (const auto& [name, giga] : std::vector<std::pair<std::string, double>>{
           {"resnet18", 1.81}, {"resnet34", 3.66}, {"resnet50", 4.09}, {"mobilenet-v2", 0.30}}) {
    const double found = static_cast<double>(analyse(build(name, {}, context), context.graph).flops) / 2e9;
    CHECK(found > giga && found < 1.1 * giga);
  }
}

LATHE_TEST("their tensors are called as torchvision's, with _ for the dots of a layer") {
  const auto context = images({3, 64, 64}, 10);
  const auto resnet = lowered(build("resnet50", {}, context), context.graph);
  for (const auto* name : {"conv1.weight", "bn1.running_var", "layer1_0_conv3.weight", "layer1_0_downsample_0.weight",
                           "layer1_0_downsample_1.bias", "layer4_2_bn3.weight", "fc.weight", "fc.bias"})
    CHECK(find(resnet, name) != nullptr);
  CHECK(find(resnet, "layer4_0_conv2.weight")->shape == (Shape{512, 512, 3, 3}));
  CHECK(find(resnet, "conv1.bias") == nullptr);
  const auto mobile = lowered(build("mobilenet-v2", {}, context), context.graph);
  for (const auto* name : {"features_0_0.weight", "features_0_1.running_mean", "features_1_conv_0_0.weight",
                           "features_1_conv_1.weight", "features_1_conv_2.bias", "features_2_conv_1_0.weight",
                           "features_17_conv_3.weight", "features_18_1.weight", "classifier_1.weight"})
    CHECK(find(mobile, name) != nullptr);
  CHECK(find(mobile, "features_2_conv_1_0.weight")->shape == (Shape{96, 1, 3, 3}));
}

LATHE_TEST("they take images of any size, down to a single pixel") {
  for (const auto* name : {"resnet18", "resnet50", "mobilenet-v2"})
    for (const Shape& shape : {Shape{3, 1, 1}, Shape{3, 8, 8}, Shape{3, 28, 28}, Shape{3, 33, 65}}) {
      const auto context = images(shape, 4);
      CHECK(!analyse(build(name, {}, context), context.graph).error);
    }
  const auto context = images({3, 32, 32}, 4);
  const auto whole = analyse(build("resnet18", {{"stem", "whole"}}, context), context.graph);
  Shape last;
  for (const auto& layer : whole.layers)
    if (layer.output.size() == 3) last = layer.output;
  CHECK(last == (Shape{512, 4, 4}));
}

LATHE_TEST("ImageNet's scaling is part of the program, and makes three channels of grey images") {
  auto model = imageModel({1, 4, 5}, "imagenet");
  auto program = lower(model);
  REQUIRE_OK(program);
  REQUIRE(program->preprocess.size() == 2);
  CHECK(program->preprocess[0].primitive == Primitive::Concat);
  CHECK(program->values[static_cast<std::size_t>(program->prepared[0])] == (Shape{3, 4, 5}));
  CHECK_EQ(find(*program, "out.weight")->shape[1], 60);
  const auto& centre = program->constants[0].data;
  const auto& scale = program->constants[1].data;
  // 200 of 255 in the second channel, as torchvision's Normalize after ToTensor gives it.
  CHECK(std::abs((200 - centre[1]) * scale[1] - (200.0F / 255 - 0.456F) / 0.224F) < 1e-6F);

  model = imageModel({3, 4, 5}, "imagenet");
  program = lower(model);
  REQUIRE_OK(program);
  CHECK_EQ(program->preprocess.size(), std::size_t{1});
  const auto back = modelDescriptionFromJson(toJson(model));
  REQUIRE_OK(back);
  CHECK(*back == model);

  model = imageModel({4, 4, 5}, "imagenet");
  const auto refused = lower(model);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().code, std::string("spec.image_scaling"));
  for (const auto* fitted : {"auto", "fitted"}) {
    program = lower(imageModel({1, 4, 5}, fitted));
    REQUIRE_OK(program);
    CHECK_EQ(program->constants[0].data[0], 100.0F);
  }
}

LATHE_TEST("automatic scaling follows the layout, also after the layers were edited by hand") {
  ModelSpec model;
  CHECK_EQ(std::string(imageScalingFor(model)), std::string("fitted"));
  model.templateName = "cnn";
  CHECK_EQ(std::string(imageScalingFor(model)), std::string("fitted"));
  model.templateName = "mobilenet-v2";
  CHECK_EQ(std::string(imageScalingFor(model)), std::string("imagenet"));
  model.templateName = "custom";
  CHECK_EQ(std::string(imageScalingFor(model)), std::string("fitted"));
  const auto context = images({3, 32, 32}, 4);
  model.graph = build("resnet18", {}, context);
  CHECK_EQ(std::string(imageScalingFor(model)), std::string("imagenet"));
}

LATHE_TEST("a layer can be frozen or learn at a rate of its own") {
  auto graph = ModelGraph{{{"fc1", "linear", {{"out", 8}, {"frozen", true}}, {"features"}},
                           {"bn", "batchnorm1d", {{"lr_factor", 0.25}}, {}},
                           {"fc2", "linear", {{"out", 3}}, {}}}};
  const auto program = lowered(graph, rows(4, 3));
  CHECK_EQ(find(program, "fc1.weight")->lrFactor, 0.0);
  CHECK_EQ(find(program, "fc1.bias")->lrFactor, 0.0);
  CHECK_EQ(find(program, "bn.weight")->lrFactor, 0.25);
  CHECK_EQ(find(program, "fc2.weight")->lrFactor, 1.0);
  graph.layers[1].attributes["lr_factor"] = -1.0;
  CHECK(analyse(graph, rows(4, 3)).error.has_value());

  ExperimentSpec spec;
  REQUIRE_OK(setField(spec, "model.layers", R"([{"name":"a","kind":"linear","attributes":{"out":3,"frozen":true}}])"));
  const auto again = fromJson(toJson(spec));
  REQUIRE_OK(again);
  CHECK(again->model.graph.layers[0].attributes.at("frozen").toBool());
}

LATHE_TEST("adapters stand beside linear and attention layers, and everything else but the output is frozen") {
  GraphContext context;
  context.inputs.push_back({"sequence", {6, 8}, {}});
  context.outputs = 3;
  ModelGraph graph{{{"norm", "layernorm", {}, {"sequence"}},
                    {"wide", "linear", {{"out", 12}}, {}},
                    {"attn", "attention", {{"heads", 2}}, {}},
                    {"block", "transformer_block", {{"heads", 3}, {"feed_forward", 5}}, {}},
                    {"pool", "pool_sequence", {}, {}},
                    {"out", "linear", {{"out", 3}}, {}}}};
  const auto before = analyse(graph, context);
  graph.lora = {4, 8};
  const auto after = analyse(graph, context);
  REQUIRE(!after.error);
  // rank * (inputs + outputs) of each adapted matrix.
  const std::int64_t wide = 8 + 12, attention = (12 + 36) + (12 + 12), perceptron = (12 + 5) + (5 + 12);
  CHECK_EQ(after.parameters - before.parameters, 4 * (wide + 2 * attention + perceptron));
  CHECK_EQ(after.layers[1].parameters - before.layers[1].parameters, 4 * wide);

  const auto program = lowered(graph, context);
  CHECK_EQ(adaptersOf(program).size(), std::size_t{1 + 2 + 2 + 2});
  for (const auto& adapter : adaptersOf(program)) CHECK_EQ(adapter.scale, 2.0);
  for (const auto& parameter : program.parameters) {
    const bool learns = parameter.name.find("_lora_") != std::string::npos || parameter.name.rfind("out.", 0) == 0;
    CHECK_EQ(parameter.lrFactor > 0, learns);
  }
  CHECK(find(program, "attn.in_proj_weight_lora_a")->shape == (Shape{4, 12}));
  CHECK(find(program, "attn.in_proj_weight_lora_b")->shape == (Shape{36, 4}));
  CHECK(find(program, "wide.weight_lora_b")->init.kind == Initialiser::Kind::Zeros);
  CHECK(program.values[static_cast<std::size_t>(program.logits)] == (Shape{3}));

  // A frozen layer gets none, and without any the graph says so.
  graph.layers[1].attributes["frozen"] = true;
  CHECK_EQ(adaptersOf(lowered(graph, context)).size(), std::size_t{6});
  ModelGraph lone{{{"out", "linear", {{"out", 3}}, {"features"}}}, {4, 8}};
  const auto refused = analyse(lone, rows(4, 3));
  REQUIRE(refused.error.has_value());
  CHECK_EQ(refused.error->code, std::string("spec.lora"));
}

LATHE_TEST("weights, adaptation and freezing are fields of the spec, and an older spec means none of them") {
  ExperimentSpec spec;
  REQUIRE_OK(setField(spec, "model.weights", "/data/1e5.pth"));
  CHECK_EQ(spec.model.weights, std::string("/data/1e5.pth"));
  REQUIRE_OK(setField(spec, "model.weights", "12"));
  CHECK_EQ(spec.model.weights, std::string("12"));
  REQUIRE_OK(setField(spec, "model.lora_rank", "8"));
  REQUIRE_OK(setField(spec, "model.lora_alpha", "4.5"));
  REQUIRE_OK(setField(spec, "training.freeze", "Backbone-then-all"));
  REQUIRE_OK(setField(spec, "data.preprocessing.image_scaling", "imagenet"));
  CHECK(!setField(spec, "training.freeze", "everything"));
  CHECK(!setField(spec, "model.lora_rank", "-1"));
  REQUIRE_OK(setField(spec, "model.layers", R"([{"name":"a","kind":"linear"}])"));
  CHECK_EQ(spec.model.graph.lora.rank, 8);
  const auto again = fromJson(toJson(spec));
  REQUIRE_OK(again);
  CHECK(*again == spec);
  CHECK_EQ(again->training.freeze, std::string("backbone_then_all"));

  const auto old = fromJson(R"({"schema":2,"model":{"template":"mlp"},"training":{"epochs":3}})");
  REQUIRE_OK(old);
  CHECK(old->model.weights.empty() && old->model.graph.lora.rank == 0 && old->training.freeze == "none");
  CHECK_EQ(old->data.preprocessing.imageScaling, std::string("auto"));
}
