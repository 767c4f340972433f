// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/architectures/mixture.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <set>

#include "core/search/architectures/genes.h"

namespace lathe::search {
namespace {

/// What the operations of an edge are called, in the order of a mixture's weights: the shortcut is what came in, and
/// nothing comes last.
const std::vector<std::string> mixed{"skip", "conv1", "conv3", "conv5", "dilated3", "max3", "avg3", "none"};

constexpr double leastShare = 1e-12;

std::string keyOf(int from, int to) { return "e" + std::to_string(from) + std::to_string(to); }

double middling(const spec::SearchParameter& parameter) {
  const auto gene = genePlace(parameter.name).gene;
  const auto coded = [&](const spec::Value& value) { return spec::codeOf(parameter, value).value_or(parameter.low); };
  if (gene == "channels") return coded(16);
  if (gene == "growth") return coded(2.0);
  if (gene == "stages") return std::min(2.0, parameter.high);
  if (gene == "repeats") return 1;
  if (gene == "stem") return coded("halved");
  if (gene == "activation") return coded("relu");
  if (gene == "head") return coded("flatten");
  if (gene == "hidden") return coded(128);
  if (gene == "dropout") return coded(0.3);
  return parameter.isChoice() ? 0 : parameter.low;
}

}  // namespace

SearchSpace sharedSpace(const std::string& name, const SearchSpace& space) {
  auto shared = space;
  for (auto& parameter : shared.parameters) {
    const auto gene = genePlace(parameter.name).gene;
    if (!isArchitectureParameter(parameter.name)) continue;
    const bool cells = name == "cells" && gene.rfind("edge", 0) != 0;
    // Dropout is training, not a path; another normalisation is another network.
    const bool other = name != "cells" && (gene == "dropout" || gene == "norm" || gene == "head" || gene == "hidden");
    if (cells) parameter.fixed = middling(parameter);
    if (other) parameter.fixed = gene == "hidden" || gene == "dropout" ? 2 : gene == "norm" ? 1 : 0;
  }
  return shared;
}

spec::ModelGraph buildMixture(const SearchSpace& space, const spec::TemplateContext& context) {
  Configuration nothing(space.size(), std::nan(""));
  for (std::size_t i = 0; i < space.size(); ++i) nothing[i] = space.parameters[i].fixed.value_or(0);
  const Genes genes(space, nothing);
  const auto mixedCell = [&](ArchitectureWriter& writer, const std::string& prefix, const ImageValue& x) {
    std::vector<std::string> nodes(cellNodes, x.name);
    for (int b = 1; b < cellNodes; ++b) {
      std::vector<std::string> parts;
      for (int a = 0; a < b; ++a) {
        const auto edge = prefix + "_" + keyOf(a, b) + "__";
        auto from = x;
        from.name = nodes[static_cast<std::size_t>(a)];
        std::vector<std::string> summands{from.name};
        for (const auto& op : mixed)
          if (op != "skip" && op != "none") summands.push_back(cellOperation(writer, edge, from, op, "relu"));
        parts.push_back(writer.add(edge + "mix", "add", {}, std::move(summands)));
      }
      nodes[static_cast<std::size_t>(b)] =
          parts.size() == 1 ? parts.front()
                            : writer.add(prefix + "_n" + std::to_string(b) + "__edges", "add", {}, std::move(parts));
    }
    auto y = x;
    y.name = nodes.back();
    return y;
  };
  return buildWithCells(genes, context, mixedCell);
}

std::vector<Configuration> likeliest(const SearchSpace& space,
                                     const std::map<std::string, std::vector<double>>& weights, std::size_t count) {
  struct Edge {
    std::size_t place;
    std::vector<std::pair<double, double>> choices;  ///< logarithm of its weight, code; the likeliest first
  };
  std::vector<Edge> edges;
  Configuration base(space.size(), std::nan(""));
  for (std::size_t i = 0; i < space.size(); ++i) base[i] = space.parameters[i].fixed.value_or(0);
  for (int b = 1; b < cellNodes; ++b)
    for (int a = 0; a < b; ++a) {
      const auto at = space.find("architecture." + cellEdge(a, b));
      const auto found = weights.find(keyOf(a, b));
      if (!at || found == weights.end()) continue;
      auto& edge = edges.emplace_back(Edge{*at, {}});
      for (std::size_t k = 0; k < std::min(mixed.size(), found->second.size()); ++k)
        if (const auto code = spec::codeOf(space.parameters[*at], mixed[k]))
          edge.choices.emplace_back(std::log(std::max(found->second[k], leastShare)), *code);
      std::stable_sort(edge.choices.begin(), edge.choices.end(),
                       [](const auto& x, const auto& y) { return x.first > y.first; });
    }
  // Best first over the ranks of each edge's choices (Huang and Chiang 2005, cube pruning).
  using Ranks = std::vector<std::size_t>;
  const auto value = [&](const Ranks& ranks) {
    double sum = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) sum += edges[i].choices[ranks[i]].first;
    return sum;
  };
  std::priority_queue<std::pair<double, Ranks>> open;
  std::set<Ranks> seen;
  const Ranks first(edges.size(), 0);
  open.emplace(value(first), first);
  seen.insert(first);
  std::vector<Configuration> found;
  while (!open.empty() && found.size() < count) {
    const auto ranks = open.top().second;
    open.pop();
    auto configuration = base;
    for (std::size_t i = 0; i < edges.size(); ++i) configuration[edges[i].place] = edges[i].choices[ranks[i]].second;
    found.push_back(std::move(configuration));
    for (std::size_t i = 0; i < edges.size(); ++i) {
      auto next = ranks;
      if (++next[i] < edges[i].choices.size() && seen.insert(next).second) open.emplace(value(next), next);
    }
  }
  return found;
}

double likelihood(const SearchSpace& space, const std::map<std::string, std::vector<double>>& weights,
                  const Configuration& configuration) {
  double sum = 0;
  for (const auto& edge : mixedEdges()) {
    const auto at = space.find("architecture." + cellEdge(edge.from, edge.to));
    const auto found = weights.find(edge.key);
    if (!at || found == weights.end()) continue;
    for (std::size_t k = 0; k < std::min(mixed.size(), found->second.size()); ++k)
      if (spec::codeOf(space.parameters[*at], mixed[k]) == configuration[*at])
        sum += std::log(std::max(found->second[k], leastShare));
  }
  return sum;
}

const std::vector<std::string>& mixedOperations() { return mixed; }

std::vector<MixedEdge> mixedEdges() {
  std::vector<MixedEdge> edges;
  for (int b = 1; b < cellNodes; ++b)
    for (int a = 0; a < b; ++a) edges.push_back({keyOf(a, b), a, b});
  return edges;
}

bool bendsMore(const std::vector<double>& curvatures) {
  constexpr double least = 0.75;  // of the earlier to the later one
  if (curvatures.size() < 2 * curvatureWindow) return false;
  const auto meanBefore = [&](std::size_t end) {
    double sum = 0;
    int count = 0;
    for (std::size_t i = end - curvatureWindow; i < end; ++i)
      if (std::isfinite(curvatures[i])) {
        sum += curvatures[i];
        ++count;
      }
    return count > 0 ? sum / count : std::nan("");
  };
  return meanBefore(curvatures.size() - curvatureWindow) < least * meanBefore(curvatures.size());
}

int likelyShortcuts(const std::map<std::string, std::vector<double>>& weights) {
  int count = 0;
  for (const auto& [key, shares] : weights)
    if (key.front() == 'e' && !shares.empty())
      count += std::max_element(shares.begin(), shares.end()) == shares.begin();
  return count;
}

}  // namespace lathe::search
