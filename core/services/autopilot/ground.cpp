// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/ground.h"

#include <algorithm>
#include <numeric>

#include "core/base/clock.h"
#include "core/base/machine.h"
#include "core/data/dataset_part.h"
#include "core/services/data_cache.h"
#include "core/spec/metrics.h"

namespace lathe::services {
namespace {

constexpr std::size_t mostRowsForFolds = 10'000;
constexpr std::size_t leastRowsForFolds = 30;
constexpr std::size_t fewRows = 1500;
constexpr int manyFolds = 8, someFolds = 5;

// Folds where rows are few and stand for themselves; a limit on the model's cost leaves no room for one of each.
int foldsFor(const ResolvedTraining& base, const AutopilotRequest& request) {
  const auto& split = base.data->split;
  const auto rows = split.train.size() + split.validation.size();
  const auto& method = base.spec.data.split.method;
  if (base.data->schema.image || base.data->schema.sound() || rows > mostRowsForFolds || rows < leastRowsForFolds)
    return 1;
  if (base.data->schema.sequence.window > 0 || method == "group" || method == "time") return 1;
  if (request.mostMilliseconds || request.mostBytes) return 1;
  return rows < fewRows ? manyFolds : someFolds;
}

// As many of them as leave time for some models of middling size.
int foldsInTime(const ResolvedTraining& base, const AutopilotRequest& request, int dealt, int workers) {
  if (dealt < 2) return 1;
  const auto& split = base.data->split;
  const double rows = static_cast<double>(split.train.size() + split.validation.size()) * (dealt - 1) / dealt;
  const double models = 8, epochs = 60, rowsASecond = 150'000;
  return std::clamp(static_cast<int>(request.seconds * workers * rowsASecond / (models * epochs * rows)), 1, dealt);
}

Result<std::string> goalFor(const ResolvedTraining& base, const std::string& asked) {
  const auto task = base.data->schema.task;
  auto wanted = asked.rfind("val/", 0) == 0 ? asked.substr(4) : asked;
  if (wanted.empty()) return usualGoal(task);
  std::string known;
  for (const auto& metric : spec::metricsFor(task)) {
    if (metric.name == wanted) return wanted;
    known += (known.empty() ? "" : ", ") + metric.name;
  }
  return fail("autopilot.goal", LATHE_TEXT("errors", "{goal} is no goal for {task}."),
              LATHE_TEXT("errors", "Choose one of: {known}."),
              {{"goal", wanted}, {"task", spec::name(task)}, {"known", known}});
}

// Of each fold, in the order in which its part of the data has them.
std::vector<std::vector<std::uint32_t>> judgedRows(const AutopilotGround& ground, std::uint64_t seed) {
  const auto& data = *ground.base.data;
  if (ground.dealt < 2) return {data.split.validation};
  std::vector<std::vector<std::uint32_t>> rows;
  rows.reserve(static_cast<std::size_t>(ground.folds));
  for (int fold = 0; fold < ground.folds; ++fold) rows.push_back(data::foldOf(data, ground.dealt, fold, seed).heldOut);
  return rows;
}

}  // namespace

Budget::Budget(double seconds, double used)
    : m_seconds(seconds), m_used(used), m_started(systemClock().steadySeconds()) {}

double Budget::used() const { return m_used + systemClock().steadySeconds() - m_started; }

double Budget::reserve() const { return std::clamp(0.04 * m_seconds, std::min(1.0, 0.1 * m_seconds), 20.0); }

double Budget::trainingLeft() const { return left() - std::min(reserve() + m_kept + m_forRefit, 0.4 * m_seconds); }

double Budget::refitLeft() const { return left() - std::min(reserve() + m_kept, 0.3 * m_seconds); }

double Budget::trainingEnds() const { return systemClock().steadySeconds() + trainingLeft(); }

KeptData& AutopilotGround::fold(int number) const { return parts ? parts->fold(number + 1) : *whole; }

void AutopilotGround::put(std::vector<float>& all, int fold, const std::vector<float>& values) const {
  const auto columns = heldOut->columns();
  all.resize(heldOut->rows().size() * columns);
  const auto& where = places[static_cast<std::size_t>(fold)];
  for (std::size_t i = 0; i < where.size(); ++i)
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(i * columns), columns,
                all.begin() + static_cast<std::ptrdiff_t>(where[i] * columns));
}

Result<std::unique_ptr<AutopilotGround>> makeGround(const std::shared_ptr<Project>& project,
                                                    const std::shared_ptr<engine::Engine>& engine,
                                                    const AutopilotRequest& request, int folds, const JobContext& job) {
  auto ground = std::make_unique<AutopilotGround>(
      AutopilotGround{project, engine, request, {}, {}, {}, 1, 1, {}, {}, {}, {}, 1, 1});
  auto spec = request.spec;
  spec.model = {};
  spec.training.epochs = 1;
  spec.training.optimizer = {};
  // Whether pictures may be mirrored is found once, from the data; tables have no such thing.
  if (spec.training.augment.name == "none") spec.training.augment.name = "auto";
  const auto where = located(spec.data, project->folder());
  LATHE_ASSIGN(source, openShared(where, job));
  ground->source = source;
  ground->whole = std::make_shared<KeptData>();
  LATHE_ASSIGN(base, resolve(spec, project->folder(), job, engine.get(), ground->whole.get()));
  ground->base = std::move(base);
  const auto& data = *ground->base.data;
  if (data.schema.task == spec::Task::Anomaly)
    return fail("autopilot.task", LATHE_TEXT("errors", "The Autopilot needs something to predict."),
                LATHE_TEXT("errors", "Name a target, or train an autoencoder."));
  LATHE_ASSIGN(goal, goalFor(ground->base, request.goal));
  ground->goal = goal;
  const int threads = request.threads > 0 ? request.threads : static_cast<int>(machineInfo().threads);
  const bool large = data.schema.image || data.schema.sound();
  ground->workers = large ? 1 : std::max(1, threads);
  ground->threads = large ? std::max(1, threads) : 1;
  ground->dealt = foldsFor(ground->base, request);
  ground->folds =
      folds > 0 ? std::min(folds, ground->dealt) : foldsInTime(ground->base, request, ground->dealt, ground->workers);
  const auto seed = request.spec.training.seed;
  if (ground->dealt > 1) {
    StudySettings settings;
    settings.folds = ground->dealt;
    settings.seed = seed;
    ground->parts = std::make_shared<StudyFolds>(ground->whole, settings);
  }
  const auto judged = judgedRows(*ground, seed);
  std::vector<std::uint32_t> rows;
  for (const auto& part : judged) rows.insert(rows.end(), part.begin(), part.end());
  std::sort(rows.begin(), rows.end());
  if (rows.empty())
    return fail("autopilot.no_rows", LATHE_TEXT("errors", "There are no rows left to judge models by."),
                LATHE_TEXT("errors", "Give more rows, or a larger part for validation."));
  for (const auto& part : judged) {
    auto& places = ground->places.emplace_back();
    for (const auto row : part)
      places.push_back(static_cast<std::uint32_t>(std::lower_bound(rows.begin(), rows.end(), row) - rows.begin()));
  }
  ground->heldOut = std::make_unique<HeldOut>(ground->base.data, rows, ground->base.model,
                                              ground->base.spec.training.loss, ground->goal);
  return ground;
}

}  // namespace lathe::services
