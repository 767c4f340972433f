// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the store's figures: points a second in, time to open a project with 1000 runs of 10 000 points, time to read
// a curve of a million points reduced to 2000 columns, bytes a point on disk.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>

#include "core/base/machine.h"
#include "core/base/random.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::store;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t million = 1'000'000;

double now() { return systemClock().steadySeconds(); }

template <class T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

NewRun plainRun(int number) {
  NewRun run;
  run.name = fmt::format("run {}", number);
  run.model = "mlp";
  run.task = "classification";
  run.specJson = std::string(3000, 'x');
  run.dataHash = std::string(64, '0');
  run.parameters = {{"training.optimizer.lr", "0.001"}, {"training.batch_size", "64"}, {"training.epochs", "20"}};
  return run;
}

double noise(Random& random, bool narrow) {
  const double value = random.normal();
  return narrow ? static_cast<double>(static_cast<float>(value)) : value;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// One curve of a million points, one at a time, until they are committed.
void writeMillion(const fs::path& file, bool narrow) {
  Random random(1);
  std::vector<double> values(million);
  for (auto& value : values) value = noise(random, narrow);
  const auto begin = now();
  double appended = 0;
  {
    const auto store = need(openSqliteStore(file, OpenMode::Create));
    const auto run = need(store->createRun(plainRun(1), spec::RunStatus::Running, thisProcess()));
    const auto series = need(store->seriesId(run, "train/loss"));
    for (std::int64_t step = 1; step <= million; ++step)
      store->append(series, step, values[static_cast<std::size_t>(step - 1)]);
    appended = now() - begin;
    need(store->flush());
    need(store->setStatus(run, spec::RunStatus::Completed));
  }
  const auto seconds = now() - begin;
  std::printf(
      "%-44s %10.2f million points/s (handed over at %.1f million/s)\n",
      narrow ? "in, one curve of floats, committed and closed" : "in, one curve of doubles, committed and closed",
      1 / seconds, 1 / appended);
  std::printf("%-44s %10.2f bytes/point\n", narrow ? "on disk, noisy floats" : "on disk, noisy doubles",
              static_cast<double>(fs::file_size(file)) / million);
}

void readMillion(const fs::path& file) {
  auto store = need(openSqliteStore(file, OpenMode::ReadOnly));
  auto begin = now();
  auto columns = need(store->reduced(1, "train/loss", 1, million, 2000));
  std::printf("%-44s %10.2f ms\n", "a million points to 2000 columns, first time", (now() - begin) * 1e3);
  std::vector<double> warm;
  for (int i = 0; i < 50; ++i) {
    begin = now();
    columns = need(store->reduced(1, "train/loss", 1 + i, million - i, 2000));
    warm.push_back((now() - begin) * 1e3);
  }
  std::printf("%-44s %10.2f ms (worst of 50: %.2f)\n", "a million points to 2000 columns, warm", median(warm),
              *std::max_element(warm.begin(), warm.end()));
  begin = now();
  std::int64_t changes = 0;
  for (int i = 0; i < 10'000; ++i) changes += store->changeCounter();
  std::printf("%-44s %10.2f us (counter %lld)\n", "asking whether anything changed", (now() - begin) * 1e2,
              static_cast<long long>(changes / 10'000));
  begin = now();
  for (int i = 0; i < 1000; ++i) (void)need(store->points(1, "train/loss", million - 10));
  std::printf("%-44s %10.2f us\n", "the newest ten points", (now() - begin) * 1e3);
  begin = now();
  const auto points = need(store->points(1, "train/loss"));
  std::printf("%-44s %10.2f ms (%zu points, %zu columns)\n", "every point", (now() - begin) * 1e3, points.size(),
              columns.size());
}

void manyRuns(const fs::path& file) {
  {
    const auto store = need(openSqliteStore(file, OpenMode::Create));
    Random random(2);
    std::vector<Point> points(10'000);
    const auto begin = now();
    for (int i = 1; i <= 1000; ++i) {
      const auto run = need(store->createRun(plainRun(i), spec::RunStatus::Running, thisProcess()));
      const auto series = need(store->seriesId(run, "train/loss"));
      for (std::size_t p = 0; p < points.size(); ++p)
        points[p] = {static_cast<std::int64_t>(p + 1), noise(random, true)};
      store->append(series, points);
      RunUpdate update;
      update.metrics = {{"train/loss", 0.1}, {"val/loss", 0.2}, {"val/accuracy", 0.9}, {"test/accuracy", 0.91}};
      update.tags = {{"sweep"}};
      need(store->updateRun(run, update));
      need(store->setStatus(run, spec::RunStatus::Completed));
    }
    need(store->flush());
    std::printf("%-44s %10.2f million points/s, %.1f MB\n", "in, 1000 runs of 10 000 points", 10 / (now() - begin),
                static_cast<double>(fs::file_size(file)) / 1e6);
  }
  std::vector<double> open;
  std::vector<double> curve;
  for (int i = 0; i < 11; ++i) {
    const auto begin = now();
    const auto store = need(openSqliteStore(file, OpenMode::ReadWrite));
    const auto runs = need(store->runs({}));
    open.push_back((now() - begin) * 1e3);
    if (runs.size() != 1000) std::exit(1);
    const auto before = now();
    (void)need(store->reduced(500 + i, "train/loss", 1, 10'000, 2000));
    curve.push_back((now() - before) * 1e3);
  }
  std::printf("%-44s %10.2f ms\n", "open that project and list its 1000 runs", median(open));
  std::printf("%-44s %10.2f ms\n", "one of its curves to 2000 columns, first time", median(curve));
}

}  // namespace

int main() {
  const auto machine = machineInfo();
  std::string sets;
  for (const auto& set : machine.instructionSets) sets += " " + set;
  std::printf("%s, %u threads,%s\n", machine.processor.c_str(), machine.threads, sets.c_str());
  const tests::TempFolder folder;
  writeMillion(folder / "doubles", false);
  writeMillion(folder / "floats", true);
  readMillion(folder / "doubles");
  manyRuns(folder / "runs");
  return 0;
}
