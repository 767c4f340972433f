// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_average.h"

#include <cstring>

#include "core/engine/weight_average.h"

namespace lathe::engine {
namespace {

constexpr const char* averageKey = "average.flat";
constexpr const char* countKey = "average.count";

}  // namespace

DeviceAverage::DeviceAverage(const spec::AverageSpec& spec, const ParameterStore& parameters,
                             const DeviceOptimizer& optimizer)
    : m_name(spec.name), m_decay(spec.decay), m_parameters(parameters), m_optimizer(optimizer) {
  if (m_name != "none") m_average = torch::zeros_like(parameters.flat());
}

void DeviceAverage::afterStep(const StepSettings& settings) {
  if (m_name == "none" || !settings.average) return;
  const torch::NoGradGuard noGrad;
  const double stays = m_name == "ema" ? averageDecay(m_decay, m_count)
                                       : static_cast<double>(m_count) / static_cast<double>(m_count + 1);
  m_average.lerp_(m_parameters.flat(), 1 - stays);
  ++m_count;
}

bool DeviceAverage::available() const { return m_name == "none" ? m_optimizer.averages() : m_count > 0; }

void DeviceAverage::enter() {
  auto values = m_parameters.flat();
  m_kept = values.clone();
  values.copy_(m_name == "none" ? m_optimizer.average() : m_average);
}

void DeviceAverage::leave() {
  auto values = m_parameters.flat();
  values.copy_(m_kept);
  m_kept.reset();
}

void DeviceAverage::save(Checkpoint& checkpoint) const {
  if (m_name == "none") return;
  saveTensor(checkpoint, averageKey, m_average);
  checkpoint.add(countKey, "I64", {1}, sizeof(m_count), &m_count);
}

Result<void> DeviceAverage::restore(const Checkpoint& checkpoint) {
  if (m_name == "none") return {};
  LATHE_TRY(restoreFlat(checkpoint, averageKey, m_average));
  const auto* count = checkpoint.find(countKey);
  if (count == nullptr || count->bytes.size() != sizeof(m_count))
    return fail("engine.checkpoint_mismatch",
                LATHE_TEXT("errors", "The checkpoint holds no fitting average of weights ({name})."),
                LATHE_TEXT("errors", "Resume with the average that the run was started with, or start a new run."),
                {{"name", countKey}});
  std::memcpy(&m_count, count->bytes.data(), sizeof(m_count));
  return {};
}

}  // namespace lathe::engine
