// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <vector>

#include "ui/pages/study_scenes.h"

namespace lathe::ui::scenes {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(StudyScenes)
};

/// What stands in a picture of trials while none has completed.
[[nodiscard]] QString nothingCompleted();
[[nodiscard]] StudyScene::Axis goalAxis(const services::StudyTable& table, std::size_t goal);
[[nodiscard]] StudyScene::Axis parameterAxis(const services::StudyTable& table, std::size_t parameter);
/// Where a unit of a parameter's scale lies on parameterAxis().
[[nodiscard]] double coordinateOf(const spec::SearchParameter& parameter, double unit);
/// Of all trials, the best tenth (at least one).
[[nodiscard]] std::vector<bool> bestTenth(const services::StudyTable& table, std::size_t goal);

}  // namespace lathe::ui::scenes
