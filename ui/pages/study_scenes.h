// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/services/study_pictures.h"
#include "ui/plots/study_scene.h"

/// Pictures of a study from its table. Pure; called on workers. Each says itself what is missing where there is nothing
/// to show yet.
namespace lathe::ui {

/// Value over trial, with the best so far; trials that were stopped stand at what they had come to.
[[nodiscard]] StudyScene historyScene(const services::StudyTable& table, std::size_t goal);
/// What every trial reported on its way.
[[nodiscard]] StudyScene reportsScene(const services::StudyTable& table);
[[nodiscard]] StudyScene importanceScene(const services::StudyTable& table, std::size_t goal,
                                         services::ImportanceMethod method);
/// One setting against the goal.
[[nodiscard]] StudyScene sliceScene(const services::StudyTable& table, std::size_t goal, std::size_t parameter);
/// Two settings, and the goal as colour.
[[nodiscard]] StudyScene contourScene(const services::StudyTable& table, std::size_t goal, std::size_t first,
                                      std::size_t second, search::ContourKind kind);
/// Two settings, and each trial's rank as colour.
[[nodiscard]] StudyScene rankScene(const services::StudyTable& table, std::size_t goal, std::size_t first,
                                   std::size_t second);
/// Which share of the trials came to at most each value (the empirical distribution function).
[[nodiscard]] StudyScene distributionScene(const services::StudyTable& table, std::size_t goal);
/// When each trial ran.
[[nodiscard]] StudyScene timelineScene(const services::StudyTable& table, std::int64_t nowMicros);
/// Two of several goals, with the Pareto front.
[[nodiscard]] StudyScene frontScene(const services::StudyTable& table, std::size_t first, std::size_t second);
[[nodiscard]] StudyScene hypervolumeScene(const services::StudyTable& table);
/// Parameters worth an axis of their own, ascending: all of a few, else those that matter most while they are active.
[[nodiscard]] std::vector<std::size_t> parallelAxes(const services::StudyTable& table, std::size_t goal);
/// Of these parameters and the goal.
[[nodiscard]] ParallelScene parallelScene(const services::StudyTable& table, std::size_t goal,
                                          const std::vector<std::size_t>& parameters);
[[nodiscard]] ParallelScene parallelScene(const services::StudyTable& table, std::size_t goal);

/// "Validation loss", "Latency of one row (ms)".
[[nodiscard]] QString goalAxisName(const services::StudyTable& table, std::size_t goal);

}  // namespace lathe::ui
