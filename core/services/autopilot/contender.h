// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/search/trial.h"
#include "core/spec/experiment.h"
#include "core/store/records.h"

namespace lathe::services {

/// A model to try: its spec, with as many epochs as it is worth where time allows.
struct Contender {
  std::string key;    ///< unique within an Autopilot
  std::string title;  ///< for people: "tabm, 16 members of 128"
  spec::ExperimentSpec spec;
  double most = 0.35;          ///< the largest part of the time that is left which all its folds may take
  bool baseline = false;       ///< what every other one has to be better than
  bool kept = false;           ///< trained whole whatever its first folds say, and if only for an epoch
  double least = 0;            ///< of its epochs, for which there has to be time, else it is not begun; 0: as usual
  bool refined = false;        ///< another one with a small change of its architecture
  std::string from = {};       ///< refined: that one's title
  std::int64_t proposal = -1;  ///< of the search; -1: none of its sampler's
  int again = 0;               ///< from another start
  spec::Configuration configuration = {};
};

/// What one training on one fold gave.
struct FoldFit {
  std::filesystem::path checkpoint;  ///< absolute
  std::vector<float> values;         ///< predictions of its held-out rows
  double loss = 0;                   ///< of these
  double seconds = 0, secondsPerEpoch = 0;
  double secondsPerRow = 0;  ///< of a prediction; 0: not known
  int epochs = 0, bestEpoch = 0;
  int planned = 0;                  ///< epochs of its schedule; 0: not known
  std::vector<double> course = {};  ///< the smallest validation loss after each epoch; empty: not known
};

/// A candidate as far as it has come.
struct Tried {
  enum class State { Waiting, Running, Completed, Pruned, Failed, Cancelled, Skipped };
  Contender candidate;
  State state = State::Waiting;
  store::RunNumber run = 0;
  std::vector<std::optional<FoldFit>> folds;
  std::vector<bool> taken;      ///< folds that somebody trains or has trained
  std::vector<float> values;    ///< Completed: of all held-out rows
  double cost = 0;              ///< Completed: of these
  std::optional<double> value;  ///< Completed: the goal
  double temperature = 1;
  std::string modelJson, specJson;  ///< as resolved
  double seconds = 0;
  bool constant = false;  ///< made from another one's files, not trained
  bool outside = false;   ///< boosted trees: only to be compared with
  [[nodiscard]] int done() const {
    int count = 0;
    for (const auto& fold : folds) count += fold ? 1 : 0;
    return count;
  }
  [[nodiscard]] double meanLoss() const {
    double sum = 0;
    for (const auto& fold : folds) sum += fold ? fold->loss : 0;
    return done() > 0 ? sum / done() : 0;
  }
};

[[nodiscard]] const char* name(Tried::State state);

}  // namespace lathe::services
