// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/serving/served_model.h"

/// What the numeric protocols say about a model's inputs and outputs, and the bytes that they send.
namespace lathe::serving {

struct TensorFact {
  std::string name;
  bool text = false;                ///< strings, else float32
  std::vector<std::int64_t> shape;  ///< -1: any number of rows
};

/// "input_tensor": the raw input.
[[nodiscard]] TensorFact inputTensorFact(const ServedModel& model, ImageOrder order);
[[nodiscard]] TensorFact outputTensorFact(const ServedModel& model);
/// One a column, texts for categories and dates; empty for images and sound.
[[nodiscard]] std::vector<TensorFact> columnFacts(const ServedModel& model);

/// A signature of TensorFlow Serving.
struct ServedSignature {
  std::string name, method;
  std::vector<TensorFact> inputs, outputs;
};
inline constexpr const char* predictMethod = "tensorflow/serving/predict";
inline constexpr const char* classifyMethod = "tensorflow/serving/classify";
inline constexpr const char* regressMethod = "tensorflow/serving/regress";
inline constexpr const char* defaultSignatureName = "serving_default";

/// predict_signature and serving_default, and classify or regress where they fit.
[[nodiscard]] std::vector<ServedSignature> signaturesOf(const ServedModel& model);
/// The signature that a predict call names, "" being the default one; InputError texts are TensorFlow Serving's.
Answer<ServedSignature> predictSignature(const ServedModel& model, const std::string& name);
/// Whether a model may answer classify (else regress) by that signature.
Answer<void> checkMethod(const ServedModel& model, const std::string& signature, bool classify);
/// The names of the inputs are those of the signature.
Answer<void> checkInputNames(const ServedSignature& signature, const std::vector<std::string>& sent);
/// The wanted outputs are those of the signature.
Answer<void> checkOutputNames(const ServedSignature& signature, const std::vector<std::string>& wanted);

/// Element types of Open Inference.
enum class DataType {
  Bool,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Int8,
  Int16,
  Int32,
  Int64,
  Fp16,
  Bf16,
  Fp32,
  Fp64,
  Bytes,
  Unknown
};
[[nodiscard]] DataType dataType(std::string_view name);
[[nodiscard]] std::size_t byteSize(DataType type);  ///< 0 for Bytes and Unknown
/// Row-major little-endian values into the tensor (Bytes: a length of 4 bytes before each). False when the size does
/// not fit the shape.
bool readRaw(std::string_view bytes, DataType type, Tensor& tensor);
/// Half precision and bfloat16 as float.
[[nodiscard]] float halfToFloat(std::uint16_t bits);
[[nodiscard]] float brainToFloat(std::uint16_t bits);
/// Product of a shape; nothing when a size is negative or the product beyond 2^40.
[[nodiscard]] std::optional<std::size_t> elementsIn(const std::vector<std::int64_t>& shape);
/// "[2,9]"
[[nodiscard]] std::string bracketed(const std::vector<std::int64_t>& shape);

/// What Open Inference says of an input's type and shape, in Triton's words; `id` as it was sent, maybe empty.
Answer<void> checkOpenInput(const ServedModel& model, const std::string& id, const std::string& name,
                            const std::string& type, const std::vector<std::int64_t>& shape);

}  // namespace lathe::serving
