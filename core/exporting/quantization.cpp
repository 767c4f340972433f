// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/quantization.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/engine/adapters.h"
#include "core/engine/training_loop.h"

namespace lathe::exporting {
namespace {

using spec::Primitive;

constexpr float mostInt8 = 127;

struct Named {
  Precision precision;
  const char* name;
};
constexpr std::array names{Named{Precision::Int8, "int8"}, Named{Precision::Int8Static, "int8-static"},
                           Named{Precision::BFloat16, "bf16"}, Named{Precision::Float16, "f16"}};

float rounded(float value, Precision precision) {
  return precision == Precision::Float16 ? fromHalfBits(halfBits(value)) : fromBFloat16Bits(bfloat16Bits(value));
}

void roundWeights(std::vector<float>& values, const spec::Shape& shape, std::size_t axis, Precision precision) {
  if (!isInt8(precision)) {
    for (float& value : values) value = rounded(value, precision);
    return;
  }
  const auto weights = int8Weights(values, shape, axis);
  const auto inner = innerSize(shape, axis);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<float>(weights.values[i]) * weights.scales[channelOf(i, inner, weights.scales.size())];
}

}  // namespace

const char* name(Precision precision) {
  const auto* found =
      std::find_if(names.begin(), names.end(), [&](const Named& each) { return each.precision == precision; });
  return found == names.end() ? "" : found->name;
}

std::optional<Precision> precisionNamed(std::string_view name) {
  if (name.empty()) return Precision::Float32;
  const auto* found = std::find_if(names.begin(), names.end(), [&](const Named& each) { return each.name == name; });
  return found == names.end() ? std::nullopt : std::optional(found->precision);
}

const std::vector<std::string>& precisionNames() {
  static const auto all = [] {
    std::vector<std::string> list;
    for (const auto& each : names) list.emplace_back(each.name);
    return list;
  }();
  return all;
}

Result<void> checkQuantizable(std::string_view format, Precision precision) {
  const bool onnx = format == "onnx" || format == "triton";
  const bool weights = format == "torchscript" || format == "torchserve" || format == "savedmodel";
  if (precision == Precision::Float32 || onnx || (weights && precision != Precision::Int8Static)) return {};
  if (precision == Precision::Int8Static)
    return fail("export.not_quantised",
                LATHE_TEXT("errors", "{format} is not written with ranges that were measured beforehand."),
                LATHE_TEXT("errors", "Choose onnx or triton, or int8."), {{"format", std::string(format)}});
  return fail("export.not_quantised", LATHE_TEXT("errors", "{format} is not written quantised."),
              LATHE_TEXT("errors", "Choose onnx, torchscript, torchserve, savedmodel or triton."),
              {{"format", std::string(format)}});
}

std::uint16_t halfBits(float value) {
  constexpr std::uint32_t infinity = 0x7f800000, tooLarge = 0x477ff000, smallestNormal = 0x38800000;
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000U);
  const auto magnitude = bits & 0x7fffffffU;
  const auto with = [sign](std::uint32_t rest) { return static_cast<std::uint16_t>(sign | rest); };
  if (magnitude > infinity) return with(0x7e00);
  if (magnitude >= tooLarge) return with(0x7bff);
  // Below, numbers are whole multiples of 2^-24.
  if (magnitude < smallestNormal)
    return with(static_cast<std::uint32_t>(std::nearbyint(std::abs(value) * 16777216.0F)));
  const auto rounded = magnitude + 0xfff + (magnitude >> 13 & 1U);
  return with((rounded - 0x38000000) >> 13);
}

float fromHalfBits(std::uint16_t bits) {
  const std::uint32_t exponent = bits >> 10 & 31U, mantissa = bits & 1023U;
  const float sign = (bits & 0x8000U) != 0 ? -1.0F : 1.0F;
  if (exponent == 0) return sign * static_cast<float>(mantissa) / 16777216.0F;
  if (exponent == 31)
    return mantissa != 0 ? std::numeric_limits<float>::quiet_NaN() : sign * std::numeric_limits<float>::infinity();
  return sign * std::bit_cast<float>((exponent + 112) << 23 | mantissa << 13);
}

std::uint16_t bfloat16Bits(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = bits >> 16 & 0x8000U;
  if (std::isnan(value)) return static_cast<std::uint16_t>(sign | 0x7fc0);
  const auto rounded = ((bits & 0x7fffffffU) + 0x7fff + (bits >> 16 & 1U)) >> 16;
  return static_cast<std::uint16_t>(sign | std::min<std::uint32_t>(rounded, 0x7f7f));
}

float fromBFloat16Bits(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

std::vector<std::uint16_t> halfNumbers(std::span<const float> numbers, Precision precision) {
  std::vector<std::uint16_t> bits(numbers.size());
  std::transform(numbers.begin(), numbers.end(), bits.begin(),
                 precision == Precision::BFloat16 ? bfloat16Bits : halfBits);
  return bits;
}

std::size_t innerSize(const spec::Shape& shape, std::size_t axis) {
  std::size_t inner = 1;
  for (std::size_t i = axis + 1; i < shape.size(); ++i) inner *= static_cast<std::size_t>(shape[i]);
  return std::max<std::size_t>(inner, 1);
}

Int8Weights int8Weights(std::span<const float> numbers, const spec::Shape& shape, std::size_t axis) {
  const auto inner = innerSize(shape, axis);
  Int8Weights result{std::vector<std::int8_t>(numbers.size()),
                     std::vector<float>(static_cast<std::size_t>(shape.at(axis)), 0)};
  auto& scales = result.scales;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (auto& largest = scales[channelOf(i, inner, scales.size())]; std::isfinite(numbers[i]))
      largest = std::max(largest, std::abs(numbers[i]));
  for (float& scale : scales) {
    scale /= mostInt8;
    if (scale < std::numeric_limits<float>::min()) scale = 1;  // all zeros
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const float whole = std::nearbyint(numbers[i] / scales[channelOf(i, inner, scales.size())]);
    result.values[i] =
        std::isnan(whole) ? std::int8_t{0} : static_cast<std::int8_t>(std::clamp(whole, -mostInt8, mostInt8));
  }
  return result;
}

std::vector<int> channelAxes(const spec::Program& program) {
  std::vector<int> axes(program.parameters.size(), -1);
  const auto set = [&](const spec::Operation& operation, std::size_t i, int axis) {
    if (i >= operation.parameters.size()) return;
    const auto at = static_cast<std::size_t>(operation.parameters[i]);
    if (program.parameters[at].shape.size() >= 2) axes[at] = axis;
  };
  for (const auto& operation : program.model) switch (operation.primitive) {
      case Primitive::Linear:
      case Primitive::Conv1d:
      case Primitive::Conv2d:
      case Primitive::EnsembleLinear:
        set(operation, 0, 0);
        break;
      case Primitive::ConvTranspose2d:
        set(operation, 0, 1);
        break;
      case Primitive::Embedding:
      case Primitive::EmbeddingBag:
        for (std::size_t i = 0; i < operation.parameters.size(); ++i) set(operation, i, 1);
        break;
      case Primitive::PeriodicEmbedding:
        set(operation, 2, 0);
        break;
      case Primitive::Attention:
        set(operation, 0, 0);
        set(operation, 2, 0);
        break;
      case Primitive::Lstm:
      case Primitive::Gru:
        for (std::size_t i = 0; i < operation.parameters.size(); ++i)
          if (i % 4 < 2) set(operation, i, 0);
        break;
      default:
        break;
    }
  return axes;
}

Precision precisionOf(const engine::Checkpoint& checkpoint) {
  const auto found = checkpoint.meta.find(precisionKey);
  return found == checkpoint.meta.end() ? Precision::Float32
                                        : precisionNamed(found->second).value_or(Precision::Float32);
}

Result<void> quantize(engine::Checkpoint& checkpoint, Precision precision, const std::filesystem::path& file) {
  LATHE_ASSIGN(model, engine::modelOf(checkpoint, checkpoint.meta["engine"], file));
  LATHE_TRY(engine::mergeAdapters(model, checkpoint));
  LATHE_ASSIGN(program, spec::lower(model));
  const auto axes = channelAxes(program);
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const auto& parameter = program.parameters[i];
    const auto tensor = std::find_if(checkpoint.tensors.begin(), checkpoint.tensors.end(),
                                     [&](const auto& each) { return each.name == parameter.name; });
    if (axes[i] < 0 || tensor == checkpoint.tensors.end() || tensor->dtype != "F32" ||
        tensor->shape != parameter.shape || tensor->bytes.empty())
      continue;
    std::vector<float> values(tensor->bytes.size() / sizeof(float));
    std::memcpy(values.data(), tensor->bytes.data(), values.size() * sizeof(float));
    roundWeights(values, parameter.shape, static_cast<std::size_t>(axes[i]), precision);
    std::memcpy(tensor->bytes.data(), values.data(), values.size() * sizeof(float));
  }
  checkpoint.meta["model"] = spec::toJson(model);
  checkpoint.meta[precisionKey] = name(precision);
  return {};
}

}  // namespace lathe::exporting
