// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/fused_learner.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/engine/freezing.h"
#include "core/engine/histogram_counter.h"
#include "core/engine/micro_batches.h"
#include "core/engine_fused/head.h"
#include "core/engine_torch/generator_state.h"
#include "core/engine_torch/tensors.h"
#include "core/spec/text_program.h"

namespace lathe::engine {

std::optional<std::string> FusedLearner::obstacle(const spec::Program& program, std::size_t largestBatch) {
  if (!knowsHead(program)) return "head";
  if (auto found = FusedNetwork::obstacle(program)) return found;
  // All values of a batch and their gradients are kept, where LibTorch frees what it no longer needs.
  constexpr double mostBytes = 2e9;
  if (FusedNetwork::bytes(program, largestBatch) > mostBytes) return "memory";
  return std::nullopt;
}

FusedLearner::FusedLearner(const TrainingRequest& request, const spec::Program& program, const Loss& loss)
    : m_request(request),
      m_program(program),
      m_loss(loss),
      m_largestBatch(largestBatch(request.data->split.train.size(), request.training)),
      m_runner(program, torch::Device(torch::kCPU)),
      m_parameters(program, torch::Device(torch::kCPU), true),
      m_batches(request.data, m_runner, m_largestBatch, request.training),
      m_dropout(request.training.seed, "dropout") {
  m_parameters.initialise(request.training.seed);
  if (request.initialWeights) m_parameters.overwrite(*request.initialWeights);
  for (std::size_t i = 0; i < m_batches.prepared().size(); ++i) {
    const auto& tensor = m_batches.prepared()[i];
    const bool codes = tensor.scalar_type() == torch::kInt64;
    const bool windows =
        spec::takesWindows(program) && program.values[static_cast<std::size_t>(program.prepared[i])].size() == 2;
    m_inputs.push_back(
        {codes ? nullptr : tensor.data_ptr<float>(), codes ? tensor.data_ptr<std::int64_t>() : nullptr, windows});
  }
  if (const auto text = spec::textInput(program)) {
    FusedInput input;
    for (const auto& column : request.data->texts)
      input.texts.push_back({column.place.data(), column.starts.data(), column.codes.data()});
    m_inputs.insert(m_inputs.begin() + static_cast<std::ptrdiff_t>(*text), std::move(input));
  }
  if (request.data->schema.image) m_inputs.emplace_back();
  freeze(backboneFrozen(request.training, 1));
}

void FusedLearner::freeze(bool backbone) {
  m_backboneFrozen = backbone;
  const auto& training = m_request.training;
  const auto frozen = frozenParameters(m_program, backbone);
  m_parameters.freeze(frozen);
  std::vector<FusedParameter> parameters;
  for (const auto& tensor : m_parameters.all()) parameters.push_back({tensor.data_ptr<float>(), -1});
  for (const auto& place : m_parameters.trainable()) {
    parameters[place.index].offset = place.offset;
    parameters[place.index].learns = !frozen[place.index];
  }
  const auto count = static_cast<std::size_t>(m_parameters.flat().numel());
  m_network.reset();
  m_network = std::make_unique<FusedNetwork>(m_program, m_inputs, parameters, count, m_largestBatch, training.threads);
  const bool several = training.accumulateSteps > 1;
  if (several) m_accumulated.assign(count, 0.0F);
  const float* gradients = several ? m_accumulated.data() : m_network->gradients();
  m_gradients.clear();
  for (const auto& place : m_parameters.learning()) m_gradients.push_back(gradients + place.offset);
  const auto slots = slotsOf(m_program, training, m_parameters, true);
  m_optimizer.emplace(training.optimizer, slots);
  const bool averages = training.average.name != "none";
  if (!averages || !m_average)
    m_average.emplace(training.average, averages ? slotsOf(m_program, training, m_parameters, true, true) : slots,
                      *m_optimizer);
  if (training.threads > 1)
    m_parallel = [this](int parts, const std::function<void(int)>& work) {
      m_network->share([&](int thread, int threads) {
        for (int part = thread; part < parts; part += threads) work(part);
      });
    };
}

void FusedLearner::announce(std::span<const std::uint32_t> rows, std::int64_t step) {
  m_batches.announce(MicroBatches(rows.size(), m_request.training).of(rows, 0), step);
}

std::span<const float> FusedLearner::forward(std::span<const std::uint32_t> rows, const TensorList& images,
                                             std::optional<std::uint64_t> dropoutKey, double dropFactor) {
  const auto& data = *m_request.data;
  if (!data.schema.image && data.schema.sequence.window == 0) return m_network->forward(rows, dropoutKey, dropFactor);
  m_places.resize(rows.size());
  torch::Tensor channelsLast;
  if (data.schema.image) {
    // As it lies already, unless preprocessing was more than a scaling.
    channelsLast = images.at(0).contiguous(at::MemoryFormat::ChannelsLast);
    m_network->setNumbers(0, channelsLast.data_ptr<float>());
    std::iota(m_places.begin(), m_places.end(), 0U);
  } else {
    for (std::size_t i = 0; i < rows.size(); ++i)
      m_places[i] = static_cast<std::uint32_t>(data::lastPlace(data, rows[i]));
  }
  return m_network->forward(m_places, dropoutKey, dropFactor);
}

BatchScore FusedLearner::findGradient(std::span<const std::uint32_t> rows, const StepSettings& settings) {
  TrainingBatch batch;
  if (m_request.data->schema.image) batch = m_batches.training(rows, settings.step);
  const auto logits = forward(rows, batch.inputs, m_dropout.next(), settings.dropoutFactor);
  m_gradient.resize(logits.size());
  const auto score = m_network->members() == 1
                         ? m_loss.evaluate(logits, rows, m_gradient, batch.mixed)
                         : evaluateMembers(m_loss, m_network->members(), logits, rows, m_gradient);
  if (std::isfinite(score.loss)) m_network->backward(m_gradient);
  return score;
}

void FusedLearner::accumulate(double weight, bool first) {
  const auto factor = static_cast<float>(weight);
  const float* gradients = m_network->gradients();
  for (std::size_t i = 0; i < m_accumulated.size(); ++i)
    m_accumulated[i] = (first ? 0.0F : m_accumulated[i]) + factor * gradients[i];
}

Result<StepOutcome> FusedLearner::step(std::span<const std::uint32_t> rows, const StepSettings& settings) {
  if (settings.backboneFrozen != m_backboneFrozen) {
    const auto frozen = guarded([&]() -> Result<void> {
      freeze(settings.backboneFrozen);
      return {};
    });
    if (!frozen) return passOn(frozen);
  }
  StepOutcome outcome;
  const MicroBatches parts(rows.size(), m_request.training);
  for (std::int64_t i = 0; i < parts.count(); ++i) {
    const auto score = findGradient(parts.of(rows, i), settings);
    if (parts.count() == 1 || !std::isfinite(score.loss))
      outcome.score = score;
    else
      outcome.score.add(score);
    if (!std::isfinite(outcome.score.loss)) return outcome;
    if (!m_accumulated.empty()) accumulate(parts.count() > 1 ? score.weight : 1, i == 0);
  }
  const double scale = parts.gradientScale(outcome.score);
  outcome.gradientNorm = m_optimizer->gradientNorm(m_gradients) * scale;
  if (!std::isfinite(outcome.gradientNorm)) return outcome;
  if (auto* into = std::exchange(m_countInto, nullptr))
    *into = countParameters(slotsOf(m_program, m_request.training, m_parameters, true), m_gradients, scale);
  m_optimizer->update(m_gradients, settings, scale * clippingScale(outcome.gradientNorm, m_request.training.clipNorm),
                      m_parallel);
  m_average->afterStep(settings);
  outcome.lr = m_optimizer->rate();
  outcome.momentum = m_optimizer->momentum();
  return outcome;
}

Result<void> FusedLearner::enterAverage() {
  return guarded([&]() -> Result<void> {
    const torch::NoGradGuard noGrad;
    m_average->enter();
    if (!m_average->needsStatistics()) return {};
    m_keptStatistics.emplace(m_program, m_parameters.all());
    renewStatistics(m_runner, m_parameters.all(), m_request, [&](auto part) { return m_batches.batch(part); });
    return {};
  });
}

Result<void> FusedLearner::leaveAverage() {
  return guarded([&]() -> Result<void> {
    const torch::NoGradGuard noGrad;
    m_average->leave();
    if (m_keptStatistics) m_keptStatistics->putBack();
    m_keptStatistics.reset();
    return {};
  });
}

Result<Predictions> FusedLearner::evaluate(std::span<const std::uint32_t> rows) {
  Predictions predictions;
  predictions.rows = rows.size();
  predictions.columns = m_network->outputs();
  predictions.values.reserve(rows.size() * predictions.columns);
  for (std::size_t first = 0; first < rows.size(); first += m_largestBatch) {
    const auto part = rows.subspan(first, std::min(m_largestBatch, rows.size() - first));
    TensorList images;
    if (m_request.data->schema.image) images = m_batches.batch(part);
    applyHead(m_program, forward(part, images, std::nullopt), m_network->members(), m_network->outputs(),
              predictions.values);
  }
  return predictions;
}

void FusedLearner::save(Checkpoint& checkpoint, bool resumable) const {
  m_parameters.save(checkpoint);
  if (!resumable) return;
  m_optimizer->save(checkpoint);
  m_average->save(checkpoint);
  saveFreezing(checkpoint, m_request.training, m_backboneFrozen);
  saveGenerator(checkpoint, m_dropout);
}

Result<void> FusedLearner::restore(const Checkpoint& checkpoint) {
  return guarded([&]() -> Result<void> {
    if (const bool frozen = savedFreezing(checkpoint, m_backboneFrozen); frozen != m_backboneFrozen) freeze(frozen);
    LATHE_TRY(m_parameters.restore(checkpoint));
    LATHE_TRY(m_optimizer->restore(checkpoint));
    LATHE_TRY(m_average->restore(checkpoint));
    return restoreGenerator(checkpoint, m_dropout);
  });
}

}  // namespace lathe::engine
