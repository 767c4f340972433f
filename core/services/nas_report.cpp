// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/nas_report.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mixture.h"
#include "core/search/architectures/mutation.h"
#include "core/search/study_math.h"

namespace lathe::services {
namespace {

constexpr std::size_t fewestForRanking = 5;
constexpr std::string_view proxyPrefix = "proxy/";
constexpr const char* sharedScore = "shared";

ProxyRanking rankingOf(const std::string& name, const std::vector<double>& proxy, const std::vector<double>& goodness) {
  ProxyRanking ranking{name, std::nan(""), 0};
  std::vector<double> a, b;
  for (std::size_t i = 0; i < proxy.size(); ++i)
    if (std::isfinite(proxy[i])) {
      a.push_back(proxy[i]);
      b.push_back(goodness[i]);
    }
  ranking.trials = static_cast<std::int64_t>(a.size());
  if (a.size() >= fewestForRanking) ranking.spearman = spearman(a, b).value_or(std::nan(""));
  return ranking;
}

}  // namespace

std::optional<double> spearman(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() != b.size() || a.size() < 2) return std::nullopt;
  const auto x = search::ranksOf(a), y = search::ranksOf(b);
  const double mean = static_cast<double>(a.size() + 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) * (x[i] - mean);
    yy += (y[i] - mean) * (y[i] - mean);
  }
  if (xx <= 0 || yy <= 0) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

const std::vector<std::string>& architectureScores() {
  static const std::vector<std::string> names{"parameters", "flops", "synflow", "naswot", "grad_norm", sharedScore};
  return names;
}

std::optional<SharedNetwork> sharedNetwork(const search::ArchitectureStudy& study) {
  const auto json = nlohmann::json::parse(study.supernet, nullptr, false);
  if (!study.ranks || !json.is_object()) return std::nullopt;
  SharedNetwork told;
  const auto numbers = [](const nlohmann::json& list) {
    std::vector<double> all;
    for (const auto& value : list)
      all.push_back(value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
    return all;
  };
  try {
    told.epochs = json.value("epochs", std::int64_t{0});
    told.stopped = json.value("stopped", std::string());
    told.losses = numbers(json.value("losses", nlohmann::json::array()));
    told.lossesEvery = std::max<std::int64_t>(1, json.value("losses_every", std::int64_t{1}));
    told.values = numbers(json.value("values", nlohmann::json::array()));
    const auto weights = json.find("weights");
    if (weights == json.end()) return told;
    told.operations = search::mixedOperations();
    for (const auto& edge : search::mixedEdges())
      if (const auto shares = weights->find(edge.key); shares != weights->end()) {
        auto& made = told.edges.emplace_back(SharedNetwork::Edge{edge.from, edge.to, numbers(*shares)});
        made.shares.resize(told.operations.size(), 0);
      }
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;  // of another version
  }
  return told;
}

SharedOpinion::SharedOpinion(const StudySettings& settings) {
  const auto& study = settings.architecture;
  const auto told = sharedNetwork(study);
  if (!told || told->values.size() > study.ranked.size()) return;
  m_larger = study.method == "darts" || settings.goals.front().larger;
  m_values = told->values;
  m_ranked.assign(study.ranked.begin(), study.ranked.begin() + static_cast<std::ptrdiff_t>(m_values.size()));
}

double SharedOpinion::of(const spec::Configuration& configuration) const {
  for (std::size_t i = 0; i < m_ranked.size(); ++i)
    if (spec::same(m_ranked[i], configuration)) return m_values[i];
  return std::numeric_limits<double>::quiet_NaN();
}

Result<ArchitectureReport> architectureReport(const Project& project, store::StudyNumber study,
                                              const StudySettings& settings, const spec::SearchSpace& space,
                                              const std::vector<store::TrialRecord>& trials) {
  ArchitectureReport report;
  store::RunFilter filter;
  filter.study = study;
  filter.includeTrials = true;
  LATHE_ASSIGN(runs, project.store().runs(filter));
  std::map<store::RunNumber, const store::RunRecord*> byNumber;
  for (const auto& run : runs) byNumber[run.number] = &run;
  std::map<std::string, std::vector<double>> proxies;
  std::vector<double> goodness;
  const bool larger = settings.goals.front().larger;
  const SharedOpinion opinion(settings);
  for (const auto& trial : trials) {
    ArchitectureTrial told;
    told.trial = trial.number;
    if (trial.configuration.size() == space.size())
      if (const auto cost = search::costOfArchitecture(settings.architecture, space, trial.configuration)) {
        told.parameters = cost->parameters;
        told.flops = cost->flops;
      }
    if (const auto run = byNumber.find(trial.run); run != byNumber.end())
      for (const auto& [name, value] : run->second->metrics)
        if (name.rfind(proxyPrefix, 0) == 0) told.proxies[name.substr(proxyPrefix.size())] = value;
    if (const double shared = opinion.of(trial.configuration); std::isfinite(shared))
      told.proxies[sharedScore] = shared;
    const auto parent = static_cast<std::size_t>(std::max<std::int64_t>(trial.parent, 0));
    if (trial.parent >= 0 && parent < trials.size() &&
        trials[parent].configuration.size() == trial.configuration.size())
      told.changes = search::changes(space, trials[parent].configuration, trial.configuration);
    if (trial.status == spec::RunStatus::Completed && !trial.values.empty()) {
      goodness.push_back(larger ? trial.values.front() : -trial.values.front());
      for (const auto& name : architectureScores()) {
        const auto found = told.proxies.find(name);
        double value = found == told.proxies.end() ? std::nan("") : found->second;
        if (name == "parameters") value = static_cast<double>(told.parameters);
        if (name == "flops") value = static_cast<double>(told.flops);
        proxies[name].push_back(name == sharedScore && !opinion.larger() ? -value : value);
      }
    }
    report.trials.push_back(std::move(told));
  }
  if (goodness.size() < fewestForRanking) return report;
  for (const auto& name : architectureScores())
    if (auto ranking = rankingOf(name, proxies[name], goodness); ranking.trials > 0)
      report.rankings.push_back(std::move(ranking));
  return report;
}

}  // namespace lathe::services
