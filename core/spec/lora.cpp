// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/spec/lora.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/spec/attributes.h"

namespace lathe::spec {
namespace {

constexpr std::string_view suffixA = "_lora_a", suffixB = "_lora_b";

std::size_t at(int index) { return static_cast<std::size_t>(index); }

class AdapterWriter {
 public:
  AdapterWriter(const ModelGraph& graph, Program& program, std::vector<Operation>& section, GraphReport& report)
      : m_lora(graph.lora), m_program(program), m_section(section), m_report(report) {
    m_output = outputLayer(section, program.parameters);
    for (const auto& node : graph.layers)
      if (learningFactor(node) == 0) m_frozen.insert(node.name);
  }

  void write() {
    freeze();
    const auto before = std::exchange(m_section, {});
    for (auto operation : before) {
      const bool takes = operation.layer != m_output && m_frozen.count(operation.layer) == 0;
      if (takes && operation.primitive == Primitive::Linear)
        besideLinear(std::move(operation));
      else if (takes && operation.primitive == Primitive::Attention)
        m_section.push_back(withMatrices(std::move(operation)));
      else
        m_section.push_back(std::move(operation));
    }
    if (m_count > 0) return;
    m_report.error =
        fail("spec.lora", LATHE_TEXT("errors", "No layer before the output can carry low-rank adapters."),
             LATHE_TEXT("errors",
                        "They belong to Linear and attention layers: set model.lora_rank to 0, and fine-tune with "
                        "training.freeze instead."))
            .value();
  }

 private:
  void freeze() {
    std::set<int> learning;
    std::set<int> all;
    for (const auto& operation : m_section) {
      all.insert(operation.parameters.begin(), operation.parameters.end());
      if (operation.layer == m_output) learning.insert(operation.parameters.begin(), operation.parameters.end());
    }
    for (const int index : all)
      if (learning.count(index) == 0) m_program.parameters[at(index)].lrFactor = 0;
  }

  /// A and B of a weight; added to the layer's report.
  std::pair<int, int> matricesOf(const Operation& operation, int weight) {
    const auto name = m_program.parameters[at(weight)].name;
    const auto shape = m_program.parameters[at(weight)].shape;
    const auto role = name.substr(operation.layer.size() + 1);
    ProgramBuilder builder(m_program, m_section, operation.layer);
    const Initialiser small{Initialiser::Kind::Uniform, 1 / std::sqrt(static_cast<double>(shape[1]))};
    const int a = builder.parameter(role + std::string(suffixA), {m_lora.rank, shape[1]}, small);
    const int b =
        builder.parameter(role + std::string(suffixB), {shape[0], m_lora.rank}, {Initialiser::Kind::Zeros, 0});
    ++m_count;
    const auto added = saturatingMultiply(m_lora.rank, saturatingAdd(shape[0], shape[1]));
    const auto& values = m_program.values[at(operation.output)];
    const auto rows = elementCount(values) / std::max<std::int64_t>(1, values.back());
    const auto flops = saturatingMultiply(2 * rows, added);
    const auto kept = saturatingMultiply(rows, saturatingAdd(m_lora.rank, saturatingMultiply(2, shape[0])));
    m_report.parameters = saturatingAdd(m_report.parameters, added);
    m_report.flops = saturatingAdd(m_report.flops, flops);
    m_report.activations = saturatingAdd(m_report.activations, kept);
    for (auto& layer : m_report.layers)
      if (layer.name == operation.layer) {
        layer.parameters = saturatingAdd(layer.parameters, added);
        layer.flops = saturatingAdd(layer.flops, flops);
        layer.activations = saturatingAdd(layer.activations, kept);
      }
    return {a, b};
  }

  [[nodiscard]] double scale() const { return m_lora.alpha / m_lora.rank; }

  // The sum takes the number of the layer's own value, so that whoever read that reads the sum.
  void besideLinear(Operation operation) {
    const int sum = operation.output;
    const LoweredValue x{operation.inputs.at(0), m_program.values[at(operation.inputs.at(0))], {}};
    const auto shape = m_program.values[at(sum)];
    const auto [a, b] = matricesOf(operation, operation.parameters.at(0));
    const auto layer = operation.layer;
    ProgramBuilder builder(m_program, m_section, layer);
    operation.output = static_cast<int>(m_program.values.size());
    m_program.values.push_back(shape);
    m_section.push_back(std::move(operation));
    const LoweredValue base{m_section.back().output, shape, {}};
    auto narrow = x.shape;
    narrow.back() = m_lora.rank;
    const auto low = builder.add(Primitive::Linear, {x}, narrow, {a});
    const auto wide = builder.add(Primitive::Linear, {low}, shape, {b}, {}, {}, {scale()});
    builder.add(Primitive::Add, {base, wide}, shape);
    m_program.values.pop_back();
    m_section.back().output = sum;
  }

  Operation withMatrices(Operation operation) {
    for (const int weight : {operation.parameters.at(0), operation.parameters.at(2)}) {
      const auto [a, b] = matricesOf(operation, weight);
      operation.parameters.push_back(a);
      operation.parameters.push_back(b);
    }
    operation.reals.push_back(scale());
    return operation;
  }

  const LoraSpec& m_lora;
  Program& m_program;
  std::vector<Operation>& m_section;
  GraphReport& m_report;
  std::string m_output;
  std::set<std::string> m_frozen;
  int m_count = 0;
};

}  // namespace

void addAdapters(const ModelGraph& graph, Program& program, std::vector<Operation>& section, GraphReport& report) {
  AdapterWriter(graph, program, section, report).write();
}

std::vector<Adapter> adaptersOf(const Program& program) {
  std::map<std::string, int> places;
  for (std::size_t i = 0; i < program.parameters.size(); ++i) places[program.parameters[i].name] = static_cast<int>(i);
  // What the operations say: B's own linear operation has the scale, and the adapted one may have one of its own.
  std::map<int, double> scaleOf;
  std::map<int, double> ownScale;
  for (const auto& operation : program.model) {
    if (operation.primitive == Primitive::Linear && !operation.reals.empty())
      ownScale[operation.parameters.at(0)] = operation.reals[0];
    if (operation.primitive == Primitive::Attention && operation.parameters.size() == 8)
      for (const std::size_t b : {5, 7}) scaleOf[operation.parameters[b]] = operation.reals.at(1);
  }
  std::vector<Adapter> adapters;
  for (const auto& [name, index] : places) {
    if (name.size() <= suffixA.size() || !name.ends_with(suffixA)) continue;
    const auto weight = name.substr(0, name.size() - suffixA.size());
    const auto base = places.find(weight);
    const auto b = places.find(weight + std::string(suffixB));
    if (base == places.end() || b == places.end()) continue;
    Adapter adapter{base->second, index, b->second, 1};
    if (const auto attended = scaleOf.find(b->second); attended != scaleOf.end()) {
      adapter.scale = attended->second;
    } else {
      adapter.scale = ownScale.count(b->second) > 0 ? ownScale[b->second] : 1;
      if (const auto own = ownScale.find(base->second); own != ownScale.end() && own->second != 0)
        adapter.scale /= own->second;
    }
    adapters.push_back(adapter);
  }
  return adapters;
}

std::string outputLayer(const std::vector<Operation>& model, const std::vector<Parameter>& parameters) {
  for (auto operation = model.rbegin(); operation != model.rend(); ++operation)
    if (std::any_of(operation->parameters.begin(), operation->parameters.end(),
                    [&](int index) { return parameters[at(index)].trainable; }))
      return operation->layer;
  return {};
}

}  // namespace lathe::spec
