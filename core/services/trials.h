// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/services/small_training.h"

namespace lathe::services {

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
  /// Mean score of each training over as many folds (one: the validation rows), at a part of its steps; smaller is
  /// better, infinite where one diverged. What was trained before is not trained again.
  Result<std::vector<double>> scores(const std::vector<spec::TrainingSpec>& trainings, double fidelity, int folds,
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
  std::map<std::string, double> m_known;
  std::map<std::string, std::shared_ptr<const data::Dataset>> m_parts;
};

}  // namespace lathe::services
