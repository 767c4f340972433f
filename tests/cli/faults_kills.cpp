// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings that are killed again and again, and end with the very bits of one that was left alone.
#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <vector>

#include "core/base/clock.h"
#include "core/base/random.h"
#include "tests/cli/cli_tables.h"
#include "tests/cli/faults_support.h"
#include "tests/support/sample_data.h"
#include "tests/support/testing.h"

using namespace lathe::tests;
namespace fs = std::filesystem;

namespace {

constexpr double rows = 300;  // about as many are trained on

/// What is trained, with data that the test makes in its folder.
struct Subject {
  const char* name;
  Args arguments;
};

std::vector<Subject> subjects() {
  const Args images{"--data", "images", "--batch-size", "16"};
  const auto with = [](Args first, const Args& rest) {
    first.insert(first.end(), rest.begin(), rest.end());
    return first;
  };
  return {{"mlp", {"--data", "d.csv", "--batch-size", "16", "--model", "mlp"}},
          {"cnn with augmentation", with(images, {"--model", "cnn", "--set", "training.augment.name=standard", "--set",
                                                  "model.channels=[8,8]"})},
          {"gru", with(images, {"--model", "gru", "--set", "model.hidden=16"})}};
}

double now() { return lathe::systemClock().steadySeconds(); }

fs::path runFolder(const fs::path& folder, int run) {
  return folder / "lathe-project.lathe" / "artifacts" / "runs" / std::to_string(run);
}

/// Names, kinds, shapes and bytes of a checkpoint; not what it says about times.
std::pair<Json, std::string> weightsIn(const fs::path& file) {
  const auto whole = read(file);
  std::uint64_t length = 0;
  REQUIRE(whole.size() > sizeof(length));
  std::memcpy(&length, whole.data(), sizeof(length));
  REQUIRE(length <= whole.size() - sizeof(length));
  auto header = Json::parse(whole.substr(sizeof(length), length), nullptr, false);
  REQUIRE(header.is_object());
  header.erase("__metadata__");
  return {header, whole.substr(sizeof(length) + length)};
}

/// Every curve by name but those that measure the machine.
std::map<std::string, Json> curvesOf(const fs::path& folder, int run) {
  std::map<std::string, Json> curves;
  const auto json = latheJson(folder, {"metrics", std::to_string(run)}).json();
  REQUIRE(json.is_object() && json.contains("curves"));
  for (const auto& curve : json["curves"])
    if (const auto name = curve["name"].get<std::string>(); name.rfind("system/", 0) != 0)
      curves[name] = curve["points"];
  return curves;
}

class KilledTraining {
 public:
  KilledTraining(const fs::path& folder, const Subject& subject, int threads, double secondsPerKill, int kills,
                 double length)
      : m_folder(folder), m_kills(kills), m_secondsPerKill(secondsPerKill), m_length(length) {
    m_training = {"train", "--json", "--threads", std::to_string(threads), "--set", "training.checkpoint_seconds=0.05"};
    m_training.insert(m_training.end(), subject.arguments.begin(), subject.arguments.end());
  }

  /// Long enough for all kills, by what a short training took.
  void trainUndisturbed() {
    constexpr int few = 5;
    const double before = now();
    const auto probe = latheCli(m_folder, with(few));
    REQUIRE(probe.code == 0);
    const auto first = probe.json();
    m_start = std::max(0.1, now() - before - first["seconds"].get<double>());
    // Starting costs the more the shorter a training is: a second one tells what an epoch alone takes.
    const auto rateOf = [](const Json& json) { return std::max(1.0, json["samples_per_second"].get<double>()); };
    const int more = few + std::clamp(static_cast<int>(0.3 * rateOf(first) / rows), 10, 3000);
    const auto again = latheCli(m_folder, with(more));
    REQUIRE(again.code == 0);
    const double difference = again.json()["seconds"].get<double>() - first["seconds"].get<double>();
    // On a busy machine the difference may be anything; steps alone take the time that the training measured.
    const double epoch = std::max(difference / (more - few), rows / rateOf(again.json()));
    m_epochs = std::clamp(static_cast<int>(m_length * 1.3 * m_kills * m_secondsPerKill / epoch), few, 50'000);
    const auto whole = latheCli(m_folder, with(m_epochs));
    REQUIRE(whole.code == 0);
    m_whole = whole.json();
  }

  /// Gives how many kills it came to.
  int trainAndKill(lathe::Random& random) {
    const int known = m_whole["run"].get<int>();
    int kills = 0;
    for (; kills < m_kills; ++kills) {
      m_run = newest() > known ? newest() : 0;
      CliProcess process(m_folder, m_run > 0 ? Args{"resume", std::to_string(m_run), "--json"} : with(m_epochs));
      // In the middle of starting as well as of training.
      const double until = now() + random.uniform() * (m_start + 2 * m_secondsPerKill);
      while (now() < until && process.running()) sleepSeconds(0.005);
      process.send(SIGKILL);
      const auto ended = process.wait();
      if (ended.signal == SIGKILL) continue;
      // It was faster.
      CHECK_EQ(ended.code, 0);
      break;
    }
    m_run = newest() > known ? newest() : 0;
    return kills;
  }

  void compare() {
    if (m_run == 0 || statusOf(m_folder, m_run) != "completed") {
      const auto last =
          latheCli(m_folder, m_run > 0 ? Args{"resume", std::to_string(m_run), "--json"} : with(m_epochs));
      REQUIRE(last.code == 0);
      m_run = last.json()["run"].get<int>();
      CHECK(last.json()["metrics"] == m_whole["metrics"]);
    }
    const int whole = m_whole["run"].get<int>();
    for (const char* name : {"last.ckpt", "best.ckpt"})
      CHECK(weightsIn(runFolder(m_folder, m_run) / name) == weightsIn(runFolder(m_folder, whole) / name));
    const auto expected = curvesOf(m_folder, whole);
    const auto given = curvesOf(m_folder, m_run);
    CHECK(expected.contains("train/loss") && expected.contains("val/loss"));
    CHECK_EQ(given.size(), expected.size());
    for (const auto& [name, points] : expected) {
      if (given.contains(name) && given.at(name) == points) continue;
      lathe::testing::reportFailure(__FILE__, __LINE__, name + " differs");
    }
    CHECK(contiguous(m_folder, m_run));
    CHECK(storeIntact(m_folder));
    // Of all the processes that died while writing nothing is left.
    for (const auto& entry : fs::directory_iterator(runFolder(m_folder, m_run)))
      CHECK(entry.path().extension() != ".tmp");
  }

 private:
  [[nodiscard]] Args with(int epochs) const {
    auto arguments = m_training;
    arguments.insert(arguments.end(), {"--epochs", std::to_string(epochs)});
    return arguments;
  }

  [[nodiscard]] int newest() const {
    const auto list = latheJson(m_folder, {"runs", "list"});
    return list.code == 0 ? list.json()["runs"][0]["run"].get<int>() : 0;
  }

  fs::path m_folder;
  Args m_training;
  int m_kills;
  double m_secondsPerKill;
  double m_length;     ///< times as long as the kills should take
  double m_start = 0;  ///< seconds of a process before it trains
  int m_epochs = 0;
  int m_run = 0;
  Json m_whole;
};

void killed(const Subject& subject, int threads, int kills, double secondsPerKill) {
  const int wanted = std::max(1, kills * 8 / 10);
  // On a machine that is busy while it is measured and idle afterwards a training ends sooner than was foreseen.
  for (const double length : {1.0, 4.0, 16.0}) {
    const TempFolder folder;
    writeClasses(folder / "d.csv", 400);
    writeIdxFolder(folder / "images", 300, 60);
    lathe::Random random(11, fmt::format("{} {}", subject.name, threads));
    KilledTraining training(folder.path(), subject, threads, secondsPerKill, kills, length);
    training.trainUndisturbed();
    const int done = training.trainAndKill(random);
    std::fprintf(stderr, "%s, %d threads: killed %d times\n", subject.name, threads, done);
    if (done < wanted && length < 16) continue;
    CHECK(done >= wanted);
    return training.compare();
  }
}

/// A few kills at one number of threads; with LATHE_LONG_FAULTS a hundred at one and at two.
void killedAtAnyMoment(std::size_t subject, int threads, int kills) {
  const auto chosen = subjects().at(subject);
  if (std::getenv("LATHE_LONG_FAULTS") == nullptr) return killed(chosen, threads, kills, 0.3);
  for (const int each : {1, 2}) killed(chosen, each, 100, 0.25);
}

}  // namespace

LATHE_TEST("killed at random moments, an mlp ends with the bits of an undisturbed training") {
  killedAtAnyMoment(0, 1, 3);
}

LATHE_TEST("killed at random moments, a cnn with augmentation ends with the bits of an undisturbed training") {
  killedAtAnyMoment(1, 2, 2);
}

LATHE_TEST("killed at random moments, a gru ends with the bits of an undisturbed training") {
  killedAtAnyMoment(2, 1, 2);
}
