// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <utility>

#include "core/serving/tensor_facts.h"

namespace lathe::serving {
namespace {

static_assert(std::endian::native == std::endian::little, "raw tensors are little-endian");

constexpr std::array<std::pair<std::string_view, DataType>, 14> names{{{"BOOL", DataType::Bool},
                                                                       {"UINT8", DataType::Uint8},
                                                                       {"UINT16", DataType::Uint16},
                                                                       {"UINT32", DataType::Uint32},
                                                                       {"UINT64", DataType::Uint64},
                                                                       {"INT8", DataType::Int8},
                                                                       {"INT16", DataType::Int16},
                                                                       {"INT32", DataType::Int32},
                                                                       {"INT64", DataType::Int64},
                                                                       {"FP16", DataType::Fp16},
                                                                       {"BF16", DataType::Bf16},
                                                                       {"FP32", DataType::Fp32},
                                                                       {"FP64", DataType::Fp64},
                                                                       {"BYTES", DataType::Bytes}}};

template <class T>
void readAs(std::string_view bytes, std::vector<float>& out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    out[i] = static_cast<float>(value);
  }
}

bool readTexts(std::string_view bytes, std::size_t count, std::vector<std::string>& texts) {
  while (!bytes.empty()) {
    std::uint32_t length = 0;
    if (bytes.size() < sizeof length || texts.size() == count) return false;
    std::memcpy(&length, bytes.data(), sizeof length);
    bytes.remove_prefix(sizeof length);
    if (length > bytes.size()) return false;
    texts.emplace_back(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  return texts.size() == count;
}

/// Triton's "unexpected shape" needs the model's name; a column also takes [N, 1].
bool shapeFits(const TensorFact& fact, const std::vector<std::int64_t>& shape) {
  auto wanted = fact.shape;
  if (shape.size() == wanted.size() + 1 && fact.name != inputTensorName) wanted.push_back(1);
  if (shape.size() != wanted.size() || shape.empty() || shape[0] < 0) return false;
  return std::equal(wanted.begin() + 1, wanted.end(), shape.begin() + 1);
}

}  // namespace

DataType dataType(std::string_view name) {
  for (const auto& [each, type] : names)
    if (each == name) return type;
  return DataType::Unknown;
}

std::size_t byteSize(DataType type) {
  switch (type) {
    case DataType::Bool:
    case DataType::Uint8:
    case DataType::Int8:
      return 1;
    case DataType::Uint16:
    case DataType::Int16:
    case DataType::Fp16:
    case DataType::Bf16:
      return 2;
    case DataType::Uint32:
    case DataType::Int32:
    case DataType::Fp32:
      return 4;
    case DataType::Uint64:
    case DataType::Int64:
    case DataType::Fp64:
      return 8;
    case DataType::Bytes:
    case DataType::Unknown:
      break;
  }
  return 0;
}

float halfToFloat(std::uint16_t bits) {
  const auto sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16U;
  auto exponent = static_cast<std::uint32_t>(bits >> 10U & 0x1fU);
  auto mantissa = static_cast<std::uint32_t>(bits & 0x3ffU);
  if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000U | mantissa << 13U);
  if (exponent == 0) {
    if (mantissa == 0) return std::bit_cast<float>(sign);
    exponent = 1;
    while ((mantissa & 0x400U) == 0) {
      mantissa <<= 1U;
      --exponent;
    }
    mantissa &= 0x3ffU;
  }
  return std::bit_cast<float>(sign | (exponent + 112U) << 23U | mantissa << 13U);
}

float brainToFloat(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16U); }

bool readRaw(std::string_view bytes, DataType type, Tensor& tensor) {
  const auto count = elementsIn(tensor.shape);
  if (!count) return false;
  if (type == DataType::Bytes) {
    tensor.text = true;
    return readTexts(bytes, *count, tensor.texts);
  }
  const auto size = byteSize(type);
  if (size == 0 || bytes.size() % size != 0 || bytes.size() / size != *count) return false;
  auto& out = tensor.numbers;
  out.resize(*count);
  switch (type) {
    case DataType::Fp32:
      if (!bytes.empty()) std::memcpy(out.data(), bytes.data(), bytes.size());
      return true;
    case DataType::Fp64:
      readAs<double>(bytes, out);
      return true;
    case DataType::Bool:
    case DataType::Uint8:
      readAs<std::uint8_t>(bytes, out);
      return true;
    case DataType::Uint16:
      readAs<std::uint16_t>(bytes, out);
      return true;
    case DataType::Uint32:
      readAs<std::uint32_t>(bytes, out);
      return true;
    case DataType::Uint64:
      readAs<std::uint64_t>(bytes, out);
      return true;
    case DataType::Int8:
      readAs<std::int8_t>(bytes, out);
      return true;
    case DataType::Int16:
      readAs<std::int16_t>(bytes, out);
      return true;
    case DataType::Int32:
      readAs<std::int32_t>(bytes, out);
      return true;
    case DataType::Int64:
      readAs<std::int64_t>(bytes, out);
      return true;
    case DataType::Fp16:
    case DataType::Bf16:
      for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t bits = 0;
        std::memcpy(&bits, bytes.data() + i * 2, 2);
        out[i] = type == DataType::Fp16 ? halfToFloat(bits) : brainToFloat(bits);
      }
      return true;
    case DataType::Bytes:
    case DataType::Unknown:
      break;
  }
  return false;
}

Answer<void> checkOpenInput(const ServedModel& model, const std::string& id, const std::string& name,
                            const std::string& type, const std::vector<std::int64_t>& shape) {
  const auto& modelName = model.facts().name;
  const auto known = dataType(type);
  if (known == DataType::Unknown)
    return refuse(FaultKind::BadInput, fmt::format("invalid datatype for input {}", name));
  TensorFact fact;
  if (name == inputTensorName && model.layout().column(name) == nullptr) {
    fact = inputTensorFact(model, ImageOrder::ChannelsFirst);
  } else if (const auto* column = model.layout().column(name)) {
    fact = {name, column->isText(), {-1}};
    if (model.layout().window() > 1) fact.shape.push_back(static_cast<std::int64_t>(model.layout().window()));
  } else {
    return refuse(FaultKind::BadInput, fmt::format("unexpected inference input '{}' for model '{}'", name, modelName));
  }
  const bool image = model.layout().image();
  // Image files come as bytes, one a row.
  if (image && known == DataType::Bytes) {
    if (shape.size() == 1 || (shape.size() == 2 && shape[1] == 1)) return {};
    return refuse(FaultKind::BadInput,
                  fmt::format("unexpected shape for input '{}' for model '{}'. Expected [-1], got {}", name, modelName,
                              bracketed(shape)));
  }
  const char* expected = fact.text ? "BYTES" : "FP32";
  const bool fits = fact.text ? known == DataType::Bytes
                              : known == DataType::Fp32 || (image && known == DataType::Uint8) ||
                                    (fact.name != inputTensorName && known != DataType::Bytes);
  if (!fits)
    return refuse(FaultKind::BadInput,
                  fmt::format("[request id: {}] inference input '{}' data-type is '{}', but model '{}' expects '{}'",
                              id.empty() ? "<id_unknown>" : id, name, type, modelName, expected));
  if (!shapeFits(fact, shape))
    return refuse(FaultKind::BadInput,
                  fmt::format("unexpected shape for input '{}' for model '{}'. Expected {}, got {}", name, modelName,
                              bracketed(fact.shape), bracketed(shape)));
  return {};
}

}  // namespace lathe::serving
