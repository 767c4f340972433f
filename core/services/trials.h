// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/services/small_training.h"

namespace lathe::services {

constexpr std::size_t mostRowsForFolds = 5000;  ///< beside the test rows
constexpr std::size_t leastRowsForFolds = 50;   ///< to train on

/// Whether trainings on these data can be judged on folds: rows are few (at least 50 to
/// train on) and the split is by chance.
[[nodiscard]] bool foldsFit(const data::Split& split, const std::string& method);

/// Short trainings on parts of one resolved experiment, each made once. One thread uses it.
class Trials {
 public:
  /// `threads` trainings at a time.
  Trials(const ResolvedTraining& resolved, engine::Engine& engine, engine::TrainingControl& control, unsigned threads);

  /// Whether there are folds to judge by: rows are few and the split is by chance.
  [[nodiscard]] bool hasFolds() const { return m_folds; }

  /// Who wants to hear: of each short training as it ends, and of each of `trainings` as soon as its score is known.
  /// Called from the threads that train, one at a time.
  struct Hear {
    std::function<void()> ended;
    std::function<void(std::size_t training, double score)> judged;
  };
  /// How each is tried: over a part of its steps, on as many folds (one: the validation rows where there are no folds),
  /// judged by its best epoch or by its last one.
  struct Way {
    double fidelity = 1;
    int folds = 1;
    bool lastEpoch = false;
  };
  /// Mean score of each training over the folds; smaller is better, infinite where one diverged. What was trained
  /// before is not trained again.
  Result<std::vector<double>> scores(const std::vector<spec::TrainingSpec>& trainings, const Way& way,
                                     const Hear& hear);

  /// Short trainings so far.
  [[nodiscard]] int count() const { return m_count; }

 private:
  SmallTraining smallOf(spec::TrainingSpec training, double fidelity, int fold);
  [[nodiscard]] std::shared_ptr<const data::Dataset> makePart(double share, int fold) const;

  const ResolvedTraining& m_resolved;
  engine::Engine& m_engine;
  engine::TrainingControl& m_control;
  const unsigned m_threads;
  bool m_folds = false;
  int m_count = 0;
  std::map<std::string, SmallResult> m_known;
  std::map<std::string, std::shared_ptr<const data::Dataset>> m_parts;
};

}  // namespace lathe::services
