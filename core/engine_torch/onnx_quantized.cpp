// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/engine_torch/onnx_call.h"

namespace lathe::engine {
namespace {

/// Sums of so many products of 8-bit numbers are whole in float32.
constexpr std::int64_t exactProducts = 256;

bool isByte(const torch::Tensor& x) { return x.scalar_type() == torch::kUInt8 || x.scalar_type() == torch::kInt8; }

/// A scale or zero point beside x: of all of it, or one for each place of its axis.
torch::Tensor beside(const torch::Tensor& x, const torch::Tensor& numbers, std::int64_t axis) {
  if (numbers.numel() == 1) return numbers.reshape({});
  const auto at = axis < 0 ? axis + x.dim() : axis;
  TORCH_CHECK(at >= 0 && at < x.dim() && numbers.dim() == 1 && numbers.size(0) == x.size(at), "scales along axis ",
              axis);
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(x.dim()), 1);
  sizes[static_cast<std::size_t>(at)] = numbers.size(0);
  return numbers.reshape(sizes);
}

torch::Tensor inSteps(const torch::Tensor& x, const torch::Tensor& scale, const torch::Tensor& zero,
                      torch::ScalarType type) {
  const bool negative = type == torch::kInt8;
  return (torch::round(x / scale) + zero).clamp(negative ? -128 : 0, negative ? 127 : 255).to(type);
}

std::vector<torch::Tensor> quantized(const OnnxCall& call) {
  const auto axis = call.whole("axis", 1);
  const auto scale = beside(call.x(), call.x(1), axis);
  if (!call.has(2)) return {inSteps(call.x(), scale, torch::zeros({}), torch::kUInt8)};
  TORCH_CHECK(isByte(call.x(2)), "zero point of QuantizeLinear");
  const auto zero = beside(call.x(), call.x(2), axis).to(torch::kFloat32);
  return {inSteps(call.x(), scale, zero, call.x(2).scalar_type())};
}

std::vector<torch::Tensor> dequantized(const OnnxCall& call) {
  TORCH_CHECK(isByte(call.x()) || call.x().scalar_type() == torch::kInt32, "numbers of DequantizeLinear");
  const auto axis = call.whole("axis", 1);
  auto numbers = call.x().to(torch::kFloat32);
  if (call.has(2)) numbers = numbers - beside(call.x(), call.x(2), axis).to(torch::kFloat32);
  return {numbers * beside(call.x(), call.x(1), axis)};
}

std::vector<torch::Tensor> dynamicallyQuantized(const OnnxCall& call) {
  const auto& x = call.x();
  TORCH_CHECK(x.numel() > 0, "nothing to quantize");
  const auto [smallest, largest] = torch::aminmax(x);
  const float low = std::min(0.0F, smallest.item<float>()), high = std::max(0.0F, largest.item<float>());
  const float step = high > low ? (high - low) / 255 : 1.0F;
  const auto scale = torch::scalar_tensor(step, torch::kFloat32);
  const auto zero = torch::round((-torch::scalar_tensor(low, torch::kFloat32) / scale).clamp(0, 255));
  return {inSteps(x, scale, zero, torch::kUInt8), scale, zero.to(torch::kUInt8)};
}

torch::Tensor withoutZeroPoint(const OnnxCall& call, std::size_t i) {
  if (i == 1 && call.x(1).scalar_type() == torch::kFloat32) return call.x(1);  // preparedIntegers()
  TORCH_CHECK(isByte(call.x(i)), "numbers of MatMulInteger");
  const auto numbers = call.x(i).to(torch::kFloat32);
  if (!call.has(i + 2)) return numbers;
  const auto& zero = call.x(i + 2);
  TORCH_CHECK(isByte(zero) && zero.numel() == 1, "zero point of MatMulInteger");
  return numbers - zero.to(torch::kFloat32).reshape({});
}

std::vector<torch::Tensor> integerProduct(const OnnxCall& call) {
  const auto a = withoutZeroPoint(call, 0), b = withoutZeroPoint(call, 1);
  TORCH_CHECK(a.dim() >= 1 && b.dim() == 2 && a.size(-1) == b.size(0), "sizes of MatMulInteger");
  const auto depth = b.size(0);
  auto sums =
      torch::matmul(a.narrow(-1, 0, std::min(depth, exactProducts)), b.narrow(0, 0, std::min(depth, exactProducts)))
          .to(torch::kInt32);
  for (std::int64_t start = exactProducts; start < depth; start += exactProducts) {
    const auto length = std::min(exactProducts, depth - start);
    sums += torch::matmul(a.narrow(-1, start, length), b.narrow(0, start, length)).to(torch::kInt32);
  }
  return {sums};
}

}  // namespace

std::optional<torch::ScalarType> onnxScalarType(std::int64_t type) {
  switch (type) {
    case onnx::TensorProto::FLOAT:
      return torch::kFloat32;
    case onnx::TensorProto::FLOAT16:
      return torch::kFloat16;
    case onnx::TensorProto::BFLOAT16:
      return torch::kBFloat16;
    case onnx::TensorProto::INT8:
      return torch::kInt8;
    case onnx::TensorProto::UINT8:
      return torch::kUInt8;
    case onnx::TensorProto::INT32:
      return torch::kInt32;
    case onnx::TensorProto::INT64:
      return torch::kInt64;
    case onnx::TensorProto::BOOL:
      return torch::kBool;
    case onnx::TensorProto::DOUBLE:
      return torch::kFloat64;
    default:
      return std::nullopt;
  }
}

const std::map<std::string, OnnxFunction>& quantizedOnnxFunctions() {
  static const std::map<std::string, OnnxFunction> all{{"QuantizeLinear", &quantized},
                                                       {"DequantizeLinear", &dequantized},
                                                       {"DynamicQuantizeLinear", &dynamicallyQuantized},
                                                       {"MatMulInteger", &integerProduct}};
  return all;
}

torch::Tensor preparedIntegers(const torch::Tensor& weights, const torch::Tensor& zeroPoint) {
  if (!isByte(weights) || !isByte(zeroPoint) || zeroPoint.numel() != 1) return {};
  return weights.to(torch::kFloat32) - zeroPoint.to(torch::kFloat32).reshape({});
}

}  // namespace lathe::engine
