// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/onnx_runner.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <onnx/onnx_pb.h>
#include <set>

#include "core/engine_torch/onnx_call.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {
namespace {

using torch::Tensor;
using Tensors = std::vector<Tensor>;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t mostNumbers = std::int64_t{1} << 32;

// An undefined tensor when sizes and bytes do not fit each other.
Tensor tensorFrom(const onnx::TensorProto& proto) {
  const auto type = onnxScalarType(proto.data_type());
  if (!type || !proto.has_raw_data()) return {};
  std::int64_t count = 1;
  for (const auto size : proto.dims()) {
    if (size < 0 || (size > 0 && count > mostNumbers / size)) return {};
    count *= size;
  }
  const Ints sizes(proto.dims().begin(), proto.dims().end());
  auto tensor = torch::empty(sizes, *type);
  if (static_cast<std::size_t>(count) * tensor.element_size() != proto.raw_data().size()) return {};
  if (count > 0) std::memcpy(tensor.data_ptr(), proto.raw_data().data(), proto.raw_data().size());
  return tensor;
}

/// ONNX lists the beginnings of all dimensions, then their ends; PyTorch wants one number a dimension.
Ints evenPads(const OnnxCall& call, std::size_t dimensions) {
  const auto pads = call.ints("pads", Ints(2 * dimensions, 0));
  TORCH_CHECK(pads.size() == 2 * dimensions, "pads of ", call.type());
  for (std::size_t i = 0; i < dimensions; ++i) TORCH_CHECK(pads[i] == pads[i + dimensions], "uneven pads");
  return {pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(dimensions)};
}

Tensor convolution(const OnnxCall& call) {
  const auto& weight = call.x(1);
  const auto dimensions = static_cast<std::size_t>(std::max<std::int64_t>(weight.dim() - 2, 0));
  const bool transposed = call.type() == "ConvTranspose";
  const Ints ones(dimensions, 1);
  return torch::convolution(call.x(), weight, call.has(2) ? call.x(2) : Tensor(), call.ints("strides", ones),
                            evenPads(call, dimensions), call.ints("dilations", ones), transposed,
                            transposed ? call.ints("output_padding", Ints(dimensions, 0)) : Ints(dimensions, 0),
                            call.whole("group", 1));
}

Tensor pool(const OnnxCall& call) {
  const auto size = call.ints("kernel_shape"), strides = call.ints("strides", Ints(size.size(), 1));
  const auto pads = evenPads(call, size.size());
  if (call.type() == "MaxPool") return torch::max_pool2d(call.x(), size, strides, pads);
  return torch::avg_pool2d(call.x(), size, strides, pads, false, call.whole("count_include_pad", 0) != 0);
}

Tensor resized(const OnnxCall& call) {
  const auto sizes = call.list(3);
  TORCH_CHECK(sizes.size() == 4, "Resize of ", sizes.size(), " dimensions");
  const Ints target{sizes[2], sizes[3]};
  return call.text("mode", "nearest") == "nearest" ? torch::upsample_nearest2d(call.x(), target)
                                                   : torch::upsample_bilinear2d(call.x(), target, false);
}

Tensor padded(const OnnxCall& call) {
  const auto edges = call.list(1);
  const auto rank = static_cast<std::size_t>(call.x().dim());
  TORCH_CHECK(edges.size() == 2 * rank, "Pad of ", edges.size(), " edges");
  const auto mode = call.text("mode", "constant");
  // The last dimension comes first; those before the first one that changes are left out.
  Ints pairs;
  for (std::size_t i = rank; i-- > 0;) {
    pairs.push_back(edges[i]);
    pairs.push_back(edges[rank + i]);
  }
  while (pairs.size() > 2 && pairs.back() == 0 && pairs[pairs.size() - 2] == 0) pairs.resize(pairs.size() - 2);
  if (mode == "constant") return torch::constant_pad_nd(call.x(), pairs, call.has(2) ? call.x(2).item() : 0);
  const auto wanted = 2 * (rank - 2);
  pairs.resize(std::max<std::size_t>(pairs.size(), wanted), 0);
  return torch::pad(call.x(), pairs, mode == "reflect" ? "reflect" : "replicate");
}

Tensor sliced(const OnnxCall& call) {
  auto x = call.x();
  const auto starts = call.list(1), ends = call.list(2), axes = call.list(3);
  TORCH_CHECK(starts.size() == ends.size() && ends.size() == axes.size(), "lists of Slice");
  for (std::size_t i = 0; i < axes.size(); ++i) x = x.slice(axes[i], starts[i], ends[i]);
  return x;
}

Tensor reshaped(const OnnxCall& call) {
  auto sizes = call.list(1);
  for (std::size_t i = 0; i < sizes.size(); ++i)
    if (sizes[i] == 0) sizes[i] = call.x().size(static_cast<std::int64_t>(i));
  return call.x().reshape(sizes);
}

Tensor gathered(const OnnxCall& call) {
  const auto axis = call.whole("axis", 0);
  const auto& places = call.x(1);
  TORCH_CHECK(places.scalar_type() == torch::kInt64, "places of Gather");
  const auto at = axis < 0 ? axis + call.x().dim() : axis;
  auto sizes = call.x().sizes().vec();
  TORCH_CHECK(at >= 0 && at < static_cast<std::int64_t>(sizes.size()), "axis of Gather");
  const auto taken = call.x().index_select(at, places.reshape({-1}));
  sizes.erase(sizes.begin() + at);
  const auto inner = places.sizes();
  sizes.insert(sizes.begin() + at, inner.begin(), inner.end());
  return taken.reshape(sizes);
}

// Gates of ONNX back into PyTorch's order.
Tensor regated(const Tensor& weights, bool lstm) {
  const auto parts = weights.chunk(lstm ? 4 : 3, 0);
  TORCH_CHECK(parts.size() == (lstm ? 4U : 3U), "gates of a recurrent layer");
  return lstm ? torch::cat({parts[0], parts[2], parts[3], parts[1]}) : torch::cat({parts[1], parts[0], parts[2]});
}

Tensor recurrent(const OnnxCall& call) {
  const bool lstm = call.type() == "LSTM";
  const auto &weights = call.x(1), &recurrence = call.x(2), &biases = call.x(3);
  const auto directions = weights.size(0), hidden = recurrence.size(2);
  TORCH_CHECK(directions == (call.text("direction", "forward") == "bidirectional" ? 2 : 1), "directions");
  TORCH_CHECK(lstm || call.whole("linear_before_reset", 0) == 1, "another kind of GRU");
  Tensors parameters;
  for (std::int64_t i = 0; i < directions; ++i) {
    parameters.push_back(regated(weights[i], lstm));
    parameters.push_back(regated(recurrence[i], lstm));
    for (const auto& part : biases[i].chunk(2, 0)) parameters.push_back(regated(part, lstm));
  }
  const auto start = call.x().new_zeros({directions, call.x().size(1), hidden});
  const auto output =
      lstm ? std::get<0>(torch::lstm(call.x(), {start, start}, parameters, true, 1, 0, false, directions == 2, false))
           : std::get<0>(torch::gru(call.x(), start, parameters, true, 1, 0, false, directions == 2, false));
  // [T, N, directions * H] -> [T, directions, N, H]
  return output.reshape({output.size(0), output.size(1), directions, hidden}).permute({0, 2, 1, 3});
}

Tensor layerNormalized(const OnnxCall& call) {
  return torch::layer_norm(call.x(), call.x(1).sizes(), call.x(1), call.x(2), call.real("epsilon", 1e-5));
}

Tensor reduced(const OnnxCall& call) {
  const bool keep = call.whole("keepdims", 1) != 0;
  const auto axes = call.type() == "ReduceSum" ? call.list(1) : call.ints("axes");
  TORCH_CHECK(!axes.empty(), "axes of ", call.type());
  if (call.type() == "ReduceSum") return call.x().sum(axes, keep);
  if (call.type() == "ReduceMean") return call.x().mean(axes, keep);
  return call.type() == "ReduceMax" ? call.x().amax(axes, keep) : call.x().amin(axes, keep);
}

Tensor prelu(const OnnxCall& call) {
  const auto slope = call.x(1);
  return torch::where(call.x() >= 0, call.x(), call.x() * slope);
}

Tensor folded(const OnnxCall& call, Tensor (*with)(const Tensor&, const Tensor&)) {
  auto result = call.x();
  for (std::size_t i = 1; i < call.all().size(); ++i) result = with(result, call.x(i));
  return result;
}

using Function = std::function<Tensor(const OnnxCall&)>;

void addArithmetic(std::map<std::string, Function>& all) {
  all["Identity"] = [](const OnnxCall& c) { return c.x(); };
  all["Abs"] = [](const OnnxCall& c) { return c.x().abs(); };
  all["Add"] = [](const OnnxCall& c) { return c.x() + c.x(1); };
  all["Sub"] = [](const OnnxCall& c) { return c.x() - c.x(1); };
  all["Mul"] = [](const OnnxCall& c) { return c.x() * c.x(1); };
  all["Div"] = [](const OnnxCall& c) { return c.x() / c.x(1); };
  all["MatMul"] = [](const OnnxCall& c) { return torch::matmul(c.x(), c.x(1)); };
  all["Min"] = [](const OnnxCall& c) { return folded(c, torch::minimum); };
  all["Max"] = [](const OnnxCall& c) { return folded(c, torch::maximum); };
  all["Clip"] = [](const OnnxCall& c) { return c.x().clamp(c.x(1).item(), c.x(2).item()); };
  all["Floor"] = [](const OnnxCall& c) { return c.x().floor(); };
  all["Sqrt"] = [](const OnnxCall& c) { return c.x().sqrt(); };
  all["Exp"] = [](const OnnxCall& c) { return c.x().exp(); };
  all["Log"] = [](const OnnxCall& c) { return c.x().log(); };
  all["Sin"] = [](const OnnxCall& c) { return c.x().sin(); };
  all["Cos"] = [](const OnnxCall& c) { return c.x().cos(); };
  all["Erf"] = [](const OnnxCall& c) { return c.x().erf(); };
  all["IsNaN"] = [](const OnnxCall& c) { return c.x().isnan(); };
  all["IsInf"] = [](const OnnxCall& c) { return c.x().isinf(); };
  all["Not"] = [](const OnnxCall& c) { return c.x().logical_not(); };
  all["And"] = [](const OnnxCall& c) { return c.x().logical_and(c.x(1)); };
  all["Or"] = [](const OnnxCall& c) { return c.x().logical_or(c.x(1)); };
  all["Less"] = [](const OnnxCall& c) { return c.x() < c.x(1); };
  all["LessOrEqual"] = [](const OnnxCall& c) { return c.x() <= c.x(1); };
  all["GreaterOrEqual"] = [](const OnnxCall& c) { return c.x() >= c.x(1); };
  all["Equal"] = [](const OnnxCall& c) { return c.x() == c.x(1); };
  all["Where"] = [](const OnnxCall& c) { return torch::where(c.x(), c.x(1), c.x(2)); };
  all["Cast"] = [](const OnnxCall& c) {
    const auto type = onnxScalarType(c.whole("to", 0));
    TORCH_CHECK(type, "type of Cast");
    return c.x().to(*type);
  };
  for (const char* name : {"ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin"}) all[name] = reduced;
}

void addActivations(std::map<std::string, Function>& all) {
  all["Relu"] = [](const OnnxCall& c) { return torch::relu(c.x()); };
  all["Tanh"] = [](const OnnxCall& c) { return torch::tanh(c.x()); };
  all["Sigmoid"] = [](const OnnxCall& c) { return torch::sigmoid(c.x()); };
  all["Softplus"] = [](const OnnxCall& c) { return torch::softplus(c.x()); };
  all["Selu"] = [](const OnnxCall& c) { return torch::selu(c.x()); };
  all["HardSwish"] = [](const OnnxCall& c) { return torch::hardswish(c.x()); };
  all["Elu"] = [](const OnnxCall& c) { return torch::elu(c.x(), c.real("alpha", 1)); };
  all["LeakyRelu"] = [](const OnnxCall& c) { return torch::leaky_relu(c.x(), c.real("alpha", 0.01)); };
  all["HardSigmoid"] = [](const OnnxCall& c) {
    return (c.x() * c.real("alpha", 0.2) + c.real("beta", 0.5)).clamp(0, 1);
  };
  all["PRelu"] = prelu;
  all["Softmax"] = [](const OnnxCall& c) { return torch::softmax(c.x(), c.whole("axis", -1)); };
  all["LogSoftmax"] = [](const OnnxCall& c) { return torch::log_softmax(c.x(), c.whole("axis", -1)); };
}

void addShapes(std::map<std::string, Function>& all) {
  all["Reshape"] = reshaped;
  all["Slice"] = sliced;
  all["Gather"] = gathered;
  all["GatherElements"] = [](const OnnxCall& c) { return c.x().gather(c.whole("axis", 0), c.x(1)); };
  all["Transpose"] = [](const OnnxCall& c) { return c.x().permute(c.ints("perm")); };
  all["Concat"] = [](const OnnxCall& c) { return torch::cat(c.all(), c.whole("axis", 0)); };
  all["Flatten"] = [](const OnnxCall& c) {
    TORCH_CHECK(c.whole("axis", 1) == 1, "axis of Flatten");
    return c.x().flatten(1);
  };
  all["Unsqueeze"] = [](const OnnxCall& c) {
    const auto axes = c.list(1);
    TORCH_CHECK(axes.size() == 1, "axes of Unsqueeze");
    return c.x().unsqueeze(axes[0]);
  };
  all["Squeeze"] = [](const OnnxCall& c) {
    const auto axes = c.list(1);
    TORCH_CHECK(axes.size() == 1 && c.x().size(axes[0]) == 1, "axes of Squeeze");
    return c.x().squeeze(axes[0]);
  };
  all["Shape"] = [](const OnnxCall& c) {
    const auto sizes = torch::tensor(c.x().sizes().vec(), torch::kInt64);
    return sizes.slice(0, c.whole("start", 0), c.whole("end", std::numeric_limits<std::int64_t>::max()));
  };
  all["Expand"] = [](const OnnxCall& c) { return c.x().expand(c.list(1)); };
  all["TopK"] = [](const OnnxCall& c) {
    const auto count = c.list(1);
    TORCH_CHECK(count.size() == 1, "number of TopK");
    return std::get<0>(
        torch::topk(c.x(), count[0], c.whole("axis", -1), c.whole("largest", 1) != 0, c.whole("sorted", 1) != 0));
  };
}

const std::map<std::string, Function>& functions() {
  static const auto all = [] {
    std::map<std::string, Function> made;
    addArithmetic(made);
    addActivations(made);
    addShapes(made);
    made["Conv"] = made["ConvTranspose"] = convolution;
    made["MaxPool"] = made["AveragePool"] = pool;
    made["LayerNormalization"] = layerNormalized;
    made["InstanceNormalization"] = [](const OnnxCall& c) {
      return torch::instance_norm(c.x(), c.x(1), c.x(2), {}, {}, true, 0, c.real("epsilon", 1e-5), false);
    };
    made["Resize"] = resized;
    made["Pad"] = padded;
    made["LSTM"] = made["GRU"] = recurrent;
    return made;
  }();
  return all;
}

Tensors outputsOf(const OnnxCall& call) {
  const auto found = functions().find(call.type());
  if (found != functions().end()) return {found->second(call)};
  return quantizedOnnxFunctions().at(call.type())(call);
}

}  // namespace

std::string OnnxRunner::take(const onnx::ModelProto& model) {
  for (const auto& entry : model.metadata_props()) m_metadata[entry.key()] = entry.value();
  const auto& graph = model.graph();
  if (graph.input_size() < 1 || graph.output_size() != 1) return "it has no input or several outputs";
  for (const auto& initializer : graph.initializer()) {
    auto tensor = tensorFrom(initializer);
    if (!tensor.defined()) return "the numbers of " + initializer.name() + " are not as many as it says";
    m_weights[initializer.name()] = std::move(tensor);
  }
  std::set<std::string> known, words;
  for (const auto& input : graph.input()) {
    m_inputs.push_back(input.name());
    const bool text = input.type().tensor_type().elem_type() == onnx::TensorProto::STRING;
    if (!(text ? words : known).insert(input.name()).second) return "two inputs have one name";
  }
  m_byColumn = m_inputs.front() != "input_tensor";
  for (const auto& node : graph.node()) {
    const auto& type = node.op_type();
    if (const auto labels = OnnxLabels::read(node)) {
      if (!words.contains(node.input(0))) return "it looks up what is no word";
      m_labels.emplace(node.output(0), *labels);
      known.insert(node.output(0));
      continue;
    }
    if ((!functions().contains(type) && !quantizedOnnxFunctions().contains(type)) || !node.domain().empty())
      return "it holds the operation " + type;
    if (node.output_size() == 0) return "an operation has no output";
    for (const auto& input : node.input())
      if (!input.empty() && !known.contains(input) && !m_weights.contains(input)) return "it reads what nothing makes";
    known.insert(node.output().begin(), node.output().end());
  }
  if (!known.contains(graph.output(0).name())) return "nothing makes its output";
  return {};
}

std::shared_ptr<const OnnxRunner> OnnxRunner::read(const std::string& file, std::string& problem) {
  auto model = std::make_shared<onnx::ModelProto>();
  if (!model->ParseFromString(file)) {
    problem = "it is damaged";
    return nullptr;
  }
  const std::shared_ptr<OnnxRunner> runner(new OnnxRunner);
  problem = runner->take(*model);
  model->mutable_graph()->clear_initializer();
  if (problem.empty()) runner->computeConstants(*model->mutable_graph());
  runner->m_model = std::move(model);
  return problem.empty() ? runner : nullptr;
}

// Whole once and for all: what only makes float32 numbers of the file's own.
void OnnxRunner::computeConstants(onnx::GraphProto& graph) {
  std::map<std::string, int> uses;
  for (const auto& node : graph.node())
    for (const auto& input : node.input()) ++uses[input];
  const auto constant = [&](const std::string& name) { return name.empty() || m_weights.contains(name); };
  google::protobuf::RepeatedPtrField<onnx::NodeProto> left;
  for (const auto& node : graph.node()) {
    const bool converts = node.op_type() == "Cast" || node.op_type() == "DequantizeLinear" || node.op_type() == "Mul";
    if (converts && node.output_size() == 1 && std::all_of(node.input().begin(), node.input().end(), constant)) {
      Tensors inputs;
      for (const auto& name : node.input()) inputs.push_back(name.empty() ? Tensor() : m_weights.at(name));
      m_weights[node.output(0)] = outputsOf(OnnxCall(node, std::move(inputs))).at(0);
      for (const auto& name : node.input())
        if (--uses[name] == 0) m_weights.erase(name);
      continue;
    }
    if (node.op_type() == "Conv" && node.input_size() > 1)
      if (const auto weights = m_weights.find(node.input(1)); weights != m_weights.end() && weights->second.dim() == 4)
        weights->second = channelsLast(weights->second);
    if (node.op_type() == "MatMulInteger" && node.input_size() == 4 && uses[node.input(1)] == 1) {
      const auto weights = m_weights.find(node.input(1)), zero = m_weights.find(node.input(3));
      if (weights != m_weights.end() && zero != m_weights.end())
        weights->second = preparedIntegers(weights->second, zero->second);
    }
    *left.Add() = node;
  }
  graph.mutable_node()->Swap(&left);
  for (std::size_t i = 0; i < static_cast<std::size_t>(graph.node_size()); ++i)
    for (const auto& input : graph.node(static_cast<int>(i)).input()) m_lastUse[input] = i;
}

torch::Tensor OnnxRunner::run(const OnnxInputs& given) const {
  const c10::InferenceMode inference;
  const auto& graph = m_model->graph();
  TORCH_CHECK(given.tensors.size() == m_inputs.size(), "another number of inputs");
  std::map<std::string, Tensor> values;
  for (std::size_t i = 0; i < m_inputs.size(); ++i) values[m_inputs[i]] = given.tensors[i];
  for (std::size_t i = 0; i < static_cast<std::size_t>(graph.node_size()); ++i) {
    const auto& node = graph.node(static_cast<int>(i));
    Tensors inputs;
    for (const auto& name : node.input()) {
      const auto weight = m_weights.find(name);
      inputs.push_back(name.empty() ? Tensor() : weight != m_weights.end() ? weight->second : values.at(name));
    }
    const auto labels = m_labels.find(node.output(0));
    auto made = labels != m_labels.end() ? Tensors{labels->second.numbers(inputs.at(0), given.words)}
                                         : outputsOf(OnnxCall(node, std::move(inputs)));
    for (std::size_t k = 0; k < std::min(made.size(), static_cast<std::size_t>(node.output_size())); ++k)
      values[node.output(static_cast<int>(k))] = std::move(made[k]);
    for (const auto& name : node.input())
      if (m_lastUse.at(name) == i && name != graph.output(0).name()) values.erase(name);
  }
  return values.at(graph.output(0).name());
}

}  // namespace lathe::engine
