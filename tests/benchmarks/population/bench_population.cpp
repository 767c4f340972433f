// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings of one network (64-64-64-10, batch 32) with different rates, one after the other and as a population.
// `bench_population MEMBERS EPOCHS [DEVICE]` prints microseconds a step and member, the median of three.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine/population.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/customary.h"

namespace {

using namespace lathe;

constexpr std::size_t columns = 64;
constexpr std::size_t classes = 10;
constexpr std::size_t rows = 3200;
constexpr int batch = 32;

class Silent final : public engine::TrainingObserver {
 public:
  int series(const std::string& /*name*/) override { return 0; }
  void point(int /*series*/, std::int64_t /*step*/, double /*value*/) override {}
  void progress(const engine::TrainingProgress& /*progress*/) override {}
  void event(const std::string& /*kind*/, const Message& /*message*/) override {}
  void checkpoint(const engine::CheckpointInfo& /*info*/) override {}
};

std::shared_ptr<data::Dataset> table() {
  auto data = std::make_shared<data::Dataset>();
  data->rows = rows;
  data->schema.inputShape = {static_cast<std::int64_t>(columns)};
  data->schema.task = spec::Task::Classification;
  data->schema.target.name = "class";
  for (std::size_t c = 0; c < classes; ++c) data->schema.target.classes.push_back("c" + std::to_string(c));
  for (std::size_t c = 0; c < columns; ++c)
    data->schema.features.push_back({"x" + std::to_string(c), spec::ColumnKind::Real, static_cast<int>(c), 1, {}});
  Random random(1, "table");
  for (std::uint32_t row = 0; row < rows; ++row) {
    const auto label = random.below(classes);
    data->classes.push_back(static_cast<std::int32_t>(label));
    for (std::size_t c = 0; c < columns; ++c)
      data->table.push_back(static_cast<float>(random.normal() + (c % classes == label ? 1 : 0)));
    data->split.train.push_back(row);
  }
  return data;
}

engine::TrainingRequest requestOf(const std::shared_ptr<data::Dataset>& data, std::size_t member, int epochs,
                                  const std::string& device) {
  engine::TrainingRequest request;
  request.model.schema = data->schema;
  request.model.fitted.features.assign(columns, {});
  for (auto& feature : request.model.fitted.features) feature.scale = 1;
  request.model.fitted.classFrequencies.assign(classes, 1.0 / classes);
  const auto layer = [](const char* name, const char* kind, spec::ValueMap attributes = {}) {
    return spec::LayerNode{name, kind, std::move(attributes), {}};
  };
  request.model.graph = {{layer("fc1", "linear", {{"out", 64}}), layer("act1", "relu"),
                          layer("fc2", "linear", {{"out", 64}}), layer("act2", "relu"),
                          layer("out", "linear", {{"out", static_cast<std::int64_t>(classes)}})}};
  request.data = data;
  auto& training = request.training;
  training.epochs = epochs;
  training.batchSize = batch;
  training.seed = member;
  training.threads = 1;
  training.device = device;
  training.histograms = "off";
  training.loss.name = "cross_entropy";
  training.optimizer = spec::customaryOptimizer("adamw");
  training.optimizer.lr = 1e-4 * static_cast<double>(1 + member);
  return request;
}

double medianSeconds(const std::function<void()>& work) {
  std::array<double, 3> seconds{};
  for (auto& each : seconds) {
    const auto start = std::chrono::steady_clock::now();
    work();
    each = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  std::sort(seconds.begin(), seconds.end());
  return seconds[1];
}

void orExit(const Result<engine::TrainingSummary>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const auto members = static_cast<std::size_t>(std::max(1, std::atoi(argv[1])));
  const int epochs = std::max(1, std::atoi(argv[2]));
  const auto engine = engine::makeTorchEngine();
  const auto data = table();
  Silent observer;
  engine::TrainingControl control;
  std::vector<engine::TrainingRequest> requests;
  for (std::size_t i = 0; i < members; ++i) requests.push_back(requestOf(data, i, epochs, argc > 3 ? argv[3] : "cpu"));
  const double steps = static_cast<double>(rows / batch) * epochs * static_cast<double>(members);
  const auto print = [&](const char* what, double seconds) {
    std::printf("%-28s %8.2f microseconds a step and member\n", what, seconds / steps * 1e6);
  };
  for (const char* executor : {"libtorch", "auto"}) {
    for (auto& request : requests) request.training.executor = executor;
    print(std::string(executor) == "auto" ? "one by one, as by default" : "one by one, on LibTorch", medianSeconds([&] {
            for (const auto& request : requests) orExit(engine->train(request, observer, control));
          }));
  }
  std::vector<engine::PopulationMember> together;
  for (const auto& request : requests) together.push_back({&request, &observer, &control});
  print("as a population", medianSeconds([&] {
          for (const auto& result : engine->trainPopulation(together)) orExit(result);
        }));
  return 0;
}
