// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <queue>
#include <vector>

namespace lathe::search {

/// Of n other values and one's own, the best `percentile` per cent are so many, rounded up.
[[nodiscard]] inline std::size_t placesOf(double percentile, std::size_t others) {
  const auto count = static_cast<double>(others + 1);
  return static_cast<std::size_t>(std::ceil(std::clamp(percentile, 0.0, 100.0) * count / 100));
}

/// Keeps the placesOf()-th smallest of growing values at hand: two heaps, O(log n) an insertion.
class KthSmallest {
 public:
  explicit KthSmallest(double percentile) : m_percentile(percentile) {}

  void insert(double value) {
    if (!m_lower.empty() && value < m_lower.top())
      m_lower.push(value);
    else
      m_upper.push(value);
    const std::size_t places = std::min(placesOf(m_percentile, size()), size());
    for (; m_lower.size() < places; m_upper.pop()) m_lower.push(m_upper.top());
    for (; m_lower.size() > places; m_lower.pop()) m_upper.push(m_lower.top());
  }
  [[nodiscard]] std::size_t size() const { return m_lower.size() + m_upper.size(); }
  /// Whether a value is among the best of itself and these; equal ones share the better place.
  [[nodiscard]] bool admits(double value) const {
    const std::size_t places = placesOf(m_percentile, size());
    if (places == 0) return false;
    return places > size() || value <= m_lower.top();
  }

 private:
  const double m_percentile;
  std::priority_queue<double> m_lower;
  std::priority_queue<double, std::vector<double>, std::greater<>> m_upper;
};

}  // namespace lathe::search
