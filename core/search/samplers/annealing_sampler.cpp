// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <deque>

#include "core/search/samplers/genetic.h"
#include "core/search/samplers/samplers.h"
#include "core/search/samplers/standing.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

constexpr std::size_t mostRises = 50;
constexpr std::int64_t spreadTrials = 5;  // at first
/// Of a step, as a part of a parameter's scale; of the temperature, as a part of the usual rise.
constexpr double widest = 0.3, hottest = 0.3, coldest = 0.02;
/// Parameters that a step changes, on average.
constexpr double changed = 1.3;

// Simulated annealing (Kirkpatrick et al. 1983): steps from where it stands, which become shorter; a worse trial is
// gone to with a probability that falls with the loss and the temperature. The temperature is measured by the rises met
// lately, so that the goal's unit does not matter.
class AnnealingSampler final : public Sampler {
 public:
  explicit AnnealingSampler(const SamplerSetup& setup) : m_setup(setup) {
    for (const auto& result : setup.before) tell(fromOutside(result));
  }

  [[nodiscard]] std::optional<Configuration> propose(std::int64_t trial) override {
    auto random = randomFor(m_setup, trial);
    const auto& space = m_setup.space;
    if (m_seen < spreadTrials || !m_current || m_current->standing == Told::Failed)
      return newSpreadPoint(space, m_known, trial, m_setup.seed);
    double width = widest * std::pow(shortest() / widest, progress());
    return firstNew(space, m_known, [&] {
      auto child = m_current->configuration;
      step(space, child, changed / static_cast<double>(space.size()), width, random);
      width = std::min(1.2 * width, 1.0);  // where all near ones are known
      return child;
    });
  }
  void begin(std::int64_t /*trial*/, const Configuration& configuration) override {
    m_known.insert(hashOf(configuration));
    ++m_seen;
  }
  void tell(const TrialResult& result) override {
    m_known.insert(hashOf(result.configuration));
    const auto told = toldOf(result, m_setup.goals);
    if (toldAgain(told)) return;
    ++(result.trial < 0 ? m_seen : m_ended);
    m_told.push_back(told);
    if (!m_best || first(told, *m_best)) {
      m_best = told;
      m_since = 0;
    } else {
      ++m_since;
    }
    if (!m_current || first(told, *m_current) || accepted(told)) m_current = told;
    if (m_since > 10 + 2 * m_setup.space.size()) {
      m_current = m_best;
      m_since = 0;
    }
  }

 private:
  // Of the budget; without one it comes near 1 slowly.
  [[nodiscard]] double progress() const {
    const auto ended = static_cast<double>(m_ended);
    if (m_setup.budget <= 0) return ended / (ended + 100);
    return std::min(1.0, ended / static_cast<double>(m_setup.budget));
  }
  // The last steps: more trials find a finer minimum.
  [[nodiscard]] double shortest() const {
    const auto trials = static_cast<double>(m_setup.budget > 0 ? m_setup.budget : m_ended + 100);
    return std::clamp(0.2 / std::sqrt(trials), 0.001, 0.05);
  }
  [[nodiscard]] bool first(const Told& a, const Told& b) const {
    if (m_setup.goals > 1 && a.standing == Told::Complete && b.standing == Told::Complete)
      return dominates(a.values, b.values);
    return better(a, b);
  }
  // A trial that went on: where it stands is a place as before, unless it turned out worse than others.
  bool toldAgain(const Told& told) {
    auto* before = toldBefore(m_told, told.trial);
    if (before == nullptr) return false;
    *before = told;
    const bool wasBest = m_best->trial == told.trial, wasCurrent = m_current->trial == told.trial;
    if (wasBest || first(told, *m_best)) {
      m_best = told;
      for (const auto& each : m_told)
        if (first(each, *m_best)) m_best = each;
      m_since = 0;
    }
    if (wasCurrent) m_current = told.standing == Told::Failed ? *m_best : told;
    if (!wasCurrent && first(told, *m_current)) m_current = told;
    return true;
  }
  // Whether to go to something that is not better.
  bool accepted(const Told& told) {
    if (told.standing != Told::Complete || m_current->standing != Told::Complete)
      return told.standing == m_current->standing;
    double rise = 0;
    for (std::size_t k = 0; k < told.values.size(); ++k) rise += told.values[k] - m_current->values[k];
    if (rise <= 0) return true;
    m_rises.push_back(rise);
    if (m_rises.size() > mostRises) m_rises.pop_front();
    std::vector<double> sorted(m_rises.begin(), m_rises.end());
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    const double temperature = hottest * std::pow(coldest / hottest, progress());
    auto random = randomFor(m_setup, told.trial, "accept");
    return random.uniform() < std::exp(-rise / (*middle * temperature));
  }

  const SamplerSetup m_setup;
  std::optional<Told> m_current, m_best;
  std::vector<Told> m_told;
  std::deque<double> m_rises;  ///< the latest last
  std::unordered_set<std::uint64_t> m_known;
  std::int64_t m_seen = 0;   ///< trials begun and points from outside
  std::int64_t m_ended = 0;  ///< trials
  std::size_t m_since = 0;   ///< trials since the best
};

}  // namespace

std::unique_ptr<Sampler> makeAnnealingSampler(const SamplerSetup& setup) {
  return std::make_unique<AnnealingSampler>(setup);
}

}  // namespace lathe::search
