// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layered_layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace lathe::ui {

namespace {

constexpr int orderSweeps = 12;
constexpr int placeSweeps = 16;

/// How much a line wants to be straight: most where it passes ranks, least where it leaves the trunk for that.
double stiffness(bool onePasses, bool otherPasses) {
  if (onePasses && otherPasses) return 6;
  return onePasses || otherPasses ? 0.25 : 2;
}

/// A box, or where a long line passes a rank.
struct Node {
  double width = 0, height = 0;
  int rank = 0;
  bool passes = false;
  double centre = 0;
  std::vector<std::size_t> above, below;
};

class Sugiyama {
 public:
  Sugiyama(const std::vector<LayoutSize>& sizes, const std::vector<LayoutEdge>& edges, const LayoutGaps& gaps)
      : m_gaps(gaps), m_edges(edges) {
    for (const auto& size : sizes) m_nodes.push_back({size.width, size.height, 0, false, 0, {}, {}});
    rank();
    join();
    order();
    place();
  }
  [[nodiscard]] LayeredLayout layout() const;

 private:
  using Side = std::vector<std::size_t> Node::*;

  void rank() {
    auto edges = m_edges;
    std::sort(edges.begin(), edges.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
    for (const auto& edge : edges) m_nodes[edge.to].rank = std::max(m_nodes[edge.to].rank, m_nodes[edge.from].rank + 1);
  }

  void join() {
    int most = 0;
    for (const auto& node : m_nodes) most = std::max(most, node.rank);
    m_ranks.resize(m_nodes.empty() ? 0 : static_cast<std::size_t>(most) + 1);
    for (std::size_t i = 0; i < m_nodes.size(); ++i) rankOf(i).push_back(i);
    for (const auto& edge : m_edges) {
      auto& chain = m_chains.emplace_back(1, edge.from);
      const int last = m_nodes[edge.to].rank;
      for (int rank = m_nodes[edge.from].rank + 1; rank < last; ++rank) {
        m_nodes.push_back({m_gaps.lane, 0, rank, true, 0, {}, {}});
        chain.push_back(m_nodes.size() - 1);
        rankOf(chain.back()).push_back(chain.back());
      }
      chain.push_back(edge.to);
      for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
        m_nodes[chain[i]].below.push_back(chain[i + 1]);
        m_nodes[chain[i + 1]].above.push_back(chain[i]);
      }
    }
  }

  std::vector<std::size_t>& rankOf(std::size_t node) { return m_ranks[static_cast<std::size_t>(m_nodes[node].rank)]; }

  [[nodiscard]] std::vector<std::size_t> places() const {
    std::vector<std::size_t> places(m_nodes.size());
    for (const auto& rank : m_ranks)
      for (std::size_t i = 0; i < rank.size(); ++i) places[rank[i]] = i;
    return places;
  }

  [[nodiscard]] std::size_t crossings() const {
    const auto at = places();
    std::size_t count = 0;
    for (const auto& rank : m_ranks) {
      std::vector<std::pair<std::size_t, std::size_t>> lines;
      for (const auto node : rank)
        for (const auto below : m_nodes[node].below) lines.emplace_back(at[node], at[below]);
      for (std::size_t i = 0; i < lines.size(); ++i)
        for (std::size_t j = i + 1; j < lines.size(); ++j)
          if ((lines[i].first < lines[j].first && lines[i].second > lines[j].second) ||
              (lines[i].first > lines[j].first && lines[i].second < lines[j].second))
            ++count;
    }
    return count;
  }

  void sortRank(std::vector<std::size_t>& rank, Side side) {
    const auto at = places();
    std::vector<double> wanted(m_nodes.size());
    for (const auto node : rank) {
      const auto& others = m_nodes[node].*side;
      double sum = 0;
      for (const auto other : others) sum += static_cast<double>(at[other]);
      wanted[node] = others.empty() ? static_cast<double>(at[node]) : sum / static_cast<double>(others.size());
    }
    std::stable_sort(rank.begin(), rank.end(), [&](auto a, auto b) { return wanted[a] < wanted[b]; });
  }

  void order() {
    auto best = m_ranks;
    auto fewest = crossings();
    for (int sweep = 0; sweep < orderSweeps && fewest > 0; ++sweep) {
      if (sweep % 2 == 0)
        for (std::size_t i = 1; i < m_ranks.size(); ++i) sortRank(m_ranks[i], &Node::above);
      else
        for (std::size_t i = m_ranks.size() - 1; i-- > 0;) sortRank(m_ranks[i], &Node::below);
      if (const auto now = crossings(); now < fewest) {
        fewest = now;
        best = m_ranks;
      }
    }
    m_ranks = std::move(best);
  }

  /// The centres nearest to the wanted ones that keep order and gaps: isotonic regression by pooling.
  void settle(const std::vector<std::size_t>& rank, const std::vector<double>& wanted,
              const std::vector<double>& weights) {
    struct Pool {
      double sum = 0, weight = 0;
      std::size_t count = 0;
      [[nodiscard]] double mean() const { return sum / weight; }
    };
    std::vector<double> offsets(rank.size(), 0);
    for (std::size_t i = 1; i < rank.size(); ++i)
      offsets[i] = offsets[i - 1] + 0.5 * (m_nodes[rank[i - 1]].width + m_nodes[rank[i]].width) + m_gaps.beside;
    std::vector<Pool> pools;
    for (std::size_t i = 0; i < rank.size(); ++i) {
      pools.push_back({(wanted[i] - offsets[i]) * weights[i], weights[i], 1});
      while (pools.size() > 1 && pools[pools.size() - 2].mean() > pools.back().mean()) {
        const auto last = pools.back();
        pools.pop_back();
        pools.back().sum += last.sum;
        pools.back().weight += last.weight;
        pools.back().count += last.count;
      }
    }
    std::size_t i = 0;
    for (const auto& pool : pools)
      for (std::size_t k = 0; k < pool.count; ++k, ++i) m_nodes[rank[i]].centre = pool.mean() + offsets[i];
  }

  void pull(const std::vector<std::size_t>& rank, std::initializer_list<Side> sides) {
    // What everything goes through stands in one line.
    if (rank.size() == 1) {
      m_nodes[rank.front()].centre = 0;
      return;
    }
    std::vector<double> wanted, weights;
    for (const auto node : rank) {
      double sum = 0, weight = 0;
      for (const auto side : sides)
        for (const auto other : m_nodes[node].*side) {
          const double much = stiffness(m_nodes[node].passes, m_nodes[other].passes);
          sum += much * m_nodes[other].centre;
          weight += much;
        }
      wanted.push_back(weight > 0 ? sum / weight : m_nodes[node].centre);
      weights.push_back(std::max(weight, 0.1));
    }
    settle(rank, wanted, weights);
  }

  void place() {
    for (const auto& rank : m_ranks)
      settle(rank, std::vector<double>(rank.size(), 0), std::vector<double>(rank.size(), 1));
    for (int sweep = 0; sweep < placeSweeps; ++sweep) {
      for (std::size_t i = 1; i < m_ranks.size(); ++i) pull(m_ranks[i], {&Node::above});
      for (std::size_t i = m_ranks.size(); i-- > 0;) pull(m_ranks[i], {&Node::below});
    }
    for (int sweep = 0; sweep < placeSweeps; ++sweep)
      for (auto& rank : m_ranks) pull(rank, {&Node::above, &Node::below});
  }

  const LayoutGaps m_gaps;
  const std::vector<LayoutEdge>& m_edges;
  std::vector<Node> m_nodes;
  std::vector<std::vector<std::size_t>> m_ranks;
  std::vector<std::vector<std::size_t>> m_chains;  ///< the nodes of each edge
};

LayeredLayout Sugiyama::layout() const {
  LayeredLayout result;
  if (m_ranks.empty()) return result;
  std::vector<double> tops, heights;
  double y = 0;
  for (const auto& rank : m_ranks) {
    double height = 0;
    for (const auto node : rank) height = std::max(height, m_nodes[node].height);
    tops.push_back(y);
    heights.push_back(height);
    y += height + m_gaps.between;
  }
  result.height = y - m_gaps.between;
  double left = m_nodes.front().centre, right = left;
  for (const auto& node : m_nodes) {
    left = std::min(left, node.centre - 0.5 * node.width);
    right = std::max(right, node.centre + 0.5 * node.width);
  }
  result.width = right - left;
  const auto count = m_nodes.size();
  for (std::size_t i = 0; i < count && !m_nodes[i].passes; ++i) {
    const auto& node = m_nodes[i];
    const auto rank = static_cast<std::size_t>(node.rank);
    result.boxes.push_back({node.centre - 0.5 * node.width - left, tops[rank] + 0.5 * (heights[rank] - node.height),
                            node.width, node.height, node.rank});
  }
  // Several lines into one box arrive side by side, in the order in which they come.
  std::vector<std::vector<std::pair<double, std::size_t>>> arriving(result.boxes.size());
  for (std::size_t edge = 0; edge < m_chains.size(); ++edge) {
    const auto& chain = m_chains[edge];
    arriving[chain.back()].emplace_back(m_nodes[chain[chain.size() - 2]].centre, edge);
  }
  std::vector<double> ends(m_chains.size());
  for (std::size_t box = 0; box < arriving.size(); ++box) {
    auto& lines = arriving[box];
    std::sort(lines.begin(), lines.end());
    const auto& at = result.boxes[box];
    const double step = std::min(m_gaps.lane, at.width / static_cast<double>(lines.size() + 1));
    for (std::size_t i = 0; i < lines.size(); ++i)
      ends[lines[i].second] =
          at.x + 0.5 * at.width + step * (static_cast<double>(i) - 0.5 * static_cast<double>(lines.size() - 1));
  }
  for (std::size_t edge = 0; edge < m_chains.size(); ++edge) {
    const auto& chain = m_chains[edge];
    LayeredLayout::Path path;
    path.skips = chain.size() > 2;
    const auto& from = result.boxes[chain.front()];
    const auto& to = result.boxes[chain.back()];
    const double start = from.x + 0.5 * from.width;
    const auto below = tops[static_cast<std::size_t>(from.rank)] + heights[static_cast<std::size_t>(from.rank)];
    path.places.push_back({start, from.y + from.height});
    path.places.push_back({start, std::max(below, from.y + from.height)});
    for (std::size_t i = 1; i + 1 < chain.size(); ++i) {
      const auto rank = static_cast<std::size_t>(m_nodes[chain[i]].rank);
      const double x = m_nodes[chain[i]].centre - left;
      path.places.push_back({x, tops[rank]});
      path.places.push_back({x, tops[rank] + heights[rank]});
    }
    path.places.push_back({ends[edge], tops[static_cast<std::size_t>(to.rank)]});
    path.places.push_back({ends[edge], to.y});
    result.paths.push_back(std::move(path));
  }
  return result;
}

}  // namespace

LayeredLayout layered(const std::vector<LayoutSize>& sizes, const std::vector<LayoutEdge>& edges,
                      const LayoutGaps& gaps) {
  return Sugiyama(sizes, edges, gaps).layout();
}

}  // namespace lathe::ui
