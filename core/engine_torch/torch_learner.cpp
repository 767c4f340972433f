// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/torch_learner.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/engine/freezing.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/micro_batches.h"
#include "core/engine/slot_traits.h"
#include "core/engine_torch/generator_state.h"
#include "core/engine_torch/mixed_precision.h"

namespace lathe::engine {

std::size_t evaluationRows(const spec::Program& program) {
  if (program.inputType == spec::ElementType::UInt8) return 256;
  constexpr std::int64_t mostFloats = std::int64_t{1} << 26;
  std::int64_t largest = 1;
  for (const auto* part : {&program.preprocess, &program.model})
    for (const auto& operation : *part) {
      const auto& shape = program.values[static_cast<std::size_t>(operation.output)];
      largest = std::max(largest, spec::elementCount(shape));
      // Scores of every pair of steps, for each head.
      if (operation.primitive == spec::Primitive::Attention)
        largest = std::max(largest, operation.ints[0] * shape[0] * shape[0]);
      // The spectrum, and its squares.
      if (operation.primitive == spec::Primitive::LogMel)
        largest = std::max(
            largest, 2 * program.constants[static_cast<std::size_t>(operation.constants.at(0))].shape[0] * shape[2]);
    }
  return static_cast<std::size_t>(std::clamp<std::int64_t>(mostFloats / largest, 1, 4096));
}

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
      m_largestBatch(largestBatch(request.data->split.train.size(), request.training)),
      m_runner(program, device),
      m_parameters(program, device, true),
      m_batches(request.data, m_runner, m_largestBatch, request.training),
      m_dropout(request.training.seed, "dropout") {
  m_parameters.initialise(request.training.seed);
  if (request.initialWeights) m_parameters.overwrite(*request.initialWeights);
  freeze(backboneFrozen(request.training, 1));
  m_gradient = torch::empty({static_cast<std::int64_t>(m_largestBatch), static_cast<std::int64_t>(loss.outputs())},
                            torch::kFloat32);
}

// An average of weights goes on: what was frozen is in it all the while. An average of the optimiser's own begins anew
// with the optimiser.
void TorchLearner::freeze(bool backbone) {
  m_backboneFrozen = backbone;
  const auto& program = m_runner.program();
  const auto& training = m_request.training;
  m_parameters.freeze(frozenParameters(program, backbone));
  const bool averages = training.average.name != "none";
  if (m_runner.device().is_cpu()) {
    const auto slots = slotsOf(program, training, m_parameters, false);
    m_optimizer.emplace(training.optimizer, slots);
    if (!averages || !m_average)
      m_average.emplace(training.average, averages ? slotsOf(program, training, m_parameters, false, true) : slots,
                        *m_optimizer);
  } else {
    m_deviceOptimizer.emplace(training.optimizer, m_parameters, slotTraits(program, training));
    if (!averages || !m_deviceAverage) m_deviceAverage.emplace(training.average, m_parameters, *m_deviceOptimizer);
  }
  const auto count = m_parameters.learning().size();
  m_gradients.assign(count, nullptr);
  m_rearranged.assign(count, {});
  m_zeros.assign(count, {});
}

void TorchLearner::announce(std::span<const std::uint32_t> rows, std::int64_t step) {
  m_batches.announce(MicroBatches(rows.size(), m_request.training).of(rows, 0), step);
}

Result<StepOutcome> TorchLearner::step(std::span<const std::uint32_t> rows, const StepSettings& settings) {
  return guarded([&]() -> Result<StepOutcome> {
    if (settings.backboneFrozen != m_backboneFrozen) freeze(settings.backboneFrozen);
    return descend(rows, settings);
  });
}

StepOutcome TorchLearner::descend(std::span<const std::uint32_t> rows, const StepSettings& settings) {
  m_threads.renew();
  StepOutcome outcome;
  const MicroBatches parts(rows.size(), m_request.training);
  for (std::int64_t i = 0; i < parts.count(); ++i) {
    const auto score = addGradient(parts.of(rows, i), settings, parts.count() > 1);
    if (parts.count() == 1 || !std::isfinite(score.loss))
      outcome.score = score;
    else
      outcome.score.add(score);
    if (std::isfinite(outcome.score.loss)) continue;
    forgetGradients();
    return outcome;
  }
  applyGradients(settings, parts.gradientScale(outcome.score), outcome);
  forgetGradients();
  return outcome;
}

torch::Tensor TorchLearner::forward(const TensorList& inputs, const StepSettings& settings) {
  const MixedPrecision precision(m_request.training, m_runner.device());
  return m_runner.model(inputs, m_parameters.all(), &m_dropout, settings.dropoutFactor).to(torch::kFloat32);
}

BatchScore TorchLearner::addGradient(std::span<const std::uint32_t> rows, const StepSettings& settings, bool weighted) {
  const auto batch = m_batches.training(rows, settings.step);
  const auto output = forward(batch.inputs, settings);
  if (output.dim() == 3) return addMembersGradient(output, rows, weighted);
  const auto plain = output.detach().to(torch::kCPU).contiguous();
  const auto count = rows.size() * m_loss.outputs();
  TORCH_CHECK(static_cast<std::size_t>(plain.numel()) == count, "the model gave ", plain.numel(), " outputs for ",
              rows.size(), " rows");
  const auto gradient = m_gradient.narrow(0, 0, static_cast<std::int64_t>(rows.size()));
  const auto score =
      m_loss.evaluate({plain.data_ptr<float>(), count}, rows, {gradient.data_ptr<float>(), count}, batch.mixed);
  if (!std::isfinite(score.loss)) return score;
  if (weighted) gradient.mul_(score.weight);
  if (output.requires_grad()) output.backward(gradient.view(output.sizes()).to(output.device()));
  return score;
}

BatchScore TorchLearner::addMembersGradient(const torch::Tensor& output, std::span<const std::uint32_t> rows,
                                            bool weighted) {
  const auto logits = output.detach().to(torch::kCPU).transpose(0, 1).contiguous();
  auto gradient = torch::empty_like(logits);
  const auto count = static_cast<std::size_t>(logits.numel());
  const auto score = evaluateMembers(m_loss, static_cast<std::size_t>(logits.size(0)),
                                     {logits.data_ptr<float>(), count}, rows, {gradient.data_ptr<float>(), count});
  if (!std::isfinite(score.loss)) return score;
  if (weighted) gradient.mul_(score.weight);
  if (output.requires_grad()) output.backward(gradient.transpose(0, 1).contiguous().to(output.device()));
  return score;
}

void TorchLearner::collectGradients() {
  const auto& places = m_parameters.learning();
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
}

void TorchLearner::applyGradients(const StepSettings& settings, double scale, StepOutcome& outcome) {
  const double limit = m_request.training.clipNorm;
  if (m_deviceOptimizer) {
    outcome.gradientNorm = m_deviceOptimizer->collect() * scale;
    if (!std::isfinite(outcome.gradientNorm)) return;
    if (auto* into = std::exchange(m_countInto, nullptr)) countOnDevice(*into, scale);
    m_deviceOptimizer->update(settings, scale * clippingScale(outcome.gradientNorm, limit));
    m_deviceAverage->afterStep(settings);
    outcome.lr = m_deviceOptimizer->rate();
    outcome.momentum = m_deviceOptimizer->momentum();
    return;
  }
  collectGradients();
  outcome.gradientNorm = m_optimizer->gradientNorm(m_gradients) * scale;
  if (!std::isfinite(outcome.gradientNorm)) return;
  if (auto* into = std::exchange(m_countInto, nullptr))
    *into = countParameters(slotsOf(m_runner.program(), m_request.training, m_parameters, false), m_gradients, scale);
  m_optimizer->update(m_gradients, settings, scale * clippingScale(outcome.gradientNorm, limit));
  m_average->afterStep(settings);
  outcome.lr = m_optimizer->rate();
  outcome.momentum = m_optimizer->momentum();
}

void TorchLearner::countOnDevice(ParameterHistograms& into, double scale) const {
  const torch::NoGradGuard noGrad;
  const auto weights = m_parameters.flat().to(torch::kCPU).contiguous();
  const auto slopes = m_deviceOptimizer->gradient().to(torch::kCPU).contiguous();
  std::vector<Optimizer::Slot> counted;
  std::vector<const float*> gradients;
  for (const auto& place : m_parameters.trainable()) {
    counted.push_back({m_parameters.description(place.index).name, weights.data_ptr<float>() + place.offset,
                       static_cast<std::size_t>(place.count)});
    gradients.push_back(slopes.data_ptr<float>() + place.offset);
  }
  into = countParameters(counted, gradients, scale);
}

// Undefined rather than zero: the next backward pass then hands its gradients over without adding.
void TorchLearner::forgetGradients() {
  for (const auto& place : m_parameters.learning()) m_parameters.all()[place.index].mutable_grad().reset();
}

bool TorchLearner::hasAverage() const { return m_average ? m_average->available() : m_deviceAverage->available(); }

Result<void> TorchLearner::enterAverage() {
  return guarded([&]() -> Result<void> {
    const torch::NoGradGuard noGrad;
    if (m_average)
      m_average->enter();
    else
      m_deviceAverage->enter();
    if (!(m_average ? m_average->needsStatistics() : m_deviceAverage->needsStatistics())) return {};
    m_keptStatistics.emplace(m_runner.program(), m_parameters.all());
    m_threads.renew();
    renewStatistics(m_runner, m_parameters.all(), m_request, [&](auto part) { return m_batches.batch(part); });
    return {};
  });
}

Result<void> TorchLearner::leaveAverage() {
  return guarded([&]() -> Result<void> {
    const torch::NoGradGuard noGrad;
    if (m_average)
      m_average->leave();
    else
      m_deviceAverage->leave();
    if (m_keptStatistics) m_keptStatistics->putBack();
    m_keptStatistics.reset();
    return {};
  });
}

Result<Predictions> TorchLearner::evaluate(std::span<const std::uint32_t> rows) {
  return guarded([&]() -> Result<Predictions> {
    m_threads.renew();
    return evaluateRows(m_runner, m_parameters.all(), rows, evaluationRows(m_runner.program()),
                        [&](auto part) { return m_batches.batch(part); }, {});
  });
}

void TorchLearner::save(Checkpoint& checkpoint, bool resumable) const {
  m_parameters.save(checkpoint);
  if (!resumable) return;
  if (m_optimizer) m_optimizer->save(checkpoint);
  if (m_average) m_average->save(checkpoint);
  if (m_deviceOptimizer) m_deviceOptimizer->save(checkpoint);
  if (m_deviceAverage) m_deviceAverage->save(checkpoint);
  saveFreezing(checkpoint, m_request.training, m_backboneFrozen);
  saveGenerator(checkpoint, m_dropout);
}

Result<void> TorchLearner::restore(const Checkpoint& checkpoint) {
  return guarded([&]() -> Result<void> {
    if (const bool frozen = savedFreezing(checkpoint, m_backboneFrozen); frozen != m_backboneFrozen) freeze(frozen);
    LATHE_TRY(m_parameters.restore(checkpoint));
    if (m_optimizer) LATHE_TRY(m_optimizer->restore(checkpoint));
    if (m_average) LATHE_TRY(m_average->restore(checkpoint));
    if (m_deviceOptimizer) LATHE_TRY(m_deviceOptimizer->restore(checkpoint));
    if (m_deviceAverage) LATHE_TRY(m_deviceAverage->restore(checkpoint));
    return restoreGenerator(checkpoint, m_dropout);
  });
}

}  // namespace lathe::engine
