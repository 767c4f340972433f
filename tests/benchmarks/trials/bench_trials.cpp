// SPDX-License-Identifier: GPL-3.0-or-later
// Many small trainings of different networks on both cores of one process, as a search runs them: one thread each, the
// next one taken by whoever is free. `bench_trials TABLE STEPS WORKERS WIDTH,DEPTH...` prints the seconds of all.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "core/engine_torch/torch_engine.h"
#include "core/services/training_service.h"
#include "core/spec/customary.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace lathe;

/// Ends the benchmark with the error's sentence.
template <class T>
T orExit(Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", result.error().sentence().c_str());
  std::exit(1);
}

class Silent final : public engine::TrainingObserver {
 public:
  int series(const std::string& /*name*/) override { return 0; }
  void point(int /*series*/, std::int64_t /*step*/, double /*value*/) override {}
  void progress(const engine::TrainingProgress& /*progress*/) override {}
  void event(const std::string& /*kind*/, const Message& /*message*/) override {}
  void checkpoint(const engine::CheckpointInfo& /*info*/) override {}
};

spec::ExperimentSpec trial(const std::string& table, std::int64_t width, std::int64_t depth) {
  spec::ExperimentSpec spec;
  spec.data.path = table;
  spec.data.split.train = 0.98;
  spec.data.split.validation = 0.01;
  spec.data.split.test = 0.01;
  spec.model.templateName = "mlp";
  spec.model.settings["hidden"] = spec::Value(std::vector<std::int64_t>(static_cast<std::size_t>(depth), width));
  spec.model.settings["dropout"] = spec::Value(0.0);
  spec.training.optimizer = spec::customaryOptimizer("adamw");
  spec.training.batchSize = 32;
  spec.training.threads = 1;
  return spec;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  const std::string table = argv[1];
  const double steps = std::atof(argv[2]);
  const auto engine = engine::makeTorchEngine();
  const tests::TempFolder folder;
  std::vector<engine::TrainingRequest> requests;
  for (int i = 4; i < argc; ++i) {
    const std::string shape = argv[i];
    const auto comma = shape.find(',');
    const auto asked = trial(table, std::stoll(shape), std::stoll(shape.substr(comma + 1)));
    auto resolved = orExit(services::resolve(asked, folder.path(), {}, engine.get()));
    engine::TrainingRequest request;
    request.model = resolved.model;
    request.training = resolved.spec.training;
    request.data = requests.empty() ? resolved.data : requests.front().data;
    const auto batches = static_cast<double>((request.data->split.train.size() + 31) / 32);
    request.training.epochs = static_cast<int>(steps / batches + 0.5);
    requests.push_back(std::move(request));
  }
  const auto start = std::chrono::steady_clock::now();
  std::atomic<std::size_t> next{0};
  {
    std::vector<std::jthread> workers;
    for (int worker = 0; worker < std::atoi(argv[3]); ++worker)
      workers.emplace_back([&] {
        for (std::size_t i = next++; i < requests.size(); i = next++) {
          Silent observer;
          engine::TrainingControl control;
          static_cast<void>(orExit(engine->train(requests[i], observer, control)));
        }
      });
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::printf("{\"seconds\": %.4f, \"trials\": %zu}\n", taken.count(), requests.size());
  return 0;
}
