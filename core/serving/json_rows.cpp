// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/json_rows.h"

#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace lathe::serving {
namespace {

constexpr std::size_t deepest = 8;

/// Nested lists until something else; an object counts as the list of its cells.
std::size_t depthOf(const Json& value) {
  std::size_t depth = 0;
  const Json* at = &value;
  while (at->IsArray() && !at->Empty() && depth < deepest) {
    at = &(*at)[0];
    ++depth;
  }
  return at->IsObject() && base64Of(*at) == nullptr ? depth + 1 : depth;
}

bool holdsText(const Json& list) {
  for (const auto& each : list.GetArray())
    if (each.IsString() || each.IsBool() || each.IsArray()) return true;
  return false;
}

Answer<void> writeObject(const InputLayout& layout, const Json& object, float* row) {
  const auto& columns = layout.columns();
  std::vector<bool> seen(columns.size(), false);
  std::size_t found = 0;
  for (auto each = object.MemberBegin(); each != object.MemberEnd(); ++each) {
    const auto index = layout.columnIndex(textOf(each->name));
    if (index == columns.size()) continue;
    SERVING_TRY(writeJsonCell(columns[index], each->value, row));
    if (!seen[index]) ++found;
    seen[index] = true;
  }
  if (found == columns.size()) return {};
  for (std::size_t c = 0;; ++c) {
    if (seen[c]) continue;
    auto text = fmt::format("The column {} is missing.", columns[c].name());
    for (auto each = object.MemberBegin(); each != object.MemberEnd(); ++each)
      if (layout.nearest(textOf(each->name)) == columns[c].name() && layout.column(textOf(each->name)) == nullptr)
        text += fmt::format(" There is {}.", textOf(each->name));
    return refuse(FaultKind::BadInput, std::move(text));
  }
}

/// One row of a table, or of a window.
Answer<void> writeRow(const InputLayout& layout, const Json& value, float* row) {
  const auto& columns = layout.columns();
  if (value.IsObject() && layout.table()) return writeObject(layout, value, row);
  if (!value.IsArray())
    return refuse(
        FaultKind::BadInput,
        fmt::format("A row is an object with the columns by name, or a list of {} numbers.", layout.rowSize()));
  const auto size = static_cast<std::size_t>(value.Size());
  if (size == columns.size() && (size != layout.rowSize() || holdsText(value))) {
    for (std::size_t c = 0; c < size; ++c)
      SERVING_TRY(writeJsonCell(columns[c], value[static_cast<rapidjson::SizeType>(c)], row));
    return {};
  }
  if (size != layout.rowSize())
    return refuse(FaultKind::BadInput,
                  fmt::format("A row has {} values, not {}: {}.", layout.rowSize(), size, layout.columnNames()));
  for (std::size_t i = 0; i < size; ++i) {
    const auto& cell = value[static_cast<rapidjson::SizeType>(i)];
    if (!cell.IsNumber() && !cell.IsNull())
      return refuse(FaultKind::BadInput, fmt::format("Value {} of a row, {}, is no number.", i + 1, shownJson(cell)));
    row[i] = cell.IsNull() ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(cell.GetDouble());
  }
  return {};
}

Answer<void> appendWindow(const InputLayout& layout, const Json& value, InputRows& rows) {
  const auto window = layout.window();
  if (!value.IsArray() || value.Size() != window)
    return refuse(FaultKind::BadInput, fmt::format("The model looks at {} rows in a row.", window));
  const auto first = rows.numbers.size();
  rows.numbers.resize(first + layout.inputSize());
  for (std::size_t w = 0; w < window; ++w)
    SERVING_TRY(writeRow(layout, value[static_cast<rapidjson::SizeType>(w)],
                         rows.numbers.data() + first + w * layout.rowSize()));
  ++rows.rows;
  return {};
}

/// An image or a clip as numbers.
Answer<void> appendArray(const InputLayout& layout, const Json& value, InputRows& rows) {
  Tensor tensor;
  SERVING_TRY(readTensor(value, tensor));
  if (tensor.text || tensor.numbers.size() != layout.inputSize())
    return refuse(FaultKind::BadInput,
                  fmt::format("An input is an array of {} numbers, not of {}.", spec::shapeText(layout.inputShape()),
                              spec::shapeText(tensor.shape)));
  if (!layout.image()) {
    appendInput(layout, tensor.numbers, rows);
    return {};
  }
  const auto& shape = layout.inputShape();
  const bool last = tensor.shape != shape && tensor.shape == spec::Shape{shape[1], shape[2], shape[0]};
  appendImage(layout, tensor.numbers, last ? ImageOrder::ChannelsLast : ImageOrder::ChannelsFirst, rows);
  return {};
}

Answer<void> readLeaves(const Json& value, std::size_t depth, Tensor& tensor) {
  if (depth < tensor.shape.size()) {
    if (!value.IsArray() || static_cast<std::int64_t>(value.Size()) != tensor.shape[depth])
      return refuse(FaultKind::BadInput, fmt::format("The array {} is not regular.", tensor.name));
    for (const auto& each : value.GetArray()) SERVING_TRY(readLeaves(each, depth + 1, tensor));
    return {};
  }
  if (tensor.text) {
    if (const auto* encoded = base64Of(value)) {
      std::string bytes;
      if (!decodeBase64(textOf(*encoded), bytes)) return refuse(FaultKind::BadInput, "Unable to base64 decode");
      tensor.texts.push_back(std::move(bytes));
      return {};
    }
    if (value.IsNull()) {
      tensor.texts.emplace_back();
      return {};
    }
    if (!value.IsString())
      return refuse(FaultKind::BadInput, fmt::format("JSON Value: {} Type: {} is not of expected type: string",
                                                     shownJson(value), typeName(value)));
    tensor.texts.emplace_back(textOf(value));
    return {};
  }
  if (value.IsNumber())
    tensor.numbers.push_back(static_cast<float>(value.GetDouble()));
  else if (value.IsBool())
    tensor.numbers.push_back(value.GetBool() ? 1.0F : 0.0F);
  else if (value.IsNull())
    tensor.numbers.push_back(std::numeric_limits<float>::quiet_NaN());
  else
    return refuse(FaultKind::BadInput, fmt::format("JSON Value: {} Type: {} is not of expected type: float",
                                                   shownJson(value), typeName(value)));
  return {};
}

}  // namespace

Answer<void> readTensor(const Json& value, Tensor& tensor) {
  const Json* at = &value;
  while (at->IsArray() && tensor.shape.size() < deepest) {
    tensor.shape.push_back(at->Size());
    if (at->Empty()) break;
    at = &(*at)[0];
  }
  tensor.text = at->IsString() || base64Of(*at) != nullptr;
  return readLeaves(value, 0, tensor);
}

Answer<void> writeJsonCell(const InputColumn& column, const Json& value, float* row) {
  switch (value.GetType()) {
    case rapidjson::kNullType:
      column.writeMissing(row);
      return {};
    case rapidjson::kFalseType:
    case rapidjson::kTrueType:
      return column.writeBoolean(value.GetBool(), row);
    case rapidjson::kStringType:
      return column.writeText(textOf(value), row);
    case rapidjson::kNumberType:
      return column.writeNumber(value.GetDouble(), row);
    case rapidjson::kArrayType:
      if (column.feature().kind == spec::ColumnKind::DateTime && value.Size() == 2 && value[0].IsNumber() &&
          value[1].IsNumber()) {
        row[column.feature().offset] = static_cast<float>(value[0].GetDouble());
        row[column.feature().offset + 1] = static_cast<float>(value[1].GetDouble());
        return {};
      }
      if (value.Size() == 1 && !value[0].IsArray()) return writeJsonCell(column, value[0], row);
      break;
    case rapidjson::kObjectType:
      if (const auto* encoded = base64Of(value)) {
        std::string bytes;
        if (decodeBase64(textOf(*encoded), bytes)) return column.writeText(bytes, row);
      }
      break;
  }
  return refuse(FaultKind::BadInput,
                fmt::format("Column \"{}\" takes one value, not {}.", column.name(), shownJson(value)));
}

Answer<void> appendJsonInput(const InputLayout& layout, const Json& value, InputRows& rows) {
  if (!layout.table()) {
    const auto* encoded = base64Of(value);
    if (encoded == nullptr || !layout.image()) return appendArray(layout, value, rows);
    std::string bytes;
    if (!decodeBase64(textOf(*encoded), bytes)) return refuse(FaultKind::BadInput, "Unable to base64 decode");
    return appendImageFile(layout, bytes, rows);
  }
  if (layout.window() > 1) return appendWindow(layout, value, rows);
  const auto first = rows.numbers.size();
  rows.numbers.resize(first + layout.inputSize());
  SERVING_TRY(writeRow(layout, value, rows.numbers.data() + first));
  ++rows.rows;
  return {};
}

Answer<JsonRows> rowsOfJson(const InputLayout& layout, const Json& body) {
  JsonRows result;
  const Json* value = &body;
  for (const char* name : {"instances", "inputs", "rows", "data"})
    if (const auto* list = member(body, name);
        !result.instances && list != nullptr && list->IsArray() && layout.column(name) == nullptr) {
      value = list;
      result.instances = true;
    }
  const auto whole = layout.table() ? layout.window() > 1 ? 2U : 1U : layout.inputShape().size();
  const auto depth = depthOf(*value);
  const bool single =
      !result.instances && (!value->IsArray() || depth == whole ||
                            (layout.image() && depth == 1 && !value->Empty() && (*value)[0].IsNumber()));
  if (single) {
    SERVING_TRY(appendJsonInput(layout, *value, result.rows));
    result.rows.single = true;
    return result;
  }
  if (value->Empty()) return refuse(FaultKind::BadInput, "The request holds no rows.");
  for (const auto& each : value->GetArray()) SERVING_TRY(appendJsonInput(layout, each, result.rows));
  return result;
}

}  // namespace lathe::serving
