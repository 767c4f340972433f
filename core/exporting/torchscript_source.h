// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/exporting/quantization.h"
#include "core/spec/program.h"

namespace lathe::exporting {

/// A program as the source of a TorchScript module, with the names of its members. Plain text, no tensors.
struct TorchScriptSource {
  std::string code;                         ///< def forward(self, input_tensor) ...
  std::vector<std::string> parameterNames;  ///< one a program parameter
  std::vector<std::string> scaleNames;      ///< of int8 parameters the member with their scales, of others ""
  std::vector<std::string> constantNames;   ///< one a program constant
  /// Index tensors (int64) for column selections.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> indices;
};
/// Parameters with channels (channelAxes()) are members of the precision's type and become float32 before they are
/// used; scales of int8 have the rank of their parameter, so that they can be multiplied with it.
[[nodiscard]] TorchScriptSource writeTorchScriptSource(const spec::Program& program,
                                                       Precision precision = Precision::Float32);

/// The only graph nodes that such a module may consist of, "aten::linear" and the like.
[[nodiscard]] const std::set<std::string>& torchScriptOperations();

}  // namespace lathe::exporting
