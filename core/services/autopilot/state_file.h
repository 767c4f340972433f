// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/services/autopilot/autopilot.h"
#include "core/services/autopilot/contender.h"

namespace lathe::services {

/// What an Autopilot has decided and done, so that another process goes on after a kill -9: a file of JSON in its
/// folder, replaced whole after each training. Models and predictions are files of the runs.
struct SavedTry {
  std::string key, title, state;
  bool baseline = false;
  std::int64_t proposal = -1;
  spec::ExperimentSpec spec;
  store::RunNumber run = 0;
  double seconds = 0;
  struct Fold {
    int fold = 0, epochs = 0, bestEpoch = 0;
    double seconds = 0, secondsPerEpoch = 0;
  };
  std::vector<Fold> folds;
  std::string from = {};  ///< whose architecture it refines
};

struct SavedState {
  spec::ExperimentSpec spec;  ///< as asked, with absolute paths
  std::string project;
  std::string goal, sha256;
  double seconds = 0, used = 0;
  int folds = 1;
  std::vector<std::string> formats;
  std::optional<double> mostMilliseconds, mostBytes;
  std::vector<SavedTry> tried;
  store::RunNumber finalRun = 0;
  bool finished = false;
};

[[nodiscard]] std::filesystem::path stateFile(const std::filesystem::path& folder);
Result<void> writeState(const std::filesystem::path& folder, const SavedState& state);
/// Error "autopilot.no_state" where there is none.
Result<SavedState> readState(const std::filesystem::path& folder);

}  // namespace lathe::services
