// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/study_store.h"

namespace lathe::store::sqlite {

class SqliteStore;

/// The studies of a SqliteStore, through its connections and its writer.
class SqliteStudies final : public StudyStore {
 public:
  explicit SqliteStudies(SqliteStore& store) : m_store(store) {}

  Result<StudyNumber> createStudy(const NewStudy& study, const ProcessIdentity& owner) override;
  Result<StudyRecord> study(StudyNumber number) const override;
  Result<std::vector<StudyRecord>> studies(bool includeRemoved) const override;
  Result<void> updateStudy(StudyNumber number, const StudyUpdate& update) override;
  Result<void> setStudyStatus(StudyNumber number, spec::RunStatus to, const std::optional<Error>& error) override;
  Result<void> takeOverStudy(StudyNumber number, const ProcessIdentity& owner) override;
  Result<void> studyHeartbeat(StudyNumber number, const ProcessIdentity& owner) override;
  Result<void> requestStudyControl(StudyNumber number, ControlRequest request) override;
  Result<ControlRequest> takeStudyControlRequest(StudyNumber number) override;
  Result<void> removeStudy(StudyNumber number) override;
  Result<void> restoreStudy(StudyNumber number) override;
  Result<StudyCommitted> commit(StudyNumber number, const StudyBatch& batch) override;
  Result<std::int64_t> reserveTrials(StudyNumber number, int count) override;
  Result<std::vector<TrialRecord>> trials(StudyNumber number, std::int64_t fromTrial) const override;
  Result<std::optional<TrialRecord>> trial(StudyNumber number, std::int64_t trial) const override;
  Result<std::vector<StudyLogEntry>> studyLog(StudyNumber number, std::int64_t afterId) const override;
  Result<std::int64_t> enqueue(StudyNumber number, const std::vector<double>& configuration) override;
  Result<std::optional<QueuedTrial>> takeQueued(StudyNumber number) override;
  Result<std::vector<QueuedTrial>> queued(StudyNumber number) const override;

 private:
  SqliteStore& m_store;  // which owns this
};

}  // namespace lathe::store::sqlite
