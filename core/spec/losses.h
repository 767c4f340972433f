// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/spec/data_spec.h"

namespace lathe::spec {

/// The losses that fit a task, its usual one first; of no task yet: all.
[[nodiscard]] std::vector<std::string> lossesFor(Task task);
/// Whether a loss is for values or whole rows, not for classes or labels.
[[nodiscard]] bool isForNumbers(std::string_view loss);

}  // namespace lathe::spec
