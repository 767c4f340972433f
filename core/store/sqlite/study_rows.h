// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/store/sqlite/connection.h"
#include "core/store/study_records.h"

/// Studies and trials as rows. Within a transaction of the caller's.
namespace lathe::store::sqlite {

[[nodiscard]] tl::unexpected<Error> noSuchStudy(StudyNumber number);

StudyNumber insertStudy(Connection& connection, const NewStudy& study, const ProcessIdentity& owner, std::int64_t now);
/// With `effective` status: a study that a dead process left running is interrupted.
[[nodiscard]] std::optional<StudyRecord> readStudy(Connection& connection, StudyNumber number, std::int64_t now);
[[nodiscard]] std::vector<StudyRecord> readStudies(Connection& connection, bool includeRemoved, std::int64_t now);
void writeStudyLease(Connection& connection, StudyNumber number, const ProcessIdentity& owner, std::int64_t now);
void dropStudyLease(Connection& connection, StudyNumber number);

/// Inserts or replaces; a run of 0 keeps the one that is there. Keeps the study's counts.
void writeTrial(Connection& connection, StudyNumber study, const TrialRecord& trial);
[[nodiscard]] std::vector<TrialRecord> readTrials(Connection& connection, StudyNumber study, std::int64_t from);
[[nodiscard]] std::optional<TrialRecord> readTrial(Connection& connection, StudyNumber study, std::int64_t number);
[[nodiscard]] std::int64_t nextTrial(Connection& connection, StudyNumber study);

std::int64_t appendLog(Connection& connection, StudyNumber study, const StudyLogEntry& entry);
[[nodiscard]] std::vector<StudyLogEntry> readLog(Connection& connection, StudyNumber study, std::int64_t afterId);

std::int64_t insertQueued(Connection& connection, StudyNumber study, const std::vector<double>& configuration);
[[nodiscard]] std::vector<QueuedTrial> readQueued(Connection& connection, StudyNumber study);
void eraseQueued(Connection& connection, std::int64_t id);

}  // namespace lathe::store::sqlite
