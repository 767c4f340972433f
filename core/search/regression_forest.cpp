// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/regression_forest.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.h"

namespace lathe::search {
namespace {

using Node = RegressionForest::Node;
using Row = std::uint32_t;

bool goesLeft(const Node& node, bool unordered, double code) {
  if (!unordered) return code <= node.threshold;
  return !std::isnan(code) && (node.choices >> static_cast<unsigned>(code) & 1U) != 0;
}

// Weights and weighted values of some trials; `score` is what their mean explains.
struct Sums {
  double weight = 0, value = 0;
  int trials = 0;
  void add(double w, double y) {
    weight += w;
    value += w * y;
    ++trials;
  }
  void add(const Sums& other) {
    weight += other.weight;
    value += other.value;
    trials += other.trials;
  }
  [[nodiscard]] Sums without(const Sums& part) const {
    return {weight - part.weight, value - part.value, trials - part.trials};
  }
  [[nodiscard]] double score() const { return weight > 0 ? value * value / weight : 0; }
};

struct Split {
  double gain = 0;
  Node node;
};

class Grower {
 public:
  Grower(const ForestSpace& space, const std::vector<std::vector<double>>& codes, std::span<const double> values,
         const ForestOptions& options)
      : m_space(space), m_codes(codes), m_values(values), m_options(options), m_goesLeft(values.size()) {}

  // `sorted`: for each input all trials by code, inactive ones last.
  RegressionForest::Tree grow(const std::vector<std::vector<Row>>& sorted, const std::vector<int>& weights) {
    m_weights = &weights;
    m_orders.resize(sorted.size());
    for (std::size_t f = 0; f < sorted.size(); ++f) {
      m_orders[f].clear();
      for (const Row row : sorted[f])
        if (weights[row] > 0) m_orders[f].push_back(row);
    }
    m_scratch.resize(m_orders.front().size());
    m_tree.clear();
    expand(0, m_orders.front().size(), 0);
    return std::move(m_tree);
  }

 private:
  [[nodiscard]] double weight(Row row) const { return (*m_weights)[row]; }

  std::uint32_t expand(std::size_t begin, std::size_t end, int depth) {
    Sums all;
    bool varies = false;
    const auto& rows = m_orders.front();
    for (std::size_t i = begin; i < end; ++i) {
      all.add(weight(rows[i]), m_values[rows[i]]);
      varies = varies || m_values[rows[i]] != m_values[rows[begin]];
    }
    const auto at = static_cast<std::uint32_t>(m_tree.size());
    m_tree.push_back({});
    m_tree[at].value = all.value / all.weight;
    if (!varies || depth >= m_options.maxDepth || all.trials < 2 * m_options.minLeaf) return at;
    Split best;
    for (std::size_t f = 0; f < m_orders.size(); ++f) consider(f, begin, end, all, best);
    if (best.node.input < 0) return at;
    const auto middle = divide(best.node, begin, end);
    if (middle == begin || middle == end) return at;
    best.node.value = m_tree[at].value;
    best.node.left = expand(begin, middle, depth + 1);
    best.node.right = expand(middle, end, depth + 1);
    m_tree[at] = best.node;
    return at;
  }

  void consider(std::size_t f, std::size_t begin, std::size_t end, const Sums& all, Split& best) {
    const auto& order = m_orders[f];
    const auto& codes = m_codes[f];
    if (std::isnan(codes[order[begin]]) || codes[order[begin]] == codes[order[end - 1]]) return;
    if (!std::isnan(codes[order[end - 1]])) {
      const auto split = splitOf(f, begin, end, all);
      if (split.gain > best.gain * (1 + 1e-12)) best = split;
      return;
    }
    // Some do not have it. What switches it on may be worth a split for its sake: two splits share what both gain.
    auto active = end;
    Sums off;
    while (std::isnan(codes[order[active - 1]])) {
      --active;
      off.add(weight(order[active]), m_values[order[active]]);
    }
    const auto on = all.without(off);
    if (on.trials < 2 * m_options.minLeaf || off.trials < m_options.minLeaf) return;
    const auto within = splitOf(f, begin, active, on);
    if (within.node.input < 0) return;
    const double gain = (within.gain + on.score() + off.score() - all.score()) / 2;
    if (!(gain > best.gain * (1 + 1e-12))) return;
    if (const auto node = switchOf(f, begin, end); node.input >= 0) best = {gain, node};
  }

  // The best split by an input that all of these trials have.
  Split splitOf(std::size_t f, std::size_t begin, std::size_t end, const Sums& all) {
    Split best;
    const double before = all.score(), least = 1e-12 * std::abs(before) + 1e-300;
    const auto& order = m_orders[f];
    const auto& codes = m_codes[f];
    const auto take = [&](const Sums& left) {
      const auto right = all.without(left);
      if (left.trials < m_options.minLeaf || right.trials < m_options.minLeaf) return false;
      const double gain = left.score() + right.score() - before;
      if (!(gain > least) || gain <= best.gain) return false;
      best.gain = gain;
      best.node.input = static_cast<std::int32_t>(f);
      return true;
    };
    if (m_space.categories(f) == 0) {
      Sums left;
      for (std::size_t i = begin; i + 1 < end; ++i) {
        left.add(weight(order[i]), m_values[order[i]]);
        const double here = codes[order[i]], next = codes[order[i + 1]];
        if (here < next && take(left)) best.node.threshold = here + (next - here) / 2;
      }
      return best;
    }
    // By ascending means the best set of categories is among the first ones (Fisher 1958).
    struct Group {
      Sums sums;
      unsigned category = 0;
    };
    std::vector<Group> groups;
    for (std::size_t i = begin; i < end; ++i) {
      const auto category = static_cast<unsigned>(codes[order[i]]);
      if (groups.empty() || groups.back().category != category) groups.push_back({{}, category});
      groups.back().sums.add(weight(order[i]), m_values[order[i]]);
    }
    std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
      return a.sums.value / a.sums.weight < b.sums.value / b.sums.weight;
    });
    std::uint64_t present = 0, chosen = 0;
    for (const auto& group : groups) present |= std::uint64_t{1} << group.category;
    Sums left;
    for (std::size_t g = 0; g + 1 < groups.size(); ++g) {
      left.add(groups[g].sums);
      chosen |= std::uint64_t{1} << groups[g].category;
      // Categories that nobody has go with the larger side.
      if (take(left)) best.node.choices = 2 * left.weight > all.weight ? chosen | ~present : chosen;
    }
    return best;
  }

  // The first ancestor of f whose value decides whether these trials have it.
  Node switchOf(std::size_t f, std::size_t begin, std::size_t end) const {
    for (const auto& restriction : m_space.restrictions(f)) {
      const auto g = restriction.parameter;
      const auto& order = m_orders[g];
      const auto& codes = m_codes[g];
      const auto holds = [&](std::size_t i) { return m_space.holds(restriction, codes[order[i]]); };
      const bool first = holds(begin);
      auto change = begin;  // in the order of g
      while (change < end && holds(change) == first) ++change;
      if (change == end) continue;
      if (std::isnan(codes[order[end - 1]])) return {};
      Node node;
      node.input = static_cast<std::int32_t>(g);
      node.choices = restriction.choices;
      node.threshold = (codes[order[change - 1]] + codes[order[change]]) / 2;
      return node;
    }
    return {};
  }

  std::size_t divide(const Node& node, std::size_t begin, std::size_t end) {
    const auto f = static_cast<std::size_t>(node.input);
    const bool unordered = m_space.categories(f) > 0;
    for (std::size_t i = begin; i < end; ++i) {
      const Row row = m_orders[f][i];
      m_goesLeft[row] = goesLeft(node, unordered, m_codes[f][row]) ? 1 : 0;
    }
    std::size_t middle = begin;
    for (auto& order : m_orders) {
      std::size_t left = begin, right = 0;
      for (std::size_t i = begin; i < end; ++i) {
        const Row row = order[i];
        order[left] = row;
        m_scratch[right] = row;
        left += m_goesLeft[row];
        right += 1U - m_goesLeft[row];
      }
      std::copy_n(m_scratch.begin(), right, order.begin() + static_cast<std::ptrdiff_t>(left));
      middle = left;
    }
    return middle;
  }

  const ForestSpace& m_space;
  const std::vector<std::vector<double>>& m_codes;
  std::span<const double> m_values;
  const ForestOptions& m_options;
  const std::vector<int>* m_weights = nullptr;
  std::vector<std::vector<Row>> m_orders;
  std::vector<std::uint8_t> m_goesLeft;
  std::vector<Row> m_scratch;
  RegressionForest::Tree m_tree;
};

double predict(const RegressionForest::Tree& tree, const ForestSpace& space,
               const std::vector<std::vector<double>>& codes, std::size_t row) {
  std::uint32_t at = 0;
  while (tree[at].input >= 0) {
    const auto f = static_cast<std::size_t>(tree[at].input);
    at = goesLeft(tree[at], space.categories(f) > 0, codes[f][row]) ? tree[at].left : tree[at].right;
  }
  return tree[at].value;
}

}  // namespace

RegressionForest::RegressionForest(const ForestSpace& space, const std::vector<std::vector<double>>& codes,
                                   std::span<const double> values, const ForestOptions& options) {
  const auto count = values.size();
  std::vector<std::vector<Row>> sorted(codes.size(), std::vector<Row>(count));
  for (std::size_t f = 0; f < codes.size(); ++f) {
    std::iota(sorted[f].begin(), sorted[f].end(), Row{0});
    std::stable_sort(sorted[f].begin(), sorted[f].end(), [&](Row a, Row b) {
      const double x = codes[f][a], y = codes[f][b];
      return std::isnan(y) ? !std::isnan(x) : x < y;
    });
  }
  Random random(options.seed, "forest");
  Grower grower(space, codes, values, options);
  std::vector<double> sums(count, 0);
  std::vector<int> weights(count), left(count, 0);
  for (int t = 0; t < options.trees && !codes.empty(); ++t) {
    std::fill(weights.begin(), weights.end(), 0);
    for (std::size_t i = 0; i < count; ++i) ++weights[random.below(count)];
    m_trees.push_back(grower.grow(sorted, weights));
    for (std::size_t i = 0; i < count; ++i)
      if (weights[i] == 0) {
        sums[i] += predict(m_trees.back(), space, codes, i);
        ++left[i];
      }
  }
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(count);
  double wrong = 0, all = 0;
  for (std::size_t i = 0; i < count; ++i)
    if (left[i] > 0) {
      wrong += std::pow(sums[i] / left[i] - values[i], 2);
      all += std::pow(values[i] - mean, 2);
    }
  if (all > 0) m_explained = std::max(0.0, 1 - wrong / all);
}

LeafBoxes leafBoxes(const RegressionForest::Tree& tree, const ForestSpace& space) {
  LeafBoxes boxes;
  boxes.inputs = space.size();
  struct Visit {
    std::uint32_t node;
    std::vector<Side> box;
  };
  std::vector<Visit> open{{0, std::vector<Side>(space.size())}};
  while (!open.empty()) {
    auto [at, box] = std::move(open.back());
    open.pop_back();
    const auto& node = tree[at];
    if (node.input < 0) {
      boxes.sides.insert(boxes.sides.end(), box.begin(), box.end());
      boxes.values.push_back(node.value);
      continue;
    }
    auto right = box;
    const auto f = static_cast<std::size_t>(node.input);
    if (space.categories(f) > 0) {
      box[f].choices &= node.choices;
      right[f].choices &= ~node.choices;
    } else {
      box[f].high = right[f].low = node.threshold;
    }
    open.push_back({node.right, std::move(right)});
    open.push_back({node.left, std::move(box)});
  }
  return boxes;
}

}  // namespace lathe::search
