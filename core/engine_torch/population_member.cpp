// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/population_member.h"

#include "core/engine_torch/generator_state.h"
#include "core/engine_torch/torch_learner.h"

namespace lathe::engine {
namespace {

constexpr const char* begunKey = "optimizer.numbers";

std::string keyOf(const std::string& parameter, const char* array) { return "optimizer." + parameter + "." + array; }

}  // namespace

Result<StepOutcome> TorchPopulation::MemberLearner::step(std::span<const std::uint32_t> rows,
                                                         const StepSettings& settings) {
  const Asked asked{m_index, rows, settings};
  return m_population.step({&asked, 1})[0];
}

Result<Predictions> TorchPopulation::MemberLearner::evaluate(std::span<const std::uint32_t> rows) {
  return guarded([&]() -> Result<Predictions> {
    auto& population = m_population;
    population.m_threads.renew();
    return evaluateRows(population.m_runner, population.m_store.member(own().row), rows,
                        evaluationRows(population.m_runner.program()),
                        [&](auto part) { return population.m_batches.batch(part); }, {});
  });
}

std::size_t TorchPopulation::MemberLearner::arraysKept() const {
  const auto& optimizer = own().request->training.optimizer;
  const bool none = inMemory() && optimizer.name == "sgd" && !(optimizer.momentum > 0);
  return none ? 0 : m_population.m_arrayNames.size();
}

void TorchPopulation::MemberLearner::save(Checkpoint& checkpoint, bool resumable) const {
  const auto& store = m_population.m_store;
  const auto& names = m_population.m_arrayNames;
  const auto tensors = store.member(own().row);
  for (std::size_t i = 0; i < tensors.size(); ++i) saveTensor(checkpoint, store.description(i).name, tensors[i]);
  if (!resumable) return;
  if (inMemory()) {
    for (const auto& place : store.learning())
      for (std::size_t k = 0; k < arraysKept(); ++k)
        saveTensor(checkpoint, keyOf(store.description(place.index).name, names[k]),
                   array(k).narrow(0, place.offset, place.count));
  } else {
    for (std::size_t k = 0; k < names.size(); ++k)
      saveTensor(checkpoint, std::string("optimizer.") + names[k], array(k));
    const double begun = 1;
    checkpoint.add(begunKey, "F64", {1}, sizeof(begun), &begun);
  }
  saveGenerator(checkpoint, own().dropout);
}

Result<void> TorchPopulation::MemberLearner::restore(const Checkpoint& checkpoint) {
  return guarded([&]() -> Result<void> {
    ParameterStore from(m_population.m_runner.program(), torch::Device(torch::kCPU), false);
    LATHE_TRY(from.restore(checkpoint));
    LATHE_TRY(restoreArrays(checkpoint));
    m_population.m_store.setMember(own().row, from);
    return restoreGenerator(checkpoint, own().dropout);
  });
}

Result<void> TorchPopulation::MemberLearner::restoreArrays(const Checkpoint& checkpoint) {
  const torch::NoGradGuard noGrad;
  const auto& names = m_population.m_arrayNames;
  if (!inMemory()) {
    for (std::size_t k = 0; k < names.size(); ++k) {
      auto into = array(k);
      LATHE_TRY(restoreFlat(checkpoint, std::string("optimizer.") + names[k], into));
    }
    return {};
  }
  for (const auto& place : m_population.m_store.learning())
    for (std::size_t k = 0; k < arraysKept(); ++k) {
      auto into = array(k).narrow(0, place.offset, place.count);
      LATHE_TRY(restoreFlat(checkpoint, keyOf(m_population.m_store.description(place.index).name, names[k]), into));
    }
  return {};
}

}  // namespace lathe::engine
