// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/support/temp_folder.h"

namespace lathe::tests {

using Json = nlohmann::json;
using Args = std::vector<std::string>;

/// A process that has ended.
struct Finished {
  int code = -1;   ///< exit code; -1 when a signal ended it
  int signal = 0;  ///< the signal that ended it
  std::string out, err;

  /// The result of --json; discarded when standard output is not one line of JSON.
  [[nodiscard]] Json json() const;
};

/// A started program, its output kept in files. Killed by the destructor when it still runs.
class CliProcess {
 public:
  /// lathe-cli with `args` in `folder`.
  CliProcess(const std::filesystem::path& folder, const Args& args);
  /// Any program: args[0] by PATH.
  CliProcess(const std::filesystem::path& folder, const Args& args, bool anyProgram);
  ~CliProcess();
  CliProcess(const CliProcess&) = delete;
  CliProcess& operator=(const CliProcess&) = delete;

  void send(int signal) const;
  [[nodiscard]] bool running();
  [[nodiscard]] std::string errSoFar() const;
  [[nodiscard]] pid_t pid() const { return m_pid; }
  /// Kills it after `seconds`.
  Finished wait(double seconds = 300);

 private:
  void start(const std::filesystem::path& folder, const Args& args);
  TempFolder m_files;
  pid_t m_pid = -1;
  bool m_ended = false;
  int m_status = 0;
};

/// Runs lathe-cli to its end.
Finished latheCli(const std::filesystem::path& folder, const Args& args);
/// The same with --json.
Finished latheJson(const std::filesystem::path& folder, Args args);
/// The result of the same, which must succeed.
Json run(const TempFolder& folder, const Args& args);
/// error.code of a result; "" without.
std::string errorCode(const Finished& result);
[[nodiscard]] bool has(const std::string& text, const std::string& part);
[[nodiscard]] Args joined(Args args, const Args& more);
/// Any program to its end.
Finished program(const std::filesystem::path& folder, const Args& args);

/// Whether lathe-cli trains with LibTorch; the FakeEngine has no layers to load weights into or to rebuild a row with.
bool hasLayers(const std::filesystem::path& folder);

/// Polls `condition` every 20 ms; false after `seconds`.
template <class Condition>
bool within(double seconds, const Condition& condition);

void sleepSeconds(double seconds);

/// The status of a run as every command reports it; "" when there is none.
std::string statusOf(const std::filesystem::path& folder, int run = 1);
/// Newest stored step of train/loss; 0 without any.
std::int64_t lastStep(const std::filesystem::path& folder, int run = 1);

template <class Condition>
bool within(double seconds, const Condition& condition) {
  for (double passed = 0; passed < seconds; passed += 0.02) {
    if (condition()) return true;
    sleepSeconds(0.02);
  }
  return condition();
}

}  // namespace lathe::tests
