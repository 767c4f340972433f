// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/graph.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/spec/attributes.h"
#include "core/spec/lora.h"
#include "core/spec/spec_json.h"

namespace lathe::spec {
namespace {

constexpr std::size_t mostLayers = 10000;
constexpr std::size_t mostInputs = 64;
constexpr std::int64_t mostElements = std::int64_t{1} << 31;
constexpr std::int64_t mostParameters = std::int64_t{1} << 33;

Error withLayer(Error error, const std::string& layer) {
  error.message.args.emplace_back("layer", layer);
  error.hint.args.emplace_back("layer", layer);
  return error;
}

std::vector<std::string> kindNames() {
  std::vector<std::string> names;
  for (const auto* kind : layerKinds()) names.push_back(kind->name());
  return names;
}

bool isGraphInput(const std::string& name) {
  const auto& names = graphInputNames();
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string shorten(const std::string& text) { return text.size() > 64 ? text.substr(0, 61) + "..." : text; }

/// Which values a layer may read: what came before, and the graph's inputs.
struct Scope {
  std::map<std::string, std::optional<LoweredValue>, std::less<>> values;  ///< nullopt: its layer failed
  std::set<std::string> later;                                             ///< layers that come later
};

Result<void> checkName(const LayerNode& node, const std::set<std::string>& used) {
  if (!isIdentifier(node.name))
    return fail("spec.layer_name", LATHE_TEXT("errors", "A layer cannot be called \"{name}\"."),
                LATHE_TEXT("errors", "Use a letter, then letters, digits and _, at most 64 of them."),
                {{"name", shorten(node.name)}});
  if (isGraphInput(node.name))
    return fail("spec.layer_name", LATHE_TEXT("errors", "{name} is the name of the model's input, not of a layer."),
                LATHE_TEXT("errors", "Give the layer another name."), {{"name", node.name}});
  if (used.count(node.name) > 0)
    return fail("spec.layer_name", LATHE_TEXT("errors", "Two layers are called {name}."),
                LATHE_TEXT("errors", "Give one of them another name."), {{"name", node.name}});
  return {};
}

Result<void> checkInputCount(const LayerKind& kind, const LayerNode& node, std::size_t count) {
  const auto [least, most] = kind.inputCount();
  if (count >= static_cast<std::size_t>(least) && count <= static_cast<std::size_t>(most)) return {};
  const TextArgs args{{"count", std::to_string(count)},
                      {"least", std::to_string(least)},
                      {"most", std::to_string(most)},
                      {"layer", node.name}};
  if (count < static_cast<std::size_t>(least))
    return fail("spec.input_count",
                LATHE_TEXT("errors", "Layer {layer} joins at least {least} inputs, but reads {count}."),
                LATHE_TEXT("errors", "Name the layers it reads."), args);
  return fail("spec.input_count", LATHE_TEXT("errors", "Layer {layer} reads {count} inputs, but can only read {most}."),
              LATHE_TEXT("errors", "Join them with Add or Concat first."), args);
}

Error unknownInput(const LayerNode& node, const std::string& input, const Scope& scope) {
  const TextArgs args{{"layer", node.name}, {"input", shorten(input)}};
  if (input == node.name || scope.later.count(input) > 0)
    return fail("spec.layer_order", LATHE_TEXT("errors", "Layer {layer} reads {input}, which does not come before it."),
                LATHE_TEXT("errors", "Move {input} above {layer}; a model has no loops."), args)
        .value();
  std::vector<std::string> known;
  for (const auto& [name, unused] : scope.values) known.push_back(name);
  auto near = nearest(input, known);
  auto all = args;
  if (near.empty())
    return fail("spec.layer_input", LATHE_TEXT("errors", "Layer {layer} reads {input}, which does not exist."),
                LATHE_TEXT("errors", "Name a layer above it, or one of the model's inputs."), all)
        .value();
  all.emplace_back("suggestion", near);
  return fail("spec.layer_input", LATHE_TEXT("errors", "Layer {layer} reads {input}, which does not exist."),
              LATHE_TEXT("errors", "Did you mean {suggestion}?"), all)
      .value();
}

/// The values a node reads. An empty optional: one of them failed before, which was said already.
Result<std::optional<std::vector<LoweredValue>>> inputsOf(const LayerNode& node, const Scope& scope,
                                                          const std::string& before) {
  auto names = node.inputs;
  if (names.empty()) names.push_back(before);
  if (names.size() > mostInputs)
    return fail("spec.input_count",
                LATHE_TEXT("errors", "Layer {layer} reads {count} inputs, but can only read {most}."),
                LATHE_TEXT("errors", "Join them in several steps."),
                {{"layer", node.name}, {"count", std::to_string(names.size())}, {"most", std::to_string(mostInputs)}});
  std::vector<LoweredValue> values;
  for (const auto& name : names) {
    const auto at = scope.values.find(name);
    if (at == scope.values.end()) return tl::unexpected<Error>(unknownInput(node, name, scope));
    if (!at->second) return std::optional<std::vector<LoweredValue>>{};
    values.push_back(*at->second);
  }
  return std::optional<std::vector<LoweredValue>>(std::move(values));
}

Result<Shape> inferChecked(const LayerKind& kind, const LayerNode& node, const std::vector<LoweredValue>& inputs) {
  LATHE_TRY(checkInputCount(kind, node, inputs.size()));
  for (const auto& input : inputs)
    if (!input.cardinalities.empty() && !kind.takesCodes()) {
      const TextArgs args{{"layer", node.name}, {"given", shapeText(input.shape)}};
      if (input.shape.size() == 2)
        return fail("spec.shape",
                    LATHE_TEXT("errors", "Layer {layer} needs numbers, but is given {given} codes of text."),
                    LATHE_TEXT("errors", "Put a Text embedding between the text and {layer}."), args);
      return fail("spec.shape",
                  LATHE_TEXT("errors", "Layer {layer} needs numbers, but is given {given} category codes."),
                  LATHE_TEXT("errors", "Put an Embedding between the categories and {layer}."), args);
    }
  LATHE_ASSIGN(shape, kind.infer(node, inputs));
  const bool positive = !shape.empty() && std::all_of(shape.begin(), shape.end(), [](auto size) { return size > 0; });
  if (!positive || elementCount(shape) > mostElements)
    return fail("spec.layer_too_large", LATHE_TEXT("errors", "Layer {layer} would make {shape} numbers of each row."),
                LATHE_TEXT("errors", "Make it smaller."), {{"layer", node.name}, {"shape", shapeText(shape)}});
  return shape;
}

bool isView(Primitive primitive) {
  return primitive == Primitive::Flatten || primitive == Primitive::Reshape || primitive == Primitive::Permute ||
         primitive == Primitive::Slice;
}

/// Floats kept for the backward pass: what each operation makes, but for mere views, and what large ones make inside.
std::int64_t keptBy(const Operation& operation, const Program& program) {
  if (isView(operation.primitive)) return 0;
  const auto& shape = program.values[static_cast<std::size_t>(operation.output)];
  const auto made = elementCount(shape);
  switch (operation.primitive) {
    case Primitive::Attention: {
      // Queries, keys, values and what is mixed of them; scores and their softmax for each head.
      const auto pairs = saturatingMultiply(2 * operation.ints[0], saturatingMultiply(shape[0], shape[0]));
      return saturatingAdd(pairs, saturatingMultiply(5, made));
    }
    case Primitive::Lstm:
      // Four gates, the cell and its bent form beside the output, in each layer.
      return saturatingMultiply(operation.ints[1], saturatingMultiply(7, made));
    case Primitive::Gru:
      return saturatingMultiply(operation.ints[1], saturatingMultiply(6, made));
    default:
      return made;
  }
}

Result<LoweredValue> place(const LayerNode& node, const std::vector<LoweredValue>& inputs, Program& program,
                           std::vector<Operation>& section, LayerReport& report) {
  const auto* kind = findLayerKind(node.kind);
  LATHE_ASSIGN(shape, inferChecked(*kind, node, inputs));
  const auto firstParameter = program.parameters.size();
  const auto firstOperation = section.size();
  ProgramBuilder builder(program, section, node.name);
  auto value = kind->lower(node, inputs, builder);
  report.output = shape;
  report.flops = kind->flops(node, inputs, shape);
  for (auto i = firstParameter; i < program.parameters.size(); ++i)
    program.parameters[i].lrFactor *= learningFactor(node);
  for (auto i = firstParameter; i < program.parameters.size(); ++i)
    if (program.parameters[i].trainable)
      report.parameters = saturatingAdd(report.parameters, elementCount(program.parameters[i].shape));
  for (auto i = firstOperation; i < section.size(); ++i)
    report.activations = saturatingAdd(report.activations, keptBy(section[i], program));
  if (report.parameters > mostParameters)
    return fail("spec.layer_too_large", LATHE_TEXT("errors", "Layer {layer} would have {count} parameters."),
                LATHE_TEXT("errors", "Make it smaller."),
                {{"layer", node.name}, {"count", std::to_string(report.parameters)}});
  return value;
}

std::string defaultInput(const GraphContext& context) {
  for (const auto& input : context.inputs)
    if (input.cardinalities.empty() && input.name != "missing") return input.name;
  return context.inputs.empty() ? std::string("features") : context.inputs.front().name;
}

void checkOutput(GraphReport& report, const GraphContext& context, const std::string& lastKind) {
  if (report.error || report.layers.empty()) return;
  const auto& last = report.layers.back();
  if (last.output == Shape{context.outputs}) return;
  const bool ensemble = lastKind == "ensemble_linear";
  if (ensemble && last.output.size() == 2 && last.output.back() == context.outputs) return;
  report.error =
      fail("spec.output_mismatch",
           LATHE_TEXT("errors", "The last layer, {layer}, gives {given}, but this task needs {needed}."),
           LATHE_TEXT("errors", "End the model with a Linear layer of {needed} outputs."),
           {{"layer", last.name}, {"given", shapeText(last.output)}, {"needed", std::to_string(context.outputs)}})
          .value();
}

std::optional<Error> graphProblem(const ModelGraph& graph) {
  if (graph.layers.empty())
    return fail("spec.no_layers", LATHE_TEXT("errors", "The model has no layers."),
                LATHE_TEXT("errors", "Choose a template, or add a Linear layer."))
        .value();
  if (graph.layers.size() > mostLayers)
    return fail("spec.too_many_layers",
                LATHE_TEXT("errors", "The model has {count} layers; at most {most} are possible."),
                LATHE_TEXT("errors", "Remove some layers."),
                {{"count", std::to_string(graph.layers.size())}, {"most", std::to_string(mostLayers)}})
        .value();
  return std::nullopt;
}

const FeatureParts* partsOf(const GraphContext::Input& input) {
  return input.name == "features" ? &input.parts : nullptr;
}

}  // namespace

void assumeBins(GraphContext& context, std::int64_t bins) {
  std::vector<float> edges;
  for (std::int64_t edge = 0; edge <= bins; ++edge) edges.push_back(static_cast<float>(edge));
  for (auto& input : context.inputs)
    if (input.parts.bins.empty()) input.parts.bins.assign(static_cast<std::size_t>(input.parts.numbers), edges);
}

std::int64_t elementCount(const Shape& shape) {
  std::int64_t count = 1;
  for (const auto size : shape) count = saturatingMultiply(count, size);
  return count;
}

std::string shapeText(const Shape& shape) {
  std::string out;
  for (const auto size : shape) out += (out.empty() ? "" : " x ") + std::to_string(size);
  return out.empty() ? "1" : out;
}

Result<void> checkLayer(const LayerNode& node) {
  const auto* kind = findLayerKind(node.kind);
  if (!kind) {
    const auto near = nearest(node.kind, kindNames());
    if (near.empty())
      return fail("spec.layer_kind", LATHE_TEXT("errors", "Layer {layer} is of an unknown kind, {kind}."),
                  LATHE_TEXT("errors", "`lathe-cli help spec` lists the kinds of layers."),
                  {{"layer", shorten(node.name)}, {"kind", shorten(node.kind)}});
    return fail("spec.layer_kind", LATHE_TEXT("errors", "Layer {layer} is of an unknown kind, {kind}."),
                LATHE_TEXT("errors", "Did you mean {suggestion}?"),
                {{"layer", shorten(node.name)}, {"kind", shorten(node.kind)}, {"suggestion", near}});
  }
  const auto infos = attributesOf(*kind);
  for (const auto& [key, value] : node.attributes) {
    const auto field = node.name + "." + shorten(key);
    const auto at = std::find_if(infos.begin(), infos.end(), [&k = key](const auto& info) { return info.name == k; });
    if (at == infos.end()) {
      std::vector<std::string> known;
      known.reserve(infos.size());
      for (const auto& info : infos) known.push_back(info.name);
      const auto near = nearest(key, known);
      if (near.empty())
        return fail("spec.unknown_field", LATHE_TEXT("errors", "A {kind} layer has no attribute {field}."),
                    LATHE_TEXT("errors", "Remove it from layer {layer}."),
                    {{"kind", node.kind}, {"field", shorten(key)}, {"layer", node.name}});
      return fail("spec.unknown_field", LATHE_TEXT("errors", "A {kind} layer has no attribute {field}."),
                  LATHE_TEXT("errors", "Did you mean {suggestion}?"),
                  {{"kind", node.kind}, {"field", shorten(key)}, {"suggestion", near}});
    }
    LATHE_TRY(checkAttribute(*at, field, value));
  }
  return {};
}

GraphReport walkGraph(const ModelGraph& graph, const GraphContext& context, const std::vector<LoweredValue>& values,
                      Program& program, std::vector<Operation>& section) {
  GraphReport report;
  report.error = graphProblem(graph);
  if (report.error) return report;
  Scope scope;
  for (std::size_t i = 0; i < context.inputs.size() && i < values.size(); ++i)
    scope.values[context.inputs[i].name] = values[i];
  for (const auto& node : graph.layers) scope.later.insert(node.name);
  std::set<std::string> used;
  auto before = defaultInput(context);
  for (const auto& node : graph.layers) {
    LayerReport layer;
    layer.name = node.name;
    const auto work = [&]() -> Result<std::optional<LoweredValue>> {
      LATHE_TRY(checkName(node, used));
      LATHE_TRY(checkLayer(node));
      LATHE_ASSIGN(inputs, inputsOf(node, scope, before));
      if (!inputs) return std::optional<LoweredValue>{};
      LATHE_ASSIGN(value, place(node, *inputs, program, section, layer));
      return std::optional<LoweredValue>(value);
    };
    auto value = work();
    if (!value) layer.error = withLayer(value.error(), shorten(node.name));
    if (used.insert(node.name).second) scope.values[node.name] = value ? *value : std::nullopt;
    scope.later.erase(node.name);
    before = node.name;
    report.parameters = saturatingAdd(report.parameters, layer.parameters);
    report.flops = saturatingAdd(report.flops, layer.flops);
    report.activations = saturatingAdd(report.activations, layer.activations);
    if (layer.error && !report.error) report.error = layer.error;
    report.layers.push_back(std::move(layer));
  }
  checkOutput(report, context, graph.layers.back().kind);
  if (graph.lora.rank > 0 && !report.error) addAdapters(graph, program, section, report);
  return report;
}

GraphReport analyse(const ModelGraph& graph, const GraphContext& context) {
  Program scratch;
  std::vector<LoweredValue> values;
  for (const auto& input : context.inputs) {
    values.push_back({static_cast<int>(scratch.values.size()), input.shape, input.cardinalities, partsOf(input)});
    scratch.values.push_back(input.shape);
  }
  return walkGraph(graph, context, values, scratch, scratch.model);
}

std::vector<Error> checkLayers(const ModelGraph& graph) {
  std::vector<Error> problems;
  if (graph.layers.size() > mostLayers) return {*graphProblem(graph)};
  Scope scope;
  for (const auto& input : graphInputNames()) scope.values[input] = LoweredValue{};
  for (const auto& node : graph.layers) scope.later.insert(node.name);
  std::set<std::string> used;
  std::string before = graphInputNames().front();
  for (const auto& node : graph.layers) {
    const auto work = [&]() -> Result<void> {
      LATHE_TRY(checkName(node, used));
      LATHE_TRY(checkLayer(node));
      LATHE_ASSIGN(inputs, inputsOf(node, scope, before));
      return checkInputCount(*findLayerKind(node.kind), node, inputs ? inputs->size() : 0);
    };
    if (auto done = work(); !done) problems.push_back(withLayer(done.error(), shorten(node.name)));
    used.insert(node.name);
    scope.values[node.name] = LoweredValue{};
    scope.later.erase(node.name);
    before = node.name;
  }
  return problems;
}

Result<void> lowerGraph(const ModelGraph& graph, const GraphContext& context, Program& program) {
  if (program.prepared.size() != context.inputs.size())
    return fail(
        "spec.inputs", LATHE_TEXT("errors", "The model reads {needed} inputs, but the data offers {given}."),
        LATHE_TEXT("errors", "Choose a model that was made for this kind of data."),
        {{"needed", std::to_string(context.inputs.size())}, {"given", std::to_string(program.prepared.size())}});
  std::vector<LoweredValue> values;
  for (std::size_t i = 0; i < context.inputs.size(); ++i)
    values.push_back(
        {program.prepared[i], context.inputs[i].shape, context.inputs[i].cardinalities, partsOf(context.inputs[i])});
  const auto report = walkGraph(graph, context, values, program, program.model);
  if (report.error) return tl::unexpected<Error>(*report.error);
  program.logits = program.model.back().output;
  program.output = program.logits;
  return {};
}

}  // namespace lathe::spec
