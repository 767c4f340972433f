// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

#include "core/services/autopilot/autopilot.h"
#include "core/services/autopilot/held_out.h"
#include "core/services/study_folds.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// The time that an Autopilot has. Thread-safe once made.
class Budget {
 public:
  /// `used` by earlier sittings.
  Budget(double seconds, double used);
  [[nodiscard]] double seconds() const { return m_seconds; }
  [[nodiscard]] double used() const;
  [[nodiscard]] double left() const { return m_seconds - used(); }
  /// What comes after the training is seen to take so long.
  void keepBack(double seconds) const { m_kept = seconds; }
  /// As long as this is to be left for training the chosen models again.
  void keepForRefit(double seconds) const { m_forRefit = seconds; }
  /// Steady seconds by when training ends, so that there is time for what follows it.
  [[nodiscard]] double trainingEnds() const;
  /// Seconds of training that are left.
  [[nodiscard]] double trainingLeft() const;
  /// The same for training the chosen ones again.
  [[nodiscard]] double refitLeft() const;

 private:
  const double m_seconds, m_used, m_started;
  mutable std::atomic<double> m_kept{0}, m_forRefit{0};
  [[nodiscard]] double reserve() const;
};

/// What everything in an Autopilot works on: the data, read once, their folds, and the rows that judge. Immutable but
/// for the caches inside, which are thread-safe.
struct AutopilotGround {
  std::shared_ptr<Project> project;
  std::shared_ptr<engine::Engine> engine;
  const AutopilotRequest& request;
  std::shared_ptr<const void> source;  ///< keeps the parsed file open for who reads it again
  std::shared_ptr<KeptData> whole;
  ResolvedTraining base;  ///< of the whole data, with the usual template
  int dealt = 1;  ///< folds that training and validation rows are dealt into; 1: the split's validation rows judge
  int folds = 1;  ///< of these, how many are trained: all where time allows
  std::shared_ptr<StudyFolds> parts;
  std::unique_ptr<HeldOut> heldOut;
  std::vector<std::vector<std::uint32_t>> places;  ///< of each fold's held-out rows among heldOut->rows()
  std::string goal;
  int workers = 1, threads = 1;  ///< trainings at a time, and threads of each
  [[nodiscard]] KeptData& fold(int number) const;
  /// Predictions of one fold at their places.
  void put(std::vector<float>& all, int fold, const std::vector<float>& values) const;
};

/// Reads the data and makes what a person left open concrete. `folds`: as an earlier sitting had them; 0: by the rows.
/// Errors: of the data; "autopilot.task" for anomalies; "autopilot.goal" for a goal that the task does not have.
Result<std::unique_ptr<AutopilotGround>> makeGround(const std::shared_ptr<Project>& project,
                                                    const std::shared_ptr<engine::Engine>& engine,
                                                    const AutopilotRequest& request, int folds, const JobContext& job);

}  // namespace lathe::services
