// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/spec/training_spec.h"

namespace lathe::engine {

/// The settings that the bits of a training depend on, as JSON: what a checkpoint keeps to refuse other specs. Not
/// among them is what a person may change before going on: epochs, patience, how often checkpoints are written, where
/// it runs.
[[nodiscard]] std::string settingsJson(const spec::TrainingSpec& training);

/// The dotted path of the first setting that both know and that differs; "" when there is none. Text that cannot be
/// read differs in nothing.
[[nodiscard]] std::string differingSetting(std::string_view a, std::string_view b);

}  // namespace lathe::engine
