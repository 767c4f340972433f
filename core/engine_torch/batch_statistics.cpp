// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/batch_statistics.h"

#include <algorithm>

#include "core/engine/batching.h"

namespace lathe::engine {
namespace {

constexpr std::int64_t mostBatches = 200;
constexpr std::size_t leastRows = 32;  // statistics of fewer rows say little

struct Statistic {
  torch::Tensor running;
  double momentum;
  torch::Tensor sum = torch::zeros_like(running, torch::kFloat64);
};

std::vector<Statistic> statisticsOf(const spec::Program& program, const TensorList& parameters) {
  std::vector<Statistic> found;
  for (const auto& operation : program.model) {
    if (operation.primitive != spec::Primitive::BatchNorm || !(operation.reals[1] > 0)) continue;
    if (!parameters[static_cast<std::size_t>(operation.parameters[0])].requires_grad()) continue;  // frozen
    for (const std::size_t which : {2, 3})
      found.push_back({parameters[static_cast<std::size_t>(operation.parameters[which])], operation.reals[1]});
  }
  return found;
}

}  // namespace

KeptStatistics::KeptStatistics(const spec::Program& program, const TensorList& parameters) {
  for (const auto& each : statisticsOf(program, parameters)) {
    m_places.push_back(each.running);
    m_values.push_back(each.running.clone());
  }
}

void KeptStatistics::putBack() const {
  for (std::size_t i = 0; i < m_places.size(); ++i) {
    auto place = m_places[i];
    place.copy_(m_values[i]);
  }
}

void renewStatistics(const ProgramRunner& runner, const TensorList& parameters, const TrainingRequest& request,
                     const std::function<TensorList(std::span<const std::uint32_t>)>& inputs) {
  auto statistics = statisticsOf(runner.program(), parameters);
  auto rows = request.data->split.train;
  if (statistics.empty() || rows.size() < 2) return;
  Random random(request.training.seed, "average");
  random.shuffle(rows);
  const BatchPlan plan(rows.size(),
                       std::max<std::size_t>(leastRows, static_cast<std::size_t>(request.training.batchSize)));
  const auto batches = std::min(plan.steps(), mostBatches);
  for (std::int64_t i = 0; i < batches; ++i) {
    // From zero a batch leaves momentum times its own statistics behind.
    for (auto& each : statistics) each.running.zero_();
    const auto [first, count] = plan.range(i);
    static_cast<void>(runner.model(inputs(std::span(rows).subspan(first, count)), parameters, &random));
    for (auto& each : statistics) each.sum.add_(each.running, 1 / each.momentum);
  }
  for (auto& each : statistics) each.running.copy_(each.sum / static_cast<double>(batches));
}

}  // namespace lathe::engine
