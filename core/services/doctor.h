// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/engine/engine.h"

namespace lathe::services {

struct Check {
  enum class State { Good, Warning, Bad } state = State::Good;
  std::string code;
  Message message;
  Message hint;
};

/// BLAS in use, instruction sets, threads, engine, CUDA, runtimes found, memory, disk. `engine` may be null.
[[nodiscard]] std::vector<Check> diagnose(const engine::Engine* engine, const std::filesystem::path& folder);

}  // namespace lathe::services
