// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/spec/experiment.h"

namespace lathe::ui {

/// The lathe-cli command that starts the same training: what differs from the defaults, quoted for a shell.
[[nodiscard]] QString trainCommand(const spec::ExperimentSpec& spec, const QString& projectFolder);

/// A word quoted for a POSIX shell where it must be.
[[nodiscard]] QString shellQuoted(const QString& word);

}  // namespace lathe::ui
