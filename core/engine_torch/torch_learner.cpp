// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_learner.h"

#include <algorithm>
#include <cmath>

#include "core/engine_torch/generator_state.h"

namespace lathe::engine {

std::size_t evaluationRows(const spec::DataSchema& schema) { return schema.image ? 256 : 4096; }

Predictions evaluateRows(const ProgramRunner& runner, const TensorList& parameters, std::span<const std::uint32_t> rows,
                         std::size_t rowsAtOnce,
                         const std::function<TensorList(std::span<const std::uint32_t>)>& inputs,
                         const JobContext& job) {
  const c10::InferenceMode inference;
  Predictions predictions;
  predictions.rows = rows.size();
  for (std::size_t first = 0; first < rows.size() && !job.cancelled(); first += rowsAtOnce) {
    const auto part = rows.subspan(first, std::min(rowsAtOnce, rows.size() - first));
    const auto output = runner.head(runner.model(inputs(part), parameters, nullptr)).to(torch::kCPU).contiguous();
    predictions.columns = static_cast<std::size_t>(output.numel()) / part.size();
    const auto* values = output.data_ptr<float>();
    predictions.values.insert(predictions.values.end(), values, values + output.numel());
    job.report({"predict", static_cast<double>(first + part.size()), static_cast<double>(rows.size()), "rows"});
  }
  return predictions;
}

TorchLearner::TorchLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss,
                           torch::Device device, ThreadCount& threads)
    : m_request(request),
      m_loss(loss),
      m_threads(threads),
      m_plan(request.data->split.train.size(), static_cast<std::size_t>(std::max(1, request.training.batchSize))),
      m_runner(program, device),
      m_parameters(program, device, true),
      m_batches(request.data, m_runner, m_plan.largest(), request.training),
      m_dropout(request.training.seed, "dropout") {
  m_parameters.initialise(request.training.seed);
  if (device.is_cpu())
    m_optimizer.emplace(request.training.optimizer, slots());
  else
    m_deviceOptimizer.emplace(request.training.optimizer, m_parameters);
  m_gradient = torch::empty({static_cast<std::int64_t>(m_plan.largest()), static_cast<std::int64_t>(loss.outputs())},
                            torch::kFloat32);
  const auto count = m_parameters.trainable().size();
  m_gradients.resize(count);
  m_rearranged.resize(count);
  m_zeros.resize(count);
}

std::vector<Optimizer::Slot> TorchLearner::slots() const {
  std::vector<Optimizer::Slot> result;
  for (const auto& place : m_parameters.trainable()) {
    const auto& description = m_parameters.description(place.index);
    result.push_back({description.name, m_parameters.flat().data_ptr<float>() + place.offset,
                      static_cast<std::size_t>(place.count), description.decay});
  }
  return result;
}

Result<StepOutcome> TorchLearner::step(std::span<const std::uint32_t> rows, std::int64_t step, double lr) {
  return guarded([&]() -> Result<StepOutcome> { return descend(rows, step, lr); });
}

StepOutcome TorchLearner::descend(std::span<const std::uint32_t> rows, std::int64_t step, double lr) {
  m_threads.renew();
  const auto batch = m_batches.training(rows, step);
  const auto output = m_runner.model(batch.inputs, m_parameters.all(), &m_dropout);
  const auto plain = output.detach().to(torch::kCPU).contiguous();
  const auto count = rows.size() * m_loss.outputs();
  TORCH_CHECK(static_cast<std::size_t>(plain.numel()) == count, "the model gave ", plain.numel(), " outputs for ",
              rows.size(), " rows");
  const auto gradient = m_gradient.narrow(0, 0, static_cast<std::int64_t>(rows.size()));
  StepOutcome outcome;
  outcome.score =
      m_loss.evaluate({plain.data_ptr<float>(), count}, rows, {gradient.data_ptr<float>(), count}, batch.mixed);
  if (!std::isfinite(outcome.score.loss)) return outcome;
  if (output.requires_grad()) output.backward(gradient.view(output.sizes()).to(output.device()));
  outcome.gradientNorm = applyGradients(step, lr);
  return outcome;
}

double TorchLearner::applyGradients(std::int64_t step, double lr) {
  const double limit = m_request.training.clipNorm;
  const auto& places = m_parameters.trainable();
  double norm = 0;
  if (m_deviceOptimizer) {
    norm = m_deviceOptimizer->collect();
    if (std::isfinite(norm)) m_deviceOptimizer->update(step, lr, clippingScale(norm, limit));
  } else {
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto& parameter = m_parameters.all()[places[i].index];
      const auto& gradient = parameter.grad();
      if (!gradient.defined()) {
        m_zeros[i].resize(static_cast<std::size_t>(places[i].count), 0.0F);
        m_gradients[i] = m_zeros[i].data();
      } else if (sameLayout(gradient, parameter)) {
        m_gradients[i] = gradient.data_ptr<float>();
      } else {
        const torch::NoGradGuard noGrad;
        if (!m_rearranged[i].defined()) m_rearranged[i] = torch::empty_like(parameter.detach());
        m_rearranged[i].copy_(gradient);
        m_gradients[i] = m_rearranged[i].data_ptr<float>();
      }
    }
    norm = m_optimizer->gradientNorm(m_gradients);
    if (std::isfinite(norm)) m_optimizer->update(m_gradients, step, lr, clippingScale(norm, limit));
  }
  // Undefined rather than zero: the next backward pass then hands its gradients over without adding.
  for (const auto& place : places) m_parameters.all()[place.index].mutable_grad().reset();
  return norm;
}

Result<Predictions> TorchLearner::evaluate(std::span<const std::uint32_t> rows) {
  return guarded([&]() -> Result<Predictions> {
    m_threads.renew();
    return evaluateRows(m_runner, m_parameters.all(), rows, evaluationRows(m_request.model.schema),
                        [&](auto part) { return m_batches.batch(part); }, {});
  });
}

void TorchLearner::save(Checkpoint& checkpoint, bool resumable) const {
  m_parameters.save(checkpoint);
  if (!resumable) return;
  if (m_optimizer) m_optimizer->save(checkpoint);
  if (m_deviceOptimizer) m_deviceOptimizer->save(checkpoint);
  saveGenerator(checkpoint, m_dropout);
}

Result<void> TorchLearner::restore(const Checkpoint& checkpoint) {
  return guarded([&]() -> Result<void> {
    LATHE_TRY(m_parameters.restore(checkpoint));
    if (m_optimizer) LATHE_TRY(m_optimizer->restore(checkpoint));
    if (m_deviceOptimizer) LATHE_TRY(m_deviceOptimizer->restore(checkpoint));
    return restoreGenerator(checkpoint, m_dropout);
  });
}

}  // namespace lathe::engine
