// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/folding.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace lathe::exporting {
namespace {

using spec::Operation;
using spec::Primitive;

constexpr std::size_t normParameters = 4;  // weight, bias, mean, variance
constexpr float nothing = -0.0F;           // what any number stays itself with, 0 and -0 too

/// How often each value and each parameter is read.
struct Uses {
  std::vector<int> values, parameters;

  explicit Uses(const spec::Program& program)
      : values(program.values.size(), 0), parameters(program.parameters.size()) {
    ++values[static_cast<std::size_t>(program.output >= 0 ? program.output : program.logits)];
    for (const auto* section : {&program.preprocess, &program.model, &program.head})
      for (const auto& operation : *section) {
        for (const int input : operation.inputs) ++values[static_cast<std::size_t>(input)];
        for (const int parameter : operation.parameters) ++parameters[static_cast<std::size_t>(parameter)];
      }
  }
  [[nodiscard]] bool alone(const Operation& operation) const {
    return std::all_of(operation.parameters.begin(), operation.parameters.end(),
                       [&](int each) { return parameters[static_cast<std::size_t>(each)] == 1; });
  }
};

/// Whether each of its outputs is one row of weights times what it reads.
bool takesNorm(const Operation& layer, const spec::Shape& output) {
  const auto kind = layer.primitive;
  return (kind == Primitive::Linear && layer.reals.empty() && output.size() == 1) || kind == Primitive::Conv1d ||
         kind == Primitive::Conv2d;
}

const std::vector<float>& numbersOf(const Operation& operation, std::size_t i,
                                    std::span<const std::vector<float>> all) {
  return all[static_cast<std::size_t>(operation.parameters.at(i))];
}

}  // namespace

PerChannel perChannel(const Operation& norm, std::span<const std::vector<float>> weights) {
  const auto &weight = numbersOf(norm, 0, weights), &bias = numbersOf(norm, 1, weights),
             &mean = numbersOf(norm, 2, weights), &variance = numbersOf(norm, 3, weights);
  PerChannel result;
  for (std::size_t i = 0; i < weight.size(); ++i) {
    const double scale =
        static_cast<double>(weight[i]) / std::sqrt(static_cast<double>(variance[i]) + norm.reals.at(0));
    result.scale.push_back(scale);
    result.shift.push_back(static_cast<double>(bias[i]) - static_cast<double>(mean[i]) * scale);
  }
  return result;
}

Folding::Folding(const spec::Program& program) : m_program(program), m_count(program.parameters.size()) {
  m_origin.resize(m_count);
  std::iota(m_origin.begin(), m_origin.end(), 0);
  const Uses uses(program);
  std::map<int, Operation*> makers;
  for (auto& operation : m_program.model) makers[operation.output] = &operation;
  std::set<int> gone;  // outputs of the norms' layers before
  for (const auto& norm : program.model) {
    if (norm.primitive != Primitive::BatchNorm || norm.parameters.size() != normParameters) continue;
    const int read = norm.inputs.at(0);
    const auto maker = makers.find(read);
    if (maker == makers.end() || uses.values[static_cast<std::size_t>(read)] != 1 || !uses.alone(norm) ||
        !uses.alone(*maker->second) || !takesNorm(*maker->second, program.values[static_cast<std::size_t>(read)]))
      continue;
    join(norm, *maker->second);
    gone.insert(read);
  }
  std::erase_if(m_program.model, [&](const Operation& operation) {
    return operation.primitive == Primitive::BatchNorm && gone.contains(operation.inputs.at(0));
  });

  // The norms' parameters leave; the others close up.
  std::set<int> dropped;
  for (const auto& fold : m_folds) dropped.insert(fold.norm.parameters.begin(), fold.norm.parameters.end());
  std::vector<int> place(m_program.parameters.size(), -1), origin;
  std::vector<spec::Parameter> kept;
  for (std::size_t i = 0; i < place.size(); ++i) {
    if (dropped.contains(static_cast<int>(i))) continue;
    place[i] = static_cast<int>(kept.size());
    kept.push_back(std::move(m_program.parameters[i]));
    origin.push_back(m_origin[i]);
  }
  m_program.parameters = std::move(kept);
  m_origin = std::move(origin);
  for (auto* section : {&m_program.preprocess, &m_program.model, &m_program.head})
    for (auto& operation : *section)
      for (int& parameter : operation.parameters) parameter = place[static_cast<std::size_t>(parameter)];
  for (auto& fold : m_folds) {
    fold.weight = static_cast<std::size_t>(place[fold.weight]);
    fold.bias = static_cast<std::size_t>(place[fold.bias]);
  }
}

void Folding::join(const Operation& norm, Operation& layer) {
  Fold fold{static_cast<std::size_t>(layer.parameters.at(0)), 0, norm};
  if (layer.parameters.size() < 2) {
    layer.parameters.push_back(static_cast<int>(m_program.parameters.size()));
    m_program.parameters.push_back({layer.layer + ".bias", {m_program.parameters[fold.weight].shape.at(0)}, {}});
    m_origin.push_back(-1);
  }
  fold.bias = static_cast<std::size_t>(layer.parameters[1]);
  layer.output = norm.output;
  m_folds.push_back(std::move(fold));
}

Weights Folding::folded(std::span<const std::vector<float>> whole) const {
  Weights result;
  for (const int origin : m_origin)
    result.push_back(origin >= 0 ? whole[static_cast<std::size_t>(origin)] : std::vector<float>());
  for (const auto& fold : m_folds) {
    auto &weight = result[fold.weight], &bias = result[fold.bias];
    const auto [scale, shift] = perChannel(fold.norm, whole);
    const auto each = weight.size() / scale.size();
    for (std::size_t i = 0; i < weight.size(); ++i)
      weight[i] = static_cast<float>(static_cast<double>(weight[i]) * scale[i / each]);
    bias.resize(scale.size(), nothing);
    for (std::size_t i = 0; i < scale.size(); ++i)
      bias[i] = static_cast<float>(static_cast<double>(bias[i]) * scale[i] + shift[i]);
  }
  return result;
}

// The variance is the float next to one less epsilon: what it leaves of the scale is less than half a place of any
// weight.
Weights Folding::unfolded(Weights folded) const {
  Weights whole(m_count);
  for (const auto& fold : m_folds) {
    const auto parameter = [&](std::size_t i) -> auto& {
      return whole[static_cast<std::size_t>(fold.norm.parameters[i])];
    };
    auto& bias = folded[fold.bias];
    const auto channels = bias.size();
    parameter(0).assign(channels, 1);
    parameter(1) = std::move(bias);
    parameter(2).assign(channels, 0);
    parameter(3).assign(channels, static_cast<float>(1 - fold.norm.reals.at(0)));
    bias.assign(channels, nothing);
  }
  for (std::size_t i = 0; i < m_origin.size(); ++i)
    if (m_origin[i] >= 0) whole[static_cast<std::size_t>(m_origin[i])] = std::move(folded[i]);
  return whole;
}

FoldedModel folded(const spec::Program& program, std::span<const std::vector<float>> weights) {
  const Folding folding(program);
  return {folding.program(), folding.folded(weights)};
}

}  // namespace lathe::exporting
