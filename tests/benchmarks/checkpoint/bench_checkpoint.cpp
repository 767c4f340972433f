// SPDX-License-Identifier: GPL-3.0-or-later
// What checkpoints cost a training: the same training with and without them, in turn, in one process, its curves kept
// in a real project's store both times. By the clock, by the processor time of all threads (on a busy machine the clock
// says more about the others), and as accounted for: what the training's thread gave, and the processor time of the
// thread that writes. `bench_checkpoint [SECONDS] [REPEATS]`: how long one training shall last.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_torch/torch_engine.h"
#include "core/services/run_observer.h"
#include "core/services/training_service.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace lathe;
namespace fs = std::filesystem;

struct Taken {
  double wall = 0, processor = 0;
  int checkpoints = 0;
  double own = 0, writer = 0;  ///< seconds of the training's thread, processor seconds of the writer's
};

/// Ends the benchmark with the error's sentence.
template <class T>
T orExit(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
  std::exit(1);
}

double seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Counts what was written on its way to the run's observer.
class CountingObserver final : public engine::TrainingObserver {
 public:
  explicit CountingObserver(engine::TrainingObserver& next) : m_next(next) {}
  int series(const std::string& name) override { return m_next.series(name); }
  void point(int series, std::int64_t step, double value) override { m_next.point(series, step, value); }
  void progress(const engine::TrainingProgress& progress) override { m_next.progress(progress); }
  void event(const std::string& kind, const Message& message) override { m_next.event(kind, message); }
  Result<void> beforeCheckpoint() override {
    m_begun = seconds(CLOCK_THREAD_CPUTIME_ID);
    return m_next.beforeCheckpoint();
  }
  void checkpoint(const engine::CheckpointInfo& info) override {
    m_next.checkpoint(info);
    if (info.best) return;
    ++count;
    writer += seconds(CLOCK_THREAD_CPUTIME_ID) - m_begun;
  }
  int count = 0;
  double writer = 0;

 private:
  engine::TrainingObserver& m_next;
  double m_begun = 0;
};

class Bench {
 public:
  Bench() : m_engine(engine::makeTorchEngine()) {
    m_project = orExit(services::Project::open(
        m_folder / "bench.lathe", services::Project::Mode::Create,
        [](const fs::path& file, bool, bool) { return store::openSqliteStore(file, store::OpenMode::Create); }));
  }

  void compare(const char* name, const spec::ExperimentSpec& asked, double length, int repeats) {
    auto resolved = orExit(services::resolve(asked, m_folder.path(), {}, m_engine.get()));
    engine::TrainingRequest request;
    request.model = resolved.model;
    request.training = resolved.spec.training;
    request.data = resolved.data;
    request.training.epochs = 20;
    train(request, false);  // the first one loads and warms
    const auto probe = train(request, false);
    request.training.epochs = std::max(2, static_cast<int>(20 * length / probe.wall));
    std::vector<double> walls, processors, owns, writers;
    Taken last;
    for (int i = 0; i < repeats; ++i) {
      const bool first = i % 2 == 0;
      auto one = train(request, first);
      auto other = train(request, !first);
      const auto& with = first ? one : other;
      const auto& without = first ? other : one;
      walls.push_back(with.wall / without.wall - 1);
      processors.push_back(with.processor / without.processor - 1);
      owns.push_back(with.own / with.wall);
      writers.push_back(with.writer / with.wall);
      last = with;
    }
    std::printf(
        "%-22s %8lld parameters, last.ckpt %6.2f MB, %3d checkpoints in %5.1f s: clock %+6.2f %%, processor "
        "%+6.2f %%; training's thread %.2f %%, writer's %.2f %%\n",
        name, static_cast<long long>(resolved.report.parameters), m_bytes * 1e-6, last.checkpoints, last.wall,
        100 * median(walls), 100 * median(processors), 100 * median(owns), 100 * median(writers));
    std::fflush(stdout);
  }

  [[nodiscard]] fs::path folder() const { return m_folder.path(); }

 private:
  static double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
  }

  Taken train(engine::TrainingRequest request, bool checkpoints) {
    store::NewRun fresh;
    fresh.name = "bench";
    fresh.specJson = spec::toJson(spec::ExperimentSpec(), -1);
    const auto run = orExit(m_project->store().createRun(fresh, spec::RunStatus::Running, thisProcess()));
    const auto files = m_folder / "run";
    if (checkpoints) request.checkpointFolder = files;
    services::RunObserver reports(*m_project, run, request.data, {});
    CountingObserver seen(reports);
    engine::TrainingControl control;
    const double wall = seconds(CLOCK_MONOTONIC);
    const double processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
    const auto summary = orExit(m_engine->train(request, seen, control));
    const Taken taken{seconds(CLOCK_MONOTONIC) - wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - processor, seen.count,
                      summary.checkpointSeconds, seen.writer};
    if (checkpoints) m_bytes = static_cast<double>(fs::file_size(files / "last.ckpt"));
    fs::remove_all(files);
    static_cast<void>(m_project->store().setStatus(run, spec::RunStatus::Completed));
    static_cast<void>(m_project->store().flush());
    return taken;
  }

  tests::TempFolder m_folder;
  std::shared_ptr<engine::Engine> m_engine;
  std::shared_ptr<services::Project> m_project;
  double m_bytes = 0;
};

/// 64 numbers of a sum of clouds and its class of ten.
void writeDigits(const fs::path& file, int rows) {
  Random random(3);
  std::ofstream out(file);
  for (int f = 0; f < 64; ++f) out << 'x' << f << ',';
  out << "digit\n";
  for (int row = 0; row < rows; ++row) {
    const auto digit = static_cast<int>(random.below(10));
    for (int f = 0; f < 64; ++f) out << fmt::format("{:.3f},", random.normal() + (f % 10 == digit ? 1.5 : 0.0));
    out << 'd' << digit << '\n';
  }
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 5;
  Bench bench;
  writeDigits(bench.folder() / "digits.csv", 1800);
  tests::writeIdxFolder(bench.folder() / "images", 200, 100);
  spec::ExperimentSpec table;
  table.training.optimizer = spec::customaryOptimizer("adamw");
  table.data.path = (bench.folder() / "digits.csv").string();
  bench.compare("mlp, default settings", table, seconds, repeats);
  table.model.templateName = "mlp";
  table.model.settings["hidden"] = spec::Value(std::vector<std::int64_t>{1024, 1024});
  bench.compare("mlp 1024-1024", table, seconds, repeats);
  spec::ExperimentSpec images;
  images.training.optimizer = table.training.optimizer;
  images.data.path = (bench.folder() / "images").string();
  images.model.templateName = "cnn";
  images.model.settings["channels"] = spec::Value(std::vector<std::int64_t>{64, 256, 512});
  bench.compare("cnn 64-256-512", images, seconds, repeats);
  return 0;
}
