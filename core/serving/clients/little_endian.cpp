// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/clients/little_endian.h"

#include <cmath>
#include <cstring>

#include "core/serving/clients/tensor_json.h"

namespace lathe::serving {
namespace {

template <class T>
void append(std::string& out, T value) {
  const auto at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(out.data() + at, &value, sizeof value);
}

template <class T>
void appendAll(std::string& out, const std::vector<float>& numbers) {
  for (const float number : numbers) append(out, static_cast<T>(number));
}

template <class T>
bool readAll(std::string_view bytes, std::size_t count, std::vector<float>& out) {
  if (bytes.size() != count * sizeof(T)) return false;
  out.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<float>(value);
  }
  return true;
}

bool readTexts(std::string_view bytes, std::size_t count, std::vector<std::string>& out) {
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t size = 0;
    if (bytes.size() < sizeof size) return false;
    std::memcpy(&size, bytes.data(), sizeof size);
    bytes.remove_prefix(sizeof size);
    if (bytes.size() < size) return false;
    out.emplace_back(bytes.substr(0, size));
    bytes.remove_prefix(size);
  }
  return bytes.empty();
}

}  // namespace

void appendBytes(std::string& out, const NamedValues& values) {
  if (const auto* texts = std::get_if<std::vector<std::string>>(&values.values)) {
    for (const auto& text : *texts) {
      append(out, static_cast<std::uint32_t>(text.size()));
      out += text;
    }
    return;
  }
  const auto& numbers = std::get<std::vector<float>>(values.values);
  if (values.typeName == "FP64")
    appendAll<double>(out, numbers);
  else if (values.typeName == "INT64")
    appendAll<std::int64_t>(out, numbers);
  else if (values.typeName == "INT32")
    appendAll<std::int32_t>(out, numbers);
  else if (values.typeName == "INT16")
    appendAll<std::int16_t>(out, numbers);
  else if (values.typeName == "INT8")
    appendAll<std::int8_t>(out, numbers);
  else if (values.typeName == "UINT8")
    appendAll<std::uint8_t>(out, numbers);
  else if (values.typeName == "BOOL")
    for (const float number : numbers) append(out, static_cast<std::uint8_t>(number != 0));
  else
    appendAll<float>(out, numbers);
}

Result<void> readBytes(std::string_view bytes, NamedValues& values) {
  std::size_t count = 1;
  for (const auto size : values.shape) {
    if (size < 0 || static_cast<std::size_t>(size) > bytes.size() + 1)
      return badAnswer("", "a tensor has an impossible shape");
    count *= static_cast<std::size_t>(size);
    if (count > bytes.size()) return badAnswer("", "a tensor is shorter than its shape says");
  }
  std::vector<float> numbers;
  std::vector<std::string> texts;
  bool fits = false;
  if (values.typeName == "BYTES")
    fits = readTexts(bytes, count, texts);
  else if (values.typeName == "FP64")
    fits = readAll<double>(bytes, count, numbers);
  else if (values.typeName == "INT64")
    fits = readAll<std::int64_t>(bytes, count, numbers);
  else if (values.typeName == "INT32")
    fits = readAll<std::int32_t>(bytes, count, numbers);
  else if (values.typeName == "INT16")
    fits = readAll<std::int16_t>(bytes, count, numbers);
  else if (values.typeName == "INT8")
    fits = readAll<std::int8_t>(bytes, count, numbers);
  else if (values.typeName == "UINT8" || values.typeName == "BOOL")
    fits = readAll<std::uint8_t>(bytes, count, numbers);
  else if (values.typeName == "FP32")
    fits = readAll<float>(bytes, count, numbers);
  if (!fits) return badAnswer("", "a tensor's bytes do not fit its shape and type " + values.typeName);
  if (values.typeName == "BYTES")
    values.values = std::move(texts);
  else
    values.values = std::move(numbers);
  return {};
}

}  // namespace lathe::serving
