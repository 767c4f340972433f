// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/spec/training_spec.h"

/// What each optimiser and schedule is usually run with. A setting that still has the usual value of the old choice
/// follows to the usual value of the new one; a setting that somebody changed stays.
namespace lathe::spec {

[[nodiscard]] const std::vector<std::string>& optimizerNames();
[[nodiscard]] const std::vector<std::string>& scheduleNames();

/// PyTorch's defaults where PyTorch has the optimiser (sgd, adam and adamw: Lathe's), else the paper's.
[[nodiscard]] OptimizerSpec customaryOptimizer(const std::string& name);
[[nodiscard]] ScheduleSpec customarySchedule(const std::string& name);

/// Whether optimiser or learning rate are still to be chosen.
[[nodiscard]] bool isAutomatic(const OptimizerSpec& optimizer);
/// Finds its learning rate by itself: prodigy, dadapt_adam, yellowfin.
[[nodiscard]] bool findsItsRate(const std::string& optimizer);

/// The optimiser's name has become training.optimizer.name. Schedule-free optimisers take a constant schedule with a
/// warm-up in the place of cosine, and give it back.
void followOptimizer(TrainingSpec& training, const std::string& before);
/// The schedule's name has become training.schedule.name.
void followSchedule(TrainingSpec& training, const std::string& before);

/// The training that a template's authors found for it; nothing for templates that go well with anything.
[[nodiscard]] std::optional<TrainingSpec> customaryTraining(const std::string& templateName);
/// Whether nobody changed optimiser, schedule and dropout's course.
[[nodiscard]] bool isUnchanged(const TrainingSpec& training);

/// It averages by itself: schedule_free_sgd, schedule_free_adamw.
[[nodiscard]] bool isScheduleFree(const OptimizerSpec& optimizer);
/// The momentum, or the beta that stands for it, of an optimiser as the schedules see it; negative: it has none.
[[nodiscard]] double momentumOf(const OptimizerSpec& optimizer);

}  // namespace lathe::spec
