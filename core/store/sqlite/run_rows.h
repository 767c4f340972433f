// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/store/records.h"
#include "core/store/sqlite/connection.h"

/// Rows of the tables around runs. Everything throws SQLite::Exception or DamagedContent.
namespace lathe::store::sqlite {

/// Tells whether owners still live, asking the system once for each of them. On another host a heartbeat that is a
/// minute old counts as dead.
class OwnerProbe {
 public:
  explicit OwnerProbe(std::int64_t nowMicros) : m_now(nowMicros) {}
  [[nodiscard]] bool dead(const ProcessIdentity& owner, std::int64_t heartbeatMicros);

 private:
  std::int64_t m_now;
  std::vector<std::pair<ProcessIdentity, OwnerState>> m_known;
};

/// With `effective` status: a run that a dead process left running is interrupted.
[[nodiscard]] std::optional<RunRecord> readRun(Connection& connection, RunNumber number, std::int64_t nowMicros);
[[nodiscard]] std::vector<RunRecord> readRuns(Connection& connection, const RunFilter& filter, std::int64_t nowMicros);

[[nodiscard]] std::optional<std::string> readDocument(Connection& connection, RunNumber number, const char* kind);
void writeDocument(Connection& connection, RunNumber number, const char* kind, const std::string& content);

[[nodiscard]] std::map<std::string, std::string> readParameters(Connection& connection, RunNumber number);
[[nodiscard]] std::map<std::string, std::string> readEnvironment(Connection& connection, RunNumber number);
void writeParameters(Connection& connection, RunNumber number, const std::map<std::string, std::string>& values);
void writeEnvironment(Connection& connection, RunNumber number, const std::map<std::string, std::string>& values);
void writeMetrics(Connection& connection, RunNumber number, const std::map<std::string, double>& metrics);
void writeTags(Connection& connection, RunNumber number, const std::vector<std::string>& tags);

void writeLease(Connection& connection, RunNumber number, const ProcessIdentity& owner, std::int64_t nowMicros);
void dropLease(Connection& connection, RunNumber number);

}  // namespace lathe::store::sqlite
