// SPDX-License-Identifier: GPL-3.0-or-later
// Processes that are stopped, killed, or work side by side.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/testing.h"

using namespace lathe::tests;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

int newestRun(const std::filesystem::path& folder) {
  const auto list = latheJson(folder, {"runs", "list"});
  return list.code == 0 ? list.json()["runs"][0]["run"].get<int>() : 0;
}

/// Whether a handler takes SIGINT and SIGTERM, on whichever thread they arrive, and no thread's mask is relied on.
bool handlesSignals(pid_t pid) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  const unsigned long long both = (1ULL << (SIGINT - 1)) | (1ULL << (SIGTERM - 1));
  for (std::string line; std::getline(status, line);)
    if (line.rfind("SigCgt:", 0) == 0) return (std::stoull(line.substr(7), nullptr, 16) & both) == both;
  return false;
}

/// The process holds its project's store open: from then on it stops softly.
bool catchesSignals(pid_t pid) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(fmt::format("/proc/{}/fd", pid), error)) {
    std::error_code gone;
    if (has(std::filesystem::read_symlink(entry.path(), gone).string(), "store.sqlite3")) return true;
  }
  return false;
}

}  // namespace

LATHE_TEST("the first Ctrl+C pauses with a checkpoint and exit 3, resume goes on, SIGTERM does the same") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  std::int64_t paused = 0;
  {
    CliProcess process(folder.path(), endlessTraining());
    REQUIRE(waitForSteps(process, folder.path()));
    // Libraries may have threads from before main(), which no mask of ours reaches.
    CHECK(handlesSignals(process.pid()));
    CHECK_EQ(statusOf(folder.path()), std::string("running"));
    CHECK_REFUSED(latheJson(folder.path(), {"resume", "1"}), "run.already_running", "1");
    CHECK_EQ(latheJson(folder.path(), {"runs", "rm", "1"}).code, 1);
    process.send(SIGINT);
    const auto ended = process.wait(240);
    CHECK_EQ(ended.code, 3);
    const auto json = ended.json();
    REQUIRE(json.is_object() && json.contains("status"));
    CHECK_EQ(json["status"].get<std::string>(), "paused");
    CHECK(!json.contains("error"));
    paused = json["steps"].get<std::int64_t>();
    CHECK(paused > 0);
    CHECK(std::filesystem::exists(json["last_checkpoint"].get<std::string>()));
    CHECK(has(ended.err, "resume 1"));
  }
  CHECK_EQ(statusOf(folder.path()), std::string("paused"));
  CHECK_EQ(lastStep(folder.path()), paused);
  {
    CliProcess process(folder.path(), {"resume", "latest", "--json"});
    REQUIRE(waitForSteps(process, folder.path(), 1, paused + 1));
    process.send(SIGTERM);
    const auto ended = process.wait(240);
    CHECK_EQ(ended.code, 3);
    CHECK(ended.json()["steps"].get<std::int64_t>() > paused);
  }
  CHECK(contiguous(folder.path(), 1));
  CHECK(storeIntact(folder.path()));
}

LATHE_TEST("the second signal stops at once: interrupted, and resumable") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  CliProcess process(folder.path(), endlessTraining({"--checkpoint-every", "1"}));
  REQUIRE(waitForSteps(process, folder.path()));
  // Both arrive before the program can do anything about the first.
  process.send(SIGSTOP);
  process.send(SIGINT);
  process.send(SIGTERM);
  process.send(SIGCONT);
  const auto ended = process.wait(240);
  CHECK_EQ(ended.code, 3);
  CHECK_EQ(ended.json()["status"].get<std::string>(), "interrupted");
  CHECK_EQ(statusOf(folder.path()), std::string("interrupted"));
  CliProcess resumed(folder.path(), {"resume", "1", "--json"});
  REQUIRE(within(240, [&] { return statusOf(folder.path()) == "running"; }));
  sleepSeconds(0.3);
  resumed.send(SIGINT);
  CHECK_EQ(resumed.wait(240).code, 3);
  CHECK(contiguous(folder.path(), 1));
}

LATHE_TEST("Ctrl+C at any moment of a resume exits 3 and leaves a run that can be resumed") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  {
    CliProcess process(folder.path(), endlessTraining());
    REQUIRE(waitForSteps(process, folder.path()));
    process.send(SIGINT);
    REQUIRE(process.wait(240).code == 3);
  }
  for (const double delay : {0.1, 0.2, 0.3, 0.6}) {
    CliProcess process(folder.path(), {"resume", "1", "--json"});
    // Before main() has begun nobody can catch a signal.
    REQUIRE(within(240, [&] { return !process.running() || catchesSignals(process.pid()); }));
    sleepSeconds(delay - 0.1);
    process.send(SIGINT);
    CHECK_EQ(process.wait(240).code, 3);
    CHECK_EQ(statusOf(folder.path()), std::string("paused"));
  }
  CHECK(contiguous(folder.path(), 1));
}

LATHE_TEST("Ctrl+C while the engine still loads gives a paused run, told in full, that can be resumed") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  CliProcess process(folder.path(), {"train", "--data", "d.csv", "--epochs", "3", "--json"});
  REQUIRE(within(240, [&] { return !process.running() || catchesSignals(process.pid()); }));
  process.send(SIGINT);
  const auto ended = process.wait(240);
  // A fast machine may have finished the training by then.
  if (ended.code == 0) return;
  CHECK_EQ(ended.code, 3);
  const auto json = ended.json();
  REQUIRE(json.is_object() && json.contains("run"));
  CHECK(!json.contains("error"));
  CHECK_EQ(json["status"].get<std::string>(), "paused");
  for (const char* key : {"epochs", "steps", "seconds", "samples_per_second", "metrics", "checkpoint"})
    CHECK(json.contains(key));
  const auto resumed = latheJson(folder.path(), {"resume", "1"});
  CHECK_EQ(resumed.code, 0);
  CHECK_EQ(resumed.json()["epochs"].get<int>(), 3);
}

LATHE_TEST("a killed run is interrupted at once, and resumes to the very bits of an undisturbed one") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 600);
  const auto training = [&](int epochs) {
    return Args{"train",
                "--data",
                "d.csv",
                "--epochs",
                std::to_string(epochs),
                "--batch-size",
                "8",
                "--lr",
                "0.001",
                "--checkpoint-every",
                "1",
                "--json"};
  };
  const auto probe = latheCli(folder.path(), training(100));
  REQUIRE(probe.code == 0);
  // Long enough to be killed in the middle, whatever the machine.
  const double seconds = std::max(0.02, probe.json()["seconds"].get<double>());
  const int epochs = std::min(20000, std::max(20, static_cast<int>(100 * 4.0 / seconds)));
  const auto whole = latheCli(folder.path(), training(epochs));
  REQUIRE(whole.code == 0);

  CliProcess process(folder.path(), training(epochs));
  const auto checkpoint = folder / "lathe-project.lathe" / "artifacts" / "runs" / "3" / "last.ckpt";
  REQUIRE(within(240, [&] { return !process.running() || std::filesystem::exists(checkpoint); }));
  sleepSeconds(0.3);
  REQUIRE(process.running());
  process.send(SIGKILL);
  CHECK_EQ(process.wait().signal, SIGKILL);
  CHECK_EQ(statusOf(folder.path(), 3), std::string("interrupted"));
  const auto list = latheJson(folder.path(), {"runs", "list"}).json();
  CHECK_EQ(list["runs"][0]["status"].get<std::string>(), "interrupted");
  const auto resumed = latheJson(folder.path(), {"resume", "3"});
  CHECK_EQ(resumed.code, 0);
  CHECK(resumed.json()["metrics"] == whole.json()["metrics"]);
  for (const char* name : {"train/loss", "val/loss"})
    CHECK(latheJson(folder.path(), {"metrics", "2", "--name", name}).json()["points"] ==
          latheJson(folder.path(), {"metrics", "3", "--name", name}).json()["points"]);
}

LATHE_TEST("kill -9 at random moments leaves the store intact every time") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  const int kills = std::getenv("LATHE_LONG_FAULTS") != nullptr ? 50 : 10;
  lathe::Random random(7, "kill moments");
  // As often while it starts as while it trains, however slow this machine is.
  const auto before = lathe::systemClock().steadySeconds();
  REQUIRE(latheJson(folder.path(), {"train", "--data", "d.csv", "--epochs", "1"}).code == 0);
  const double whole = std::max(0.6, lathe::systemClock().steadySeconds() - before);
  for (int i = 0; i < kills; ++i) {
    {
      const int known = newestRun(folder.path());
      CliProcess process(folder.path(), endlessTraining({"--checkpoint-every", "1"}));
      // The last one trains for certain: it is resumed below.
      if (i + 1 == kills)
        REQUIRE(
            within(240, [&] { return newestRun(folder.path()) > known && lastStep(folder.path(), known + 1) > 0; }));
      sleepSeconds(0.02 + 2 * whole * random.uniform());
      process.send(SIGKILL);
      process.wait();
    }
    CHECK(storeIntact(folder.path()));
    const auto list = latheJson(folder.path(), {"runs", "list"});
    REQUIRE(list.code == 0);
    const auto runs = list.json()["runs"];
    for (const auto& run : runs) {
      const auto status = run["status"].get<std::string>();
      CHECK_EQ(status, run["run"] == 1 ? std::string("completed") : std::string("interrupted"));
    }
  }
  const int newest = newestRun(folder.path());
  REQUIRE(newest > 1);
  CliProcess process(folder.path(), {"resume", std::to_string(newest), "--json"});
  REQUIRE(within(240, [&] { return statusOf(folder.path(), newest) == "running"; }));
  sleepSeconds(0.3);
  process.send(SIGINT);
  CHECK_EQ(process.wait(240).code, 3);
  CHECK(contiguous(folder.path(), newest));
}

LATHE_TEST("two processes train in one project at the same time") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  CliProcess first(folder.path(), endlessTraining());
  CliProcess second(folder.path(), endlessTraining({"--seed", "2"}));
  // Which of them gets which number is nobody's business.
  const auto bothTrain = [&] { return lastStep(folder.path(), 1) > 0 && lastStep(folder.path(), 2) > 0; };
  REQUIRE(within(240, [&] { return !first.running() || !second.running() || bothTrain(); }));
  REQUIRE(first.running() && second.running());
  const auto list = latheJson(folder.path(), {"runs", "list"});
  CHECK_EQ(list.code, 0);
  CHECK_EQ(list.json()["runs"].size(), 2U);
  CHECK_EQ(statusOf(folder.path(), 1), std::string("running"));
  CHECK_EQ(statusOf(folder.path(), 2), std::string("running"));
  first.send(SIGINT);
  second.send(SIGINT);
  const auto a = first.wait(240);
  const auto b = second.wait(240);
  CHECK_EQ(a.code, 3);
  CHECK_EQ(b.code, 3);
  CHECK(a.json()["run"] != b.json()["run"]);
  CHECK(contiguous(folder.path(), 1));
  CHECK(contiguous(folder.path(), 2));
  CHECK(storeIntact(folder.path()));
}

LATHE_TEST("several processes create one project at the same moment, and each gets a run of its own") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 60);
  std::vector<std::unique_ptr<CliProcess>> processes;
  for (int i = 0; i < 4; ++i)
    processes.push_back(
        std::make_unique<CliProcess>(folder.path(), Args{"train", "--data", "d.csv", "--epochs", "1", "--json"}));
  std::set<int> runs;
  for (auto& process : processes) {
    const auto ended = process->wait(240);
    CHECK_EQ(ended.code, 0);
    if (ended.code != 0) lathe::testing::reportFailure(__FILE__, __LINE__, ended.err);
    if (const auto json = ended.json(); json.is_object() && json.contains("run")) runs.insert(json["run"].get<int>());
  }
  CHECK(runs == (std::set<int>{1, 2, 3, 4}));
  CHECK_EQ(latheJson(folder.path(), {"runs", "list"}).json()["runs"].size(), 4U);
  CHECK(storeIntact(folder.path()));
}

LATHE_TEST("only one of two resumes takes the run") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  {
    CliProcess process(folder.path(), endlessTraining());
    REQUIRE(waitForSteps(process, folder.path()));
    process.send(SIGINT);
    REQUIRE(process.wait(240).code == 3);
  }
  CliProcess a(folder.path(), {"resume", "1", "--json"});
  CliProcess b(folder.path(), {"resume", "1", "--json"});
  REQUIRE(within(240, [&] { return !a.running() || !b.running(); }));
  auto& loser = a.running() ? b : a;
  auto& winner = a.running() ? a : b;
  CHECK_REFUSED(loser.wait(), "run.already_running", "1");
  REQUIRE(within(240, [&] { return statusOf(folder.path()) == "running"; }));
  winner.send(SIGINT);
  CHECK_EQ(winner.wait(240).code, 3);
}

LATHE_TEST("a data file that vanishes in mid-training stops nothing until resume needs it") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  {
    CliProcess process(folder.path(), endlessTraining());
    REQUIRE(waitForSteps(process, folder.path()));
    std::filesystem::rename(folder / "d.csv", folder / "moved.csv");
    CHECK(within(120, [&] { return has(process.errSoFar(), "d.csv is gone"); }));
    process.send(SIGINT);
    CHECK_EQ(process.wait(240).code, 3);
  }
  CHECK_REFUSED(latheJson(folder.path(), {"resume", "1"}), "file.missing", "d.csv");
  std::filesystem::rename(folder / "moved.csv", folder / "d.csv");
  const auto before = lastStep(folder.path());
  CHECK(before > 0);
  CliProcess process(folder.path(), {"resume", "1", "--json"});
  REQUIRE(waitForSteps(process, folder.path(), 1, before + 1));
  process.send(SIGINT);
  CHECK_EQ(process.wait(240).code, 3);
  CHECK(contiguous(folder.path(), 1));
}

LATHE_TEST("a data file that changes between pause and resume is noticed") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  {
    CliProcess process(folder.path(), endlessTraining());
    REQUIRE(waitForSteps(process, folder.path()));
    process.send(SIGINT);
    REQUIRE(process.wait(240).code == 3);
  }
  writeClasses(folder / "d.csv", 310, 9);
  CHECK_REFUSED(latheJson(folder.path(), {"resume", "1"}), "data.changed", "d.csv");
}

LATHE_TEST("progress is a plain line a second in a pipe and a bar on a terminal") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 300);
  CliProcess process(folder.path(), endlessTraining());
  REQUIRE(waitForSteps(process, folder.path()));
  CHECK(within(240, [&] { return count(process.errSoFar(), "samples/s") >= 2; }));
  process.send(SIGINT);
  const auto ended = process.wait(240);
  CHECK_EQ(count(ended.err, "\r"), 0U);
  CHECK(has(ended.err, " left"));

  const auto command = fmt::format("timeout -s INT 3 {} train --data d.csv --epochs 100000 --batch-size 16", LATHE_CLI);
  const auto terminal = program(folder.path(), {"script", "-qec", command, "/dev/null"});
  if (terminal.code == 127) return;  // no script(1) here
  CHECK(count(terminal.out, "\r") >= 5);
  CHECK(has(terminal.out, "[#") || has(terminal.out, "[."));
}
