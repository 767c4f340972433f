// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/saved_model_runner.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <google/protobuf/stubs/logging.h>
#include <limits>
#include <optional>

#include "core/engine_torch/saved_model_operations.h"
#include "core/exporting/tensorflow/proto/tensorflow.pb.h"
#include "core/exporting/tensorflow/saved_model.h"

namespace lathe::engine {
namespace saved_model {
namespace {

using Nodes = std::map<std::string, std::size_t>;

constexpr std::size_t mostOutputs = 65536;

/// An undefined tensor when sizes and bytes do not fit each other.
torch::Tensor constantFrom(const tensorflow::TensorProto& proto) {
  const auto type = scalarTypeOf(proto.dtype());
  if (!type || proto.tensor_shape().unknown_rank() || proto.tensor_shape().dim_size() > 16) return {};
  std::int64_t count = 1;
  Ints sizes;
  for (const auto& dimension : proto.tensor_shape().dim()) {
    const auto size = dimension.size();
    if (size < 0 || (size > 0 && count > mostNumbers / size)) return {};
    count *= size;
    sizes.push_back(size);
  }
  const auto& bytes = proto.tensor_content();
  if (static_cast<std::size_t>(count) * torch::elementSize(*type) != bytes.size()) return {};
  auto tensor = torch::empty(sizes, *type);
  if (count > 0) std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
  return tensor;
}

/// "node", "node:1": where a value is made. Nothing for others' kinds of input.
std::optional<std::pair<std::size_t, std::size_t>> placeOf(const Nodes& nodes, const std::string& input) {
  const auto colon = input.rfind(':');
  std::size_t output = 0;
  if (colon != std::string::npos) {
    const char *begin = input.data() + colon + 1, *end = input.data() + input.size();
    if (const auto [stop, error] = std::from_chars(begin, end, output); error != std::errc() || stop != end) return {};
  }
  const auto found = nodes.find(input.substr(0, colon));
  if (found == nodes.end() || output >= mostOutputs) return {};
  return std::pair(found->second, output);
}

/// The one tensor of a signature's inputs or outputs.
template <class Tensors>
std::string nameIn(const Tensors& tensors, const char* name) {
  const auto found = tensors.find(name);
  return found == tensors.end() || tensors.size() != 1 ? std::string() : found->second.name();
}

}  // namespace
}  // namespace saved_model

std::string SavedModelRunner::takeNodes(std::size_t output) {
  auto& nodes = *m_graph->mutable_node();
  saved_model::Nodes byName;
  std::vector<Step> steps(output + 1);
  std::vector<bool> needed(output + 1, false);
  for (std::size_t i = 0; i <= output; ++i) {
    const auto& node = nodes[static_cast<int>(i)];
    steps[i].node = i;
    for (const auto& input : node.input()) {
      const auto place = saved_model::placeOf(byName, input);
      // Another kind of input: none of those that are run has any.
      steps[i].inputs.push_back(place.value_or(Place{output + 1, 0}));
    }
    byName[node.name()] = i;
  }
  std::vector<std::size_t> users(output + 1, output);
  needed[output] = true;
  for (std::size_t i = output + 1; i-- > 0;) {
    if (!needed[i] || i == m_input) continue;
    auto& node = nodes[static_cast<int>(i)];
    if (node.op() == "Const") {
      auto tensor = saved_model::constantFrom(node.attr().count("value") > 0 ? node.attr().at("value").tensor()
                                                                             : tensorflow::TensorProto());
      if (!tensor.defined()) return "the numbers of " + node.name() + " are not as many as it says";
      (*node.mutable_attr())["value"].Clear();
      m_constants[i] = std::move(tensor);
      continue;
    }
    if (!saved_model::isRun(node.op())) return "its output needs the operation " + node.op();
    for (const auto& [from, unused] : steps[i].inputs) {
      if (from > output) return "it reads what nothing makes";
      if (!needed[from]) users[from] = i;
      needed[from] = true;
    }
  }
  for (std::size_t i = 0; i <= output; ++i)
    if (needed[i] && i != m_input && !m_constants.contains(i)) m_steps.push_back(std::move(steps[i]));
  std::map<std::size_t, std::vector<std::size_t>> done;
  for (std::size_t i = 0; i < output; ++i)
    if (needed[i]) done[users[i]].push_back(i);
  for (auto& step : m_steps) step.done = done[step.node];
  return {};
}

// Casts of constants, and their products with others.
void SavedModelRunner::widenConstants() {
  std::map<std::size_t, int> uses;
  for (const auto& step : m_steps)
    for (const auto& [from, output] : step.inputs) ++uses[from];
  std::vector<Step> left;
  for (auto& step : m_steps) {
    const auto& node = m_graph->node(static_cast<int>(step.node));
    const bool converts = node.op() == "Cast" || node.op() == "Mul";
    const auto known = [&](const Place& place) { return place.second == 0 && m_constants.contains(place.first); };
    if (!converts || !std::all_of(step.inputs.begin(), step.inputs.end(), known)) {
      left.push_back(std::move(step));
      continue;
    }
    saved_model::Tensors inputs;
    for (const auto& [from, output] : step.inputs) inputs.push_back(m_constants.at(from));
    m_constants[step.node] = saved_model::run(saved_model::Call(node, std::move(inputs))).at(0);
    for (const auto& [from, output] : step.inputs)
      if (--uses[from] == 0) m_constants.erase(from);
  }
  m_steps = std::move(left);
}

std::string SavedModelRunner::take(const tensorflow::SavedModel& model) {
  if (model.meta_graphs_size() != 1) return "it does not hold one graph";
  const auto& signatures = model.meta_graphs(0).signature_def();
  const auto found = signatures.find(exporting::predictSignature);
  if (found == signatures.end()) return "it has no predict_signature";
  const auto input = saved_model::nameIn(found->second.inputs(), exporting::savedModelInput);
  const auto output = saved_model::nameIn(found->second.outputs(), exporting::savedModelOutput);
  saved_model::Nodes byName;
  for (int i = 0; i < m_graph->node_size(); ++i) {
    const auto& node = m_graph->node(i);
    if (!saved_model::isWritten(node.op())) return "it holds the operation " + node.op();
    if (!byName.emplace(node.name(), static_cast<std::size_t>(i)).second) return "two nodes have one name";
    const auto value = node.attr().find("value");
    if (node.op() != "Const" || value == node.attr().end()) continue;
    const auto& tensor = value->second.tensor();
    if (tensor.dtype() == tensorflow::DT_STRING && tensor.string_val_size() == 1)
      m_texts[node.name()] = tensor.string_val(0);
  }
  const auto from = saved_model::placeOf(byName, input), to = saved_model::placeOf(byName, output);
  if (!from || !to || from->second != 0 || to->second != 0 || to->first <= from->first)
    return "its signature names what is not there";
  m_input = from->first;
  m_output = to->first;
  return takeNodes(m_output);
}

std::shared_ptr<const SavedModelRunner> SavedModelRunner::read(const std::string& file, std::string& problem) {
  const google::protobuf::LogSilencer quiet;  // what is wrong comes back as a problem
  tensorflow::SavedModel model;
  if (file.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) || !model.ParseFromString(file)) {
    problem = "it is damaged";
    return nullptr;
  }
  const std::shared_ptr<SavedModelRunner> runner(new SavedModelRunner);
  runner->m_graph = std::make_shared<tensorflow::GraphDef>();
  if (model.meta_graphs_size() > 0) runner->m_graph->Swap(model.mutable_meta_graphs(0)->mutable_graph_def());
  problem = runner->take(model);
  if (problem.empty()) runner->widenConstants();
  return problem.empty() ? runner : nullptr;
}

torch::Tensor SavedModelRunner::run(const torch::Tensor& input) const {
  const c10::InferenceMode inference;
  std::map<std::size_t, saved_model::Tensors> values;
  values[m_input] = {input};
  for (const auto& step : m_steps) {
    const auto& node = m_graph->node(static_cast<int>(step.node));
    saved_model::Tensors inputs;
    for (const auto& [from, output] : step.inputs) {
      if (const auto constant = m_constants.find(from); constant != m_constants.end()) {
        inputs.push_back(constant->second);
        continue;
      }
      const auto& made = values.at(from);
      TORCH_CHECK(output < made.size(), node.op(), " reads an output that is not there");
      inputs.push_back(made[output]);
    }
    values[step.node] = saved_model::run(saved_model::Call(node, std::move(inputs)));
    for (const auto done : step.done) values.erase(done);
  }
  return values.at(m_output).front();
}

}  // namespace lathe::engine
