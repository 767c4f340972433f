// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/architectures/template_space.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/architectures/genes.h"

namespace lathe::search {
namespace {

using spec::AttributeInfo;
using spec::AttributeType;
using spec::Value;
using Values = SpaceWriter::Values;

constexpr int mostLayers = 5;

const Values& widthSteps() {
  static const Values all{16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512};
  return all;
}

/// Steps of a setting that is one number; none for what is no architecture.
Values stepsOf(const AttributeInfo& setting) {
  const auto& name = setting.name;
  if (setting.type == AttributeType::Real) {
    if (name == "width") return {0.25, 0.5, 0.75, 1.0, 1.5, 2.0};
    return name == "expansion" ? Values{1.0, 1.5, 2.0, 3.0} : Values{};
  }
  if (setting.type != AttributeType::Integer) return {};
  if (name == "width" || name == "hidden") return widthSteps();
  if (name == "blocks") return {1, 2, 3, 4, 5};
  if (name == "layers" || name == "depth") return {1, 2, 3};
  if (name == "members") return {2, 4, 8, 16, 32};
  return name == "kernel" ? Values{3, 5, 7} : Values{};
}

double nearest(const Values& steps, double value) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double distance = std::abs(steps[i].toReal() - value);
    if (distance < least) least = distance, best = i;
  }
  return static_cast<double>(best);
}

bool isList(const AttributeInfo& setting) {
  return setting.type == AttributeType::Integers && (setting.name == "hidden" || setting.name == "channels");
}

Value valueNow(const AttributeInfo& setting, const spec::ValueMap& settings) {
  const auto found = settings.find(setting.name);
  return found == settings.end() ? setting.defaultValue : found->second;
}

// Of two lists the first is the trunk: a cnn's channels, not its classifier.
const AttributeInfo* trunkOf(const spec::TemplateInfo& info, const spec::ValueMap& settings) {
  for (const auto& setting : info.settings) {
    if (!isList(setting)) continue;
    const auto sizes = valueNow(setting, settings).toIntegers();
    // Sized to the data: what it is made of is not known here.
    return sizes.empty() || sizes.size() > mostLayers ? nullptr : &setting;
  }
  return nullptr;
}

}  // namespace

std::optional<TemplateArchitecture> templateArchitecture(const std::string& templateName,
                                                         const spec::ValueMap& settings) {
  const auto& all = spec::templates();
  const auto info = std::find_if(all.begin(), all.end(), [&](const auto& each) { return each.name == templateName; });
  if (info == all.end()) return std::nullopt;
  TemplateArchitecture result;
  SpaceWriter writer;
  if (const auto* trunk = trunkOf(*info, settings)) {
    const auto sizes = valueNow(*trunk, settings).toIntegers();
    result.list = trunk->name;
    writer.number("nodes", 1, mostLayers);
    result.at.push_back(static_cast<double>(sizes.size()));
    for (int node = 1; node <= mostLayers; ++node) {
      const auto place = static_cast<std::size_t>(node) - 1;
      writer.ordered(nodeGene(node, "width"), widthSteps());
      writer.onlyFromNode(node, mostLayers);
      result.at.push_back(place < sizes.size() ? nearest(widthSteps(), static_cast<double>(sizes[place]))
                                               : std::numeric_limits<double>::quiet_NaN());
    }
  }
  for (const auto& setting : info->settings) {
    const auto steps = stepsOf(setting);
    const auto now = valueNow(setting, settings);
    if (steps.empty() || !now.isNumber() || now.toReal() <= 0) continue;
    writer.ordered(setting.name, steps);
    result.at.push_back(nearest(steps, now.toReal()));
  }
  if (result.at.empty()) return std::nullopt;
  result.space = writer.take();
  return result;
}

spec::ValueMap settingsOf(const TemplateArchitecture& architecture, const Configuration& configuration,
                          spec::ValueMap settings) {
  const auto& [space, at, list] = architecture;
  std::vector<std::int64_t> sizes;
  bool listChanged = false;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto place = genePlace(space.parameters[i].name);
    const bool given = !std::isnan(configuration[i]);
    const bool changed = given != !std::isnan(at[i]) || (given && configuration[i] != at[i]);
    if (place.node > 0) {
      if (given) sizes.push_back(spec::valueOf(space.parameters[i], configuration[i]).toInteger());
      listChanged = listChanged || changed;
    } else if (place.gene != "nodes" && given && changed) {
      settings[place.gene] = spec::valueOf(space.parameters[i], configuration[i]);
    }
  }
  if (listChanged) settings[list] = Value(sizes);
  return settings;
}

}  // namespace lathe::search
