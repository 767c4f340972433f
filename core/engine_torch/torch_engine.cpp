// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_engine.h"

#include <algorithm>
#include <torch/version.h>

#include "core/base/machine.h"
#include "core/engine/freezing.h"
#include "core/engine/memory_need.h"
#include "core/engine/micro_batches.h"
#include "core/engine_torch/blas_info.h"
#include "core/engine_torch/device_abilities.h"
#include "core/engine_torch/fused_learner.h"
#include "core/engine_torch/population_learner.h"
#include "core/engine_torch/torch_learner.h"
#include "core/engine_torch/torch_predictor.h"
#include "core/engine_torch/torch_supernet.h"
#include "core/engine_torch/zero_cost_scores.h"

namespace lathe::engine {
namespace {

constexpr double usableShare = 0.9;

// Clips are turned into pictures once.
Result<std::uint64_t> preparedValues(const spec::ModelDescription& model) {
  LATHE_ASSIGN(program, spec::lower(model));
  std::int64_t count = 0;
  for (const int id : program.prepared) count += spec::elementCount(program.values[static_cast<std::size_t>(id)]);
  return static_cast<std::uint64_t>(count);
}

MemoryNeed needOf(const TrainingRequest& request) {
  const auto& model = request.model;
  const auto context = spec::graphContext(model.schema, model.fitted, model.preprocessing);
  return memoryNeed(spec::analyse(model.graph, context), context, request.data ? request.data->rows : 0,
                    model.schema.sequence.window, model.schema.sound() ? preparedValues(model).value_or(0) : 0);
}

// What one training may take of the memory it runs in: the card's whole, since LibTorch keeps what it once took there
// and uses it again.
double usable(const spec::TrainingSpec& training) {
  const auto card = deviceFor(training.device);
  const auto bytes = card && !card->is_cpu() ? deviceMemory(*card) : std::nullopt;
  return usableShare * static_cast<double>(bytes.value_or(availableMemory()));
}

class TorchEngine final : public Engine {
 public:
  TorchEngine() { keepMemoryBetweenSteps(); }

  [[nodiscard]] EngineInfo info() const override {
    EngineInfo info;
    info.name = std::string("LibTorch ") + TORCH_VERSION;
    describeBlas(info);
    info.fused = FusedNetwork::description();
    info.fusedIsSlow = !FusedNetwork::hasProductLibrary();
    info.devices.emplace_back("cpu");
    if (torch::cuda::is_available())
      for (std::size_t i = 0; i < static_cast<std::size_t>(torch::cuda::device_count()); ++i)
        info.devices.push_back("cuda:" + std::to_string(i));
    info.bfloat16 = cardHasBfloat16();
    return info;
  }

  Result<TrainingSummary> train(const TrainingRequest& request, TrainingObserver& observer,
                                TrainingControl& control) override {
    LATHE_TRY(checkRequest(request));
    LATHE_TRY(checkMemory(request));
    LATHE_ASSIGN(program, spec::lower(request.model));
    LATHE_TRY(checkFreezing(program, request.training));
    LATHE_ASSIGN(device, deviceFor(request.training.device));
    LATHE_ASSIGN(fused, usesFused(request, program, device, observer));
    const MemoryReturn memory;
    auto result = guarded([&]() -> Result<TrainingSummary> {
      ThreadCount threads(request.training.threads);
      const Loss loss(request.training.loss, request.model, request.data);
      if (fused) {
        FusedLearner learner(request, program, loss);
        return runTraining(request, torchEngineName, learner, observer, control);
      }
      TorchLearner learner(request, program, loss, device, threads);
      return runTraining(request, torchEngineName, learner, observer, control);
    });
    if (!result && result.error().code == "engine.out_of_memory" && request.training.batchSize > 1)
      return fail("engine.out_of_memory", result.error().message.text,
                  LATHE_TEXT("errors", "Use a batch size of {batch} (training.batch_size), or a smaller model."),
                  {{"batch", std::to_string(request.training.batchSize / 2)}});
    return result;
  }

  std::vector<Result<TrainingSummary>> trainPopulation(std::span<const PopulationMember> members) override {
    using Results = std::vector<Result<TrainingSummary>>;
    std::vector<const TrainingRequest*> requests;
    for (const auto& member : members) requests.push_back(member.request);
    const auto all = [&](const Error& error) {
      return Results(members.size(), Result<TrainingSummary>(tl::unexpected<Error>(error)));
    };
    const auto programs = programsOf(requests);
    if (!programs) return all(programs.error());
    if (members.empty()) return {};
    const auto& training = requests[0]->training;
    const auto device = deviceFor(training.device);
    if (!device) return all(device.error());
    const MemoryReturn memory;
    const auto results = guarded([&]() -> Result<Results> {
      ThreadCount threads(training.threads);
      TorchPopulation population(members, *programs, *device, threads);
      return runPopulation(members, torchEngineName, population);
    });
    return results ? *results : all(results.error());
  }

  [[nodiscard]] Result<void> checkPopulation(std::span<const TrainingRequest* const> requests) const override {
    const auto programs = programsOf(requests);
    return programs ? Result<void>() : Result<void>(passOn(programs));
  }

  Result<std::unique_ptr<Predictor>> load(const std::filesystem::path& checkpoint) override {
    return loadCheckpointPredictor(checkpoint);
  }

  Result<void> exportTorchScript(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    return writeTorchScript(checkpoint, file);
  }

  Result<std::unique_ptr<Predictor>> loadTorchScript(const std::filesystem::path& file) override {
    return loadScriptPredictor(file);
  }

  Result<void> exportOnnx(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    return writeOnnxFile(checkpoint, file);
  }

  Result<std::unique_ptr<Predictor>> loadOnnx(const std::filesystem::path& file) override {
    return loadOnnxPredictor(file);
  }

  Result<void> exportSavedModel(const std::filesystem::path& checkpoint, const std::filesystem::path& file) override {
    return writeSavedModelFile(checkpoint, file);
  }

  Result<std::unique_ptr<Predictor>> loadSavedModel(const std::filesystem::path& file) override {
    return loadSavedModelPredictor(file);
  }

  Result<ZeroCost> zeroCost(const TrainingRequest& request) override {
    LATHE_TRY(checkRequest(request));
    LATHE_ASSIGN(program, spec::lower(request.model));
    return guarded([&]() -> Result<ZeroCost> {
      const ThreadCount threads(request.training.threads);
      return zeroCostOf(request, program);
    });
  }

  Result<std::unique_ptr<Supernet>> supernet(const TrainingRequest& request) override {
    LATHE_TRY(checkRequest(request));
    LATHE_TRY(checkMemory(request));
    return guarded([&]() -> Result<std::unique_ptr<Supernet>> { return makeTorchSupernet(request); });
  }

  [[nodiscard]] MemoryEstimate estimate(const TrainingRequest& request) const override {
    const auto need = needOf(request);
    MemoryEstimate estimate;
    estimate.bytes = need.of(request.training.batchSize);
    estimate.largestBatchThatFits = need.largestBatch(usable(request.training));
    return estimate;
  }

 private:
  static Message whyLibTorch(const std::string& obstacle) {
    if (obstacle == "memory")
      return {LATHE_TEXT("events", "Trained by LibTorch, which needs less memory for batches of so large values."), {}};
    return {LATHE_TEXT("events", "Trained by LibTorch, since the fused executor does not know {layer}."),
            {{"layer", obstacle}}};
  }

  // Which of the two executors trains, said in an event.
  static Result<bool> usesFused(const TrainingRequest& request, const spec::Program& program, torch::Device device,
                                TrainingObserver& observer) {
    const auto& training = request.training;
    if (training.executor == "libtorch") return false;
    if (training.executor == "fused" && training.precision == "bfloat16")
      return fail("engine.executor", LATHE_TEXT("errors", "The fused executor computes in float32."),
                  LATHE_TEXT("errors", "Set training.precision to float32, or training.executor to auto."));
    if (training.precision == "bfloat16") return false;
    const auto obstacle = FusedLearner::obstacle(program, largestBatch(request.data->split.train.size(), training));
    if (device.is_cpu() && !obstacle) {
      observer.event("executor", {LATHE_TEXT("events", "Trained by the fused executor ({description})."),
                                  {{"description", FusedNetwork::description()}}});
      return true;
    }
    if (training.executor != "fused") {
      if (device.is_cpu()) observer.event("executor", whyLibTorch(*obstacle));
      return false;
    }
    if (!device.is_cpu())
      return fail("engine.executor", LATHE_TEXT("errors", "The fused executor trains on the processor only."),
                  LATHE_TEXT("errors", "Set training.device to cpu, or training.executor to auto."));
    return fail("engine.executor", LATHE_TEXT("errors", "The fused executor does not know {layer}."),
                LATHE_TEXT("errors", "Set training.executor to auto."), {{"layer", *obstacle}});
  }

  // Of trainings that can take their steps together.
  [[nodiscard]] Result<std::vector<spec::Program>> programsOf(std::span<const TrainingRequest* const> requests) const {
    std::vector<spec::Program> programs;
    for (const auto* request : requests) {
      LATHE_TRY(checkRequest(*request));
      LATHE_ASSIGN(program, spec::lower(request->model));
      if (const auto obstacle = TorchPopulation::obstacle(program, request->training))
        return populationRefuses(*obstacle);
      programs.push_back(std::move(program));
    }
    if (const auto setting = populationDifference(requests, programs)) return populationDiffers(*setting);
    if (!requests.empty()) LATHE_TRY(checkMemory(*requests[0], requests.size()));
    return programs;
  }

  [[nodiscard]] Result<void> checkMemory(const TrainingRequest& request, std::size_t members = 1) const {
    auto need = estimate(request);
    if (members > 1) need.bytes = needOf(request).of(request.training.batchSize, members);
    const double available = usable(request.training);
    if (static_cast<double>(need.bytes) <= available) return {};
    const auto megabytes = [](double bytes) { return std::to_string(static_cast<std::uint64_t>(bytes / 1e6)); };
    TextArgs args{{"needed", megabytes(static_cast<double>(need.bytes))},
                  {"available", megabytes(available)},
                  {"batch", std::to_string(need.largestBatchThatFits)},
                  {"members", std::to_string(members)}};
    if (members > 1)
      return fail("engine.out_of_memory",
                  LATHE_TEXT("errors",
                             "{members} trainings together would need about {needed} MB, but {available} MB are "
                             "available."),
                  LATHE_TEXT("errors", "Train fewer of them at once."), std::move(args));
    if (need.largestBatchThatFits < 1)
      return fail("engine.out_of_memory",
                  LATHE_TEXT("errors", "The training would need about {needed} MB, but {available} MB are available."),
                  LATHE_TEXT("errors", "Use a smaller model or less data."), std::move(args));
    return fail("engine.out_of_memory",
                LATHE_TEXT("errors", "The training would need about {needed} MB, but {available} MB are available."),
                LATHE_TEXT("errors", "Use a batch size of at most {batch} (training.batch_size)."), std::move(args));
  }
};

}  // namespace

std::unique_ptr<Engine> makeTorchEngine() { return std::make_unique<TorchEngine>(); }

}  // namespace lathe::engine
