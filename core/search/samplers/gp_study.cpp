// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/search/samplers/gp_study.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/search/samplers/gp_output.h"
#include "core/search/space_tools.h"

namespace lathe::search {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t mostFitted = 200;   // points that hyperparameters are fitted to
constexpr std::size_t mostAppended = 64;  // points that a factor grows by
constexpr std::size_t mostPending = 64;
constexpr std::size_t mostTaken = 20'000;

std::size_t fitAfter(std::size_t count) {
  if (count < 40) return count + 1;
  return count + (count < GpStudy::mostModelled ? count * 7 / 100 : count / 4);
}

double quantile(std::vector<double> values, double share) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

VectorXd picked(const VectorXd& values, const std::vector<std::size_t>& places) {
  VectorXd result(static_cast<Index>(places.size()));
  for (Index i = 0; i < result.size(); ++i) result[i] = values[static_cast<Index>(places[static_cast<std::size_t>(i)])];
  return result;
}

}  // namespace

GpStudy::GpStudy(const SamplerSetup& setup, bool warped)
    : m_setup(setup), m_features(setup.space), m_warped(warped), m_success(m_features) {
  for (const auto& result : setup.before) tell(result);
}

void GpStudy::begin(std::int64_t trial, const Configuration& configuration) { m_running[trial] = configuration; }

void GpStudy::tell(const TrialResult& result) {
  if (result.trial >= 0) m_running.erase(result.trial);
  Entry entry{result.configuration, result.state, result.values};
  if (result.state == TrialState::Pruned && !result.reports.empty()) entry.report = result.reports.back().value;
  const bool complete =
      result.state == TrialState::Complete && result.values.size() == static_cast<std::size_t>(m_setup.goals);
  if (!complete) entry.values.clear();
  m_complete += complete ? 1U : 0U;
  m_told.insert(hashOf(result.configuration));
  ++m_heard;
  const auto known = result.trial < 0 ? m_places.end() : m_places.find(result.trial);
  const auto place = known == m_places.end() ? m_entries.size() : known->second;
  m_success.tell(place, entry.configuration, !entry.failed());
  bool otherRows = false;  // than the processes have
  if (known != m_places.end()) {
    // A trial that went on: the same point, another output.
    auto& before = m_entries[known->second];
    otherRows = before.failed() != entry.failed();
    m_complete -= before.values.empty() ? 0U : 1U;
    before = std::move(entry);
  } else {
    if (result.trial >= 0) m_places[result.trial] = m_entries.size();
    m_entries.push_back(std::move(entry));
  }
  const std::size_t count = m_entries.size();
  if (m_heard >= m_nextFit || (m_fit.empty() && m_complete > 1)) {
    if (m_complete > 1) refit();
    m_success.refit();
    m_nextFit = fitAfter(m_heard);
    setBase(count);
  } else if (otherRows || count - m_lastBase >= mostAppended) {
    setBase(count);
  }
}

// Chosen now, not when somebody asks: results may still change.
void GpStudy::setBase(std::size_t count) {
  ++m_bases;
  m_lastBase = count;
  m_base = chosen(count, mostModelled);
}

bool GpStudy::isTaken(const Configuration& configuration) const {
  return m_told.contains(hashOf(configuration)) ||
         std::any_of(m_running.begin(), m_running.end(),
                     [&](const auto& each) { return spec::same(each.second, configuration); });
}

std::optional<Configuration> GpStudy::spread(std::int64_t trial, Random& random) const {
  constexpr std::size_t enough = 4;
  if (m_complete < 2 && m_success.failures() > enough + m_setup.space.size() && trial % 2 != 0)
    if (auto found = nearEnds(random)) return found;
  Random shift(m_setup.seed, "spread");
  auto configuration = gpSpread(m_setup.space, static_cast<std::uint64_t>(trial), shift);
  if (!isTaken(configuration) && spec::fulfils(m_setup.space, configuration)) return configuration;
  std::optional<Configuration> drawn;
  for (int i = 0; i < 50; ++i) {
    drawn = drawFeasible(m_setup.space, random);
    if (!drawn || !isTaken(*drawn)) break;
  }
  return drawn;
}

// A range that is far too wide has its only good part there, mostly at the low end: sizes, rates.
std::optional<Configuration> GpStudy::nearEnds(Random& random) const {
  constexpr double scales = 5;  // powers of ten
  for (int i = 0; i < 50; ++i) {
    Configuration configuration(m_setup.space.size(), std::numeric_limits<double>::quiet_NaN());
    settle(m_setup.space, configuration, [&](std::size_t k) {
      const auto& parameter = m_setup.space.parameters[k];
      if (parameter.type == spec::ParameterType::Categorical) return drawValue(parameter, random);
      const double distance = std::pow(10, -scales * random.uniform());
      return fromUnit(parameter, random.below(3) == 0 ? 1 - distance : distance);
    });
    if (mend(m_setup.space, configuration, random) && !isTaken(configuration)) return configuration;
  }
  return std::nullopt;
}

std::unordered_set<std::uint64_t> GpStudy::taken() const {
  auto result = m_told;
  for (const auto& [trial, configuration] : m_running) result.insert(hashOf(configuration));
  return result;
}

VectorXd GpStudy::imputed(std::size_t goal, std::size_t count) const {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    if (!m_entries[i].values.empty()) values.push_back(m_entries[i].values[goal]);
  if (values.empty()) return VectorXd::Zero(static_cast<Index>(count));
  const double worst = *std::max_element(values.begin(), values.end()), middle = quantile(values, 0.5);
  VectorXd result(static_cast<Index>(count));
  for (std::size_t i = 0; i < count; ++i) {
    const auto& entry = m_entries[i];
    double value = worst;
    if (!entry.values.empty())
      value = entry.values[goal];
    else if (entry.state == TrialState::Pruned && goal == 0 && entry.report)
      value = std::clamp(*entry.report, middle, std::max(middle, worst));
    result[static_cast<Index>(i)] = value;
  }
  return result;
}

std::vector<std::size_t> GpStudy::chosen(std::size_t count, std::size_t most) const {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < count; ++i)
    if (!m_entries[i].failed()) all.push_back(i);
  if (all.size() <= most) return all;
  std::vector<double> badness(count, 0);
  if (m_setup.goals == 1) {
    const auto values = imputed(0, count);
    badness.assign(values.begin(), values.end());
  } else {
    std::vector<Goals> points;
    for (std::size_t i = 0; i < count; ++i)
      if (!m_entries[i].values.empty()) points.push_back(m_entries[i].values);
    const auto ranks = nondominatedRanks(points);
    for (std::size_t i = 0, k = 0; i < count; ++i)
      badness[i] = m_entries[i].values.empty() ? static_cast<double>(count) : ranks[k++];
  }
  // Half the best, a quarter the newest, the rest evenly among the others.
  std::stable_sort(all.begin(), all.end(), [&](std::size_t a, std::size_t b) { return badness[a] < badness[b]; });
  std::vector<std::size_t> result(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(most / 2));
  std::vector<std::size_t> others(all.begin() + static_cast<std::ptrdiff_t>(most / 2), all.end());
  std::sort(others.begin(), others.end());
  for (std::size_t i = 0; i < most / 4; ++i) {
    result.push_back(others.back());
    others.pop_back();
  }
  const std::size_t rest = most - result.size();
  for (std::size_t i = 0; i < rest; ++i) result.push_back(others[i * others.size() / rest]);
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

MatrixXd GpStudy::embedded(const std::vector<std::size_t>& entries) const {
  MatrixXd z(m_features.features(), static_cast<Index>(entries.size()));
  for (std::size_t i = 0; i < entries.size(); ++i)
    m_features.embed(m_entries[entries[i]].configuration, z.col(static_cast<Index>(i)).data());
  return z;
}

void GpStudy::refit() {
  const std::size_t count = m_entries.size();
  const auto entries = chosen(count, mostFitted);
  const MatrixXd z = embedded(entries);
  const bool first = m_fit.empty();
  if (first) m_fit.assign(static_cast<std::size_t>(m_setup.goals), {gpStart(m_features)});
  const bool anew = !first && m_fits % (count < 40 ? 3 : 4) == 0;
  for (std::size_t goal = 0; goal < m_fit.size(); ++goal) {
    const VectorXd values = picked(imputed(goal, count), entries);
    constexpr double powers[] = {1, 0.5, 0.25, 0};
    MatrixXd outputs(values.size(), 4);
    VectorXd jacobians(4);
    for (Index p = 0; p < 4; ++p) {
      outputs.col(p) = gpOutputs(values, powers[p], &jacobians[p]);
      jacobians[p] -= 2 * (1 - powers[p]);
    }
    const auto best = [&](const GpHyper& hyper) {
      Index at = 0;
      if (m_warped && values.size() >= 10) (gpLikelihoods(m_features, z, outputs, hyper) + jacobians).maxCoeff(&at);
      return at;
    };
    auto& fit = m_fit[goal];
    Index power = best(fit.hyper);
    auto fitted = gpFit(m_features, z, outputs.col(power), fit.hyper, first ? 60 : 20);
    if (anew) {
      const auto start = gpStart(m_features);
      const Index other = best(start);
      auto fresh = gpFit(m_features, z, outputs.col(other), start, 40);
      if (fresh.logPosterior + jacobians[other] > fitted.logPosterior + jacobians[power]) {
        fitted = std::move(fresh);
        power = other;
      }
    }
    fit = {std::move(fitted.hyper), powers[power]};
  }
  ++m_fits;
}

void GpStudy::rebuild() {
  m_modelled = m_base;
  m_seen = m_lastBase;
  const MatrixXd z = embedded(m_modelled);
  m_models.clear();
  for (const auto& fit : m_fit)
    m_models.push_back(std::make_unique<GpModel>(m_features, fit.hyper, z, mostAppended + mostPending));
  m_builtBase = m_bases;
  m_builtFit = m_fits;
}

GpStudy::View GpStudy::view() {
  if (m_models.empty() || m_builtBase != m_bases || m_builtFit != m_fits) rebuild();
  // Those that ran at the last proposal make way for what was told since.
  for (auto& model : m_models) model->truncate(static_cast<Index>(m_modelled.size()));
  VectorXd z(m_features.features());
  const auto append = [&](const Configuration& configuration) {
    m_features.embed(configuration, z.data());
    for (auto& model : m_models) model->append(z);
  };
  for (; m_seen < m_entries.size(); ++m_seen) {
    if (m_entries[m_seen].failed()) continue;
    append(m_entries[m_seen].configuration);
    m_modelled.push_back(m_seen);
  }
  View view{{}, m_modelled, {}, m_success.view()};
  for (std::size_t goal = 0; goal < m_models.size(); ++goal) {
    const VectorXd values = picked(imputed(goal, m_entries.size()), m_modelled);
    view.outputs.push_back(gpOutputs(values, m_fit[goal].power));
    m_models[goal]->setOutputs(view.outputs.back());
    view.models.push_back(m_models[goal].get());
  }
  appendRunning(m_models);
  return view;
}

// The newest of those that run: where they are is known, not what comes of them.
void GpStudy::appendRunning(std::vector<std::unique_ptr<GpModel>>& models) const {
  VectorXd z(m_features.features());
  std::size_t pending = 0;
  for (auto each = m_running.rbegin(); each != m_running.rend() && pending < mostPending; ++each, ++pending) {
    m_features.embed(each->second, z.data());
    for (auto& model : models) model->append(z);
  }
}

GpStudy::View GpStudy::doubting() {
  constexpr double shorter = 0.5, noSum = 1e-5;
  auto view = this->view();
  const MatrixXd z = embedded(view.entries);
  m_doubting.clear();
  for (std::size_t goal = 0; goal < m_fit.size(); ++goal) {
    auto hyper = m_fit[goal].hyper;
    hyper.logWeights.array() -= 2 * std::log(shorter);
    hyper.logAdditive = std::log(noSum);
    m_doubting.push_back(std::make_unique<GpModel>(m_features, hyper, z, mostPending));
    m_doubting.back()->setOutputs(view.outputs[goal]);
    view.models[goal] = m_doubting.back().get();
  }
  appendRunning(m_doubting);
  return view;
}

}  // namespace lathe::search
