// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/nas_supernet.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/base/random.h"
#include "core/engine/batching.h"
#include "core/engine/supernet.h"
#include "core/search/architectures/architecture_sampler.h"
#include "core/search/architectures/mixture.h"
#include "core/search/space_tools.h"
#include "core/services/nas_settings.h"

namespace lathe::services {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<std::uint32_t>;

constexpr std::size_t mostRowsOfRanking = 2000;
constexpr std::int64_t pathsTried = 150;
constexpr double architectureRate = 6e-3;
constexpr std::int64_t mostShortcuts = 2, patience = 5;
constexpr std::size_t leastEpochs = 3;
constexpr double warmUp = 0.25;  // operations are judged by weights that have learnt something
constexpr double secondsBetweenCheckpoints = 20, secondsBetweenWords = 1;
constexpr std::int64_t mostLosses = 1000;
constexpr std::size_t rowsOfCurvature = 512;
constexpr std::size_t mostRanked = 150;  // a study may be extended
constexpr const char* fileName = "supernet.ckpt";

Rows thinned(const Rows& rows, std::size_t most) {
  if (rows.size() <= most) return rows;
  Rows out(most);
  for (std::size_t i = 0; i < most; ++i) out[i] = rows[i * rows.size() / most];
  return out;
}

/// What both methods share: the network, its data, and how far it is.
class Shared {
 public:
  Shared(const TrialGround& ground, StudySettings& settings, const spec::ExperimentSpec& base,
         const spec::SearchSpace& space, const std::filesystem::path& folder, const SharedWatch& watch)
      : m_ground(ground),
        m_study(settings.architecture),
        m_settings(settings),
        m_base(base),
        m_space(search::sharedSpace(settings.architecture.space, space)),
        m_file(folder / fileName),
        m_watch(watch),
        m_random(settings.seed, "paths") {}

  Result<void> run() {
    const double begun = systemClock().steadySeconds();
    if (m_study.method == "darts" && m_study.space != "cells")
      return fail("nas.darts_space",
                  LATHE_TEXT("errors", "DARTS mixes the operations of cells, not of the space {space}."),
                  LATHE_TEXT("errors", "Use --space cells with images, or the method spos or evolution."),
                  {{"space", m_study.space}});
    LATHE_TRY(open());
    LATHE_TRY(m_study.method == "darts" ? mix() : trainPaths());
    LATHE_TRY(m_study.method == "darts" ? rankMixture() : rankPaths());
    m_told["seconds"] = systemClock().steadySeconds() - begun;
    m_study.supernet = m_told.dump();
    m_study.ranks = true;
    std::error_code error;
    std::filesystem::remove(m_file, error);
    return {};
  }

 private:
  Result<spec::ModelGraph> graphOf(const spec::Configuration& configuration) const {
    return search::buildArchitecture(m_study.space, m_space, configuration, m_study.context);
  }

  [[nodiscard]] std::uint64_t codeOf(const spec::Configuration& configuration) const {
    return search::networkCode(m_study.space, m_space, configuration, m_study.context);
  }

  Result<void> open() {
    Random random(m_settings.seed, "first path");
    auto spec = trialSpecOf(m_settings, m_base, m_space, search::draw(m_space, random));
    if (!spec) return passOn(spec);
    auto resolved = resolve(*spec, m_ground.project->folder(), {}, m_ground.engine.get(), &m_ground.kept);
    if (!resolved) return passOn(resolved);
    m_resolved = std::move(*resolved);
    auto& training = m_resolved.spec.training;
    training.threads = std::max(1, m_settings.threads * std::max(1, m_settings.workers));
    if (m_settings.deterministic) training.threads = 1;
    const engine::TrainingRequest request{m_resolved.model, training, m_resolved.data, {}, std::nullopt, ""};
    auto made = m_ground.engine->supernet(request);
    if (!made) return passOn(made);
    m_net = std::move(*made);
    std::error_code error;
    std::filesystem::create_directories(m_file.parent_path(), error);
    if (!std::filesystem::exists(m_file, error)) return {};
    LATHE_ASSIGN(text, m_net->restore(m_file));
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return {};
    m_epoch = json.value("epoch", std::int64_t{0});
    m_random.setState(json.at("random").get<Random::State>());
    m_told = json.value("told", Json::object());
    return {};
  }

  // How much of the training is done after so many steps of this epoch, 0 .. 1: by its epochs, or by its time where
  // that ends sooner.
  [[nodiscard]] double done(std::int64_t step, std::int64_t steps) const {
    const double epochs = static_cast<double>(m_epoch) + static_cast<double>(step) / static_cast<double>(steps);
    return std::max(epochs / static_cast<double>(std::max<std::int64_t>(1, m_study.superEpochs)),
                    m_watch.timeUsed ? m_watch.timeUsed() : 0);
  }

  [[nodiscard]] double rateAt(double done) const {
    return m_resolved.spec.training.optimizer.lr * 0.5 * (1 + std::cos(3.14159265358979 * std::min(1.0, done)));
  }

  [[nodiscard]] bool ended() const { return m_epoch >= m_study.superEpochs || m_told.contains("stopped"); }

  // Not after every epoch: those of small data are shorter than the writing.
  Result<void> keep() {
    const double now = systemClock().steadySeconds();
    if (!ended() && now - m_kept < secondsBetweenCheckpoints) return {};
    m_kept = now;
    const Json json{{"epoch", m_epoch}, {"random", m_random.state()}, {"told", m_told}};
    return m_net->save(m_file, json.dump());
  }

  // Some hundred losses show the course of any number of epochs.
  [[nodiscard]] std::int64_t every() const { return 1 + (m_study.superEpochs - 1) / mostLosses; }

  void told(double loss) {
    m_told["epochs"] = m_epoch;
    m_told["loss"] = loss;
    if (m_epoch % every() == 0 || ended()) m_told["losses"].push_back(std::isfinite(loss) ? Json(loss) : Json());
    m_told["losses_every"] = every();
    const double now = systemClock().steadySeconds();
    if (!ended() && now - m_lastTold < secondsBetweenWords) return;
    m_lastTold = now;
    m_watch.tell({LATHE_TEXT("events", "The shared network has trained {epoch} of {epochs} epochs, loss {loss}."),
                  {{"epoch", std::to_string(m_epoch)},
                   {"epochs", std::to_string(m_study.superEpochs)},
                   {"loss", std::to_string(loss)}}});
  }

  // One epoch over these rows, or what the time allows; what is done with a batch is the method's. At its end it is
  // written down: what a stopped epoch did is done again.
  template <class Step>
  Result<void> epochOver(Rows rows, const Step& step) {
    m_random.shuffle(rows);
    const engine::BatchPlan plan(rows.size(),
                                 static_cast<std::size_t>(std::max(2, m_resolved.spec.training.batchSize)));
    double sum = 0;
    std::int64_t steps = 0;
    for (; steps < plan.steps(); ++steps) {
      if (m_watch.stopped()) return fail(cancelledCode, "Stopped.", "");
      const double part = done(steps, plan.steps());
      if (part >= 1 && m_epoch + steps > 0) {
        m_told["stopped"] = "time";
        break;
      }
      const auto [first, count] = plan.range(steps);
      LATHE_ASSIGN(loss, step(std::span<const std::uint32_t>(rows.data() + first, count), steps, part));
      sum += loss;
    }
    if (steps == plan.steps()) ++m_epoch;
    if (steps > 0) told(sum / static_cast<double>(steps));
    return {};
  }

  Result<void> trainPaths() {
    while (!ended()) {
      const auto step = [&](std::span<const std::uint32_t> rows, std::int64_t, double part) -> Result<double> {
        LATHE_ASSIGN(graph, graphOf(search::draw(m_space, m_random)));
        return m_net->step(graph, rows, rateAt(part));
      };
      LATHE_TRY(epochOver(m_resolved.data->split.train, step));
      LATHE_TRY(keep());
    }
    return {};
  }

  Result<double> valueOf(const spec::Configuration& configuration, const Rows& rows) {
    LATHE_ASSIGN(graph, graphOf(configuration));
    LATHE_ASSIGN(predictions, m_net->predict(graph, rows));
    const auto& goal = m_settings.goals.front();
    const auto name = goal.metric.rfind("val/", 0) == 0 ? goal.metric.substr(4) : std::string("loss");
    for (const auto& [metric, value] :
         engine::scores(predictions, *m_resolved.data, rows, m_resolved.model, m_resolved.spec.training.loss))
      if (metric == name) return goal.larger ? -value : value;
    return fail("study.no_metric", LATHE_TEXT("errors", "The training gave no {metric}."),
                LATHE_TEXT("errors", "Choose a metric that fits the task; help search names them."),
                {{"metric", goal.metric}});
  }

  Result<void> rankPaths() {
    const auto& split = m_resolved.data->split;
    const auto rows = thinned(split.validation.empty() ? split.train : split.validation, mostRowsOfRanking);
    search::SamplerSetup setup;
    setup.space = m_space;
    setup.seed = m_settings.seed;
    setup.budget = pathsTried;
    LATHE_ASSIGN(sampler, search::makeArchitectureSampler("evolution", setup, m_study));
    std::vector<std::pair<double, spec::Configuration>> ranked;
    std::set<std::uint64_t> networks;  // different choices of operations can be one network
    for (std::int64_t i = 0; i < pathsTried; ++i) {
      if (m_watch.stopped()) return fail(cancelledCode, "Stopped.", "");
      const auto path = sampler->propose(i);
      if (!path) break;
      LATHE_ASSIGN(value, valueOf(*path, rows));
      sampler->begin(i, *path);
      sampler->tell({i, *path, search::TrialState::Complete, {value}});
      if (std::isfinite(value) && networks.insert(codeOf(*path)).second) ranked.emplace_back(value, *path);
    }
    std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const bool larger = m_settings.goals.front().larger;
    m_told["paths"] = ranked.size();
    for (std::size_t i = 0; i < std::min<std::size_t>(ranked.size(), wanted()); ++i) {
      m_study.ranked.push_back(ranked[i].second);
      m_told["values"].push_back(larger ? -ranked[i].first : ranked[i].first);
    }
    return {};
  }

  [[nodiscard]] std::size_t wanted() const {
    return std::max(mostRanked, static_cast<std::size_t>(std::max<std::int64_t>(1, m_settings.trials)));
  }

  Result<void> mix() {
    const auto graph = search::buildMixture(m_space, m_study.context);
    if (const auto report = spec::analyse(graph, m_study.context.graph); report.error)
      return tl::unexpected<Error>(*report.error);
    // Half learns weights, half operations.
    auto all = m_resolved.data->split.train;
    Random halves(m_settings.seed, "halves");
    halves.shuffle(all);
    const Rows weights(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2));
    const Rows operations(all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2), all.end());
    const auto batch = static_cast<std::size_t>(std::max(2, m_resolved.spec.training.batchSize));
    const Rows judged = thinned(operations, rowsOfCurvature);
    while (!ended()) {
      auto others = operations;
      m_random.shuffle(others);
      const auto before = m_epoch;
      const auto step = [&](std::span<const std::uint32_t> rows, std::int64_t i, double part) -> Result<double> {
        const auto first = static_cast<std::size_t>(i) * batch % others.size();
        const auto count = std::min(batch, others.size() - first);
        if (part >= warmUp && count > 1)
          LATHE_TRY(m_net->architectureStep(graph, {others.data() + first, count}, architectureRate));
        return m_net->step(graph, rows, rateAt(part));
      };
      LATHE_TRY(epochOver(weights, step));
      if (m_epoch > before) LATHE_TRY(judge(graph, judged));
      LATHE_TRY(keep());
    }
    return {};
  }

  // Whether the operations have learnt what they will.
  Result<void> judge(const spec::ModelGraph& graph, const Rows& rows) {
    const auto weights = m_net->architectureWeights();
    const auto now = orderOf(weights);
    const auto steady = now == m_told.value("order", std::string()) ? m_told.value("steady", std::int64_t{0}) + 1 : 0;
    m_told["steady"] = steady;
    m_told["order"] = now;
    if (done(0, 1) <= warmUp) return {};
    LATHE_ASSIGN(curvature, m_net->architectureCurvature(graph, rows));
    m_told["curvature"].push_back(std::isfinite(curvature) ? Json(std::abs(curvature)) : Json());
    auto& each = m_told["each"];
    each.push_back(weights);
    if (each.size() > search::curvatureWindow + 1) each.erase(0);
    if (each.size() < leastEpochs) return {};
    if (search::likelyShortcuts(weights) >= mostShortcuts)
      m_told["stopped"] = "shortcuts";
    else if (steady >= patience)
      m_told["stopped"] = "steady";
    else if (search::bendsMore(curvatures()))
      m_told["stopped"] = "curvature";
    return {};
  }

  [[nodiscard]] std::vector<double> curvatures() const {
    std::vector<double> all;
    for (const auto& value : m_told.value("curvature", Json::array()))
      all.push_back(value.is_number() ? value.get<double>() : std::nan(""));
    return all;
  }

  // Those of the epoch before the loss began to bend; else the last ones.
  [[nodiscard]] std::map<std::string, std::vector<double>> weightsToBelieve() const {
    const auto each = m_told.value("each", Json::array());
    if (m_told.value("stopped", std::string()) != "curvature" || each.size() <= search::curvatureWindow)
      return m_net->architectureWeights();
    return each[each.size() - 1 - search::curvatureWindow].get<std::map<std::string, std::vector<double>>>();
  }

  static std::string orderOf(const std::map<std::string, std::vector<double>>& weights) {
    std::string text;
    for (const auto& [key, shares] : weights)
      text += key + std::to_string(std::max_element(shares.begin(), shares.end()) - shares.begin()) + " ";
    return text;
  }

  Result<void> rankMixture() {
    const auto weights = weightsToBelieve();
    m_told.erase("each");
    m_told["weights"] = weights;
    constexpr std::size_t looked = 20;
    std::set<std::uint64_t> networks;
    for (const auto& configuration : search::likeliest(m_space, weights, wanted() * looked)) {
      if (m_study.ranked.size() >= wanted()) break;
      const auto cost = search::costOfArchitecture(m_study, m_space, configuration);
      if (!cost || !search::within(m_study.limits, *cost)) continue;
      if (!networks.insert(codeOf(configuration)).second) continue;
      m_study.ranked.push_back(configuration);
      m_told["values"].push_back(search::likelihood(m_space, weights, configuration));
    }
    if (!m_study.ranked.empty()) return {};
    return fail("nas.impossible_cells",
                LATHE_TEXT("errors", "None of the likeliest cells of the mixture is within the limits."),
                LATHE_TEXT("errors", "Allow more (--max-parameters, --max-flops), or use the method evolution."));
  }

  const TrialGround& m_ground;
  search::ArchitectureStudy& m_study;
  const StudySettings& m_settings;
  const spec::ExperimentSpec& m_base;
  const spec::SearchSpace m_space;
  const std::filesystem::path m_file;
  const SharedWatch& m_watch;
  ResolvedTraining m_resolved;
  std::unique_ptr<engine::Supernet> m_net;
  std::int64_t m_epoch = 0;
  double m_kept = systemClock().steadySeconds(), m_lastTold = 0;
  Json m_told = Json::object();
  Random m_random;
};

}  // namespace

Result<void> rankBySharedWeights(const TrialGround& ground, StudySettings& settings, const spec::ExperimentSpec& base,
                                 const spec::SearchSpace& space, const std::filesystem::path& folder,
                                 const SharedWatch& watch) {
  return Shared(ground, settings, base, space, folder, watch).run();
}

}  // namespace lathe::services
