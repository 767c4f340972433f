// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The functions that generated files are made of, as text. For the files of this folder only.
namespace lathe::exporting {

struct CKernel {
  std::string_view name;
  std::vector<std::string_view> needs;  ///< other kernels
  std::string_view code;
};

[[nodiscard]] const std::vector<CKernel>& basicKernels();
[[nodiscard]] const std::vector<CKernel>& preprocessingKernels();
[[nodiscard]] const std::vector<CKernel>& tableKernels();
[[nodiscard]] const std::vector<CKernel>& imageKernels();
[[nodiscard]] const std::vector<CKernel>& sequenceKernels();

/// What is used and what that needs, each once, after what it needs itself. An unknown name is a std::logic_error.
[[nodiscard]] std::string kernelCode(const std::set<std::string, std::less<>>& used);

}  // namespace lathe::exporting
