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
constexpr double leastShare = 0.4;                 ///< of its epochs, else a candidate is not begun
constexpr std::int64_t mostProposals = 1000;

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

Contest::Contest(const AutopilotGround& ground, const Budget& budget, SavedState& state)
    : m_ground(ground),
      m_budget(budget),
      m_state(state),
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
    FitRequest request{*m_ground.project,
                       *m_ground.engine,
                       m_ground.fold(task->fold),
                       nullptr,
                       0,
                       {},
                       {},
                       m_ground.threads,
                       task->seconds,
                       task->leastShare,
                       m_budget.trainingEnds(),
                       0,
                       [this] { return m_stop.stop_requested(); }};
    spec::ExperimentSpec spec;
    {
      const Lock lock(m_mutex);
      const auto& tried = m_tried[task->candidate];
      spec = tried.candidate.spec;
      spec.training.seed += static_cast<std::uint64_t>(task->fold);
      request.run = tried.run;
      for (const auto& fold : tried.folds)
        if (fold) request.secondsPerEpoch = std::max(request.secondsPerEpoch, fold->secondsPerEpoch);
    }
    request.folder = foldPlace(m_ground, request.run, task->fold);
    if (m_ground.folds > 1) request.prefix = "fold " + std::to_string(task->fold + 1) + "/";
    request.spec = &spec;
    auto result = fitFold(request);
    const Lock lock(m_mutex);
    --m_running;
    const auto doing = std::find(m_doing.begin(), m_doing.end(), m_tried[task->candidate].candidate.title);
    if (doing != m_doing.end()) m_doing.erase(doing);
    note(*task, std::move(result));
    m_changed.notify_all();
  }
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
  if (tried.run == 0)
    if (const auto begun = begin(tried); !begun) {
      fail(begun.error());
      return std::nullopt;
    }
  *open = true;
  tried.state = Tried::State::Running;
  const bool whole = tried.candidate.kept || tried.candidate.baseline || tried.done() > 0;
  return Task{index, static_cast<int>(open - tried.taken.begin()), seconds, whole ? 0 : leastShare};
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
    if (tried.state == Tried::State::Completed && (best == nullptr || tried.cost < best->cost)) best = &tried;
  return best;
}

bool Contest::hopeless(const Tried& tried) const {
  if (tried.candidate.kept || tried.candidate.baseline || tried.done() == 0) return false;
  const Tried* leader = nullptr;
  double lowest = 0;
  for (const auto& each : m_tried) {
    if (each.state != Tried::State::Completed || each.constant) continue;
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
  const auto number = m_proposed++;
  const auto configuration = m_sampler->propose(number);
  if (!configuration) return false;
  auto candidate = proposedCandidate(m_portfolio, m_space, *configuration, number);
  if (!candidate) {
    log(LogLevel::Warn, candidate.error().sentence());
    return false;
  }
  m_sampler->begin(number, *configuration);
  Tried tried;
  tried.candidate = std::move(*candidate);
  tried.folds.resize(static_cast<std::size_t>(m_ground.folds));
  tried.taken.assign(static_cast<std::size_t>(m_ground.folds), false);
  m_tried.push_back(std::move(tried));
  return true;
}

void Contest::note(const Task& task, FitResult result) {
  auto& tried = m_tried[task.candidate];
  if (result.spec) tried.specJson = spec::toJson(*result.spec, -1);
  if (result.model) tried.modelJson = spec::toJson(*result.model);
  if (result.fit) {
    result.fit->loss =
        m_ground.heldOut->lossOf(result.fit->values, m_ground.places[static_cast<std::size_t>(task.fold)]);
    tried.seconds += result.fit->seconds;
    tried.folds[static_cast<std::size_t>(task.fold)] = std::move(result.fit);
  } else if (result.error && tried.state == Tried::State::Running) {
    tried.taken.assign(tried.taken.size(), true);
    end(tried, Tried::State::Failed, result.error);
  } else if (result.noTime && tried.state == Tried::State::Running && !result.stopped) {
    tried.taken.assign(tried.taken.size(), true);
    end(tried, Tried::State::Cancelled);
  }
  if (tried.state == Tried::State::Running && tried.done() == m_ground.folds) {
    complete(tried);
    if (tried.candidate.key == "linear") addConstant(tried);
  }
  save();
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
  for (const auto& tried : m_tried) progress.tried += tried.state == Tried::State::Completed && !tried.constant ? 1 : 0;
  if (const auto* leader = best()) {
    progress.best = leader->candidate.title;
    progress.value = leader->value;
  }
  return progress;
}

}  // namespace lathe::services
