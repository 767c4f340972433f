// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/weight_average.h"

#include <algorithm>
#include <cstring>

#include "core/engine/optimizers/multiversion.h"

namespace lathe::engine {
namespace {

constexpr const char* countKey = "average.count";

LATHE_MULTIVERSION
void approach(float* __restrict average, const float* __restrict values, std::size_t count, float share) {
  for (std::size_t i = 0; i < count; ++i) average[i] += share * (values[i] - average[i]);
}

std::string keyOf(const Optimizer::Slot& slot) { return "average." + slot.name; }

}  // namespace

double averageDecay(double decay, std::int64_t count) {
  if (count == 0) return 0;
  const auto n = static_cast<double>(count);
  return std::min(decay, (1 + n) / (10 + n));
}

WeightAverage::WeightAverage(const spec::AverageSpec& spec, std::vector<Optimizer::Slot> slots,
                             const Optimizer& optimizer)
    : m_decay(spec.decay), m_slots(std::move(slots)), m_optimizer(optimizer) {
  if (spec.name == "ema") m_kind = Kind::Exponential;
  if (spec.name == "swa") m_kind = Kind::Mean;
  if (m_kind != Kind::None)
    for (const auto& slot : m_slots) m_average.emplace_back(slot.count, 0.0F);
}

void WeightAverage::afterStep(const StepSettings& settings) {
  if (m_kind == Kind::None || !settings.average) return;
  const double stays = m_kind == Kind::Exponential ? averageDecay(m_decay, m_count)
                                                   : static_cast<double>(m_count) / static_cast<double>(m_count + 1);
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    if (m_count == 0)
      std::copy_n(m_slots[s].values, m_slots[s].count, m_average[s].data());
    else
      approach(m_average[s].data(), m_slots[s].values, m_slots[s].count, static_cast<float>(1 - stays));
  }
  ++m_count;
}

bool WeightAverage::available() const { return m_kind == Kind::None ? m_optimizer.averages() : m_count > 0; }

void WeightAverage::enter() {
  m_kept.resize(m_slots.size());
  m_places.clear();
  for (std::size_t s = 0; s < m_slots.size(); ++s) {
    const auto& slot = m_slots[s];
    m_kept[s].assign(slot.values, slot.values + slot.count);
    m_places.push_back(slot.values);
    if (m_kind != Kind::None) std::copy(m_average[s].begin(), m_average[s].end(), slot.values);
  }
  if (m_kind == Kind::None) m_optimizer.writeAverage(m_places);
}

void WeightAverage::leave() {
  for (std::size_t s = 0; s < m_slots.size(); ++s) std::copy(m_kept[s].begin(), m_kept[s].end(), m_slots[s].values);
}

void WeightAverage::save(Checkpoint& checkpoint) const {
  if (m_kind == Kind::None) return;
  for (std::size_t s = 0; s < m_slots.size(); ++s)
    checkpoint.add(keyOf(m_slots[s]), "F32", {static_cast<std::int64_t>(m_slots[s].count)},
                   m_slots[s].count * sizeof(float), m_average[s].data());
  checkpoint.add(countKey, "I64", {1}, sizeof(m_count), &m_count);
}

Result<void> WeightAverage::restore(const Checkpoint& checkpoint) {
  if (m_kind == Kind::None) return {};
  const auto load = [&](const std::string& name, void* into, std::size_t bytes) -> Result<void> {
    const auto* tensor = checkpoint.find(name);
    if (tensor == nullptr || tensor->bytes.size() != bytes)
      return fail("engine.checkpoint_mismatch",
                  LATHE_TEXT("errors", "The checkpoint holds no fitting average of weights ({name})."),
                  LATHE_TEXT("errors", "Resume with the average that the run was started with, or start a new run."),
                  {{"name", name}});
    if (bytes > 0) std::memcpy(into, tensor->bytes.data(), bytes);
    return {};
  };
  for (std::size_t s = 0; s < m_slots.size(); ++s)
    LATHE_TRY(load(keyOf(m_slots[s]), m_average[s].data(), m_average[s].size() * sizeof(float)));
  return load(countKey, &m_count, sizeof(m_count));
}

}  // namespace lathe::engine
