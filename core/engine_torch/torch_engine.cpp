// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_engine.h"

#include <algorithm>
#include <limits>
#include <torch/version.h>

#include "core/base/machine.h"
#include "core/engine/freezing.h"
#include "core/engine/micro_batches.h"
#include "core/engine_torch/blas_info.h"
#include "core/engine_torch/device_abilities.h"
#include "core/engine_torch/fused_learner.h"
#include "core/engine_torch/population_learner.h"
#include "core/engine_torch/torch_learner.h"
#include "core/engine_torch/torch_predictor.h"

namespace lathe::engine {
namespace {

constexpr std::uint64_t floatBytes = sizeof(float);
// Values, gradients, two moments, the last good state to go back to, and the copies that a checkpoint in the making
// needs.
constexpr std::uint64_t copiesOfParameters = 14;
// Each activation has a gradient while it flows back.
constexpr std::uint64_t copiesOfActivations = 2;
constexpr double usableShare = 0.9;

/// What a training takes whatever its batch, and what each row of a batch adds.
struct Need {
  std::uint64_t table = 0;  ///< the prepared rows, which a population shares
  std::uint64_t fixed = 0;
  std::uint64_t perRow = 0;
  [[nodiscard]] std::uint64_t of(int batchSize, std::size_t members = 1) const {
    return table + members * (fixed + perRow * static_cast<std::uint64_t>(std::max(1, batchSize)));
  }
};

// Clips are turned into pictures once.
Result<std::uint64_t> preparedValues(const spec::ModelDescription& model) {
  LATHE_ASSIGN(program, spec::lower(model));
  std::int64_t count = 0;
  for (const int id : program.prepared) count += spec::elementCount(program.values[static_cast<std::size_t>(id)]);
  return static_cast<std::uint64_t>(count);
}

Need needOf(const TrainingRequest& request) {
  const auto context = spec::graphContext(request.model.schema, request.model.fitted, request.model.preprocessing);
  const auto report = spec::analyse(request.model.graph, context);
  std::uint64_t prepared = 0;
  std::uint64_t text = 0;
  // Text stays with the data; a batch has as many codes of it as its longest row.
  for (const auto& input : context.inputs)
    (input.name == "text" ? text : prepared) += static_cast<std::uint64_t>(spec::elementCount(input.shape));
  if (request.model.schema.sound()) prepared = preparedValues(request.model).value_or(prepared);
  Need need;
  need.fixed = static_cast<std::uint64_t>(report.parameters) * floatBytes * copiesOfParameters;
  // Windows share the rows they are made of.
  const auto shared = static_cast<std::uint64_t>(std::max<std::int64_t>(1, request.model.schema.sequence.window));
  if (!request.model.schema.image && request.data)
    need.table = (prepared + shared - 1) / shared * floatBytes * request.data->rows;
  need.perRow =
      (static_cast<std::uint64_t>(report.activations) * copiesOfActivations + prepared * 2 + text) * floatBytes;
  return need;
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
    returnFreeMemory();
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
    const auto results = guarded([&]() -> Result<Results> {
      ThreadCount threads(training.threads);
      TorchPopulation population(members, *programs, *device, threads);
      return runPopulation(members, torchEngineName, population);
    });
    returnFreeMemory();
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

  [[nodiscard]] MemoryEstimate estimate(const TrainingRequest& request) const override {
    const auto need = needOf(request);
    MemoryEstimate estimate;
    estimate.bytes = need.of(request.training.batchSize);
    const double room = usable() - static_cast<double>(need.table + need.fixed);
    const double rows = need.perRow > 0 ? room / static_cast<double>(need.perRow) : 0;
    estimate.largestBatchThatFits =
        static_cast<int>(std::clamp(rows, 0.0, static_cast<double>(std::numeric_limits<int>::max())));
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

  static double usable() { return usableShare * static_cast<double>(machineInfo().memoryAvailable); }

  [[nodiscard]] Result<void> checkMemory(const TrainingRequest& request, std::size_t members = 1) const {
    auto need = estimate(request);
    if (members > 1) need.bytes = needOf(request).of(request.training.batchSize, members);
    if (static_cast<double>(need.bytes) <= usable()) return {};
    const auto megabytes = [](double bytes) { return std::to_string(static_cast<std::uint64_t>(bytes / 1e6)); };
    TextArgs args{{"needed", megabytes(static_cast<double>(need.bytes))},
                  {"available", megabytes(usable())},
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
