// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/device_optimizer.h"

#include <algorithm>
#include <cstring>

namespace lathe::engine {
namespace {

constexpr const char* deviceNumbersKey = "optimizer.numbers";

tl::unexpected<Error> stateMissing(const std::string& name) {
  return fail("engine.checkpoint_mismatch",
              LATHE_TEXT("errors", "The checkpoint holds no fitting optimiser state for {name}."),
              LATHE_TEXT("errors", "Resume on the kind of device that the run was started on, or start a new run."),
              {{"name", name}});
}

}  // namespace

Result<void> restoreFlat(const Checkpoint& checkpoint, const std::string& name, torch::Tensor& into) {
  const auto* tensor = checkpoint.find(name);
  if (tensor == nullptr || tensor->dtype != "F32" || tensor->shape != spec::Shape{into.numel()})
    return stateMissing(name);
  auto values = torch::empty({into.numel()}, torch::kFloat32);
  if (!tensor->bytes.empty()) std::memcpy(values.data_ptr<float>(), tensor->bytes.data(), tensor->bytes.size());
  into.copy_(values);
  return {};
}

DeviceOptimizer::DeviceOptimizer(const spec::OptimizerSpec& spec, const ParameterStore& parameters,
                                 const std::vector<SlotTraits>& traits)
    : m_spec(spec),
      m_parameters(parameters),
      m_gradient(torch::zeros_like(parameters.flat())),
      m_decay(torch::zeros_like(parameters.flat())) {
  const bool scaled = std::any_of(traits.begin(), traits.end(), [](const auto& trait) { return trait.lrScale != 1; });
  if (scaled) m_rates = torch::ones_like(parameters.flat());
  std::vector<DevicePlace> places;
  for (const auto& place : parameters.trainable()) {
    const auto& trait = traits[place.index];
    const auto& shape = parameters.description(place.index).shape;
    const bool decay = trait.decay || spec.decayAll;
    if (decay) m_decay.narrow(0, place.offset, place.count).fill_(1);
    if (scaled) m_rates.narrow(0, place.offset, place.count).fill_(trait.lrScale);
    places.push_back({place.offset, place.count, shape.size() >= 2 ? shape[0] : 1, trait.hidden, decay});
  }
  m_rule = makeDeviceRule(spec, parameters.flat(), places);
}

double DeviceOptimizer::collect() {
  const torch::NoGradGuard noGrad;
  m_gradient.zero_();
  for (const auto& place : m_parameters.trainable()) {
    const auto& parameter = m_parameters.all()[place.index];
    if (!parameter.grad().defined()) continue;
    m_gradient.as_strided(parameter.sizes(), parameter.strides(), place.offset).copy_(parameter.grad());
  }
  return m_gradient.norm().item<double>();
}

void DeviceOptimizer::update(const StepSettings& settings, double gradientScale) {
  const torch::NoGradGuard noGrad;
  const DeviceStep step{m_parameters.flat(),
                        m_gradient * gradientScale,
                        m_rates,
                        m_decay * (m_spec.weightDecay * settings.weightDecayFactor),
                        settings.updateStep > 0 ? settings.updateStep : settings.step,
                        settings.lr,
                        settings.momentum};
  if (m_still.empty())
    for (const auto& place : m_parameters.trainable())
      if (!m_parameters.all()[place.index].requires_grad())
        m_still.push_back({place, m_parameters.flat().narrow(0, place.offset, place.count).clone()});
  m_rule->update(step);
  for (const auto& still : m_still)
    m_parameters.flat().narrow(0, still.place.offset, still.place.count).copy_(still.values);
  m_begun = true;
}

torch::Tensor DeviceOptimizer::average() const {
  if (!averages() || !m_begun) return m_parameters.flat();
  const auto& average = m_rule->arrays[static_cast<std::size_t>(m_rule->averageArray)].second;
  if (m_still.empty()) return average;
  auto patched = average.clone();
  for (const auto& still : m_still) patched.narrow(0, still.place.offset, still.place.count).copy_(still.values);
  return patched;
}

void DeviceOptimizer::save(Checkpoint& checkpoint) const {
  for (const auto& [name, values] : m_rule->arrays) saveTensor(checkpoint, std::string("optimizer.") + name, values);
  auto numbers = m_rule->numbers;
  numbers.push_back(m_begun ? 1 : 0);
  checkpoint.add(deviceNumbersKey, "F64", {static_cast<std::int64_t>(numbers.size())}, numbers.size() * sizeof(double),
                 numbers.data());
}

Result<void> DeviceOptimizer::restore(const Checkpoint& checkpoint) {
  m_still.clear();
  for (auto& [name, values] : m_rule->arrays)
    LATHE_TRY(restoreFlat(checkpoint, std::string("optimizer.") + name, values));
  std::vector<double> numbers(m_rule->numbers.size() + 1);
  const auto* tensor = checkpoint.find(deviceNumbersKey);
  if (tensor == nullptr || tensor->bytes.size() != numbers.size() * sizeof(double))
    return stateMissing(deviceNumbersKey);
  std::memcpy(numbers.data(), tensor->bytes.data(), tensor->bytes.size());
  m_begun = numbers.back() != 0;
  numbers.pop_back();
  m_rule->numbers = numbers;
  return {};
}

}  // namespace lathe::engine
