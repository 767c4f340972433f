// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <string>

#include "core/spec/experiment.h"

namespace lathe::ui {

/// What a person types into the field of the batch size to have it measured.
[[nodiscard]] QString measureWord();
/// What a training will make of a setting that the experiment leaves open, in one sentence for under its field:
/// "AdamW, because a learning rate is given." Empty for what is taken as it stands, and for all other paths.
/// `trainRows` 0: not known.
[[nodiscard]] QString outlookText(const std::string& path, const spec::ExperimentSpec& spec, std::int64_t trainRows);
/// Whether outlookText() ever says something about it.
[[nodiscard]] bool hasOutlook(const std::string& path);

}  // namespace lathe::ui
