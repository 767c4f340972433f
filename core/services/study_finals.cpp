// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_finals.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "core/services/nas_settings.h"
#include "core/services/run_facts.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using spec::RunStatus;

constexpr const char* finalTag = "final";
constexpr const char* seedTag = "seed ";

struct Again {
  std::size_t candidate = 0;
  int seed = 0;
};

using Trained = std::pair<store::RunNumber, double>;
using Share = std::function<void(double)>;

Result<std::vector<store::RunRecord>> runsOf(const FinalsGround& ground) {
  store::RunFilter filter;
  filter.study = ground.study;
  return ground.trials.project->store().runs(filter);
}

// Trains a candidate with another seed, unless an earlier sitting has done so.
Result<Trained> trainAgain(const FinalsGround& ground, const Candidate& candidate, int seed, const std::string& tag,
                           const std::vector<store::RunRecord>& before, engine::TrainingControl& control,
                           const Share& share) {
  const auto& trials = ground.trials;
  auto& store = trials.project->store();
  const auto& goal = trials.settings.goals.front().metric;
  store::RunNumber number = 0;
  for (const auto& run : before) {
    if (run.trial != candidate.trial.number || run.tags != std::vector{tag}) continue;
    if (run.status == RunStatus::Completed && run.metrics.contains(goal))
      return std::pair(run.number, run.metrics.at(goal));
    number = run.number;
  }
  LATHE_ASSIGN(spec, trialSpecOf(trials.settings, ground.base, ground.space, candidate.trial.configuration));
  if (startsAnew(trials.settings)) spec.training.epochs = trials.settings.architecture.finalEpochs;
  spec.training.seed = ground.base.training.seed + static_cast<std::uint64_t>(seed);
  store::TrialRunChange begin;
  begin.trial = candidate.trial.number;
  begin.run = number;
  begin.status = RunStatus::Running;
  begin.fresh.name = runName(ground.base) + " #" + std::to_string(candidate.trial.number) + ", " + tag;
  begin.fresh.model = ground.base.model.templateName;
  begin.fresh.specJson = spec::toJson(spec, -1);
  begin.update.tags = std::vector{tag};
  store::StudyBatch batch;
  batch.runs.push_back(std::move(begin));
  LATHE_ASSIGN(begun, store.studies().commit(ground.study, batch));
  number = begun.runs.front();
  TrialStretch stretch;
  stretch.run = number;
  stretch.spec = std::move(spec);
  stretch.target = trials.folds ? trials.folds->count() : std::max<std::int64_t>(1, stretch.spec.training.epochs);
  const auto last = trials.project->runFolder(number) / "last.ckpt";
  std::error_code error;
  if (!trials.folds && std::filesystem::exists(last, error)) stretch.from = last;
  const auto target = static_cast<double>(stretch.target);
  auto result = trainStretch(trials, stretch, control,
                             [&](std::int64_t epoch, double /*value*/) { share(static_cast<double>(epoch) / target); });
  store::TrialRunChange end;
  end.trial = candidate.trial.number;
  end.run = number;
  end.update = std::move(result.update);
  end.update.tags = std::vector{tag};
  end.update.seconds = result.seconds;
  end.error = result.error;
  end.status = result.end == StretchEnd::Completed ? RunStatus::Completed
               : result.end == StretchEnd::Failed  ? RunStatus::Failed
                                                   : RunStatus::Paused;
  store::StudyBatch ended;
  ended.runs.push_back(std::move(end));
  LATHE_TRY(store.studies().commit(ground.study, ended));
  if (result.end == StretchEnd::Failed) return tl::unexpected<Error>(*result.error);
  if (result.end != StretchEnd::Completed) return fail(cancelledCode, "Stopped.", "");
  return std::pair(number, result.values.front());
}

/// Asks all trainings to pause once somebody wants it, and tells how far they are.
class Watcher {
 public:
  Watcher(const FinalsWatch& watch, std::size_t count) : m_watch(watch), m_controls(count), m_shares(count) {
    m_thread = std::jthread([this](const std::stop_token& stop) { run(stop); });
  }
  [[nodiscard]] bool cancelled() const { return m_cancelled; }
  void cancel() { m_cancelled = true; }
  [[nodiscard]] engine::TrainingControl& control(std::size_t i) { return m_controls[i]; }
  void setShare(std::size_t i, double share) { m_shares[i] = share; }

 private:
  void run(const std::stop_token& stop) {
    for (; !stop.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(20))) {
      if (m_watch.stopped()) {
        m_cancelled = true;
        for (auto& control : m_controls) control.request(engine::TrainingControl::Request::Pause);
      }
      double sum = 0;
      for (const auto& share : m_shares) sum += share;
      if (m_watch.progress && !m_shares.empty()) m_watch.progress(sum / static_cast<double>(m_shares.size()));
    }
  }

  const FinalsWatch& m_watch;
  std::vector<engine::TrainingControl> m_controls;
  std::vector<std::atomic<double>> m_shares;
  std::atomic<bool> m_cancelled{false};
  std::jthread m_thread;  // last: joined before the rest goes
};

}  // namespace

bool startsAnew(const StudySettings& settings) { return settings.architecture.active() && settings.confirmSeeds >= 1; }

bool isFinalTraining(const store::RunRecord& run) {
  return run.tags.size() == 1 && (run.tags.front() == finalTag || run.tags.front().rfind(seedTag, 0) == 0);
}

Result<void> trainAllAgain(const FinalsGround& ground, std::vector<Candidate>& candidates, const FinalsWatch& watch) {
  const auto& settings = ground.trials.settings;
  std::vector<Again> todo;
  const int first = startsAnew(settings) ? 0 : 1;  // the trials themselves had the first one
  for (int seed = first; seed < first + settings.confirmSeeds; ++seed)
    for (std::size_t i = 0; i < candidates.size(); ++i) todo.push_back({i, seed});
  LATHE_ASSIGN(before, runsOf(ground));
  const auto workers = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, settings.workers)), 1,
                                               std::max<std::size_t>(1, todo.size()));
  std::vector<std::optional<Trained>> found(todo.size());
  std::atomic<std::size_t> next{0};
  std::mutex failing;
  std::optional<Error> failure;
  bool cancelled = false;
  {
    Watcher watcher(watch, todo.size());
    const auto work = [&] {
      for (auto i = next.fetch_add(1); i < todo.size() && !watcher.cancelled(); i = next.fetch_add(1)) {
        const auto& [candidate, seed] = todo[i];
        auto trained = trainAgain(ground, candidates[candidate], seed, seedTag + std::to_string(seed), before,
                                  watcher.control(i), [&](double share) { watcher.setShare(i, share); });
        watcher.setShare(i, 1);
        if (trained) {
          found[i] = *trained;
        } else if (trained.error().code == cancelledCode) {
          watcher.cancel();
        } else {
          const std::lock_guard lock(failing);
          failure = trained.error();
        }
      }
    };
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < workers; ++i) threads.emplace_back(work);
    }
    cancelled = watcher.cancelled();
  }
  if (cancelled || watch.stopped()) return fail(cancelledCode, "Stopped.", "");
  for (std::size_t i = 0; i < todo.size(); ++i)
    if (found[i]) {
      auto& candidate = candidates[todo[i].candidate];
      candidate.runs.push_back(found[i]->first);
      candidate.values.push_back(found[i]->second);
    }
  std::erase_if(candidates, [](const Candidate& candidate) { return candidate.runs.empty(); });
  if (candidates.empty() && failure) return tl::unexpected<Error>(*failure);
  return {};
}

Result<store::RunNumber> trainFinal(const FinalsGround& ground, const Candidate& winner, const FinalsWatch& watch) {
  LATHE_ASSIGN(before, runsOf(ground));
  TrialGround whole = ground.trials;
  whole.folds = nullptr;
  Watcher watcher(watch, 1);
  LATHE_ASSIGN(trained, trainAgain({whole, ground.study, ground.base, ground.space}, winner, 0, finalTag, before,
                                   watcher.control(0), [&](double share) { watcher.setShare(0, share); }));
  return trained.first;
}

}  // namespace lathe::services
