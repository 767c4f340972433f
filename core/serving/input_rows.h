// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/data/buffers.h"
#include "core/serving/input_layout.h"

namespace lathe::serving {

/// How the numbers of an image lie in a protocol that does not say it: planes, or colours side by side.
enum class ImageOrder : std::uint8_t { ChannelsFirst, ChannelsLast };

/// Inputs of one request.
struct InputRows {
  std::size_t rows = 0;
  bool single = false;               ///< one row that did not come in a list
  bool check = false;                ///< Lathe asks whether the model is well: answered, and counted nowhere
  std::vector<float> numbers;        ///< tables: whole raw inputs, one after the other; sound: samples, -1 to 1
  std::vector<std::uint8_t> pixels;  ///< images: C x H x W each
};

/// A tensor of a protocol: numbers, or texts, row-major. The first dimension counts the rows.
struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  bool text = false;
  std::vector<float> numbers;
  std::vector<std::string> texts;
  [[nodiscard]] std::size_t size() const { return text ? texts.size() : numbers.size(); }
};

inline constexpr const char* inputTensorName = "input_tensor";
inline constexpr const char* outputTensorName = "output_tensor";

/// Appends a whole raw input of `layout.inputSize()` numbers, for images 0 to 255.
void appendInput(const InputLayout& layout, std::span<const float> input, InputRows& rows);
/// Appends an image: PNG, JPEG, BMP or WebP, scaled to the model's size.
Answer<void> appendImageFile(const InputLayout& layout, std::string_view bytes, InputRows& rows);
/// Appends an image of numbers from 0 to 255 that lie in `order`.
void appendImage(const InputLayout& layout, std::span<const float> values, ImageOrder order, InputRows& rows);

/// Rows of `input_tensor` alone, or of one tensor a column; a missing one is a fault that names it.
Answer<InputRows> rowsOfTensors(const InputLayout& layout, std::span<const Tensor> tensors, ImageOrder order);

/// Rows of comma-separated text: columns by name where the first line has them, else in the model's order.
Answer<InputRows> rowsOfCsv(const InputLayout& layout, std::string_view text);

/// Standard and URL-safe alphabet, with and without padding.
[[nodiscard]] bool decodeBase64(std::string_view text, std::string& bytes);

/// Rows of several requests as an engine takes them.
class RowBatch {
 public:
  explicit RowBatch(const spec::DataSchema& schema);
  void add(const InputRows& rows);
  /// The rows so far; valid until the next call.
  [[nodiscard]] const data::Dataset& dataset();

 private:
  data::Dataset m_dataset;
  std::size_t m_size;
  data::Samples m_samples;
};

}  // namespace lathe::serving
