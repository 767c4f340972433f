// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "tests/support/temp_folder.h"

namespace lathe::tests {

/// Generated C, compiled with every warning as an error and loaded into this process. The sources' names must differ.
class CompiledC {
 public:
  explicit CompiledC(const std::vector<std::string>& sources, const std::string& options = "-O1");
  ~CompiledC();
  CompiledC(const CompiledC&) = delete;
  CompiledC& operator=(const CompiledC&) = delete;

  /// There is a compiler on PATH. Says so on standard error when there is none.
  [[nodiscard]] static bool possible();
  /// What the compiler said; empty when all went well.
  [[nodiscard]] const std::string& problem() const { return m_problem; }
  /// One row through NAME_predict(); empty when it fails.
  [[nodiscard]] std::vector<float> predict(const std::string& name, const std::vector<float>& row,
                                           std::size_t outputs) const;
  /// An array or a function by its whole name; null when there is none.
  [[nodiscard]] void* symbol(const std::string& name) const;

 private:
  TempFolder m_folder;
  std::string m_problem;
  void* m_library = nullptr;
};

/// Runs a command line of the shell and gives what it says when it fails.
[[nodiscard]] std::string outputOfFailure(const std::string& command, const TempFolder& folder);

}  // namespace lathe::tests
