// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/regret_watch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/search/reduced_space.h"
#include "core/search/samplers/gp_study.h"

namespace lathe::search {
namespace {

/// Greatest where a point may still be best: mean - width * deviation, negated.
class LowerBound final : public GpAcquisition {
 public:
  explicit LowerBound(double width) : m_width(width) {}
  [[nodiscard]] double value(const double* means, const double* deviations, double* meanSlopes,
                             double* deviationSlopes) const override {
    if (meanSlopes != nullptr) meanSlopes[0] = -1;
    if (deviationSlopes != nullptr) deviationSlopes[0] = m_width;
    return m_width * deviations[0] - means[0];
  }

 private:
  const double m_width;
};

// The process sees values with deviation 1: how many of the goal's own units that is. From the lower half, whose
// distances are all true: far outliers above are drawn in.
double unitOf(const std::vector<double>& values, const std::vector<double>& outputs) {
  std::vector<std::pair<double, double>> sorted;
  for (std::size_t i = 0; i < values.size(); ++i) sorted.emplace_back(values[i], outputs[i]);
  std::sort(sorted.begin(), sorted.end());
  const auto& [best, bestOutput] = sorted.front();
  for (std::size_t i = (sorted.size() - 1) / 2; i < sorted.size(); ++i) {
    const double spread = sorted[i].second - bestOutput;
    if (sorted[i].first > best && spread > 0) return (sorted[i].first - best) / spread;
  }
  return 0;
}

SamplerSetup without(const SamplerSetup& setup, const ReducedSpace& reduced) {
  SamplerSetup inner;
  inner.space = reduced.space();
  inner.seed = setup.seed;
  return inner;
}

}  // namespace

struct RegretWatch::Parts {
  explicit Parts(const SamplerSetup& whole)
      : reduced(whole.space), setup(without(whole, reduced)), study(setup, false) {}
  const ReducedSpace reduced;
  const SamplerSetup setup;
  GpStudy study;
};

RegretWatch::RegretWatch(const SamplerSetup& setup) : m_parts(std::make_unique<Parts>(setup)) {
  if (m_parts->setup.space.size() == 0) m_parts.reset();
}

RegretWatch::~RegretWatch() = default;

void RegretWatch::tell(const TrialResult& result) {
  if (!m_parts || result.state != TrialState::Complete || result.values.size() != 1 ||
      !std::isfinite(result.values.front()))
    return;
  auto configuration = m_parts->reduced.reduce(result.configuration);
  if (!configuration) return;
  auto told = result;
  told.configuration = std::move(*configuration);
  m_parts->study.tell(told);
}

std::optional<Termination> RegretWatch::judge(std::optional<double> noise) {
  if (!m_parts || m_parts->study.complete() < leastTrials) return std::nullopt;
  auto& study = m_parts->study;
  const auto view = study.view();
  const auto& model = *view.models.front();
  const double width = confidenceWidth(m_parts->setup.space.size(), study.complete());
  std::vector<double> values, outputs;
  double bestUpper = std::numeric_limits<double>::infinity(), bestLower = bestUpper;
  std::vector<std::pair<double, std::size_t>> order;
  Eigen::VectorXd z(study.features().features());
  GpModel::Point point;
  const auto bounds = [&](const Configuration& configuration) {
    study.features().embed(configuration, z.data());
    model.predict(z, point);
    const double reach = width * std::sqrt(std::max(0.0, point.variance));
    bestLower = std::min(bestLower, point.mean - reach);
    return point.mean + reach;
  };
  for (std::size_t i = 0; i < view.entries.size(); ++i) {
    const auto& entry = study.entry(view.entries[i]);
    values.push_back(entry.values.front());
    outputs.push_back(view.outputs.front()[static_cast<Eigen::Index>(i)]);
    bestUpper = std::min(bestUpper, bounds(entry.configuration));
    order.emplace_back(outputs.back(), view.entries[i]);
  }
  std::sort(order.begin(), order.end());
  const LowerBound acquisition(width);
  GpSearchTask task{m_parts->setup.space, study.features(), view.models, acquisition, {}, {}};
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 5); ++i)
    task.centres.push_back(study.entry(order[i].second).configuration);
  auto random = randomFor(m_parts->setup, static_cast<std::int64_t>(study.complete()), "regret");
  if (const auto lowest = gpSearch(task, random)) bounds(*lowest);
  const double unit = unitOf(values, outputs);
  const double own = std::sqrt(std::exp(model.hyper().logNoise)) * unit;
  return judgeTermination({bestLower * unit, bestUpper * unit, noise.value_or(own)});
}

}  // namespace lathe::search
