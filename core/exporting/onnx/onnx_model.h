// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/spec/program.h"

namespace lathe::exporting {

/// What an ONNX file says besides its graph.
struct OnnxDescription {
  std::string name;                             ///< of the graph
  std::string version;                          ///< of the program that writes
  std::map<std::string, std::string> metadata;  ///< metadata_props: schema, classes, the model's description
};

/// A program as an ONNX file (opset 17, IR version 8): raw rows in, probabilities or values in the target's unit out,
/// as `input_tensor` float32 [N, ...] and `output_tensor`. Images are float32 0..255, NCHW. What only training needs is
/// gone, normalisations with running statistics are one product and one sum, or part of the layer before. `parameters`
/// holds the numbers of each of the program's, float32 in row-major order. The standard's own checker and shape
/// inference have passed. Errors: "export.too_large" (2 GB), "export.onnx" with what the checker said.
Result<std::string> writeOnnx(const spec::Program& program, std::span<const std::vector<float>> parameters,
                              const OnnxDescription& description);

inline constexpr int onnxOpset = 17;
inline constexpr int onnxIrVersion = 8;

}  // namespace lathe::exporting
