// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/population_learner.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/engine/histogram_counter.h"
#include "core/engine/micro_batches.h"
#include "core/engine/slot_traits.h"
#include "core/engine_torch/population_member.h"
#include "core/engine_torch/torch_learner.h"

namespace lathe::engine {
namespace {

torch::Tensor indexOf(const std::vector<std::int64_t>& rows) { return torch::tensor(rows, torch::kInt64); }

bool isEvery(const std::vector<std::int64_t>& rows, const PopulationStore& store) {
  return static_cast<std::int64_t>(rows.size()) == store.members();
}

std::size_t largestOf(std::span<const PopulationMember> members) {
  const auto& first = *members[0].request;
  return members.size() * largestBatch(first.data->split.train.size(), first.training);
}

}  // namespace

TorchPopulation::TorchPopulation(std::span<const PopulationMember> members, const std::vector<spec::Program>& programs,
                                 torch::Device device, ThreadCount& threads)
    : m_runner(programs.at(0), device),
      m_network(programs, device),
      m_batches(members[0].request->data, m_runner, largestOf(members), {}, {false}),
      m_arrayNames(populationArrays(members[0].request->training.optimizer.name)),
      m_store(programs[0], device, static_cast<std::int64_t>(members.size()), m_arrayNames.size()),
      m_threads(threads) {
  ParameterStore start(programs[0], torch::Device(torch::kCPU), false);
  bool scaled = false;
  auto rates = torch::ones_like(m_store.flat);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const auto& request = *members[i].request;
    const auto row = static_cast<std::int64_t>(i);
    start.initialise(request.training.seed);
    if (request.initialWeights) start.overwrite(*request.initialWeights);
    m_store.setMember(row, start);
    const auto traits = slotTraits(programs[i], request.training);
    for (const auto& place : m_store.learning()) {
      const auto& trait = traits[place.index];
      const auto part = [&](const torch::Tensor& of) { return of.select(0, row).narrow(0, place.offset, place.count); };
      if (trait.decay || request.training.optimizer.decayAll) part(m_store.decay).fill_(1);
      part(rates).fill_(trait.lrScale);
      scaled = scaled || trait.lrScale != 1;
    }
    m_members.push_back({&request, Loss(request.training.loss, request.model, request.data),
                         Random(request.training.seed, "dropout"), std::make_unique<MemberLearner>(*this, i), nullptr,
                         row, false});
  }
  if (scaled) m_store.rates = rates;
}

TorchPopulation::~TorchPopulation() = default;

Learner& TorchPopulation::member(std::size_t index) { return *m_members[index].learner; }

std::vector<Result<StepOutcome>> TorchPopulation::step(std::span<const Asked> asked) {
  std::vector<Result<StepOutcome>> outcomes(asked.size());
  const auto went = guarded([&]() -> Result<void> {
    closeRanks();
    m_threads.renew();
    std::map<std::size_t, Group> groups;  // by the number of rows
    for (std::size_t i = 0; i < asked.size(); ++i) groups[asked[i].rows.size()].push_back(i);
    for (const auto& [rows, group] : groups) descend(asked, group, outcomes);
    return {};
  });
  if (!went) std::fill(outcomes.begin(), outcomes.end(), Result<StepOutcome>(passOn(went)));
  return outcomes;
}

void TorchPopulation::closeRanks() {
  if (!std::exchange(m_anyLeft, false)) return;
  std::vector<std::int64_t> kept;
  for (auto& member : m_members) {
    if (member.left) continue;
    kept.push_back(std::exchange(member.row, static_cast<std::int64_t>(kept.size())));
  }
  if (!kept.empty() && !isEvery(kept, m_store)) m_store = m_store.taken(indexOf(kept));
}

void TorchPopulation::descend(std::span<const Asked> asked, const Group& group,
                              std::vector<Result<StepOutcome>>& outcomes) {
  std::vector<std::int64_t> rows;
  std::vector<std::uint32_t> data;
  std::vector<MemberPass> passes;
  for (const auto i : group) {
    auto& member = m_members[asked[i].member];
    rows.push_back(member.row);
    data.insert(data.end(), asked[i].rows.begin(), asked[i].rows.end());
    passes.push_back({asked[i].member, &member.dropout, asked[i].settings.dropoutFactor});
  }
  std::optional<PopulationStore> part;
  if (!isEvery(rows, m_store)) part = m_store.taken(indexOf(rows));
  auto& store = part ? *part : m_store;
  auto inputs = m_batches.batch(data);
  for (auto& input : inputs) {
    auto sizes = input.sizes().vec();
    sizes[0] /= static_cast<std::int64_t>(group.size());
    sizes.insert(sizes.begin(), static_cast<std::int64_t>(group.size()));
    input = input.view(sizes);
  }
  std::vector<StepOutcome> got(group.size());
  const auto output = m_network.logits(inputs, store, passes);
  const auto gradient = evaluateLosses(output, asked, group, got);
  if (output.requires_grad()) output.backward(gradient.to(output.device()));
  applyGradients(store, asked, group, got);
  if (part) m_store.putBack(*part, indexOf(rows));
  for (std::size_t k = 0; k < group.size(); ++k) outcomes[group[k]] = got[k];
}

torch::Tensor TorchPopulation::evaluateLosses(const torch::Tensor& output, std::span<const Asked> asked,
                                              const Group& group, std::vector<StepOutcome>& into) {
  auto logits = output.detach().to(torch::kCPU);
  // An ensemble's [P,N,K,C] is read member of the ensemble by member: [P,K,N,C].
  const bool ensemble = logits.dim() == 4;
  logits = (ensemble ? logits.transpose(1, 2) : logits).contiguous();
  const auto gradient = torch::zeros_like(logits);
  const auto count = static_cast<std::size_t>(logits.numel()) / group.size();
  for (std::size_t k = 0; k < group.size(); ++k) {
    const auto& step = asked[group[k]];
    const auto& loss = m_members[step.member].loss;
    const std::span<const float> values(logits.data_ptr<float>() + k * count, count);
    const std::span<float> slopes(gradient.data_ptr<float>() + k * count, count);
    const auto copies = ensemble ? static_cast<std::size_t>(logits.size(1)) : 1;
    TORCH_CHECK(count == copies * step.rows.size() * loss.outputs(), "the model gave ", count, " outputs for ",
                step.rows.size(), " rows");
    into[k].score =
        ensemble ? evaluateMembers(loss, copies, values, step.rows, slopes) : loss.evaluate(values, step.rows, slopes);
    if (!std::isfinite(into[k].score.loss)) std::fill(slopes.begin(), slopes.end(), 0.0F);
  }
  return ensemble ? gradient.transpose(1, 2).contiguous() : gradient;
}

void TorchPopulation::applyGradients(PopulationStore& store, std::span<const Asked> asked, const Group& group,
                                     std::vector<StepOutcome>& into) {
  const torch::NoGradGuard noGrad;
  const auto& gradient = store.collectGradients();
  const auto norms =
      torch::linalg_vector_norm(gradient, 2, torch::IntArrayRef{1}, false, torch::kFloat64).to(torch::kCPU);
  std::vector<std::int64_t> learning;
  std::vector<MemberUpdate> updates;
  for (std::size_t k = 0; k < group.size(); ++k) {
    auto& outcome = into[k];
    auto& member = m_members[asked[group[k]].member];
    if (!std::isfinite(outcome.score.loss)) continue;
    outcome.gradientNorm = norms.data_ptr<double>()[k];
    if (!std::isfinite(outcome.gradientNorm)) continue;
    const auto row = static_cast<std::int64_t>(k);
    if (auto* counted = std::exchange(member.countInto, nullptr))
      countRow(store.flat.select(0, row), gradient.select(0, row), *counted);
    const auto& training = member.request->training;
    const MemberUpdate update{training.optimizer, asked[group[k]].settings,
                              clippingScale(outcome.gradientNorm, training.clipNorm)};
    outcome.lr = update.settings.lr;
    outcome.momentum = momentumOf(update);
    learning.push_back(row);
    updates.push_back(update);
  }
  if (isEvery(learning, store)) return updatePopulation(store, gradient, updates);
  if (learning.empty()) return;
  // The others must stay as they are, to the bit.
  const auto rows = indexOf(learning);
  auto part = store.taken(rows);
  updatePopulation(part, gradient.index_select(0, rows.to(gradient.device())), updates);
  store.putBack(part, rows);
}

void TorchPopulation::countRow(const torch::Tensor& weights, const torch::Tensor& gradient,
                               ParameterHistograms& into) const {
  const auto values = weights.to(torch::kCPU).contiguous();
  const auto slopes = gradient.to(torch::kCPU).contiguous();
  std::vector<Optimizer::Slot> slots;
  std::vector<const float*> gradients;
  for (const auto& place : m_store.learning()) {
    slots.push_back({m_store.description(place.index).name, values.data_ptr<float>() + place.offset,
                     static_cast<std::size_t>(place.count)});
    gradients.push_back(slopes.data_ptr<float>() + place.offset);
  }
  into = countParameters(slots, gradients, 1);
}

std::optional<std::string> TorchPopulation::obstacle(const spec::Program& program, const spec::TrainingSpec& training) {
  if (training.precision == "bfloat16") return "training.precision=bfloat16";
  const auto& optimizer = training.optimizer;
  if (populationArrays(optimizer.name).empty()) return "training.optimizer.name=" + optimizer.name;
  if (optimizer.hypergradient > 0) return "training.optimizer.hypergradient";
  if (training.average.name != "none") return "training.average.name=" + training.average.name;
  if (training.accumulateSteps > 1) return "training.accumulate_steps";
  if (training.freeze != "none") return "training.freeze=" + training.freeze;
  if (training.executor == "fused") return "training.executor=fused";
  if (spec::augments(training.augment)) return "training.augment";
  for (const auto& parameter : program.parameters)
    if (parameter.trainable && parameter.lrFactor == 0) return "frozen weights (" + parameter.name + ")";
  return PopulationNetwork::obstacle(program);
}

}  // namespace lathe::engine
