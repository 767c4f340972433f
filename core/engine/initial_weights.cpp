// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/initial_weights.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <set>

namespace lathe::engine {
namespace {

std::string plain(std::string name) {
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

bool isAdapter(const std::string& name) { return name.ends_with("_lora_a") || name.ends_with("_lora_b"); }

bool isBookkeeping(const std::string& name) {
  return name.ends_with("num_batches_tracked") || name.rfind("optimizer", 0) == 0;
}

/// "", and what stands before the first, second and third dot of any name.
std::set<std::string> prefixesOf(const data::WeightFile& file) {
  constexpr int most = 3;
  std::set<std::string> prefixes{""};
  for (const auto& tensor : file.tensors) {
    std::size_t dot = 0;
    for (int i = 0; i < most && (dot = tensor.name.find('.', dot)) != std::string::npos; ++i)
      prefixes.insert(tensor.name.substr(0, ++dot));
    if (prefixes.size() > 1000) break;
  }
  return prefixes;
}

using Places = std::map<std::string, const data::StoredTensor*>;

Places placesUnder(const data::WeightFile& file, const std::string& prefix) {
  Places places;
  for (const auto& tensor : file.tensors)
    if (tensor.name.rfind(prefix, 0) == 0) places.emplace(plain(tensor.name.substr(prefix.size())), &tensor);
  return places;
}

std::size_t fitting(const Places& places, const spec::Program& program) {
  return static_cast<std::size_t>(
      std::count_if(program.parameters.begin(), program.parameters.end(),
                    [&](const auto& parameter) { return places.count(plain(parameter.name)) > 0; }));
}

NamedTensor named(const std::string& name, const data::StoredTensor& from) {
  NamedTensor tensor{name, "F32", from.shape, {}};
  tensor.bytes.resize(from.values.size() * sizeof(float));
  if (!tensor.bytes.empty()) std::memcpy(tensor.bytes.data(), from.values.data(), tensor.bytes.size());
  return tensor;
}

}  // namespace

Result<WeightMatch> matchWeights(const spec::Program& program, const data::WeightFile& file,
                                 const std::string& fileName) {
  Places places;
  std::size_t most = 0;
  for (const auto& prefix : prefixesOf(file)) {
    auto under = placesUnder(file, prefix);
    const auto count = fitting(under, program);
    if (count <= most) continue;
    most = count;
    places = std::move(under);
  }
  WeightMatch match;
  auto loaded = std::make_shared<std::vector<NamedTensor>>();
  std::set<const data::StoredTensor*> used;
  for (const auto& parameter : program.parameters) {
    if (isAdapter(parameter.name)) continue;
    const auto found = places.find(plain(parameter.name));
    if (found == places.end()) {
      match.fresh.push_back(parameter.name);
      continue;
    }
    const auto& tensor = *found->second;
    used.insert(&tensor);
    if (tensor.shape != parameter.shape) {
      match.otherShape.push_back(parameter.name + " (" + spec::shapeText(tensor.shape) + ")");
      continue;
    }
    if (!std::all_of(tensor.values.begin(), tensor.values.end(), [](float x) { return std::isfinite(x); }))
      return fail("weights.not_finite", LATHE_TEXT("errors", "{file} holds numbers in {name} that are not finite."),
                  LATHE_TEXT("errors", "The file comes from a training that failed; choose another one."),
                  {{"file", fileName}, {"name", tensor.name}});
    loaded->push_back(named(parameter.name, tensor));
  }
  for (const auto& tensor : file.tensors)
    if (used.count(&tensor) == 0 && !isBookkeeping(tensor.name)) match.unused.push_back(tensor.name);
  if (loaded->empty()) {
    const auto theirs = file.tensors.empty() ? std::string() : file.tensors.front().name.substr(0, 80);
    const auto ours = program.parameters.empty() ? std::string() : program.parameters.front().name;
    return fail(
        "weights.no_match",
        LATHE_TEXT("errors", "Nothing in {file} fits this model: there it begins with {theirs}, here with {ours}."),
        LATHE_TEXT("errors", "Choose the template that the weights were made with (model.template)."),
        {{"file", fileName}, {"theirs", theirs}, {"ours", ours}});
  }
  match.loaded = std::move(loaded);
  return match;
}

}  // namespace lathe::engine
