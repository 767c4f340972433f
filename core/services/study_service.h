// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/services/study_run.h"

namespace lathe::services {

/// A search as a person asks for it. What is left open is chosen: the space from the template, workers from the
/// machine.
struct StudyRequest {
  spec::ExperimentSpec spec;
  std::optional<spec::SearchSpace> space;  ///< nothing: what is usually searched, but for `fixed`
  std::vector<std::string> fixed = {};     ///< paths that somebody has set, if only to their usual values
  StudySettings settings;
  std::string name;
};

/// How a study that was repeated from its record compares with it.
struct ReplayOutcome {
  std::int64_t decisions = 0;    ///< proposals, promotions and stops that were made again
  std::int64_t different = 0;    ///< of them, those that came out otherwise
  std::int64_t firstTrial = -1;  ///< of the first different one
};

/// Starts, pauses, resumes and looks at studies. Each has threads of its own; those of other processes are steered
/// through the store. Thread-safe. The destructor asks all to pause and waits.
class StudyService {
 public:
  virtual ~StudyService() = default;
  /// Reads the data, makes everything automatic concrete that the space leaves alone, and starts. Blocks for that long.
  virtual Result<store::StudyNumber> start(const std::shared_ptr<Project>& project, const StudyRequest& request,
                                           const JobContext& job = {}, StudySink sink = {}) = 0;
  /// Goes on where it stopped. `more` changes what is set: trials, seconds, workers.
  struct More {
    std::optional<std::int64_t> trials;
    std::optional<double> seconds;
    std::optional<int> workers;
  };
  virtual Result<void> resume(const std::shared_ptr<Project>& project, store::StudyNumber study, const More& more,
                              StudySink sink = {}) = 0;
  /// The same for one that runs, here or elsewhere.
  virtual Result<void> extend(Project& project, store::StudyNumber study, const More& more) = 0;
  virtual Result<void> pause(Project& project, store::StudyNumber study) = 0;
  virtual Result<void> cancel(Project& project, store::StudyNumber study) = 0;
  /// Blocks until the study ends here; its record then.
  virtual Result<store::StudyRecord> wait(Project& project, store::StudyNumber study) = 0;
  [[nodiscard]] virtual std::vector<StudyProgress> live() const = 0;
};

[[nodiscard]] std::unique_ptr<StudyService> makeStudyService(std::shared_ptr<engine::Engine> engine,
                                                             Priority priority = Priority::BelowWindow);

/// Makes every decision of a study again from its record: proposals, promotions, stops. Nothing is trained. Blocks.
Result<ReplayOutcome> replayStudy(const Project& project, store::StudyNumber study);

/// A number, or "latest". "study.missing".
Result<store::StudyRecord> findStudy(const Project& project, const std::string& study);

}  // namespace lathe::services
