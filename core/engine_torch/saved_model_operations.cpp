// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/saved_model_operations.h"

#include <functional>
#include <map>
#include <set>

#include "core/exporting/tensorflow/proto/tensorflow.pb.h"

namespace lathe::engine::saved_model {

const std::string& Call::operation() const { return m_node.op(); }

const torch::Tensor& Call::x(std::size_t i) const {
  TORCH_CHECK(i < m_inputs.size() && m_inputs[i].defined(), operation(), " lacks input ", i);
  return m_inputs[i];
}

Ints Call::list(std::size_t i) const {
  const auto& given = x(i);
  TORCH_CHECK(!given.is_floating_point() && given.numel() <= 64, "input ", i, " of ", operation(), " is no list");
  const auto flat = given.to(torch::kInt64).contiguous();
  return {flat.data_ptr<std::int64_t>(), flat.data_ptr<std::int64_t>() + flat.numel()};
}

std::int64_t Call::whole(std::size_t i) const {
  const auto numbers = list(i);
  TORCH_CHECK(numbers.size() == 1, "input ", i, " of ", operation(), " is no number");
  return numbers.front();
}

Tensors Call::all(std::size_t count) const {
  TORCH_CHECK(count > 0 && count <= m_inputs.size(), "inputs of ", operation());
  Tensors some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(x(i));
  return some;
}

const tensorflow::AttrValue& Call::attribute(const char* name) const {
  const auto found = m_node.attr().find(name);
  return found == m_node.attr().end() ? tensorflow::AttrValue::default_instance() : found->second;
}

std::int64_t Call::integer(const char* name) const { return attribute(name).i(); }
bool Call::flag(const char* name) const { return attribute(name).b(); }
double Call::real(const char* name) const { return static_cast<double>(attribute(name).f()); }
std::string Call::text(const char* name) const { return attribute(name).s(); }
int Call::type(const char* name) const { return attribute(name).type(); }
Ints Call::integers(const char* name) const {
  const auto& values = attribute(name).list().i();
  return {values.begin(), values.end()};
}

std::optional<torch::ScalarType> scalarTypeOf(int type) {
  switch (type) {
    case tensorflow::DT_FLOAT:
      return torch::kFloat32;
    case tensorflow::DT_HALF:
      return torch::kFloat16;
    case tensorflow::DT_BFLOAT16:
      return torch::kBFloat16;
    case tensorflow::DT_INT8:
      return torch::kInt8;
    case tensorflow::DT_INT32:
      return torch::kInt32;
    case tensorflow::DT_INT64:
      return torch::kInt64;
    case tensorflow::DT_BOOL:
      return torch::kBool;
    default:
      return std::nullopt;
  }
}

namespace {

using torch::Tensor;

void checkSizes(const Call& call, const Ints& sizes) {
  std::int64_t count = 1;
  for (const auto size : sizes) {
    TORCH_CHECK(size >= 0 && (size == 0 || count <= mostNumbers / size), "sizes of ", call.operation());
    count *= size;
  }
}

Tensor channelsFirst(const Tensor& x) {
  TORCH_CHECK(x.dim() == 4, "an image of ", x.dim(), " dimensions");
  return x.permute({0, 3, 1, 2});
}
Tensor channelsLast(const Tensor& x) { return x.permute({0, 2, 3, 1}); }

/// Height's and width's of what is listed for all dimensions of an image.
Ints inImage(const Call& call, const char* name) {
  const auto all = call.integers(name);
  TORCH_CHECK(all.size() == 4 && all[0] == 1 && all[3] == 1 && all[1] > 0 && all[2] > 0, name, " of ",
              call.operation());
  return {all[1], all[2]};
}

Ints edges(const Call& call) {
  if (call.text("padding") == "VALID") return {0, 0};
  const auto all = call.integers("explicit_paddings");
  TORCH_CHECK(call.text("padding") == "EXPLICIT" && all.size() == 8 && all[2] == all[3] && all[4] == all[5],
              "padding of ", call.operation());
  return {all[2], all[4]};
}

Tensor convolved(const Call& call) {
  const bool apart = call.operation() == "DepthwiseConv2dNative";
  const auto x = channelsFirst(call.x());
  const auto& kernel = call.x(1);
  TORCH_CHECK(kernel.dim() == 4 && kernel.numel() > 0, "weights of ", call.operation());
  const auto weight = apart ? kernel.permute({2, 3, 0, 1}).reshape({-1, 1, kernel.size(0), kernel.size(1)})
                            : kernel.permute({3, 2, 0, 1});
  TORCH_CHECK(x.size(1) % weight.size(1) == 0, "channels of ", call.operation());
  return channelsLast(torch::conv2d(x, weight, {}, inImage(call, "strides"), edges(call),
                                    apart ? Ints{1, 1} : inImage(call, "dilations"), x.size(1) / weight.size(1)));
}

Tensor convolutionTurned(const Call& call) {
  const auto sizes = call.list(0);
  const auto weight = call.x(1);
  TORCH_CHECK(weight.dim() == 4 && call.text("padding") == "VALID", "weights of ", call.operation());
  const auto result = channelsLast(
      torch::conv_transpose2d(channelsFirst(call.x(2)), weight.permute({3, 2, 0, 1}), {}, inImage(call, "strides")));
  TORCH_CHECK(result.sizes().vec() == sizes, "sizes of ", call.operation());
  return result;
}

Tensor pooled(const Call& call) {
  const auto x = channelsFirst(call.x());
  const auto size = inImage(call, "ksize"), stride = inImage(call, "strides");
  return channelsLast(call.operation() == "MaxPool" ? torch::max_pool2d(x, size, stride, edges(call))
                                                    : torch::avg_pool2d(x, size, stride, edges(call)));
}

Tensor resized(const Call& call) {
  const auto target = call.list(1);
  const bool smooth = call.operation() == "ResizeBilinear";
  TORCH_CHECK(target.size() == 2 && call.flag("half_pixel_centers") == smooth && !call.flag("align_corners"),
              "kind of ", call.operation());
  const auto x = channelsFirst(call.x());
  checkSizes(call, {x.size(0), x.size(1), target[0], target[1]});
  return channelsLast(smooth ? torch::upsample_bilinear2d(x, target, false) : torch::upsample_nearest2d(x, target));
}

Tensor padded(const Call& call) {
  const auto table = call.list(1);
  auto sizes = call.x().sizes().vec();
  TORCH_CHECK(table.size() == 2 * sizes.size(), "edges of ", call.operation());
  Ints pairs;  // the last dimension comes first
  for (std::size_t i = sizes.size(); i-- > 0;) {
    TORCH_CHECK(table[2 * i] >= 0 && table[2 * i + 1] >= 0, "edges of ", call.operation());
    TORCH_CHECK(table[2 * i] < mostNumbers && table[2 * i + 1] < mostNumbers, "edges of ", call.operation());
    sizes[i] += table[2 * i] + table[2 * i + 1];
    pairs.insert(pairs.end(), {table[2 * i], table[2 * i + 1]});
  }
  checkSizes(call, sizes);
  return torch::constant_pad_nd(call.x(), pairs, call.x(2).item());
}

Tensor strided(const Call& call) {
  auto x = call.x();
  const auto begins = call.list(1), ends = call.list(2), steps = call.list(3);
  TORCH_CHECK(begins.size() == ends.size() && ends.size() == steps.size() &&
                  static_cast<std::int64_t>(begins.size()) <= x.dim(),
              "lists of ", call.operation());
  TORCH_CHECK(call.integer("ellipsis_mask") == 0 && call.integer("new_axis_mask") == 0, "kind of ", call.operation());
  const auto isSet = [&](const char* mask, std::size_t i) { return ((call.integer(mask) >> i) & 1) != 0; };
  std::int64_t axis = 0;
  for (std::size_t i = 0; i < begins.size(); ++i) {
    TORCH_CHECK(steps[i] == 1, "steps of ", call.operation());
    if (isSet("shrink_axis_mask", i)) {
      x = x.select(axis, begins[i]);
      continue;
    }
    x = x.slice(axis, isSet("begin_mask", i) ? 0 : begins[i], isSet("end_mask", i) ? x.size(axis) : ends[i]);
    ++axis;
  }
  return x;
}

Tensor gathered(const Call& call) {
  const auto& places = call.x(1);
  const auto axis = call.whole(2);
  TORCH_CHECK(!places.is_floating_point() && axis >= 0 && axis < call.x().dim(), "places of ", call.operation());
  auto sizes = call.x().sizes().vec();
  const auto inner = places.sizes();
  sizes.erase(sizes.begin() + axis);
  sizes.insert(sizes.begin() + axis, inner.begin(), inner.end());
  checkSizes(call, sizes);
  return call.x().index_select(axis, places.reshape({-1}).to(torch::kInt64)).reshape(sizes);
}

Tensor reduced(const Call& call) {
  const auto axes = call.list(1);
  const bool keep = call.flag("keep_dims");
  const auto& name = call.operation();
  TORCH_CHECK(!axes.empty(), "axes of ", name);
  if (name == "Mean") return call.x().mean(axes, keep);
  if (name == "Sum") return call.x().sum(axes, keep);
  if (name == "Max") return call.x().amax(axes, keep);
  TORCH_CHECK(axes.size() == 1, "axes of ", name);
  return call.x().all(axes[0], keep);
}

Tensor multiplied(const Call& call) {
  const bool several = call.operation() == "BatchMatMulV2";
  const bool first = call.flag(several ? "adj_x" : "transpose_a"),
             second = call.flag(several ? "adj_y" : "transpose_b");
  TORCH_CHECK(call.x().dim() >= 2 && call.x(1).dim() >= 2, "matrices of ", call.operation());
  return torch::matmul(first ? call.x().transpose(-1, -2) : call.x(), second ? call.x(1).transpose(-1, -2) : call.x(1));
}

Tensor converted(const Call& call) {
  const auto type = scalarTypeOf(call.type("DstT"));
  TORCH_CHECK(type, "type of ", call.operation());
  return call.x().to(*type);
}

Tensor sizesOf(const Call& call) {
  const auto sizes = call.x().sizes();
  return torch::tensor(std::vector<std::int64_t>(sizes.begin(), sizes.end()), torch::kInt64).to(torch::kInt32);
}

Tensor stretched(const Call& call) {
  const auto sizes = call.list(1);
  checkSizes(call, sizes);
  return call.x().expand(sizes);
}

Tensor joined(const Call& call) {
  TORCH_CHECK(call.count() > 1, "inputs of ", call.operation());
  return torch::cat(call.all(call.count() - 1), call.whole(call.count() - 1));
}

Tensor squeezed(const Call& call) {
  const auto axes = call.integers("squeeze_dims");
  TORCH_CHECK(axes.size() == 1 && call.x().size(axes[0]) == 1, "dimension of ", call.operation());
  return call.x().squeeze(axes[0]);
}

Tensors divided(const Call& call) {
  const auto axis = call.whole(0), parts = call.integer("num_split");
  TORCH_CHECK(parts > 0 && call.x(1).size(axis) % parts == 0 && call.x(1).size(axis) > 0, "parts of ",
              call.operation());
  return call.x(1).split(call.x(1).size(axis) / parts, axis);
}

Tensors unpacked(const Call& call) {
  const auto axis = call.integer("axis");
  TORCH_CHECK(call.x().size(axis) == call.integer("num"), "parts of ", call.operation());
  return call.x().unbind(axis);
}

using Function = std::function<Tensor(const Call&)>;
using Functions = std::map<std::string, Function>;

void addArithmetic(Functions& all) {
  all["Identity"] = [](const Call& c) { return c.x(); };
  all["AddV2"] = all["BiasAdd"] = [](const Call& c) { return c.x() + c.x(1); };
  all["Sub"] = [](const Call& c) { return c.x() - c.x(1); };
  all["Mul"] = [](const Call& c) { return c.x() * c.x(1); };
  all["RealDiv"] = [](const Call& c) { return c.x() / c.x(1); };
  all["FloorDiv"] = [](const Call& c) { return torch::div(c.x(), c.x(1), "floor"); };
  all["Maximum"] = [](const Call& c) { return torch::maximum(c.x(), c.x(1)); };
  all["Minimum"] = [](const Call& c) { return torch::minimum(c.x(), c.x(1)); };
  all["Neg"] = [](const Call& c) { return -c.x(); };
  all["Square"] = [](const Call& c) { return c.x() * c.x(); };
  all["Sqrt"] = [](const Call& c) { return c.x().sqrt(); };
  all["Rsqrt"] = [](const Call& c) { return c.x().rsqrt(); };
  all["Exp"] = [](const Call& c) { return c.x().exp(); };
  all["Expm1"] = [](const Call& c) { return c.x().expm1(); };
  all["Log"] = [](const Call& c) { return c.x().log(); };
  all["Sin"] = [](const Call& c) { return c.x().sin(); };
  all["Cos"] = [](const Call& c) { return c.x().cos(); };
  all["Erf"] = [](const Call& c) { return c.x().erf(); };
  all["Floor"] = [](const Call& c) { return c.x().floor(); };
  all["IsNan"] = [](const Call& c) { return c.x().isnan(); };
  all["IsFinite"] = [](const Call& c) { return c.x().isfinite(); };
  all["LogicalAnd"] = [](const Call& c) { return c.x().logical_and(c.x(1)); };
  all["Less"] = [](const Call& c) { return c.x() < c.x(1); };
  all["LessEqual"] = [](const Call& c) { return c.x() <= c.x(1); };
  all["GreaterEqual"] = [](const Call& c) { return c.x() >= c.x(1); };
  all["Equal"] = [](const Call& c) { return c.x() == c.x(1); };
  all["SelectV2"] = [](const Call& c) { return torch::where(c.x(), c.x(1), c.x(2)); };
  all["Cast"] = converted;
  all["MatMul"] = all["BatchMatMulV2"] = multiplied;
  for (const char* name : {"Mean", "Sum", "Max", "All"}) all[name] = reduced;
}

void addActivations(Functions& all) {
  all["Relu"] = [](const Call& c) { return torch::relu(c.x()); };
  all["Relu6"] = [](const Call& c) { return c.x().clamp(0, 6); };
  all["Elu"] = [](const Call& c) { return torch::elu(c.x()); };
  all["Selu"] = [](const Call& c) { return torch::selu(c.x()); };
  all["LeakyRelu"] = [](const Call& c) { return torch::leaky_relu(c.x(), c.real("alpha")); };
  all["Softplus"] = [](const Call& c) { return torch::softplus(c.x()); };
  all["Tanh"] = [](const Call& c) { return torch::tanh(c.x()); };
  all["Sigmoid"] = [](const Call& c) { return torch::sigmoid(c.x()); };
  all["Softmax"] = [](const Call& c) { return torch::softmax(c.x(), -1); };
  all["LogSoftmax"] = [](const Call& c) { return torch::log_softmax(c.x(), -1); };
}

void addShapes(Functions& all) {
  all["Reshape"] = [](const Call& c) { return c.x().reshape(c.list(1)); };
  all["ExpandDims"] = [](const Call& c) { return c.x().unsqueeze(c.whole(1)); };
  all["Squeeze"] = squeezed;
  all["Transpose"] = [](const Call& c) { return c.x().permute(c.list(1)); };
  all["StridedSlice"] = strided;
  all["ConcatV2"] = joined;
  all["GatherV2"] = gathered;
  all["Shape"] = sizesOf;
  all["BroadcastTo"] = stretched;
  all["Pack"] = [](const Call& c) { return torch::stack(c.all(c.count()), c.integer("axis")); };
  all["TopKV2"] = [](const Call& c) { return std::get<0>(torch::topk(c.x(), c.whole(1))); };
  all["PadV2"] = padded;
}

const Functions& functions() {
  static const Functions all = [] {
    Functions made;
    addArithmetic(made);
    addActivations(made);
    addShapes(made);
    made["Conv2D"] = made["DepthwiseConv2dNative"] = convolved;
    made["Conv2DBackpropInput"] = convolutionTurned;
    made["MaxPool"] = made["AvgPool"] = pooled;
    made["ResizeBilinear"] = made["ResizeNearestNeighbor"] = resized;
    return made;
  }();
  return all;
}

}  // namespace

bool isRun(const std::string& operation) {
  return operation == "Split" || operation == "Unpack" || functions().contains(operation);
}

bool isWritten(const std::string& operation) {
  static const std::set<std::string> others{"Const",
                                            "Placeholder",
                                            "PlaceholderWithDefault",
                                            "ParseExampleV2",
                                            "AnonymousHashTable",
                                            "LookupTableImportV2",
                                            "LookupTableFindV2"};
  return isRun(operation) || others.contains(operation);
}

Tensors run(const Call& call) {
  if (call.operation() == "Split") return divided(call);
  if (call.operation() == "Unpack") return unpacked(call);
  return {functions().at(call.operation())(call)};
}

}  // namespace lathe::engine::saved_model
