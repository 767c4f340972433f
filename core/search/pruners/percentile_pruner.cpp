// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/search/pruners/full_length.h"
#include "core/search/pruners/kth_smallest.h"
#include "core/search/pruners/pruners.h"

namespace lathe::search {
namespace {

// The rule of Golovin and others (2017, Google Vizier): a trial whose best value until a step is worse than the median
// (here any percentile) of what complete trials had until then is stopped. Theirs are the best values as well, not
// running averages, which lag behind on curves that fall steeply. Pruned trials do not count: they are missing at later
// steps, so that each step would halve what the ones before have left.
class PercentilePruner final : public FullLengthPruner {
 public:
  PercentilePruner(const PrunerSetup& setup, double percentile) : FullLengthPruner(setup), m_percentile(percentile) {}

  [[nodiscard]] bool shouldStop(std::int64_t trial, std::int64_t step, double value, std::uint64_t seen) override {
    if (!mayStopAt(step)) return false;
    const auto found = m_levels.find(step);
    if (found == m_levels.end()) return false;
    double best = ordered(value);
    if (const auto curve = m_running.find(trial); curve != m_running.end()) {
      const auto after = std::lower_bound(curve->second.begin(), curve->second.end(), step,
                                          [](const TrialReport& report, std::int64_t at) { return report.step < at; });
      if (after != curve->second.begin()) best = std::min(best, std::prev(after)->value);
    }
    const auto& level = found->second;
    const auto known = static_cast<std::size_t>(std::lower_bound(level.places.begin(), level.places.end(), seen) -
                                                level.places.begin());
    if (known < static_cast<std::size_t>(std::max<std::int64_t>(m_setup.startupTrials, 1))) return false;
    if (known == level.values.size()) return !level.quantile.admits(best);
    // As things stood earlier.
    const auto end = level.values.begin() + static_cast<std::ptrdiff_t>(known);
    const auto better = std::count_if(level.values.begin(), end, [&](double other) { return other < best; });
    return static_cast<std::size_t>(better) >= placesOf(m_percentile, known);
  }

 protected:
  void hear(std::int64_t trial, std::int64_t step, double value) override {
    auto& curve = m_running[trial];
    // A trial that goes on from a checkpoint tells some steps again.
    while (!curve.empty() && curve.back().step >= step) curve.pop_back();
    const double best = curve.empty() ? ordered(value) : std::min(curve.back().value, ordered(value));
    curve.push_back({step, best});
  }
  void close(std::int64_t trial, TrialState state) override {
    const auto found = m_running.find(trial);
    if (found == m_running.end()) return;
    if (state == TrialState::Complete)
      for (const auto& [step, best] : found->second) {
        auto& level = m_levels.try_emplace(step, m_percentile).first->second;
        level.places.push_back(heard());
        level.values.push_back(best);
        level.quantile.insert(best);
      }
    m_running.erase(found);
  }

 private:
  // Best values of complete trials until a step, in the order in which they ended.
  struct Level {
    explicit Level(double percentile) : quantile(percentile) {}
    std::vector<std::uint64_t> places;
    std::vector<double> values;
    KthSmallest quantile;
  };
  static double ordered(double value) { return std::isnan(value) ? std::numeric_limits<double>::infinity() : value; }

  const double m_percentile;
  std::unordered_map<std::int64_t, std::vector<TrialReport>> m_running;  // the best value until each step
  std::unordered_map<std::int64_t, Level> m_levels;
};

}  // namespace

std::unique_ptr<Pruner> makeMedianPruner(const PrunerSetup& setup) {
  return std::make_unique<PercentilePruner>(setup, 50);
}
std::unique_ptr<Pruner> makePercentilePruner(const PrunerSetup& setup) {
  return std::make_unique<PercentilePruner>(setup, setup.percentile);
}

}  // namespace lathe::search
