// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/store/study_records.h"

namespace lathe::store {

/// Studies and their trials, in the store of a project (RunStore::studies()). Thread-safe; the same rules: readers
/// never wait, what answers something waits for its commit.
class StudyStore {
 public:
  virtual ~StudyStore() = default;

  /// Running, and `owner`'s.
  virtual Result<StudyNumber> createStudy(const NewStudy& study, const ProcessIdentity& owner) = 0;
  virtual Result<StudyRecord> study(StudyNumber number) const = 0;
  virtual Result<std::vector<StudyRecord>> studies(bool includeRemoved = false) const = 0;  ///< newest first
  virtual Result<void> updateStudy(StudyNumber number, const StudyUpdate& update) = 0;
  /// Refuses what the life-cycle table of runs forbids ("study.bad_transition"). Ending statuses release the lease.
  virtual Result<void> setStudyStatus(StudyNumber number, spec::RunStatus to,
                                      const std::optional<Error>& error = {}) = 0;
  /// Takes a study that nobody works on; of several callers one wins, the others get "study.already_running".
  virtual Result<void> takeOverStudy(StudyNumber number, const ProcessIdentity& owner) = 0;
  /// "run.lease_lost" when it is somebody else's by now.
  virtual Result<void> studyHeartbeat(StudyNumber number, const ProcessIdentity& owner) = 0;
  virtual Result<void> requestStudyControl(StudyNumber number, ControlRequest request) = 0;
  virtual Result<ControlRequest> takeStudyControlRequest(StudyNumber number) = 0;  ///< reads and clears
  virtual Result<void> removeStudy(StudyNumber number) = 0;  ///< with its runs; they can be brought back
  virtual Result<void> restoreStudy(StudyNumber number) = 0;

  /// All or nothing, in one commit. A trial whose number exists gets the new state. Entries of other processes may lie
  /// between those of two commits.
  virtual Result<StudyCommitted> commit(StudyNumber number, const StudyBatch& batch) = 0;
  /// Numbers for `count` new trials, which nobody else gets; they are queued until commit() says more.
  virtual Result<std::int64_t> reserveTrials(StudyNumber number, int count) = 0;
  virtual Result<std::vector<TrialRecord>> trials(StudyNumber number, std::int64_t fromTrial = 0) const = 0;
  virtual Result<std::optional<TrialRecord>> trial(StudyNumber number, std::int64_t trial) const = 0;
  /// Entries with id > afterId, ascending.
  virtual Result<std::vector<StudyLogEntry>> studyLog(StudyNumber number, std::int64_t afterId = 0) const = 0;

  virtual Result<std::int64_t> enqueue(StudyNumber number, const std::vector<double>& configuration) = 0;
  /// Takes the oldest waiting one out; nothing when none waits.
  virtual Result<std::optional<QueuedTrial>> takeQueued(StudyNumber number) = 0;
  virtual Result<std::vector<QueuedTrial>> queued(StudyNumber number) const = 0;
};

}  // namespace lathe::store
