// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/faults_support.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <unistd.h>

#include "tests/support/testing.h"

namespace lathe::tests {

void checkRefused(const Finished& result, const std::string& code, const std::string& says, const char* file,
                  int line) {
  const auto complain = [&](const std::string& what) {
    lathe::testing::reportFailure(file, line,
                                  fmt::format("{}; exit {}, signal {}, out {}, err {}", what, result.code,
                                              result.signal, result.out, result.err));
  };
  if (result.code != 1) return complain("exit code 1 was expected");
  const auto json = result.json();
  if (!json.is_object() || !json.contains("error")) return complain("no error object");
  const auto& error = json["error"];
  if (error["code"].get<std::string>().rfind(code, 0) != 0) complain("code " + code + " was expected");
  if (error["message"].get<std::string>().empty() || error["hint"].get<std::string>().empty())
    complain("sentence or remedy is empty");
  if (result.err.find(says) == std::string::npos) complain("the sentence does not say " + says);
  if (result.err.find(error["message"].get<std::string>()) == std::string::npos)
    complain("the sentence is not on stderr");
}

Args endlessTraining(Args more) {
  Args args{"train", "--data", "d.csv", "--epochs", "100000", "--batch-size", "16", "--lr", "0.001", "--json"};
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

bool waitForSteps(CliProcess& process, const std::filesystem::path& folder, int run, std::int64_t steps) {
  return within(240, [&] { return !process.running() || lastStep(folder, run) >= steps; }) && process.running();
}

bool contiguous(const std::filesystem::path& folder, int run) {
  const auto json = latheJson(folder, {"metrics", std::to_string(run), "--name", "train/loss"}).json();
  if (!json.is_object() || !json.contains("points")) return false;
  std::int64_t step = 0;
  for (const auto& point : json["points"])
    if (point[0].get<std::int64_t>() != ++step) return false;
  return step > 0;
}

bool storeIntact(const std::filesystem::path& folder) {
  try {
    // Writable, so that a log left behind by a killed process is taken up as Lathe itself would.
    SQLite::Database store((folder / "lathe-project.lathe" / "store.sqlite3").string(), SQLite::OPEN_READWRITE, 5000);
    return store.execAndGet("PRAGMA integrity_check").getString() == "ok";
  } catch (const std::exception& error) {
    lathe::testing::reportFailure(__FILE__, __LINE__, error.what());
    return false;
  }
}

Args withoutRights(Args args) {
  if (geteuid() != 0) return args;
  Args all{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
  const Args rest = std::move(args);
  auto probe = all;
  probe.insert(probe.end(), {LATHE_CLI, "--version"});
  const TempFolder folder;
  if (program(folder.path(), probe).code != 0) return {};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto start = text.find(from);
  if (start == std::string::npos) return {};
  const auto at = start + from.size();
  return text.substr(at, text.find(to, at) - at);
}

}  // namespace lathe::tests
