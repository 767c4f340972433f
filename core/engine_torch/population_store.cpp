// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/population_store.h"

namespace lathe::engine {
namespace {

std::vector<std::int64_t> stacked(std::int64_t members, const spec::Shape& shape) {
  std::vector<std::int64_t> sizes{members};
  sizes.insert(sizes.end(), shape.begin(), shape.end());
  return sizes;
}

}  // namespace

PopulationStore::PopulationStore(const spec::Program& program, torch::Device device, std::int64_t members,
                                 std::size_t arrayCount)
    : m_descriptions(program.parameters), m_parameters(program.parameters.size()) {
  // The places are a single training's, so that a row is what that training would have.
  const ParameterStore single(program, torch::Device(torch::kCPU), false);
  m_places = single.trainable();
  for (const auto& tensor : single.all()) m_strides.push_back(tensor.strides().vec());
  const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(device);
  flat = torch::zeros({members, single.flat().numel()}, options);
  decay = torch::zeros_like(flat);
  for (std::size_t k = 0; k < arrayCount; ++k) arrays.push_back(torch::zeros_like(flat));
  for (std::size_t i = 0; i < m_descriptions.size(); ++i)
    if (!m_descriptions[i].trainable)
      m_parameters[i] = torch::zeros(stacked(members, m_descriptions[i].shape), options);
  makeViews();
}

torch::Tensor PopulationStore::viewOf(const torch::Tensor& rows, const ParameterStore::Place& place) const {
  const auto& shape = m_descriptions[place.index].shape;
  auto strides = m_strides[place.index];
  strides.insert(strides.begin(), rows.stride(0));
  return rows.as_strided(stacked(rows.size(0), shape), strides, place.offset);
}

void PopulationStore::makeViews() {
  for (const auto& place : m_places) m_parameters[place.index] = viewOf(flat, place).detach().set_requires_grad(true);
}

PopulationStore PopulationStore::taken(const torch::Tensor& rows) const {
  const torch::NoGradGuard noGrad;
  const auto index = rows.to(flat.device());
  PopulationStore part;
  part.m_descriptions = m_descriptions;
  part.m_places = m_places;
  part.m_strides = m_strides;
  part.m_parameters.resize(m_parameters.size());
  part.flat = flat.index_select(0, index);
  part.decay = decay.index_select(0, index);
  if (rates.defined()) part.rates = rates.index_select(0, index);
  for (const auto& array : arrays) part.arrays.push_back(array.index_select(0, index));
  for (std::size_t i = 0; i < m_parameters.size(); ++i)
    if (!m_descriptions[i].trainable) part.m_parameters[i] = m_parameters[i].index_select(0, index);
  part.makeViews();
  return part;
}

void PopulationStore::putBack(const PopulationStore& part, const torch::Tensor& rows) {
  const torch::NoGradGuard noGrad;
  const auto index = rows.to(flat.device());
  flat.index_copy_(0, index, part.flat);
  for (std::size_t k = 0; k < arrays.size(); ++k) arrays[k].index_copy_(0, index, part.arrays[k]);
  for (std::size_t i = 0; i < m_parameters.size(); ++i)
    if (!m_descriptions[i].trainable) m_parameters[i].index_copy_(0, index, part.m_parameters[i]);
}

TensorList PopulationStore::member(std::int64_t row) const {
  TensorList tensors;
  for (const auto& parameter : m_parameters) tensors.push_back(parameter.detach().select(0, row));
  return tensors;
}

void PopulationStore::setMember(std::int64_t row, const ParameterStore& from) {
  const torch::NoGradGuard noGrad;
  auto tensors = member(row);
  for (std::size_t i = 0; i < tensors.size(); ++i) tensors[i].copy_(from.all()[i].detach());
}

const torch::Tensor& PopulationStore::collectGradients() {
  const torch::NoGradGuard noGrad;
  if (!m_gradient.defined()) m_gradient = torch::zeros_like(flat);
  for (const auto& place : m_places) {
    auto& own = m_parameters[place.index].mutable_grad();
    auto into = viewOf(m_gradient, place);
    if (own.defined())
      into.copy_(own);
    else
      into.zero_();
    own.reset();
  }
  return m_gradient;
}

}  // namespace lathe::engine
