// SPDX-License-Identifier: GPL-3.0-or-later
// Loop overhead of the engine against bare LibTorch loops, in one process, in turn. The engine logs every step (loss,
// running accuracy, learning rate, gradient norm); the bare loops log nothing. Processor time on one thread, so that
// the figure holds on a busy machine too. With --busy: time by the clock beside busy programs instead.
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "core/base/machine.h"
#include "core/base/random.h"
#include "core/engine_torch/torch_engine.h"
#include "tests/benchmarks/engine/bare_loops.h"

namespace {

using namespace lathe;

/// Takes every point as the store's queue does, without the store.
class QueueObserver final : public engine::TrainingObserver {
 public:
  int series(const std::string&) override { return m_series++; }
  void point(int series, std::int64_t step, double value) override {
    m_points.push_back({series, step, value});
    if (series != 0) return;  // train/loss comes first
    if (step == 1) m_start = bench::processSeconds();
    m_end = bench::processSeconds();
    m_steps = step - 1;
  }
  /// Microseconds a step from the first to the last, epoch ends and checkpoints included.
  [[nodiscard]] double microseconds() const { return 1e6 * (m_end - m_start) / static_cast<double>(m_steps); }
  void progress(const engine::TrainingProgress&) override {}
  void event(const std::string&, const Message&) override {}
  void checkpoint(const engine::CheckpointInfo&) override {}
  [[nodiscard]] std::size_t points() const { return m_points.size(); }

 private:
  struct Point {
    int series;
    std::int64_t step;
    double value;
  };
  int m_series = 0;
  double m_start = 0;
  double m_end = 0;
  std::int64_t m_steps = 1;
  std::vector<Point> m_points;
};

spec::LayerNode layer(std::string name, std::string kind, spec::ValueMap attributes = {}) {
  return {std::move(name), std::move(kind), std::move(attributes), {}};
}

std::shared_ptr<data::Dataset> makeData(bool image, std::size_t rows) {
  auto data = std::make_shared<data::Dataset>();
  Random random(5);
  data->rows = rows;
  data->schema.image = image;
  data->schema.inputShape = image ? spec::Shape{1, 28, 28} : spec::Shape{64};
  data->schema.task = spec::Task::Classification;
  data->schema.target.name = "class";
  for (int c = 0; c < 10; ++c) data->schema.target.classes.push_back(std::to_string(c));
  for (int f = 0; f < 64 && !image; ++f)
    data->schema.features.push_back({"x" + std::to_string(f), spec::ColumnKind::Real, f, 1, {}});
  const std::size_t perRow = image ? 784 : 64;
  for (std::size_t row = 0; row < rows; ++row) {
    data->classes.push_back(static_cast<std::int32_t>(random.below(10)));
    for (std::size_t i = 0; i < perRow; ++i) {
      if (image)
        data->pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
      else
        data->table.push_back(static_cast<float>(random.normal()));
    }
    data->split.train.push_back(static_cast<std::uint32_t>(row));
  }
  return data;
}

spec::ModelDescription makeModel(const data::Dataset& data) {
  spec::ModelDescription model;
  model.schema = data.schema;
  model.fitted.features.resize(data.schema.features.size());
  if (data.schema.image) {
    model.fitted.channelMean = {72.9F};
    model.fitted.channelStd = {90.0F};
    model.graph.layers = {
        layer("conv1", "conv2d", {{"out", 32}, {"kernel", spec::Value::List{3}}, {"padding", spec::Value::List{1}}}),
        layer("norm1", "batchnorm2d"),
        layer("relu1", "relu"),
        layer("pool1", "maxpool2d"),
        layer("conv2", "conv2d", {{"out", 64}, {"kernel", spec::Value::List{3}}, {"padding", spec::Value::List{1}}}),
        layer("norm2", "batchnorm2d"),
        layer("relu2", "relu"),
        layer("pool2", "maxpool2d"),
        layer("flatten", "flatten"),
        layer("fc1", "linear", {{"out", 128}}),
        layer("relu3", "relu"),
        layer("fc2", "linear", {{"out", 10}})};
  } else {
    model.graph.layers = {layer("fc1", "linear", {{"out", 64}}), layer("relu1", "relu"),
                          layer("fc2", "linear", {{"out", 64}}), layer("relu2", "relu"),
                          layer("fc3", "linear", {{"out", 10}})};
  }
  return model;
}

engine::TrainingRequest makeRequest(bool image, std::size_t rows, const bench::BareSettings& settings) {
  engine::TrainingRequest request;
  request.data = makeData(image, rows);
  request.model = makeModel(*request.data);
  request.training.epochs = settings.epochs;
  request.training.batchSize = static_cast<int>(settings.batchSize);
  request.training.threads = settings.threads;
  request.training.device = "cpu";
  request.training.loss.name = "cross_entropy";
  request.checkpointFolder = std::filesystem::temp_directory_path() / ("lathe-bench-" + std::to_string(::getpid()));
  return request;
}

// Other programs only ever add time: the least is the nearest to the truth.
double best(const std::vector<double>& values) { return *std::min_element(values.begin(), values.end()); }

/// The median over the rounds of a round's own ratio, in percent above 1: both sides of a ratio saw the same machine.
double overhead(const std::vector<double>& ours, const std::vector<double>& theirs) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(100 * (ours[i] / theirs[i] - 1));
  std::sort(ratios.begin(), ratios.end());
  return ratios[ratios.size() / 2];
}

/// Trainings run on worker threads, whose memory is managed differently from the main thread's.
void onWorker(const std::function<void()>& work) { std::thread(work).join(); }

bool compare(const char* title, bool image, std::size_t rows, const bench::BareSettings& settings, int rounds) {
  const auto engine = engine::makeTorchEngine();
  auto request = makeRequest(image, rows, settings);
  std::vector<double> ours, stock, fused;
  std::size_t points = 0;
  for (int round = -1; round < rounds; ++round) {
    auto bare = settings;
    double a = 0;
    double b = 0;
    onWorker([&] { a = bench::bareLoop(request.data, bare); });
    bare.fusedOptimizer = true;
    onWorker([&] { b = bench::bareLoop(request.data, bare); });
    QueueObserver observer;
    engine::TrainingControl control;
    Result<engine::TrainingSummary> summary;
    onWorker([&] { summary = engine->train(request, observer, control); });
    if (!summary) {
      std::fprintf(stderr, "%s\n", summary.error().sentence().c_str());
      return false;
    }
    if (round < 0) continue;  // warm-up
    stock.push_back(a);
    fused.push_back(b);
    ours.push_back(observer.microseconds());
    points = observer.points();
  }
  std::filesystem::remove_all(request.checkpointFolder);
  std::printf("%s, batch %d, one thread, best of %d, microseconds of processor time a step\n", title,
              int(settings.batchSize), rounds);
  std::printf("  bare LibTorch loop, torch::optim::AdamW      %10.1f\n", best(stock));
  std::printf("  bare LibTorch loop, fused AdamW              %10.1f\n", best(fused));
  std::printf("  engine, every step logged (%zu points)   %10.1f\n", points, best(ours));
  std::printf("  engine over bare loop: %+.1f %%; over the fused one: %+.1f %% (medians of %d rounds in turn)\n",
              overhead(ours, stock), overhead(ours, fused), rounds);
  return true;
}

/// Processes that do nothing but take processor time, as a compiler beside a training does.
class BusyProcesses {
 public:
  explicit BusyProcesses(unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const pid_t child = fork();
      if (child == 0)
        for (volatile std::uint64_t spin = 0;;) spin = spin + 1;
      m_children.push_back(child);
    }
  }
  ~BusyProcesses() {
    for (const auto child : m_children) {
      kill(child, SIGKILL);
      waitpid(child, nullptr, 0);
    }
  }
  BusyProcesses(const BusyProcesses&) = delete;
  BusyProcesses& operator=(const BusyProcesses&) = delete;

 private:
  std::vector<pid_t> m_children;
};

double wallSeconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  onWorker(work);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The CNN on all processors while as many busy processes want them: how long both sides take by the clock.
bool compareBusy() {
  const auto engine = engine::makeTorchEngine();
  const unsigned processors = machineInfo().threads;
  const bench::BareSettings settings{3, 64, static_cast<int>(processors), 1e-3, false};
  const auto request = makeRequest(true, 640, settings);
  const BusyProcesses busy(processors);
  QueueObserver observer;
  engine::TrainingControl control;
  Result<engine::TrainingSummary> summary;
  const double ours = wallSeconds([&] { summary = engine->train(request, observer, control); });
  const double theirs = wallSeconds([&] { bench::bareLoop(request.data, settings); });
  std::filesystem::remove_all(request.checkpointFolder);
  if (!summary) {
    std::fprintf(stderr, "%s\n", summary.error().sentence().c_str());
    return false;
  }
  std::printf("CNN 28x28, batch 64, 30 steps on %u threads beside %u busy processes, seconds by the clock\n",
              processors, processors);
  std::printf("  bare LibTorch loop                           %10.1f\n", theirs);
  std::printf("  engine                                       %10.1f (%.1f times as fast)\n", ours, theirs / ours);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  if (argc > 1 && std::string(argv[1]) == "--busy") return compareBusy() ? 0 : 1;
  const bool quick = argc > 1 && std::string(argv[1]) == "--quick";
  const auto machine = machineInfo();
  std::string sets;
  for (const auto& set : machine.instructionSets) sets += " " + set;
  const auto info = engine::makeTorchEngine()->info();
  std::printf("%s,%s; %s, %s\n", machine.processor.c_str(), sets.c_str(), info.name.c_str(), info.blas.c_str());
  const int rounds = quick ? 1 : 7;
  bool done = compare("MLP 64-64-64-10", false, 3200, {quick ? 5 : 30, 32, 1, 1e-3, false}, rounds);
  done = compare("CNN 28x28, 32 and 64 channels", true, 640, {1, 64, 1, 1e-3, false}, 3 * rounds) && done;
  return done ? 0 : 1;
}
