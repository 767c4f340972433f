// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/search/architectures/mutation.h"
#include "core/search/architectures/node_list.h"

// What two architectures have in common, and what one changed of the other.
namespace lathe::search {
namespace {

double likeness(const NodeList& nodes, const Configuration& parent, int a, const Configuration& child, int b) {
  double score = 0.1;  // rather another node than none
  for (const auto& [gene, at] : nodes.genes(b)) {
    const double mine = child[at], theirs = parent[nodes.genes(a).at(gene)];
    if (gene != "skip" && (mine == theirs || (std::isnan(mine) && std::isnan(theirs)))) score += gene == "op" ? 2 : 1;
  }
  return score;
}

std::string shown(const spec::SearchParameter& parameter, double value) {
  if (std::isnan(value)) return "-";
  const auto plain = spec::valueOf(parameter, value);
  return plain.isText() ? plain.toText() : plain.json();
}

std::string nodeText(const SearchSpace& space, const NodeList& nodes, const Configuration& configuration, int node) {
  std::string text;
  for (const char* gene : {"op", "width", "expansion", "kernel", "activation"}) {
    const auto found = nodes.genes(node).find(gene);
    if (found == nodes.genes(node).end() || std::isnan(configuration[found->second])) continue;
    text += (text.empty() ? "" : " ") + shown(space.parameters[found->second], configuration[found->second]);
  }
  return text;
}

bool sameNode(const NodeList& nodes, const Configuration& configuration, int a, int b) {
  return std::all_of(nodes.genes(a).begin(), nodes.genes(a).end(), [&](const auto& each) {
    const double mine = configuration[each.second], theirs = configuration[nodes.genes(b).at(each.first)];
    return each.first == "skip" || each.first == "pool" || mine == theirs || (std::isnan(mine) && std::isnan(theirs));
  });
}

Message nodeChange(const char* text, int node, std::string what) {
  return {text, {{"node", std::to_string(node)}, {"what", std::move(what)}}};
}

Message geneChange(const SearchSpace& space, std::size_t at, const std::string& where, double before, double after) {
  const auto gene = genePlace(space.parameters[at].name).gene;
  TextArgs args{{"where", where},
                {"gene", gene},
                {"before", shown(space.parameters[at], before)},
                {"after", shown(space.parameters[at], after)}};
  if (gene == "skip" && before == 0)
    return {LATHE_TEXT("events", "add a shortcut of {after} to {where}"), std::move(args)};
  if (gene == "skip" && after == 0) return {LATHE_TEXT("events", "remove the shortcut of {where}"), std::move(args)};
  if (where.empty()) return {LATHE_TEXT("events", "{gene} {before} to {after}"), std::move(args)};
  return {LATHE_TEXT("events", "{gene} of {where} {before} to {after}"), std::move(args)};
}

bool differ(double a, double b) { return !(a == b || (std::isnan(a) && std::isnan(b))); }

}  // namespace

std::vector<int> alignNodes(const SearchSpace& space, const Configuration& parent, const Configuration& child) {
  const NodeList nodes(space);
  const auto mine = static_cast<std::size_t>(nodes.count(child)),
             theirs = static_cast<std::size_t>(nodes.count(parent));
  // Needleman and Wunsch 1970, without a price for gaps.
  std::vector<std::vector<double>> best(mine + 1, std::vector<double>(theirs + 1, 0));
  const auto score = [&](std::size_t i, std::size_t j) {
    return best[i - 1][j - 1] + likeness(nodes, parent, static_cast<int>(j), child, static_cast<int>(i));
  };
  for (std::size_t i = 1; i <= mine; ++i)
    for (std::size_t j = 1; j <= theirs; ++j) best[i][j] = std::max({best[i - 1][j], best[i][j - 1], score(i, j)});
  std::vector<int> aligned(mine, 0);
  for (std::size_t i = mine, j = theirs; i > 0 && j > 0;) {
    if (best[i][j] == best[i - 1][j]) {
      --i;
    } else if (best[i][j] == best[i][j - 1]) {
      --j;
    } else {
      aligned[i - 1] = static_cast<int>(j);
      --i;
      --j;
    }
  }
  return aligned;
}

std::string layerInParent(const std::string& layer, const std::vector<int>& aligned) {
  const auto line = layer.find('_');
  if (layer.empty() || layer[0] != 'n' || line == std::string::npos || aligned.empty()) return layer;
  std::size_t node = 0;
  const auto* last = layer.data() + line;
  if (const auto [end, error] = std::from_chars(layer.data() + 1, last, node); error != std::errc() || end != last)
    return layer;
  if (node < 1 || node > aligned.size() || aligned[node - 1] == 0) return {};
  return "n" + std::to_string(aligned[node - 1]) + layer.substr(line);
}

std::vector<Message> changes(const SearchSpace& space, const Configuration& parent, const Configuration& child) {
  std::vector<Message> all;
  const NodeList nodes(space);
  const auto aligned = alignNodes(space, parent, child);
  const int count = nodes.count(child);
  bool listChanged = nodes.count(parent) != count;
  for (int node = 1; node <= count; ++node) {
    if (aligned[static_cast<std::size_t>(node) - 1] != 0) continue;
    listChanged = true;
    const bool again = node > 1 && sameNode(nodes, child, node, node - 1);
    const bool before = node < count && sameNode(nodes, child, node, node + 1);
    if (again || before)
      all.push_back(nodeChange(LATHE_TEXT("events", "deepen: node {node} ({what}) once more"), again ? node - 1 : node,
                               nodeText(space, nodes, child, node)));
    else
      all.push_back(
          nodeChange(LATHE_TEXT("events", "insert node {node} ({what})"), node, nodeText(space, nodes, child, node)));
  }
  for (int node = 1; node <= nodes.count(parent); ++node)
    if (std::find(aligned.begin(), aligned.end(), node) == aligned.end())
      all.push_back(
          nodeChange(LATHE_TEXT("events", "remove node {node} ({what})"), node, nodeText(space, nodes, parent, node)));
  for (int node = 1; node <= count; ++node) {
    const int theirs = aligned[static_cast<std::size_t>(node) - 1];
    if (theirs == 0) continue;
    for (const auto& [gene, at] : nodes.genes(node)) {
      // Shortcuts stretch by themselves where a node comes or goes.
      if (gene == "skip" && listChanged) continue;
      const double before = parent[nodes.genes(theirs).at(gene)];
      if (differ(before, child[at]))
        all.push_back(geneChange(space, at, "node " + std::to_string(node), before, child[at]));
    }
  }
  for (std::size_t i = 0; i < space.size(); ++i) {
    const auto place = genePlace(space.parameters[i].name);
    if (!isArchitectureParameter(space.parameters[i].name) || place.node > 0 || place.gene == "nodes") continue;
    if (differ(parent[i], child[i])) all.push_back(geneChange(space, i, "", parent[i], child[i]));
  }
  return all;
}

}  // namespace lathe::search
