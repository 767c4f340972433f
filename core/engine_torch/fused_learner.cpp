// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/fused_learner.h"

#include <algorithm>
#include <cmath>

#include "core/engine_fused/head.h"
#include "core/engine_torch/generator_state.h"
#include "core/engine_torch/tensors.h"

namespace lathe::engine {

std::optional<std::string> FusedLearner::obstacle(const spec::Program& program) {
  if (!knowsHead(program)) return "head";
  return FusedNetwork::obstacle(program);
}

FusedLearner::FusedLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss)
    : m_request(request),
      m_program(program),
      m_loss(loss),
      m_plan(request.data->split.train.size(), static_cast<std::size_t>(std::max(1, request.training.batchSize))),
      m_runner(program, torch::Device(torch::kCPU)),
      m_parameters(program, torch::Device(torch::kCPU), true),
      m_prepared(request.data, m_runner, m_plan.largest()),
      m_optimizer(request.training.optimizer, slots()),
      m_dropout(request.training.seed, "dropout") {
  m_parameters.initialise(request.training.seed);
  std::vector<FusedInput> inputs;
  for (const auto& tensor : m_prepared.prepared()) {
    const bool codes = tensor.scalar_type() == torch::kInt64;
    inputs.push_back({codes ? nullptr : tensor.data_ptr<float>(), codes ? tensor.data_ptr<std::int64_t>() : nullptr});
  }
  std::vector<FusedParameter> parameters;
  for (const auto& tensor : m_parameters.all()) parameters.push_back({tensor.data_ptr<float>(), -1});
  for (const auto& place : m_parameters.trainable()) parameters[place.index].offset = place.offset;
  const auto count = static_cast<std::size_t>(m_parameters.flat().numel());
  m_network = std::make_unique<FusedNetwork>(program, std::move(inputs), std::move(parameters), count, m_plan.largest(),
                                             request.training.threads);
  for (const auto& place : m_parameters.trainable()) m_gradients.push_back(m_network->gradients() + place.offset);
}

std::vector<Optimizer::Slot> FusedLearner::slots() const {
  std::vector<Optimizer::Slot> result;
  for (const auto& place : m_parameters.trainable()) {
    const auto& description = m_parameters.description(place.index);
    result.push_back({description.name, m_parameters.flat().data_ptr<float>() + place.offset,
                      static_cast<std::size_t>(place.count), description.decay});
  }
  return result;
}

Result<StepOutcome> FusedLearner::step(std::span<const std::uint32_t> rows, std::int64_t step, double lr) {
  const auto logits = m_network->forward(rows, m_dropout.next());
  StepOutcome outcome;
  m_gradient.resize(logits.size());
  outcome.score = evaluateMembers(m_loss, m_network->members(), logits, rows, m_gradient);
  if (!std::isfinite(outcome.score.loss)) return outcome;
  m_network->backward(m_gradient);
  outcome.gradientNorm = m_optimizer.gradientNorm(m_gradients);
  if (std::isfinite(outcome.gradientNorm))
    m_optimizer.update(m_gradients, step, lr, clippingScale(outcome.gradientNorm, m_request.training.clipNorm));
  return outcome;
}

Result<Predictions> FusedLearner::evaluate(std::span<const std::uint32_t> rows) {
  Predictions predictions;
  predictions.rows = rows.size();
  predictions.columns = m_network->outputs();
  predictions.values.reserve(rows.size() * predictions.columns);
  for (std::size_t first = 0; first < rows.size(); first += m_plan.largest()) {
    const auto part = rows.subspan(first, std::min(m_plan.largest(), rows.size() - first));
    applyHead(m_program, m_network->forward(part, std::nullopt), m_network->members(), m_network->outputs(),
              predictions.values);
  }
  return predictions;
}

void FusedLearner::save(Checkpoint& checkpoint, bool resumable) const {
  m_parameters.save(checkpoint);
  if (!resumable) return;
  m_optimizer.save(checkpoint);
  saveGenerator(checkpoint, m_dropout);
}

Result<void> FusedLearner::restore(const Checkpoint& checkpoint) {
  return guarded([&]() -> Result<void> {
    LATHE_TRY(m_parameters.restore(checkpoint));
    LATHE_TRY(m_optimizer.restore(checkpoint));
    return restoreGenerator(checkpoint, m_dropout);
  });
}

}  // namespace lathe::engine
