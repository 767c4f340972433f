// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/spec/program.h"

namespace lathe::engine {

/// Whether applyHead() knows every operation of the program's head.
[[nodiscard]] bool knowsHead(const spec::Program& program);

/// A program's head in plain C++: logits [members, rows, outputs] to what prediction gives, [rows, outputs], appended
/// to `into`. Any thread.
void applyHead(const spec::Program& program, std::span<const float> logits, std::size_t members, std::size_t outputs,
               std::vector<float>& into);

}  // namespace lathe::engine
