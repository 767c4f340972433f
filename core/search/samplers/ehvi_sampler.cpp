// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/search/samplers/gp_study.h"
#include "core/search/samplers/samplers.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// The boxes between the points of a front become too many with more goals: a proposal then looks at some of them.
constexpr std::size_t mostGoals = 4;
/// Points of the front that are kept whole, by the number of goals.
constexpr std::size_t mostFront[] = {0, 1, 120, 60, 24};
constexpr std::size_t mostCentres = 12;
/// Beyond the worst of the front in each goal, as a part of the front's range.
constexpr double margin = 0.1;

// Gaussian processes, one a goal, and the expected growth of the hypervolume (Emmerich 2005) in their outputs' scale,
// which is not bent as that of `gp`: it would distort volumes. The front is that of the processes' means at what was
// tried, so noise does not make it too good (Daulton et al. 2021).
class EhviSampler final : public Sampler {
 public:
  explicit EhviSampler(const SamplerSetup& setup)
      : m_setup(setup), m_study(setup, false), m_startup(std::min<std::size_t>(4 + setup.space.size(), 20)) {}

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    if (m_study.isReady(m_startup))
      if (auto found = modelled(random)) return found;
    return m_study.spread(trial, random);
  }
  void begin(std::int64_t trial, const Configuration& configuration) override { m_study.begin(trial, configuration); }
  void tell(const TrialResult& result) override { m_study.tell(result); }

 private:
  // All goals, or some of them when there are many: others at every proposal.
  [[nodiscard]] std::vector<std::size_t> goals(Random& random) const {
    std::vector<std::size_t> goals(static_cast<std::size_t>(m_setup.goals));
    std::iota(goals.begin(), goals.end(), std::size_t{0});
    while (goals.size() > mostGoals)
      goals.erase(goals.begin() + static_cast<std::ptrdiff_t>(random.below(goals.size())));
    return goals;
  }

  // The most crowded ones are left out.
  static void thin(std::vector<std::size_t>& front, const std::vector<Goals>& points, std::size_t most) {
    while (front.size() > most) {
      std::vector<Goals> own;
      own.reserve(front.size());
      for (const auto i : front) own.push_back(points[i]);
      const auto distances = crowdingDistances(own);
      std::vector<std::size_t> order(front.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
      // A few at a time: with a neighbour gone the others are less crowded.
      order.resize(std::max<std::size_t>(1, (front.size() - most) / 4));
      std::sort(order.rbegin(), order.rend());
      for (const auto i : order) front.erase(front.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }

  std::optional<Configuration> modelled(Random& random) {
    const auto view = m_study.view();
    const auto goals = this->goals(random);
    std::vector<const GpModel*> models;
    std::vector<VectorXd> means;
    for (const auto goal : goals) {
      models.push_back(view.models[goal]);
      means.push_back(view.models[goal]->means());
    }
    std::vector<Goals> points;
    std::vector<std::size_t> entries;
    for (std::size_t i = 0; i < view.entries.size(); ++i) {
      if (m_study.entry(view.entries[i]).values.empty()) continue;
      Goals point;
      for (const auto& mean : means) point.push_back(mean[static_cast<Index>(i)]);
      points.push_back(std::move(point));
      entries.push_back(view.entries[i]);
    }
    auto front = paretoFront(points);
    thin(front, points, mostFront[goals.size()]);
    std::vector<Goals> frontPoints;
    frontPoints.reserve(front.size());
    for (const auto i : front) frontPoints.push_back(points[i]);
    const LogExpectedHypervolume growth(frontPoints, referenceOf(frontPoints, points));
    const WithSuccess acquisition(growth, goals.size(), view.success);
    if (view.success.model != nullptr) models.push_back(view.success.model);
    GpSearchTask task{m_setup.space, m_study.features(), models, acquisition, {}, m_study.taken()};
    for (std::size_t i = 0; i < std::min(front.size(), mostCentres); ++i) {
      std::swap(front[i], front[i + random.below(front.size() - i)]);
      task.centres.push_back(m_study.entry(entries[front[i]]).configuration);
    }
    return gpSearch(task, random);
  }

  static Goals referenceOf(const std::vector<Goals>& front, const std::vector<Goals>& all) {
    Goals reference;
    for (std::size_t k = 0; k < front.front().size(); ++k) {
      const auto byGoal = [k](const Goals& a, const Goals& b) { return a[k] < b[k]; };
      const auto [low, high] = std::minmax_element(front.begin(), front.end(), byGoal);
      const auto [least, most] = std::minmax_element(all.begin(), all.end(), byGoal);
      const double range = (*high)[k] - (*low)[k], whole = (*most)[k] - (*least)[k];
      reference.push_back((*high)[k] + margin * (range > 1e-3 * whole ? range : std::max(whole, 1e-3)));
    }
    return reference;
  }

  const SamplerSetup m_setup;
  GpStudy m_study;
  const std::size_t m_startup;
};

}  // namespace

std::unique_ptr<Sampler> makeEhviSampler(const SamplerSetup& setup) {
  if (setup.goals == 1) return makeGpSampler(setup);  // the improvement of one goal
  return std::make_unique<EhviSampler>(setup);
}

}  // namespace lathe::search
