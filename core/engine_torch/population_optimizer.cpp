// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/population_optimizer.h"

#include <algorithm>
#include <cmath>

namespace lathe::engine {
namespace {

/// One number of every member, as a column on the device.
class Columns {
 public:
  Columns(std::span<const MemberUpdate> updates, std::size_t columns) : m_updates(updates) {
    m_values = torch::empty({static_cast<std::int64_t>(columns), static_cast<std::int64_t>(updates.size()), 1},
                            torch::kFloat32);
  }
  /// Adds the number that `of` gives for each member.
  template <class Number>
  void add(const Number& of) {
    auto* column = m_values.data_ptr<float>() + m_next * m_updates.size();
    for (std::size_t i = 0; i < m_updates.size(); ++i) column[i] = static_cast<float>(of(m_updates[i]));
    ++m_next;
  }
  /// All of them, sent at once.
  [[nodiscard]] TensorList on(torch::Device device) const { return m_values.to(device).unbind(0); }

 private:
  std::span<const MemberUpdate> m_updates;
  torch::Tensor m_values;
  std::size_t m_next = 0;
};

double decayOf(const MemberUpdate& update) { return update.spec.weightDecay * update.settings.weightDecayFactor; }

double timeOf(const MemberUpdate& update) {
  return static_cast<double>(update.settings.updateStep > 0 ? update.settings.updateStep : update.settings.step);
}

bool anyDecays(std::span<const MemberUpdate> updates) {
  return std::any_of(updates.begin(), updates.end(), [](const auto& update) { return decayOf(update) != 0; });
}

void updateSgd(PopulationStore& store, const torch::Tensor& gradient, std::span<const MemberUpdate> updates) {
  const auto momentum = [](const MemberUpdate& update) { return std::max(0.0, momentumOf(update)); };
  const auto ahead = [&](const MemberUpdate& update) { return update.spec.nesterov && update.spec.momentum > 0; };
  Columns columns(updates, 6);
  columns.add([](const auto& update) { return update.gradientScale; });
  columns.add(decayOf);
  columns.add(momentum);
  columns.add([&](const auto& update) { return ahead(update) ? 1.0 : 0.0; });
  columns.add([&](const auto& update) { return ahead(update) ? momentum(update) : 1.0; });
  columns.add([](const auto& update) { return update.settings.lr; });
  const auto c = columns.on(store.flat.device());
  auto g = gradient * c[0];
  if (anyDecays(updates)) g.addcmul_(store.decay * c[1], store.flat);
  auto& velocity = store.arrays[0];
  velocity.mul_(c[2]).add_(g);
  auto direction = velocity * c[4];
  if (std::any_of(updates.begin(), updates.end(), ahead)) direction.addcmul_(g, c[3]);
  if (store.rates.defined()) direction.mul_(store.rates);
  store.flat.sub_(direction.mul_(c[5]));
}

void updateAdam(PopulationStore& store, const torch::Tensor& gradient, std::span<const MemberUpdate> updates) {
  const auto time = timeOf;
  Columns columns(updates, 9);
  columns.add([](const auto& update) { return update.gradientScale; });
  columns.add([](const auto& update) { return momentumOf(update); });
  columns.add([](const auto& update) { return 1 - momentumOf(update); });
  columns.add([](const auto& update) { return update.spec.beta2; });
  columns.add([](const auto& update) { return 1 - update.spec.beta2; });
  columns.add([&](const auto& update) { return 1 / std::sqrt(1 - std::pow(update.spec.beta2, time(update))); });
  columns.add([](const auto& update) { return update.spec.epsilon; });
  columns.add(
      [&](const auto& update) { return update.settings.lr / (1 - std::pow(momentumOf(update), time(update))); });
  const bool decoupled = updates[0].spec.name != "adam";
  columns.add([&](const auto& update) { return decayOf(update) * (decoupled ? update.settings.lr : 1); });
  const auto c = columns.on(store.flat.device());
  auto g = gradient * c[0];
  if (!decoupled && anyDecays(updates)) g.addcmul_(store.decay * c[8], store.flat);
  auto& first = store.arrays[0];
  auto& second = store.arrays[1];
  first.mul_(c[1]).addcmul_(g, c[2]);
  second.mul_(c[3]).addcmul_(g.square(), c[4]);
  auto direction = first / second.sqrt().mul_(c[5]).add_(c[6]);
  direction.mul_(c[7]);
  if (store.rates.defined()) direction.mul_(store.rates);
  if (decoupled && anyDecays(updates)) {
    auto shrinking = store.decay * c[8];
    if (store.rates.defined()) shrinking.mul_(store.rates);
    store.flat.mul_(1 - shrinking);
  }
  store.flat.sub_(direction);
}

}  // namespace

std::vector<const char*> populationArrays(const std::string& optimizer) {
  if (optimizer == "sgd") return {"first"};
  if (optimizer == "adam" || optimizer == "adamw") return {"first", "second"};
  return {};
}

void updatePopulation(PopulationStore& store, const torch::Tensor& gradient, std::span<const MemberUpdate> updates) {
  const torch::NoGradGuard noGrad;
  if (updates.empty()) return;
  if (updates[0].spec.name == "sgd")
    updateSgd(store, gradient, updates);
  else
    updateAdam(store, gradient, updates);
}

double momentumOf(const MemberUpdate& update) {
  const bool sgd = update.spec.name == "sgd";
  const double own = sgd ? update.spec.momentum : update.spec.beta1;
  if (sgd && !(own > 0)) return -1;
  return update.settings.momentum >= 0 ? update.settings.momentum : own;
}

}  // namespace lathe::engine
