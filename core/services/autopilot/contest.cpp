// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/contest.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/services/autopilot/baselines.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

constexpr std::chrono::milliseconds betweenReports{500};
constexpr double behindIsHopeless = 0.1;           ///< of the best's loss on the same folds
constexpr double proposalBehindIsHopeless = 0.02;  ///< of the search, which goes on to the next place soon
constexpr double leastPart = 0.4;                  ///< of its epochs, else a candidate is not begun
constexpr std::int64_t mostProposals = 1000;
constexpr std::int64_t betweenAnothers = 3;  ///< every third proposal is one of the best from another start
constexpr std::size_t differentAnothers = 4;
constexpr double predictedMembers = 3;  ///< candidates in the final model, as time is kept back for them

// Standard error of the difference between two losses on the folds that both have, row by row.
double errorOfDifference(const AutopilotGround& ground, const Tried& a, const Tried& b) {
  double sum = 0, squares = 0, count = 0;
  for (std::size_t fold = 0; fold < a.folds.size(); ++fold) {
    if (!a.folds[fold] || !b.folds[fold]) continue;
    const auto left = ground.heldOut->rowLosses(a.folds[fold]->values, ground.places[fold]);
    const auto right = ground.heldOut->rowLosses(b.folds[fold]->values, ground.places[fold]);
    for (std::size_t i = 0; i < left.size(); ++i) {
      const double difference = left[i] - right[i];
      sum += difference;
      squares += difference * difference;
    }
    count += static_cast<double>(left.size());
  }
  if (count < 2) return 0;
  const double mean = sum / count;
  return std::sqrt(std::max(0.0, squares / count - mean * mean) / (count - 1));
}

}  // namespace

Contest::Contest(const AutopilotGround& ground, const Budget& budget, SavedState& state, engine::BoostedTrees* trees)
    : m_ground(ground),
      m_budget(budget),
      m_state(state),
      m_trees(trees),
      m_portfolio{ground.base, budget.seconds(), ground.dealt},
      m_space(portfolioSpace(m_portfolio)) {
  search::SamplerSetup setup;
  setup.space = m_space;
  setup.seed = ground.request.spec.training.seed;
  if (auto sampler = search::makeSampler("tpe", setup)) m_sampler = std::move(*sampler);
}

Contest::~Contest() = default;

Result<void> Contest::train(const AutopilotSink& tell, std::stop_token stop) {
  m_stop = std::move(stop);
  {
    const Lock lock(m_mutex);
    LATHE_TRY(takeUp());
    save();
  }
  {
    std::vector<std::jthread> workers;
    workers.reserve(static_cast<std::size_t>(std::max(0, m_ground.workers)));
    for (int i = 0; i < m_ground.workers; ++i) workers.emplace_back([this] { work(); });
    Lock lock(m_mutex);
    while (m_running > 0 || !m_over) {
      m_changed.wait_for(lock, betweenReports);
      lock.unlock();
      report(tell);
      lock.lock();
    }
  }
  const Lock lock(m_mutex);
  for (auto& tried : m_tried)
    if (tried.state == Tried::State::Running || tried.state == Tried::State::Waiting)
      end(tried, Tried::State::Cancelled);
  save();
  if (m_error) return tl::unexpected<Error>(*m_error);
  return m_ground.project->store().flush();
}

void Contest::work() {
  for (;;) {
    std::optional<Task> task;
    {
      Lock lock(m_mutex);
      while (!m_over && !(task = next()) && m_running > 0) m_changed.wait_for(lock, betweenReports);
      if (!task) {
        m_over = true;
        m_changed.notify_all();
        return;
      }
      ++m_running;
      m_doing.push_back(m_tried[task->candidate].candidate.title);
    }
    auto result = fit(*task);
    const Lock lock(m_mutex);
    --m_running;
    const auto doing = std::find(m_doing.begin(), m_doing.end(), m_tried[task->candidate].candidate.title);
    if (doing != m_doing.end()) m_doing.erase(doing);
    note(*task, std::move(result));
    m_changed.notify_all();
  }
}

FitResult Contest::fit(const Task& task) {
  const auto stopped = [this] { return m_stop.stop_requested(); };
  spec::ExperimentSpec spec;
  double perEpoch = 0;
  bool outside = false;
  {
    const Lock lock(m_mutex);
    const auto& tried = m_tried[task.candidate];
    spec = tried.candidate.spec;
    spec.training.seed += static_cast<std::uint64_t>(task.fold);
    for (const auto& fold : tried.folds)
      if (fold) perEpoch = std::max(perEpoch, fold->secondsPerEpoch);
    outside = tried.outside;
  }
  if (outside) return treesFit(m_ground, *m_trees, task.fold, task.seconds, stopped);
  const FitRequest request{*m_ground.project,
                           *m_ground.engine,
                           m_ground.fold(task.fold),
                           &spec,
                           [this, &task] {
                             const Lock lock(m_mutex);
                             return runOf(task.candidate);
                           },
                           [this, &task](store::RunNumber run) { return foldPlace(m_ground, run, task.fold); },
                           m_ground.folds > 1 ? "fold " + std::to_string(task.fold + 1) + "/" : std::string(),
                           m_ground.threads,
                           task.seconds,
                           task.leastShare,
                           m_budget.trainingEnds(),
                           perEpoch,
                           stopped};
  return fitFold(request);
}

Result<store::RunNumber> Contest::runOf(std::size_t index) {
  auto& tried = m_tried[index];
  if (tried.run == 0) LATHE_TRY(begin(tried));
  return tried.run;
}

std::optional<Contest::Task> Contest::next() {
  if (m_over || m_error || m_stop.stop_requested() || m_budget.trainingLeft() <= 0 || m_proposed > mostProposals)
    return std::nullopt;
  for (std::size_t i = 0; i < m_tried.size(); ++i)
    if (auto task = taskOf(i)) return task;
  return propose() ? taskOf(m_tried.size() - 1) : std::nullopt;
}

std::optional<Contest::Task> Contest::taskOf(std::size_t index) {
  auto& tried = m_tried[index];
  if (tried.state != Tried::State::Waiting && tried.state != Tried::State::Running) return std::nullopt;
  const auto open = std::find(tried.taken.begin(), tried.taken.end(), false);
  if (open == tried.taken.end()) return std::nullopt;
  if (hopeless(tried)) {
    // Folds that are trained now still end.
    tried.taken.assign(tried.taken.size(), true);
    end(tried, Tried::State::Pruned);
    return std::nullopt;
  }
  const double seconds = secondsFor(tried);
  *open = true;
  tried.state = Tried::State::Running;
  const bool whole = tried.candidate.kept || tried.candidate.baseline || tried.done() > 0;
  return Task{index, static_cast<int>(open - tried.taken.begin()), seconds, whole ? 0 : leastPart};
}

// What one more of its folds may take.
double Contest::secondsFor(const Tried& tried) const {
  const double left = std::max(0.0, m_budget.trainingLeft());
  const auto open = std::max<std::ptrdiff_t>(1, std::count(tried.taken.begin(), tried.taken.end(), false));
  const auto atOnce = static_cast<double>(std::min<std::ptrdiff_t>(open, m_ground.workers));
  return std::min(left, tried.candidate.most * left * atOnce / static_cast<double>(open));
}

const Tried* Contest::best() const {
  const Tried* best = nullptr;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.outside && (best == nullptr || tried.cost < best->cost))
      best = &tried;
  return best;
}

bool Contest::hopeless(const Tried& tried) const {
  if (tried.candidate.kept || tried.candidate.baseline || tried.done() == 0) return false;
  const Tried* leader = nullptr;
  double lowest = 0;
  for (const auto& each : m_tried) {
    if (each.state != Tried::State::Completed || each.constant || each.outside) continue;
    double sum = 0;
    for (std::size_t fold = 0; fold < each.folds.size(); ++fold)
      if (tried.folds[fold] && each.folds[fold]) sum += each.folds[fold]->loss;
    if (leader == nullptr || sum < lowest) leader = &each, lowest = sum;
  }
  if (leader == nullptr) return false;
  lowest /= tried.done();
  const double limit = tried.candidate.proposal < 0 ? behindIsHopeless : proposalBehindIsHopeless;
  // Few rows say little: what is behind by their chance alone is not.
  return tried.meanLoss() - lowest - errorOfDifference(m_ground, tried, *leader) > limit * std::abs(lowest);
}

// Seconds of a whole candidate of the kind that completed most.
double Contest::typicalSeconds() const {
  std::vector<double> all;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.candidate.baseline) all.push_back(tried.seconds);
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

bool Contest::propose() {
  if (!m_sampler || best() == nullptr) return false;
  // What cannot be trained whole would only take the time of nothing.
  if (m_budget.trainingLeft() * m_ground.workers < 0.8 * typicalSeconds()) return false;
  std::optional<Contender> candidate;
  if (m_proposed % betweenAnothers == betweenAnothers - 1) candidate = another();
  const auto number = m_proposed++;
  if (!candidate) {
    const auto configuration = m_sampler->propose(number);
    if (!configuration) return false;
    auto proposed = proposedCandidate(m_portfolio, m_space, *configuration, number);
    if (!proposed) {
      log(LogLevel::Warn, proposed.error().sentence());
      return false;
    }
    m_sampler->begin(number, *configuration);
    candidate = std::move(*proposed);
  }
  Tried tried;
  tried.candidate = std::move(*candidate);
  tried.folds.resize(static_cast<std::size_t>(m_ground.folds));
  tried.taken.assign(static_cast<std::size_t>(m_ground.folds), false);
  m_tried.push_back(std::move(tried));
  return true;
}

// One of the best from another start: on few rows the mean over starts is worth as much as other settings.
std::optional<Contender> Contest::another() {
  std::vector<const Tried*> leaders;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.candidate.baseline && tried.candidate.again == 0)
      leaders.push_back(&tried);
  if (leaders.empty()) return std::nullopt;
  std::sort(leaders.begin(), leaders.end(), [](const auto* a, const auto* b) { return a->cost < b->cost; });
  const auto round = static_cast<std::size_t>(m_proposed / betweenAnothers);
  const auto* chosen = leaders[round % std::min<std::size_t>(leaders.size(), differentAnothers)];
  auto candidate = chosen->candidate;
  candidate.again = static_cast<int>(round);
  const auto key = candidate.key;
  const auto known = [&](const Tried& tried) { return tried.candidate.key == candidate.key; };
  do candidate.key = key + "-again-" + std::to_string(++candidate.again);
  while (std::any_of(m_tried.begin(), m_tried.end(), known));
  candidate.title += ", another start";
  candidate.proposal = -1;
  candidate.kept = false;
  candidate.most = 0.8;
  candidate.spec.training.seed += 1000 * static_cast<std::uint64_t>(candidate.again);
  return candidate;
}

void Contest::note(const Task& task, FitResult result) {
  auto& tried = m_tried[task.candidate];
  if (result.spec) tried.specJson = spec::toJson(*result.spec, -1);
  if (result.model) tried.modelJson = spec::toJson(*result.model);
  if (result.fit) {
    result.fit->loss =
        m_ground.heldOut->lossOf(result.fit->values, m_ground.places[static_cast<std::size_t>(task.fold)]);
    tried.seconds += result.fit->seconds;
    keepTimeFor(*result.fit);
    tried.folds[static_cast<std::size_t>(task.fold)] = std::move(result.fit);
  } else if (result.error && tried.state == Tried::State::Running) {
    tried.taken.assign(tried.taken.size(), true);
    end(tried, Tried::State::Failed, result.error);
  } else if (result.noTime && tried.state == Tried::State::Running && !result.stopped) {
    tried.taken.assign(tried.taken.size(), true);
    end(tried, tried.run == 0 ? Tried::State::Skipped : Tried::State::Cancelled);
  }
  if (tried.state == Tried::State::Running && tried.done() == m_ground.folds) {
    complete(tried);
    if (tried.candidate.key == "linear") addConstant(tried);
  }
  save();
}

// The held-out rows are predicted once more when probabilities are calibrated, the test rows by all members.
void Contest::keepTimeFor(const FoldFit& fit) {
  m_slowest = std::max(m_slowest, fit.secondsPerRow);
  const auto rows = m_ground.heldOut->rows().size() / static_cast<std::size_t>(m_ground.folds) * 2 +
                    m_ground.base.data->split.test.size() * static_cast<std::size_t>(m_ground.folds);
  m_budget.keepBack(predictedMembers * m_slowest * static_cast<double>(rows));
}

void Contest::fail(const Error& error) {
  if (!m_error) m_error = error;
  m_over = true;
}

void Contest::report(const AutopilotSink& tell) const {
  if (tell) tell(progress());
}

AutopilotProgress Contest::progress() const {
  const std::lock_guard lock(m_mutex);
  AutopilotProgress progress;
  progress.used = m_budget.used();
  progress.seconds = m_budget.seconds();
  progress.secondsLeft = std::max(0.0, m_budget.left());
  std::string titles;
  for (const auto& title : m_doing)
    if (titles.find(title) == std::string::npos) titles += (titles.empty() ? "" : ", ") + title;
  progress.doing = titles.empty() ? Message{LATHE_TEXT("events", "Choosing what to try next"), {}}
                                  : Message{LATHE_TEXT("events", "Training {model}"), {{"model", titles}}};
  progress.metric = "val/" + m_ground.goal;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.constant && !tried.outside) ++progress.tried;
  if (const auto* leader = best()) {
    progress.best = leader->candidate.title;
    progress.value = leader->value;
  }
  return progress;
}

}  // namespace lathe::services
