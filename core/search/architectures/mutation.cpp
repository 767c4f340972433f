// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/architectures/mutation.h"

#include <algorithm>
#include <cmath>

#include "core/search/architectures/node_list.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr int mostTries = 20;

bool isSize(const std::string& gene) {
  return gene == "width" || gene == "channels" || gene == "hidden" || gene == "expansion" || gene == "growth" ||
         gene == "stages" || gene == "repeats";
}
bool isOperation(const std::string& gene) { return gene == "op" || gene.rfind("edge", 0) == 0; }

bool belongs(MutationKind kind, const std::string& gene) {
  switch (kind) {
    case MutationKind::Widen:
    case MutationKind::Narrow:
      return isSize(gene);
    case MutationKind::Operation:
      return isOperation(gene);
    case MutationKind::Kernel:
      return gene == "kernel";
    case MutationKind::Activation:
      return gene == "activation";
    case MutationKind::AddSkip:
    case MutationKind::RemoveSkip:
      return gene == "skip";
    case MutationKind::Other:
      return gene != "nodes" && gene != "kernel" && gene != "activation" && gene != "skip" && !isSize(gene) &&
             !isOperation(gene);
    default:
      return false;
  }
}

bool varies(const spec::SearchParameter& parameter) {
  return !parameter.fixed && (parameter.isChoice() ? parameter.choices.size() > 1 : parameter.low < parameter.high);
}

double highest(const spec::SearchParameter& parameter) {
  return parameter.isChoice() ? static_cast<double>(parameter.choices.size() - 1) : parameter.high;
}

/// Whether this gene can be changed so.
bool applies(MutationKind kind, const spec::SearchParameter& parameter, double value) {
  switch (kind) {
    case MutationKind::Widen:
      return value < highest(parameter);
    case MutationKind::Narrow:
    case MutationKind::RemoveSkip:
      return value > parameter.low;
    case MutationKind::AddSkip:
      return value == 0;
    default:
      return true;
  }
}

/// Active genes that a kind may change.
std::vector<std::size_t> placesOf(const SearchSpace& space, const Configuration& configuration, MutationKind kind) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto& parameter = space.parameters[i];
    if (std::isnan(configuration[i]) || !varies(parameter) || !isArchitectureParameter(parameter.name)) continue;
    if (belongs(kind, genePlace(parameter.name).gene) && applies(kind, parameter, configuration[i]))
      places.push_back(i);
  }
  return places;
}

double changed(MutationKind kind, const spec::SearchParameter& parameter, double value, Random& random) {
  if (kind == MutationKind::Widen) return value + 1;
  if (kind == MutationKind::Narrow) return value - 1;
  if (kind == MutationKind::RemoveSkip) return 0;
  if (kind == MutationKind::AddSkip) return 1 + static_cast<double>(random.below(parameter.choices.size() - 1));
  if (parameter.type == spec::ParameterType::Categorical) {
    const auto other = random.below(parameter.choices.size() - 1);
    return static_cast<double>(other < static_cast<std::size_t>(value) ? other : other + 1);
  }
  if (parameter.type == spec::ParameterType::Float) {
    const double unit = toUnit(parameter, value) + 0.2 * random.normal();
    return fromUnit(parameter, std::clamp(unit, 0.0, 1.0));
  }
  const bool up = value <= parameter.low || (value < highest(parameter) && random.below(2) == 0);
  return value + (up ? 1 : -1);
}

/// Genes of a node, moved to another place.
void copyNode(const NodeList& nodes, const Configuration& from, int source, Configuration& to, int place) {
  for (const auto& [gene, at] : nodes.genes(place)) to[at] = from[nodes.genes(source).at(gene)];
}

/// Shortcuts keep their two ends where a node comes or goes between them.
void stretchSkip(const SearchSpace& space, const NodeList& nodes, Configuration& configuration, int node, int by) {
  const auto found = nodes.genes(node).find("skip");
  if (found == nodes.genes(node).end()) return;
  auto& skip = configuration[found->second];
  if (!std::isnan(skip) && skip > 0) skip = std::clamp(skip + by, 0.0, highest(space.parameters[found->second]));
}

/// The distance of a node's shortcut: 0 without one.
int skipOf(const NodeList& nodes, const Configuration& configuration, int node) {
  const auto found = nodes.genes(node).find("skip");
  if (found == nodes.genes(node).end() || std::isnan(configuration[found->second])) return 0;
  return static_cast<int>(configuration[found->second]);
}

Configuration inserted(const SearchSpace& space, const NodeList& nodes, const Configuration& before, int place,
                       bool copies, Random& random) {
  auto after = before;
  const int count = nodes.count(before);
  after[nodes.countPlace()] = count + 1;
  for (int node = count; node >= place; --node) {
    copyNode(nodes, before, node, after, node + 1);
    const int skip = skipOf(nodes, before, node);
    if (skip > 0 && node - 1 - skip < place) stretchSkip(space, nodes, after, node + 1, 1);
  }
  for (const auto& [gene, at] : nodes.genes(place)) {
    const bool copied = copies || (gene == "width" && place > 1 && random.below(2) == 0);
    const int source = std::max(1, place - 1);
    after[at] = copied ? before[nodes.genes(source).at(gene)] : drawValue(space.parameters[at], random);
    // What is new stands in line, without a second halving or shortcut.
    if (copies && (gene == "skip" || gene == "pool")) after[at] = 0;
  }
  return after;
}

Configuration removed(const SearchSpace& space, const NodeList& nodes, const Configuration& before, int place) {
  auto after = before;
  const int count = nodes.count(before);
  after[nodes.countPlace()] = count - 1;
  for (int node = place + 1; node <= count; ++node) {
    copyNode(nodes, before, node, after, node - 1);
    const int skip = skipOf(nodes, before, node);
    if (skip > 0 && node - 1 - skip < place) stretchSkip(space, nodes, after, node - 1, -1);
  }
  return after;
}

bool changesList(MutationKind kind) {
  return kind == MutationKind::Insert || kind == MutationKind::Deepen || kind == MutationKind::Remove;
}

std::optional<Configuration> once(const SearchSpace& space, const Configuration& configuration, MutationKind kind,
                                  Random& random) {
  Configuration after;
  if (changesList(kind)) {
    const NodeList nodes(space);
    const int count = nodes.count(configuration);
    const auto one = [&](int bound) { return 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(bound))); };
    if (kind == MutationKind::Remove)
      after = removed(space, nodes, configuration, one(count));
    else if (kind == MutationKind::Insert)
      after = inserted(space, nodes, configuration, one(count + 1), false, random);
    else
      after = inserted(space, nodes, configuration, one(count) + 1, true, random);
  } else {
    const auto places = placesOf(space, configuration, kind);
    if (places.empty()) return std::nullopt;
    const auto place = places[random.below(places.size())];
    after = configuration;
    after[place] = changed(kind, space.parameters[place], configuration[place], random);
  }
  settle(space, after, [&](std::size_t i) { return drawValue(space.parameters[i], random); });
  if (spec::same(after, configuration) || !spec::fulfils(space, after)) return std::nullopt;
  return after;
}

bool possible(const SearchSpace& space, const NodeList& nodes, const Configuration& configuration, MutationKind kind) {
  if (!changesList(kind)) return !placesOf(space, configuration, kind).empty();
  const int count = nodes.count(configuration);
  if (!nodes.varies() || count == 0) return false;
  return kind == MutationKind::Remove ? count > 1 : count < nodes.most();
}

}  // namespace

std::vector<MutationKind> possibleMutations(const SearchSpace& space, const Configuration& configuration) {
  const NodeList nodes(space);
  std::vector<MutationKind> kinds;
  for (int i = 0; i <= static_cast<int>(lastMutation); ++i)
    if (const auto kind = static_cast<MutationKind>(i); possible(space, nodes, configuration, kind))
      kinds.push_back(kind);
  return kinds;
}

std::optional<Configuration> mutate(const SearchSpace& space, const Configuration& configuration, MutationKind kind,
                                    Random& random) {
  if (!possible(space, NodeList(space), configuration, kind)) return std::nullopt;
  for (int i = 0; i < mostTries; ++i)
    if (auto after = once(space, configuration, kind, random)) return after;
  return std::nullopt;
}

std::optional<Configuration> mutate(const SearchSpace& space, const Configuration& configuration, Random& random) {
  const auto kinds = possibleMutations(space, configuration);
  if (kinds.empty()) return std::nullopt;
  for (int i = 0; i < mostTries; ++i)
    if (auto after = once(space, configuration, kinds[random.below(kinds.size())], random)) return after;
  return std::nullopt;
}

std::optional<Configuration> shrink(const SearchSpace& space, const Configuration& configuration, Random& random) {
  std::vector<MutationKind> kinds;
  const NodeList nodes(space);
  for (const auto kind : {MutationKind::Narrow, MutationKind::Narrow, MutationKind::Remove})
    if (possible(space, nodes, configuration, kind)) kinds.push_back(kind);
  if (kinds.empty()) return std::nullopt;
  return mutate(space, configuration, kinds[random.below(kinds.size())], random);
}

}  // namespace lathe::search
