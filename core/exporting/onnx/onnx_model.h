// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/exporting/quantization.h"
#include "core/spec/program.h"
#include "core/spec/schema.h"

namespace lathe::exporting {

/// What an ONNX file says besides its graph.
struct OnnxDescription {
  std::string name;                             ///< of the graph
  std::string version;                          ///< of the program that writes
  std::map<std::string, std::string> metadata;  ///< metadata_props: schema, classes, the model's description
  /// Given: one input a column (core/exporting/table_columns.h) instead of `input_tensor`, called as columnInputs()
  /// says: words string [N, 1], all else float32 [N, width], of windows [N, W, width]. Words become codes by the
  /// LabelEncoder of ai.onnx.ml 2. The schema has named columns and outlives the writing.
  const spec::DataSchema* columns = nullptr;
};

/// How the weights of an ONNX file are stored.
struct OnnxStorage {
  Precision precision = Precision::Float32;
  /// Int8Static: smallest and largest number of the program's values, by their ids.
  std::map<int, std::pair<float, float>> ranges = {};

  /// The 256 steps of a measured range: a number is (code - zero) * size.
  struct Steps {
    float size = 1;
    std::uint8_t zero = 0;
  };
  [[nodiscard]] std::optional<Steps> stepsOf(int value) const;
};

/// A program as an ONNX file (opset 17, IR version 8): raw rows in, probabilities or values in the target's unit out,
/// as `input_tensor` float32 [N, ...] and `output_tensor`. Images are float32 0..255, NCHW. What only training needs is
/// gone, normalisations with running statistics are one product and one sum, or part of the layer before. `parameters`
/// holds the numbers of each of the program's, float32 in row-major order. The standard's own checker and shape
/// inference have passed. Errors: "export.too_large" (2 GB), "export.onnx" with what the checker said.
/// With fewer bits the numbers are those of quantize(): f16 and bf16 are cast back to float32 before they are used,
/// int8 weights are dequantised, and dense layers multiply integers (onnx_quantized.cpp).
Result<std::string> writeOnnx(const spec::Program& program, std::span<const std::vector<float>> parameters,
                              const OnnxDescription& description, const OnnxStorage& storage = {});

inline constexpr int onnxOpset = 17;
inline constexpr int onnxIrVersion = 8;

}  // namespace lathe::exporting
