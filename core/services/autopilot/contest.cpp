// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/autopilot/contest.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include "core/base/clock.h"
#include "core/services/autopilot/baselines.h"
#include "core/services/autopilot/refit.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

constexpr std::chrono::milliseconds betweenReports{500};
constexpr double behindIsHopeless = 0.1;           ///< of the best's loss on the same folds
constexpr double proposalBehindIsHopeless = 0.02;  ///< of the search, which goes on to the next place soon
constexpr double leastPart = 0.4;                  ///< of its epochs, else a candidate is not begun
constexpr std::int64_t mostProposals = 1000;
constexpr double fromPart = 0.5;  ///< of its epochs on, a proposal's validation loss is compared with the best's
constexpr std::size_t refittedAtMost = 3;  ///< models that time is kept for, to train them again
constexpr double mostForRefit = 0.2;       ///< of the budget
constexpr double predictedMembers = 3;     ///< candidates in the final model, as time is kept back for them

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
  std::function<bool(double, double)> behind;
  {
    const Lock lock(m_mutex);
    const auto& tried = m_tried[task.candidate];
    spec = tried.candidate.spec;
    spec.training.seed += static_cast<std::uint64_t>(task.fold);
    for (const auto& fold : tried.folds)
      if (fold) perEpoch = std::max(perEpoch, fold->secondsPerEpoch);
    outside = tried.outside;
    if (tried.candidate.refined || tried.candidate.proposal >= 0) behind = behindLeader(task.fold);
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
                           stopped,
                           0,
                           std::move(behind)};
  return fitFold(request);
}

// Pruning within a training: half way, what the best network had come to after the same part of its epochs.
std::function<bool(double, double)> Contest::behindLeader(int fold) const {
  const auto* leader = networkLeader();
  if (leader == nullptr) return {};
  const auto& fit = leader->folds[static_cast<std::size_t>(fold)];
  if (!fit || fit->course.empty()) return {};
  return [course = fit->course](double part, double loss) {
    const auto place = static_cast<std::size_t>(part * static_cast<double>(course.size()));
    const double theirs = course[std::clamp<std::size_t>(place, 1, course.size()) - 1];
    return part >= fromPart && theirs > 0 && loss > (1 + behindIsHopeless) * theirs;
  };
}

Result<store::RunNumber> Contest::runOf(std::size_t index) {
  auto& tried = m_tried[index];
  if (tried.run == 0) LATHE_TRY(begin(tried));
  return tried.run;
}

std::optional<Contest::Task> Contest::next() {
  if (m_over || m_error || m_stop.stop_requested() || m_budget.trainingLeft() <= 0 || m_proposed > mostProposals)
    return std::nullopt;
  const bool refining = timeToRefine();
  // What is begun is ended; what is left of the portfolio gives way to the refinement.
  for (std::size_t i = 0; i < m_tried.size(); ++i) {
    const auto& tried = m_tried[i];
    if (refining && tried.state == Tried::State::Waiting && tried.done() == 0 && !tried.candidate.baseline) continue;
    if (auto task = taskOf(i)) return task;
  }
  if (refining && refine()) return taskOf(m_tried.size() - 1);
  for (std::size_t i = 0; refining && i < m_tried.size(); ++i)
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
  const double usual = whole ? 0 : leastPart;
  const double least = tried.candidate.least > 0 && tried.done() == 0 ? tried.candidate.least : usual;
  return Task{index, static_cast<int>(open - tried.taken.begin()), seconds, least};
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
  const bool strict = tried.candidate.proposal >= 0 || tried.candidate.refined;
  const double limit = strict ? proposalBehindIsHopeless : behindIsHopeless;
  // Few rows say little: what is behind by their chance alone is not.
  return tried.meanLoss() - lowest - errorOfDifference(m_ground, tried, *leader) > limit * std::abs(lowest);
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
  } else if (result.pruned && tried.state == Tried::State::Running) {
    tried.taken.assign(tried.taken.size(), true);
    end(tried, Tried::State::Pruned);
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
  const bool large = m_ground.base.data->schema.image || m_ground.base.data->schema.sound();
  // Of images one training may be all that there is time for: they are refitted only with what is left by itself.
  if (m_ground.dealt > 1 || large) return;
  const auto& split = m_ground.base.data->split;
  const double more = static_cast<double>(split.train.size() + split.validation.size()) /
                      static_cast<double>(std::max<std::size_t>(1, split.train.size()));
  std::vector<std::pair<double, const FoldFit*>> best;
  for (const auto& tried : m_tried)
    if (tried.state == Tried::State::Completed && !tried.outside && !tried.constant && tried.folds.front())
      best.emplace_back(tried.cost, &*tried.folds.front());
  std::sort(best.begin(), best.end());
  const double most = mostForRefit * m_budget.seconds();
  double seconds = 0;
  for (std::size_t i = 0; i < std::min(refittedAtMost, best.size()); ++i) {
    const double own = refitSeconds(*best[i].second, more) / m_ground.workers;
    if (canBeRefitted(*best[i].second) && seconds + own <= most) seconds += own;
  }
  // Joining comes before it, and training may have gone on for longer than it should.
  if (seconds > 0) m_budget.keepForRefit(1.25 * seconds + 0.02 * m_budget.seconds());
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
  progress.larger = m_ground.heldOut->larger();
  progress.contenders = listOf(m_tried, {});
  // The farthest that was begun: others may still be trained beside it.
  for (const auto& tried : progress.contenders) progress.stage = std::max(progress.stage, tried.stage);
  if (const auto* leader = best()) {
    progress.best = leader->candidate.title;
    progress.value = leader->value;
  }
  return progress;
}

}  // namespace lathe::services
