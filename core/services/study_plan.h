// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/services/study_events.h"
#include "core/services/study_progress.h"
#include "core/services/trial_training.h"

namespace lathe::services {

/// What a study starts from.
struct StudyPlan {
  std::shared_ptr<Project> project;
  store::StudyNumber number = 0;
  StudySettings settings;
  spec::SearchSpace space;
  spec::ExperimentSpec base;  ///< resolved but for what the space opens
  std::shared_ptr<KeptData> kept;
  std::shared_ptr<StudyFolds> folds;  ///< null: trials are judged by the validation rows
  double secondsBefore = 0;
  bool resumed = false;
  bool niced = false;
  StudySink sink;
};

}  // namespace lathe::services
