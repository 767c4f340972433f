// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <unordered_map>

#include "core/search/pruners/full_length.h"
#include "core/search/pruners/pruners.h"
#include "core/search/pruners/signed_rank.h"

namespace lathe::search {
namespace {

// Steps are folds, or instances: a trial is stopped when it is worse, surely enough, than the best complete one on the
// folds that both have seen. Five of them at alpha 0.05, four at 0.1 can be enough, fewer never are.
class WilcoxonPruner final : public FullLengthPruner {
 public:
  using FullLengthPruner::FullLengthPruner;

  [[nodiscard]] bool shouldStop(std::int64_t trial, std::int64_t step, double value, std::uint64_t seen) override {
    if (!mayStopAt(step)) return false;
    const auto after = std::lower_bound(m_best.begin(), m_best.end(), seen,
                                        [](const Best& best, std::uint64_t at) { return best.place < at; });
    if (after == m_best.begin()) return false;
    const auto& best = std::prev(after)->folds;
    std::vector<double> differences;
    double sum = 0;
    const auto compare = [&](std::int64_t fold, double own) {
      const auto other = best.find(fold);
      if (other == best.end()) return;
      differences.push_back(difference(own, other->second));
      sum += differences.back();
    };
    if (const auto found = m_running.find(trial); found != m_running.end())
      for (const auto& [fold, own] : found->second)
        if (fold < step) compare(fold, own);
    compare(step, value);
    // An infinite sum of both signs is NaN and stops nothing.
    return sum > 0 && signedRankGreater(differences) < m_setup.alpha;
  }

 protected:
  void hear(std::int64_t trial, std::int64_t step, double value) override { m_running[trial][step] = value; }
  void close(std::int64_t trial, TrialState state) override {
    const auto found = m_running.find(trial);
    if (found == m_running.end()) return;
    if (state == TrialState::Complete) {
      double sum = 0;
      for (const auto& [fold, value] : found->second) sum += value;
      const double mean = sum / static_cast<double>(found->second.size());
      if (std::isfinite(mean) && (m_best.empty() || mean < m_best.back().mean))
        m_best.push_back({heard(), mean, std::move(found->second)});
    }
    m_running.erase(found);
  }

 private:
  using Folds = std::map<std::int64_t, double>;
  // The best one from this place of the log on, by its mean over all folds.
  struct Best {
    std::uint64_t place = 0;
    double mean = 0;
    Folds folds;
  };
  static double difference(double own, double other) {
    if (std::isnan(own)) return std::numeric_limits<double>::infinity();
    return own - other;
  }

  std::unordered_map<std::int64_t, Folds> m_running;
  std::vector<Best> m_best;
};

}  // namespace

std::unique_ptr<Pruner> makeWilcoxonPruner(const PrunerSetup& setup) { return std::make_unique<WilcoxonPruner>(setup); }

}  // namespace lathe::search
