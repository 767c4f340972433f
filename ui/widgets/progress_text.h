// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/base/progress.h"

namespace lathe::ui {

/// The stage of a job in words: "Reading the data".
[[nodiscard]] QString progressWord(const Progress& progress);
/// done / total, or -1 where the total is not known.
[[nodiscard]] double progressFraction(const Progress& progress);

}  // namespace lathe::ui
