// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/services/study_settings.h"
#include "core/spec/experiment.h"
#include "core/spec/search_space.h"
#include "ui/bridge/autopilot_controller.h"

namespace lathe::ui {

/// The lathe-cli command that starts the same training: what differs from the defaults, quoted for a shell.
[[nodiscard]] QString trainCommand(const spec::ExperimentSpec& spec, const QString& projectFolder);

/// The commands that make the same search: the space is written into a file first.
[[nodiscard]] QString searchCommand(const spec::ExperimentSpec& spec, const spec::SearchSpace& space,
                                    const services::StudySettings& settings, const QString& projectFolder);
/// The lathe-cli command that exports the same run into the same folder; without a name: the run's; without a precision
/// of weights: float32.
[[nodiscard]] QString exportCommand(const QString& projectFolder, qint64 run, const QStringList& formats,
                                    const QString& folder, const QString& name, const QString& precision = {});
/// The lathe-cli command that starts the same Autopilot, with its files in another folder.
[[nodiscard]] QString autopilotCommand(const spec::ExperimentSpec& spec, const QString& projectFolder,
                                       const AutopilotController::Wish& wish, const QString& out);
/// Predictions for another file by an exported model.
[[nodiscard]] QString predictCommand(const QString& file);
/// The lathe-cli command that looks at the same data.
[[nodiscard]] QString inspectCommand(const QString& data);

/// A word quoted for a POSIX shell where it must be.
[[nodiscard]] QString shellQuoted(const QString& word);

}  // namespace lathe::ui
