// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/spec/program.h"

namespace lathe::exporting {

/// A program as the source of a TorchScript module, with the names of its members. Plain text, no tensors.
struct TorchScriptSource {
  std::string code;                         ///< def forward(self, input_tensor) ...
  std::vector<std::string> parameterNames;  ///< one a program parameter
  std::vector<std::string> constantNames;   ///< one a program constant
  /// Index tensors (int64) for column selections.
  std::vector<std::pair<std::string, std::vector<std::int64_t>>> indices;
};
[[nodiscard]] TorchScriptSource writeTorchScriptSource(const spec::Program& program);

/// The only graph nodes that such a module may consist of, "aten::linear" and the like.
[[nodiscard]] const std::set<std::string>& torchScriptOperations();

}  // namespace lathe::exporting
