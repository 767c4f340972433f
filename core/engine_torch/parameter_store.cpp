// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine_torch/parameter_store.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/base/large_pages.h"
#include "core/base/random.h"
#include "core/engine/slot_traits.h"

namespace lathe::engine {
namespace {

constexpr std::int64_t floatsPerLine = 16;

std::vector<std::int64_t> stridesFor(const spec::Shape& shape) {
  const auto format = shape.size() == 4 ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
  return torch::empty(shape, torch::TensorOptions().device(torch::kMeta), format).strides().vec();
}

}  // namespace

void saveTensor(Checkpoint& checkpoint, const std::string& name, const torch::Tensor& tensor) {
  const torch::NoGradGuard noGrad;
  auto& saved =
      checkpoint.add(name, "F32", tensor.sizes().vec(), static_cast<std::size_t>(tensor.numel()) * sizeof(float));
  if (!saved.bytes.empty())
    torch::from_blob(saved.bytes.data(), tensor.sizes(), torch::kFloat32).copy_(tensor.detach());
}

std::vector<Optimizer::Slot> slotsOf(const spec::Program& program, const spec::TrainingSpec& training,
                                     const ParameterStore& parameters, bool paddedGradients, bool frozenToo) {
  const auto traits = slotTraits(program, training);
  std::vector<Optimizer::Slot> result;
  for (const auto& place : frozenToo ? parameters.trainable() : parameters.learning()) {
    const auto& description = parameters.description(place.index);
    Optimizer::Slot slot;
    slot.name = description.name;
    slot.values = parameters.flat().data_ptr<float>() + place.offset;
    slot.count = static_cast<std::size_t>(place.count);
    slot.shape = description.shape;
    slot.decay = traits[place.index].decay;
    slot.lrScale = traits[place.index].lrScale;
    slot.hidden = traits[place.index].hidden;
    if (paddedGradients)
      slot.room = static_cast<std::size_t>((place.count + floatsPerLine - 1) / floatsPerLine * floatsPerLine);
    result.push_back(std::move(slot));
  }
  return result;
}

ParameterStore::ParameterStore(const spec::Program& program, torch::Device device, bool trainable)
    : m_descriptions(program.parameters) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < m_descriptions.size(); ++i) {
    if (!m_descriptions[i].trainable) continue;
    const auto count = spec::elementCount(m_descriptions[i].shape);
    m_places.push_back({i, total, count});
    total += (count + floatsPerLine - 1) / floatsPerLine * floatsPerLine;
  }
  const auto options = torch::TensorOptions().dtype(torch::kFloat32).device(device);
  m_flat = device.is_cpu() ? torch::from_blob(
                                 largeMemory(static_cast<std::size_t>(std::max(total, floatsPerLine)) * sizeof(float)),
                                 {total}, [](void* memory) { std::free(memory); }, options)
                           : torch::empty({total}, options);
  m_flat.zero_();
  m_tensors.resize(m_descriptions.size());
  for (const auto& place : m_places) {
    const auto& shape = m_descriptions[place.index].shape;
    m_tensors[place.index] =
        m_flat.as_strided(shape, stridesFor(shape), place.offset).detach().set_requires_grad(trainable);
  }
  for (std::size_t i = 0; i < m_descriptions.size(); ++i)
    if (!m_tensors[i].defined()) m_tensors[i] = torch::zeros(m_descriptions[i].shape, options);
  m_learning = m_places;
}

void ParameterStore::freeze(const std::vector<bool>& frozen) {
  m_learning.clear();
  for (const auto& place : m_places) {
    m_tensors[place.index].set_requires_grad(!frozen[place.index]);
    if (!frozen[place.index]) m_learning.push_back(place);
  }
}

void ParameterStore::overwrite(const std::vector<NamedTensor>& tensors) {
  const torch::NoGradGuard noGrad;
  for (const auto& tensor : tensors)
    for (std::size_t i = 0; i < m_descriptions.size(); ++i) {
      if (m_descriptions[i].name != tensor.name) continue;
      auto values = torch::empty(tensor.shape, torch::kFloat32);
      TORCH_CHECK(tensor.shape == m_descriptions[i].shape && tensor.dtype == "F32", "weights of another shape for ",
                  tensor.name);
      if (!tensor.bytes.empty()) std::memcpy(values.data_ptr<float>(), tensor.bytes.data(), tensor.bytes.size());
      m_tensors[i].copy_(values);
    }
}

void ParameterStore::initialise(std::uint64_t seed) {
  const torch::NoGradGuard noGrad;
  Random random(seed, "init");
  using Kind = spec::Initialiser::Kind;
  for (std::size_t i = 0; i < m_tensors.size(); ++i) {
    const auto& init = m_descriptions[i].init;
    auto values = torch::zeros(m_descriptions[i].shape, torch::kFloat32);
    if (init.kind == Kind::Ones) values.fill_(1);
    if (init.kind == Kind::Fill) values.fill_(init.scale);
    auto* first = values.data_ptr<float>();
    for (std::int64_t k = 0; k < values.numel(); ++k) {
      if (init.kind == Kind::Uniform) first[k] = static_cast<float>((2 * random.uniform() - 1) * init.scale);
      if (init.kind == Kind::Signs) first[k] = random.uniform() < 0.5 ? -1.0F : 1.0F;
      if (init.kind == Kind::Normal) first[k] = static_cast<float>(random.normal() * init.scale);
    }
    m_tensors[i].copy_(values);
  }
}

void ParameterStore::save(Checkpoint& checkpoint) const {
  for (std::size_t i = 0; i < m_tensors.size(); ++i) saveTensor(checkpoint, m_descriptions[i].name, m_tensors[i]);
}

Result<void> ParameterStore::check(const spec::Program& program, const Checkpoint& checkpoint) {
  return checkWeights(program, checkpoint);
}

Result<void> ParameterStore::restore(const Checkpoint& checkpoint) {
  const torch::NoGradGuard noGrad;
  spec::Program wanted;
  wanted.parameters = m_descriptions;
  LATHE_TRY(check(wanted, checkpoint));
  for (std::size_t i = 0; i < m_tensors.size(); ++i) {
    const auto* tensor = checkpoint.find(m_descriptions[i].name);
    auto values = torch::empty(tensor->shape, torch::kFloat32);
    if (!tensor->bytes.empty()) std::memcpy(values.data_ptr<float>(), tensor->bytes.data(), tensor->bytes.size());
    m_tensors[i].copy_(values);
  }
  return {};
}

}  // namespace lathe::engine
