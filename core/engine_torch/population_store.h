// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <torch/torch.h>
#include <vector>

#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"

namespace lathe::engine {

/// Parameters, running statistics and optimiser arrays of P members of a population, one row of each tensor a member.
/// What learns lies in one flat [P, total], a row as in ParameterStore::flat(). Moves, never copies.
class PopulationStore {
 public:
  /// All zero; `arrays` of the optimiser.
  PopulationStore(const spec::Program& program, torch::Device device, std::int64_t members, std::size_t arrays);

  PopulationStore(const PopulationStore&) = delete;
  PopulationStore(PopulationStore&&) = default;
  PopulationStore& operator=(const PopulationStore&) = delete;
  PopulationStore& operator=(PopulationStore&&) = default;
  ~PopulationStore() = default;

  [[nodiscard]] std::int64_t members() const { return flat.size(0); }
  /// In the program's order, [P, shape]; what learns asks for gradients.
  [[nodiscard]] const TensorList& parameters() const { return m_parameters; }
  [[nodiscard]] const std::vector<ParameterStore::Place>& learning() const { return m_places; }
  [[nodiscard]] const spec::Parameter& description(std::size_t index) const { return m_descriptions[index]; }

  /// Another store of these rows alone (int64, ascending), and its rows put back into theirs.
  [[nodiscard]] PopulationStore taken(const torch::Tensor& rows) const;
  void putBack(const PopulationStore& part, const torch::Tensor& rows);

  /// The parameters of one member, in the program's order and shapes: views.
  [[nodiscard]] TensorList member(std::int64_t row) const;
  void setMember(std::int64_t row, const ParameterStore& from);

  /// The gradients of the last backward pass, laid out as `flat`; the parameters' own are forgotten. Valid until the
  /// next call.
  const torch::Tensor& collectGradients();

  torch::Tensor flat;
  TensorList arrays;    ///< [P, total] each
  torch::Tensor decay;  ///< [P, total]: 1 where weight decay acts
  torch::Tensor rates;  ///< [P, total]: factors of the learning rate; undefined: all 1

 private:
  PopulationStore() = default;
  void makeViews();
  [[nodiscard]] torch::Tensor viewOf(const torch::Tensor& rows, const ParameterStore::Place& place) const;

  std::vector<spec::Parameter> m_descriptions;
  std::vector<ParameterStore::Place> m_places;
  std::vector<std::vector<std::int64_t>> m_strides;  ///< of each parameter, as ParameterStore lays it out
  TensorList m_parameters;
  torch::Tensor m_gradient;
};

}  // namespace lathe::engine
