// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_success.h"

#include <algorithm>
#include <cmath>

namespace lathe::search {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t mostOutcomesFitted = 100, mostOutcomes = 200;
/// As likely as little noise: nobody knows how failures come about.
constexpr GpNoisePrior outcomeNoise{0.1, 0.1};
/// No outcome is quite certain.
constexpr double leastNoise = 0.01;
/// A failure costs a trial: the probability of success counts so many times. Twice is as good as once in the end, with
/// a third to a half fewer failures (ten seeds, five functions; failures in a region, and next to the optimum).
constexpr double caution = 2;

// Half the newest, the rest evenly among the others.
void keepSome(std::vector<std::size_t>& places, std::size_t most) {
  if (places.size() <= most) return;
  const std::size_t newest = most / 2, older = places.size() - newest, rest = most - newest;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < rest; ++i) kept.push_back(places[i * older / rest]);
  kept.insert(kept.end(), places.end() - static_cast<std::ptrdiff_t>(newest), places.end());
  places = std::move(kept);
}

double outcomeDeviation(double mean) { return std::sqrt(mean * (1 - mean)); }

}  // namespace

void GpSuccess::tell(std::size_t place, const Configuration& configuration, bool succeeded) {
  m_model.reset();
  if (place < m_points.size()) {
    m_failures -= m_succeeded[place] ? 0U : 1U;
    m_succeeded[place] = succeeded;
  } else {
    m_points.emplace_back(m_features.features());
    m_features.embed(configuration, m_points.back().data());
    m_succeeded.push_back(succeeded);
  }
  m_failures += succeeded ? 0U : 1U;
}

// Of the rarer outcome as many as of the other one, if there are.
std::vector<std::size_t> GpSuccess::chosen(std::size_t most) const {
  std::vector<std::size_t> failed, ran;
  for (std::size_t i = 0; i < m_points.size(); ++i) (m_succeeded[i] ? ran : failed).push_back(i);
  auto &rarer = failed.size() < ran.size() ? failed : ran, &other = failed.size() < ran.size() ? ran : failed;
  keepSome(rarer, std::max(most / 2, most - std::min(most, other.size())));
  keepSome(other, most - rarer.size());
  failed.insert(failed.end(), ran.begin(), ran.end());
  std::sort(failed.begin(), failed.end());
  return failed;
}

MatrixXd GpSuccess::points(const std::vector<std::size_t>& places) const {
  MatrixXd z(m_features.features(), static_cast<Index>(places.size()));
  for (std::size_t i = 0; i < places.size(); ++i) z.col(static_cast<Index>(i)) = m_points[places[i]];
  return z;
}

VectorXd GpSuccess::outcomes(const std::vector<std::size_t>& places) const {
  VectorXd y(static_cast<Index>(places.size()));
  for (std::size_t i = 0; i < places.size(); ++i) y[static_cast<Index>(i)] = m_succeeded[places[i]] ? 1 : 0;
  return y;
}

void GpSuccess::refit() {
  m_model.reset();
  if (m_failures == 0 || m_failures == m_points.size()) {
    m_hyper.reset();
    return;
  }
  const auto places = chosen(mostOutcomesFitted);
  const MatrixXd z = points(places);
  VectorXd y = outcomes(places);
  const double mean = y.mean();
  y = (y.array() - mean) / outcomeDeviation(mean);
  // With a pattern, without one, and what it was before.
  auto pattern = gpStart(m_features), none = pattern;
  pattern.logNoise = std::log(0.05);
  none.logNoise = std::log(0.8);
  none.logSignal = none.logAdditive = std::log(0.1);
  std::vector<GpHyper> starts{pattern, none};
  if (m_hyper) starts.push_back(*m_hyper);
  std::optional<GpFitted> best;
  for (const auto& start : starts)
    if (auto fitted = gpFit(m_features, z, y, start, 20, outcomeNoise);
        !best || fitted.logPosterior > best->logPosterior)
      best = std::move(fitted);
  m_hyper = std::move(best->hyper);
}

GpSuccess::View GpSuccess::view() {
  if (!m_hyper || m_failures == 0 || m_failures == m_points.size()) return {};
  if (!m_model) {
    const auto places = chosen(mostOutcomes);
    VectorXd y = outcomes(places);
    const double mean = y.mean(), deviation = outcomeDeviation(mean);
    y = (y.array() - mean) / deviation;
    m_model = std::make_unique<GpModel>(m_features, *m_hyper, points(places), 0);
    m_model->setOutputs(y);
    m_view = {m_model.get(), (0.5 - mean) / deviation, std::max(leastNoise, std::exp(m_hyper->logNoise))};
  }
  return m_view;
}

double WithSuccess::value(const double* means, const double* deviations, double* meanSlopes,
                          double* deviationSlopes) const {
  const double promise = m_inner.value(means, deviations, meanSlopes, deviationSlopes);
  if (!m_known) return promise;
  const double s = deviations[m_goals], width = std::sqrt(s * s + m_noise), z = (means[m_goals] - m_half) / width;
  const auto success = logProbability(z);
  if (meanSlopes != nullptr) {
    meanSlopes[m_goals] = caution * success.slope / width;
    deviationSlopes[m_goals] = -caution * success.slope * z * s / (width * width);
  }
  return promise + caution * success.value;
}

}  // namespace lathe::search
