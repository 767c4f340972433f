// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "core/search/pruners/full_length.h"
#include "core/search/pruners/pruners.h"

/// Pruners that look at nothing but the trial's own curve.
namespace lathe::search {
namespace {

// Stops after `patience` reports of which none was better by more than minDelta than the best one before.
class PatientPruner final : public FullLengthPruner {
 public:
  using FullLengthPruner::FullLengthPruner;

  [[nodiscard]] bool shouldStop(std::int64_t trial, std::int64_t step, double value, std::uint64_t /*seen*/) override {
    if (!mayStopAt(step)) return false;
    Point before;
    if (const auto found = m_running.find(trial); found != m_running.end()) {
      const auto& curve = found->second;
      const auto at = std::lower_bound(curve.begin(), curve.end(), step,
                                       [](const Point& point, std::int64_t limit) { return point.step < limit; });
      if (at != curve.begin()) before = *std::prev(at);
    }
    return after(before, step, value).stale >= std::max<std::int64_t>(m_setup.patience, 1);
  }

 protected:
  void hear(std::int64_t trial, std::int64_t step, double value) override {
    auto& curve = m_running[trial];
    while (!curve.empty() && curve.back().step >= step) curve.pop_back();
    curve.push_back(after(curve.empty() ? Point{} : curve.back(), step, value));
  }
  void close(std::int64_t trial, TrialState /*state*/) override { m_running.erase(trial); }

 private:
  struct Point {
    std::int64_t step = 0;
    double best = std::numeric_limits<double>::infinity();
    std::int64_t stale = 0;  // reports since the best one
  };
  [[nodiscard]] Point after(const Point& before, std::int64_t step, double value) const {
    if (value < before.best - m_setup.minDelta) return {step, value, 0};
    return {step, before.best, before.stale + 1};
  }

  std::unordered_map<std::int64_t, std::vector<Point>> m_running;
};

// Stops what is out of bounds, or no number.
class ThresholdPruner final : public FullLengthPruner {
 public:
  using FullLengthPruner::FullLengthPruner;

  [[nodiscard]] bool shouldStop(std::int64_t /*trial*/, std::int64_t step, double value,
                                std::uint64_t /*seen*/) override {
    if (!mayStopAt(step)) return false;
    return !std::isfinite(value) || (m_setup.lower && value < *m_setup.lower) ||
           (m_setup.upper && value > *m_setup.upper);
  }

 protected:
  void hear(std::int64_t /*trial*/, std::int64_t /*step*/, double /*value*/) override {}
  void close(std::int64_t /*trial*/, TrialState /*state*/) override {}
};

}  // namespace

std::unique_ptr<Pruner> makePatientPruner(const PrunerSetup& setup) { return std::make_unique<PatientPruner>(setup); }
std::unique_ptr<Pruner> makeThresholdPruner(const PrunerSetup& setup) {
  return std::make_unique<ThresholdPruner>(setup);
}

}  // namespace lathe::search
