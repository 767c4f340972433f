// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/engine/checkpoint.h"
#include "core/spec/program.h"

/// Weights of fewer bits. What multiplies or looks up (dense and convolution layers, embeddings, recurrent layers,
/// attention) is quantised; biases, normalisations and preprocessing stay float32.
namespace lathe::exporting {

enum class Precision {
  Float32,
  Float16,   ///< IEEE 754 binary16; beyond its largest number, that one
  BFloat16,  ///< the upper half of a float32
  Int8,      ///< symmetric, a scale for each output channel; ONNX also computes dense layers in int8, with the scale of
             ///< the inputs measured while it runs ("dynamic")
  Int8Static  ///< the same with the ranges of inputs measured beforehand, on training rows ("static")
};

/// "f16", "bf16", "int8", "int8-static", as the command line and the manifest spell them; "" for float32.
[[nodiscard]] const char* name(Precision precision);
[[nodiscard]] std::optional<Precision> precisionNamed(std::string_view name);
/// All but float32.
[[nodiscard]] const std::vector<std::string>& precisionNames();
[[nodiscard]] inline bool isInt8(Precision precision) {
  return precision == Precision::Int8 || precision == Precision::Int8Static;
}
[[nodiscard]] inline bool isHalf(Precision precision) {
  return precision == Precision::Float16 || precision == Precision::BFloat16;
}

/// Refuses formats that are not written with such weights: "export.not_quantised".
Result<void> checkQuantizable(std::string_view format, Precision precision);

/// Rounded to the nearest, ties to even, and back again.
[[nodiscard]] std::uint16_t halfBits(float value);
[[nodiscard]] float fromHalfBits(std::uint16_t bits);
[[nodiscard]] std::uint16_t bfloat16Bits(float value);
[[nodiscard]] float fromBFloat16Bits(std::uint16_t bits);

/// The bits of all of them, of Float16 or BFloat16.
[[nodiscard]] std::vector<std::uint16_t> halfNumbers(std::span<const float> numbers, Precision precision);

/// Each number is about value times the scale of its channel.
struct Int8Weights {
  std::vector<std::int8_t> values;  ///< -127 to 127
  std::vector<float> scales;        ///< largest magnitude of the channel over 127
};
/// `axis`: the dimension of the channels.
[[nodiscard]] Int8Weights int8Weights(std::span<const float> numbers, const spec::Shape& shape, std::size_t axis);
/// The channel of each number, in row-major order.
[[nodiscard]] inline std::size_t channelOf(std::size_t index, std::size_t inner, std::size_t channels) {
  return index / inner % channels;
}
/// How many numbers lie between two neighbours along the axis.
[[nodiscard]] std::size_t innerSize(const spec::Shape& shape, std::size_t axis);

/// For each parameter of the program the dimension of its channels, or -1 where it stays float32.
[[nodiscard]] std::vector<int> channelAxes(const spec::Program& program);

/// What stands in a checkpoint's meta for the writers of files: the precision's name.
inline constexpr const char* precisionKey = "quantize";
[[nodiscard]] Precision precisionOf(const engine::Checkpoint& checkpoint);
/// A tensor of a checkpoint that only Int8Static needs: raw rows to measure ranges on, [N, ...] float32.
inline constexpr const char* calibrationTensor = "calibration.rows";
inline constexpr std::size_t mostCalibrationRows = 512;

/// Merges adapters, rounds the weights to what the precision can hold, still as float32, and notes it in the meta.
/// `file` is for errors.
Result<void> quantize(engine::Checkpoint& checkpoint, Precision precision, const std::filesystem::path& file);

}  // namespace lathe::exporting
