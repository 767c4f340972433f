// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/store/run_store.h"
#include "core/store/sqlite/connection.h"

/// Changes to runs, inside the writer's transaction, which holds the file's write lock: what is read here cannot change
/// before the commit, in any process.
namespace lathe::store::sqlite {

Result<RunNumber> createRun(Connection& connection, const NewRun& run, spec::RunStatus status,
                            const ProcessIdentity& owner, std::int64_t now);
Result<void> updateRun(Connection& connection, RunNumber number, const RunUpdate& update, std::int64_t now);
Result<void> setStatus(Connection& connection, RunNumber number, spec::RunStatus to, const std::optional<Error>& error,
                       std::int64_t now);
Result<void> takeOver(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t now);
Result<void> heartbeat(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t now);
Result<void> requestControl(Connection& connection, RunNumber number, ControlRequest request, std::int64_t now);
Result<ControlRequest> readControlRequest(Connection& connection, RunNumber number);
Result<ControlRequest> takeControlRequest(Connection& connection, RunNumber number);
Result<void> removeRun(Connection& connection, RunNumber number, std::int64_t now);
Result<void> restoreRun(Connection& connection, RunNumber number);
/// Everything but the curves of a run.
void eraseRun(Connection& connection, RunNumber number);
/// Removed runs that were removed before `before`.
[[nodiscard]] std::vector<RunNumber> removedRuns(Connection& connection, std::int64_t before);
Result<int> countTestLook(Connection& connection, RunNumber number);

}  // namespace lathe::store::sqlite
