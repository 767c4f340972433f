// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/input_rows.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

#include "core/data/image_bytes.h"
#include "core/spec/graph.h"

namespace lathe::serving {
namespace {

std::string shapeIn(const std::vector<std::int64_t>& shape) { return fmt::format("[{}]", fmt::join(shape, ",")); }

tl::unexpected<Fault> wrongShape(const Tensor& tensor, const std::string& needed) {
  return refuse(FaultKind::BadInput, fmt::format("unexpected shape for input '{}'. Expected {}, got {}", tensor.name,
                                                 needed, shapeIn(tensor.shape)));
}

/// Rows of a column's tensor: [N], [N, 1], and of windows [N, W] or [N, W, 1].
Answer<std::size_t> rowsIn(const InputLayout& layout, const Tensor& tensor) {
  auto shape = tensor.shape;
  const auto window = static_cast<std::int64_t>(layout.window());
  const auto needed = window > 1 ? fmt::format("[-1,{}]", window) : std::string("[-1]");
  if (shape.size() == (window > 1 ? 3U : 2U) && shape.back() == 1) shape.pop_back();
  if (window > 1 ? shape.size() != 2 || shape[1] != window : shape.size() != 1) return wrongShape(tensor, needed);
  return static_cast<std::size_t>(shape[0]);
}

Answer<void> writeColumn(const InputColumn& column, const Tensor& tensor, std::size_t stride, std::vector<float>& out) {
  float* row = out.data();
  for (std::size_t i = 0; i < tensor.size(); ++i, row += stride)
    SERVING_TRY(tensor.text ? column.writeText(tensor.texts[i], row)
                            : column.writeNumber(static_cast<double>(tensor.numbers[i]), row));
  return {};
}

Answer<InputRows> rowsOfColumns(const InputLayout& layout, std::span<const Tensor> tensors) {
  std::vector<const Tensor*> byColumn(layout.columns().size(), nullptr);
  for (const auto& tensor : tensors) {
    const auto index = layout.columnIndex(tensor.name);
    if (index == byColumn.size())
      return refuse(FaultKind::BadInput, fmt::format("unexpected inference input '{}'", tensor.name));
    byColumn[index] = &tensor;
  }
  InputRows result;
  for (std::size_t c = 0; c < byColumn.size(); ++c) {
    if (byColumn[c] == nullptr)
      return refuse(FaultKind::BadInput, fmt::format("Missing input for column '{}'", layout.columns()[c].name()));
    SERVING_ASSIGN(rows, rowsIn(layout, *byColumn[c]));
    if (c > 0 && rows != result.rows)
      return refuse(FaultKind::BadInput, fmt::format("Input '{}' has {} rows, the one before it has {}",
                                                     byColumn[c]->name, rows, result.rows));
    result.rows = rows;
  }
  result.numbers.resize(result.rows * layout.inputSize());
  for (std::size_t c = 0; c < byColumn.size(); ++c)
    SERVING_TRY(writeColumn(layout.columns()[c], *byColumn[c], layout.rowSize(), result.numbers));
  return result;
}

Answer<InputRows> rowsOfInput(const InputLayout& layout, const Tensor& tensor, ImageOrder order) {
  InputRows result;
  if (tensor.text) {
    if (tensor.shape.size() > 2 || (tensor.shape.size() == 2 && tensor.shape[1] != 1))
      return wrongShape(tensor, "[-1]");
    if (!layout.image())
      return refuse(FaultKind::BadInput, fmt::format("Input '{}' takes numbers, not text", tensor.name));
    for (const auto& bytes : tensor.texts) SERVING_TRY(appendImageFile(layout, bytes, result));
    return result;
  }
  std::vector<std::int64_t> needed(layout.inputShape().begin(), layout.inputShape().end());
  if (layout.image() && order == ImageOrder::ChannelsLast)
    std::rotate(needed.begin(), needed.begin() + 1, needed.end());
  needed.insert(needed.begin(), -1);
  if (tensor.shape.size() != needed.size() || !std::equal(needed.begin() + 1, needed.end(), tensor.shape.begin() + 1))
    return wrongShape(tensor, shapeIn(needed));
  const std::span<const float> values(tensor.numbers);
  const auto size = layout.inputSize();
  if (!layout.image()) {
    result.rows = static_cast<std::size_t>(tensor.shape[0]);
    result.numbers.assign(values.begin(), values.end());
    return result;
  }
  for (std::size_t at = 0; at + size <= values.size(); at += size)
    appendImage(layout, values.subspan(at, size), order, result);
  return result;
}

std::uint8_t byteOf(float value) {
  return static_cast<std::uint8_t>(std::isnan(value) ? 0.0F : std::clamp(std::round(value), 0.0F, 255.0F));
}

}  // namespace

void appendInput(const InputLayout& layout, std::span<const float> input, InputRows& rows) {
  if (layout.image()) {
    appendImage(layout, input, ImageOrder::ChannelsFirst, rows);
    return;
  }
  rows.numbers.insert(rows.numbers.end(), input.begin(), input.end());
  ++rows.rows;
}

Answer<void> appendImageFile(const InputLayout& layout, std::string_view bytes, InputRows& rows) {
  const auto pixels = data::imagePixels(bytes, layout.inputShape());
  if (!pixels)
    return refuse(FaultKind::BadInput,
                  "The input is no image that can be read: send a whole PNG, JPEG, BMP or WebP file");
  rows.pixels.insert(rows.pixels.end(), pixels->begin(), pixels->end());
  ++rows.rows;
  return {};
}

void appendImage(const InputLayout& layout, std::span<const float> values, ImageOrder order, InputRows& rows) {
  const auto channels = static_cast<std::size_t>(layout.inputShape()[0]);
  const auto plane = layout.inputSize() / channels;
  const auto first = rows.pixels.size();
  rows.pixels.resize(first + layout.inputSize());
  auto* out = rows.pixels.data() + first;
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t i = 0; i < plane; ++i)
      *out++ = byteOf(values[order == ImageOrder::ChannelsFirst ? c * plane + i : i * channels + c]);
  ++rows.rows;
}

Answer<InputRows> rowsOfTensors(const InputLayout& layout, std::span<const Tensor> tensors, ImageOrder order) {
  for (const auto& tensor : tensors) {
    std::uint64_t count = 1;
    for (const auto size : tensor.shape) {
      if (size < 0 || (size > 0 && count > (std::uint64_t{1} << 40) / static_cast<std::uint64_t>(size)))
        return wrongShape(tensor, "sizes of 0 or more");
      count *= static_cast<std::uint64_t>(size);
    }
    if (tensor.shape.empty() || count != tensor.size())
      return refuse(FaultKind::BadInput, fmt::format("Input '{}' of shape {} holds {} values", tensor.name,
                                                     shapeIn(tensor.shape), tensor.size()));
  }
  if (tensors.size() == 1 && tensors[0].name == inputTensorName && layout.column(inputTensorName) == nullptr)
    return rowsOfInput(layout, tensors[0], order);
  if (!layout.table()) {
    for (const auto& tensor : tensors)
      if (tensor.name != inputTensorName)
        return refuse(FaultKind::BadInput, fmt::format("unexpected inference input '{}'", tensor.name));
    return refuse(FaultKind::BadInput, fmt::format("Missing input '{}'", inputTensorName));
  }
  return rowsOfColumns(layout, tensors);
}

bool decodeBase64(std::string_view text, std::string& bytes) {
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  bytes.clear();
  bytes.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z')
      value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z')
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9')
      value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '+' || c == '-')
      value = 62;
    else if (c == '/' || c == '_')
      value = 63;
    else
      return false;
    bits = bits << 6U | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
    }
  }
  return count < 6;
}

RowBatch::RowBatch(const spec::DataSchema& schema)
    : m_size(static_cast<std::size_t>(spec::elementCount(schema.inputShape))) {
  m_dataset.schema = schema;
}

void RowBatch::add(const InputRows& rows) {
  m_dataset.rows += rows.rows;
  if (m_dataset.schema.image) {
    m_dataset.pixels.insert(m_dataset.pixels.end(), rows.pixels.begin(), rows.pixels.end());
  } else if (m_dataset.schema.sound()) {
    for (const float value : rows.numbers) m_samples.push_back(data::sampleOf(value));
  } else if (data::textWidth(m_dataset.schema) == 0) {
    m_dataset.table.insert(m_dataset.table.end(), rows.numbers.begin(), rows.numbers.end());
  } else {
    const std::span<const float> values(rows.numbers);
    for (std::size_t at = 0; at < values.size(); at += m_size) data::appendInput(m_dataset, values.subspan(at, m_size));
  }
}

const data::Dataset& RowBatch::dataset() {
  if (m_dataset.schema.sound()) m_dataset.samples = std::make_shared<const data::Samples>(m_samples);
  return m_dataset;
}

}  // namespace lathe::serving
