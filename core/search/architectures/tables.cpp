// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "core/search/architectures/genes.h"

// Spaces for tables: chains and residual blocks of linear layers.
namespace lathe::search {
namespace {

using spec::Value;
using Values = SpaceWriter::Values;

const Values& widths() {
  static const Values all{8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};
  return all;
}
const Values activations{"relu", "gelu", "silu", "tanh"};
const Values norms{"none", "batch", "layer"};
const Values dropouts{0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5};

const spec::GraphContext::Input* find(const spec::GraphContext& context, std::string_view name) {
  for (const auto& input : context.inputs)
    if (input.name == name) return &input;
  return nullptr;
}

void normalise(ArchitectureWriter& writer, const std::string& prefix, const std::string& norm) {
  if (norm == "batch") writer.add(prefix + "norm", "batchnorm1d");
  if (norm == "layer") writer.add(prefix + "norm", "layernorm");
}

void drop(ArchitectureWriter& writer, const std::string& prefix, double p) {
  if (p > 0) writer.add(prefix + "drop", "dropout", {{"p", p}});
}

std::string prefixOf(std::int64_t node) { return "n" + std::to_string(node) + "_"; }

std::string linear(ArchitectureWriter& writer, const std::string& name, std::int64_t out,
                   std::vector<std::string> inputs = {}) {
  return writer.add(name, "linear", {{"out", out}}, std::move(inputs));
}

}  // namespace

std::string ArchitectureWriter::add(const std::string& name, const std::string& kind, spec::ValueMap attributes,
                                    std::vector<std::string> inputs) {
  m_graph.layers.push_back({name, kind, std::move(attributes), std::move(inputs)});
  return name;
}

std::string ArchitectureWriter::tableInput() {
  const auto& context = m_context.graph;
  if (find(context, "image") != nullptr) return add("flatten", "flatten", {}, {"image"});
  std::vector<std::string> parts;
  if (find(context, "sequence") != nullptr)
    parts.push_back(add("flatten", "flatten", {}, {"sequence"}));
  else if (find(context, "features") != nullptr)
    parts.emplace_back("features");
  if (find(context, "categories") != nullptr) parts.push_back(add("embed", "embedding", {}, {"categories"}));
  if (find(context, "text") != nullptr) parts.push_back(add("words", "text_embedding", {}, {"text"}));
  if (parts.size() > 1) return add("join", "concat", {}, std::move(parts));
  return parts.empty() ? context.inputs.front().name : parts.front();
}

spec::ModelGraph ArchitectureWriter::finish(const std::string& before) {
  linear(*this, "output", m_context.graph.outputs, {before});
  return std::move(m_graph);
}

SearchSpace mlpSpace() {
  SpaceWriter space;
  space.number("nodes", 1, mostNodes);
  space.choice("activation", activations);
  space.choice("norm", norms);
  space.ordered("dropout", dropouts);
  for (int node = 1; node <= mostNodes; ++node) {
    space.ordered(nodeGene(node, "width"), widths());
    space.onlyFromNode(node, mostNodes);
  }
  return space.take();
}

spec::ModelGraph buildMlpShape(const Genes& genes, const spec::TemplateContext& context) {
  ArchitectureWriter writer(context);
  auto before = writer.tableInput();
  const auto nodes = genes.integer("nodes", 1);
  for (std::int64_t node = 1; node <= nodes; ++node) {
    const auto prefix = prefixOf(node);
    linear(writer, prefix + "fc", genes.integer(nodeGene(static_cast<int>(node), "width"), 64), {before});
    normalise(writer, prefix, genes.text("norm"));
    before = writer.add(prefix + "act", genes.text("activation", "relu"));
    drop(writer, prefix, genes.real("dropout"));
    before = writer.last();
  }
  return writer.finish(before);
}

SearchSpace resmlpSpace() {
  SpaceWriter space;
  space.number("nodes", 1, mostNodes);
  space.ordered("width", widths());
  space.choice("activation", activations);
  space.choice("norm", norms);
  space.ordered("dropout", dropouts);
  for (int node = 1; node <= mostNodes; ++node) {
    space.ordered(nodeGene(node, "expansion"), {0.5, 1.0, 2.0, 4.0});
    space.onlyFromNode(node, mostNodes);
  }
  return space.take();
}

spec::ModelGraph buildResidualMlp(const Genes& genes, const spec::TemplateContext& context) {
  ArchitectureWriter writer(context);
  const auto width = genes.integer("width", 64);
  const auto activation = genes.text("activation", "relu");
  const auto norm = genes.text("norm");
  const auto input = writer.tableInput();
  auto trunk = linear(writer, "stem", width, {input});
  const auto nodes = genes.integer("nodes", 1);
  for (std::int64_t node = 1; node <= nodes; ++node) {
    const auto prefix = prefixOf(node);
    const double inner = static_cast<double>(width) * genes.real(nodeGene(static_cast<int>(node), "expansion"), 2);
    normalise(writer, prefix, norm);
    linear(writer, prefix + "fc", std::max<std::int64_t>(1, std::llround(inner)));
    writer.add(prefix + "act", activation);
    drop(writer, prefix, genes.real("dropout"));
    const auto branch = linear(writer, prefix + "back", width);
    trunk = writer.add(prefix + "sum", "add", {}, {trunk, branch});
  }
  normalise(writer, "last_", norm);
  return writer.finish(writer.add("last_act", activation));
}

SearchSpace freeSpace(bool images) {
  SpaceWriter space;
  space.number("nodes", 1, mostFreeNodes);
  space.ordered("dropout", dropouts);
  if (images) {
    space.choice("head", {"flatten", "average"});
    space.ordered("hidden", {0, 32, 64, 128, 256});
  } else {
    space.choice("norm", norms);
  }
  for (int node = 1; node <= mostFreeNodes; ++node) {
    const auto gene = [&](const char* name) { return nodeGene(node, name); };
    const auto conditional = [&] { space.onlyFromNode(node, mostFreeNodes); };
    space.choice(gene("op"), images ? Values{"conv", "residual", "bottleneck", "separable", "dilated"}
                                    : Values{"linear", "residual", "gated"});
    conditional();
    space.ordered(gene("width"), images ? Values{8, 12, 16, 24, 32, 48, 64, 96, 128} : widths());
    conditional();
    if (images) {
      space.ordered(gene("kernel"), {1, 3, 5});
      conditional();
    }
    space.choice(gene("activation"), images ? Values{"relu", "silu", "gelu"} : activations);
    conditional();
    if (images) {
      space.choice(gene("pool"), {"none", "max", "average"});
      conditional();
    }
    // How many nodes before its own input the shortcut begins; beyond the first it is the network's input.
    space.ordered(gene("skip"), {0, 1, 2, 3, 4});
    conditional();
  }
  return space.take();
}

spec::ModelGraph buildFreeTable(const Genes& genes, const spec::TemplateContext& context) {
  ArchitectureWriter writer(context);
  struct Row {
    std::string name;
    std::int64_t width;
  };
  std::vector<Row> rows{{writer.tableInput(), -1}};
  const auto norm = genes.text("norm");
  const auto nodes = genes.integer("nodes", 1);
  for (std::int64_t node = 1; node <= nodes; ++node) {
    const auto prefix = prefixOf(node);
    const auto gene = [&](const char* name) { return nodeGene(static_cast<int>(node), name); };
    const auto width = genes.integer(gene("width"), 64);
    const auto activation = genes.text(gene("activation"), "relu");
    const auto op = genes.text(gene("op"), "linear");
    auto x = rows.back();
    if (op == "residual" && x.width != width) x = {linear(writer, prefix + "fit", width, {x.name}), width};
    auto y = linear(writer, prefix + "fc", width, {x.name});
    normalise(writer, prefix, norm);
    y = writer.add(prefix + "act", activation);
    if (op == "gated") {
      linear(writer, prefix + "gate", width, {x.name});
      const auto gate = writer.add(prefix + "open", "sigmoid");
      y = writer.add(prefix + "gated", "multiply", {}, {y, gate});
    }
    if (op == "residual") {
      const auto back = linear(writer, prefix + "back", width, {y});
      y = writer.add(prefix + "sum", "add", {}, {x.name, back});
    }
    if (const auto skip = genes.integer(gene("skip")); skip > 0) {
      const auto from = std::max<std::int64_t>(0, static_cast<std::int64_t>(rows.size()) - 1 - skip);
      auto source = rows[static_cast<std::size_t>(from)];
      if (source.width != width) source = {linear(writer, prefix + "match", width, {source.name}), width};
      y = writer.add(prefix + "skip", "add", {}, {y, source.name});
    }
    if (const double p = genes.real("dropout"); p > 0) y = writer.add(prefix + "drop", "dropout", {{"p", p}}, {y});
    rows.push_back({y, width});
  }
  return writer.finish(rows.back().name);
}

}  // namespace lathe::search
