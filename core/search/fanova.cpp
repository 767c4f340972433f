// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/search/forest_marginals.h"
#include "core/search/importance_tools.h"

namespace lathe::search {
namespace {

// Mean and standard deviation over trees.
struct OverTrees {
  double sum = 0, squares = 0;
  int trees = 0;
  void add(double value) {
    sum += value;
    squares += value * value;
    ++trees;
  }
  [[nodiscard]] double mean() const { return trees > 0 ? sum / trees : 0; }
  [[nodiscard]] double deviation() const {
    return trees > 0 ? std::sqrt(std::max(0.0, squares / trees - mean() * mean())) : 0;
  }
};

}  // namespace

FanovaReport fanova(const SearchSpace& space, std::span<const Configuration> configurations,
                    std::span<const double> values, const FanovaOptions& options) {
  auto data = importanceData(space, configurations, values);
  thinOut(data, std::max<std::size_t>(options.mostTrials, 2), options.seed);
  normalise(data.values);
  const auto inputs = data.space.size(), trials = data.values.size();
  FanovaReport report;
  std::vector<OverTrees> shares(inputs);
  const auto finish = [&] {
    std::vector<double> means, deviations;
    for (const auto& share : shares) {
      means.push_back(share.mean());
      deviations.push_back(share.deviation());
    }
    report.alone = std::min(1.0, std::accumulate(means.begin(), means.end(), 0.0));
    report.parameters = ranked(data, means, deviations, space.size());
  };
  if (inputs == 0 || trials < 2) {
    finish();
    return report;
  }
  const ForestSpace forestSpace(data.space);
  std::vector<std::vector<double>> codes(inputs, std::vector<double>(trials));
  for (std::size_t f = 0; f < inputs; ++f)
    for (std::size_t i = 0; i < trials; ++i) codes[f][i] = forestSpace.code(f, (*data.configurations[i])[f]);
  const RegressionForest forest(forestSpace, codes, data.values, {.trees = options.trees, .seed = options.seed});
  report.explained = forest.explained();

  std::vector<LeafBoxes> boxes;
  std::vector<double> variances;
  for (const auto& tree : forest.trees()) {
    auto leaves = leafBoxes(tree, forestSpace);
    const double variance = momentsOf(leaves, forestSpace).variance;
    if (!(variance > 1e-24)) continue;
    for (std::size_t f = 0; f < inputs; ++f) {
      const auto marginal = marginalOf(leaves, forestSpace, f);
      shares[f].add(marginal.activeShare * marginal.variance() / variance);
    }
    boxes.push_back(std::move(leaves));
    variances.push_back(variance);
  }
  finish();
  if (options.pairsAmong < 2 || !(report.alone > 0)) return report;

  const auto placeOf = [&](std::size_t rank) {
    const auto at = std::find(data.places.begin(), data.places.end(), report.parameters[rank].parameter);
    return static_cast<std::size_t>(at - data.places.begin());
  };
  for (std::size_t a = 0; a < std::min(options.pairsAmong, inputs); ++a)
    for (std::size_t b = 0; b < a; ++b) {
      const auto first = std::min(placeOf(a), placeOf(b)), second = std::max(placeOf(a), placeOf(b));
      OverTrees share;
      for (std::size_t t = 0; t < boxes.size(); ++t) {
        const auto marginal = marginalOf(boxes[t], forestSpace, first, second);
        share.add(marginal.activeShare * marginal.interaction() / variances[t]);
      }
      report.pairs.push_back(
          {data.places[first], data.places[second], share.mean() / report.alone, share.deviation() / report.alone});
    }
  std::stable_sort(report.pairs.begin(), report.pairs.end(),
                   [](const PairImportance& a, const PairImportance& b) { return a.importance > b.importance; });
  return report;
}

}  // namespace lathe::search
