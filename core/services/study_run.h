// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/search/regret_watch.h"
#include "core/search/study_logic.h"
#include "core/services/study_plan.h"

namespace lathe::services {

/// One sitting of a study: worker threads that train trials, each with a run of its own, and a thread that keeps the
/// lease, listens for other processes and ends it. Every decision follows from the log that is kept in the store
/// (search/study_logic.h); what a trial ended with is committed before or together with what follows from it. The
/// study's status is always written before wait() returns, unless the disk refuses it.
class StudyRun {
 public:
  StudyRun(std::shared_ptr<engine::Engine> engine, StudyPlan plan);
  StudyRun(const StudyRun&) = delete;
  StudyRun& operator=(const StudyRun&) = delete;
  ~StudyRun();

  /// Pause: trials stop at the next step with a checkpoint and go on when the study is resumed. Cancel: they end.
  void ask(store::ControlRequest request);
  void wait() const;
  [[nodiscard]] bool finished() const;
  /// Why it ended, also where the disk was too full to write that down.
  [[nodiscard]] std::optional<Error> error() const;
  [[nodiscard]] StudyProgress progress() const;
  [[nodiscard]] store::StudyNumber number() const { return m_plan.number; }
  [[nodiscard]] const std::shared_ptr<Project>& project() const { return m_plan.project; }

 private:
  /// One stretch of a trial, in the order in which they were given out.
  struct Item {
    std::int64_t trial = 0;
    std::int64_t target = 0;
    std::uint64_t seen = 0;    ///< what the pruner had heard then
    std::uint64_t logged = 0;  ///< the same, as the log counts
    bool taken = false, finished = false, applied = false;
    bool kept = false;    ///< its result is in the store already, out of its turn
    bool pruned = false;  ///< the pruner stopped it
    std::vector<search::TrialReport> reports;
    StretchResult result;
    std::unique_ptr<engine::TrainingControl> control;
  };
  struct Trial {
    store::TrialRecord record;
    std::int64_t reported = 0;                   ///< epochs that the logic has heard of
    bool complete = false;                       ///< as the log says, where each ending has its turn
    bool inherits = false;                       ///< an architecture: begins with weights of its parent
    std::map<std::int64_t, double> values = {};  ///< reported, for the terminator only
  };
  using Lock = std::unique_lock<std::mutex>;

  static constexpr int timesBeforeStop = 3;  ///< that the terminator says so in a row: once could be luck of a fit

  void work();
  void conduct();
  void begin(), rankFirst(), beat(Lock&lock);
  void attend(Lock& lock, const std::function<bool()>& over);
  // the loop; all with m_mutex held
  Result<void> rebuild();
  Item* nextItem(Lock& lock);
  [[nodiscard]] bool mayBegin() const;
  Item* create(const search::StudyWork& work, const std::optional<store::QueuedTrial>& queued);
  [[nodiscard]] bool inheritsFrom(std::int64_t parent) const;
  void inherit(const Item& item);
  Item* takeAgain(Item& item);
  void judge(Item& item, std::int64_t epoch, double value);
  void apply(Item& item);
  void applyKept(Item& item);
  void keepForItsTurn(Item& item, const std::vector<store::StudyLogEntry>& entries);
  void endTrial(std::int64_t number, search::TrialState state, std::vector<double> values);
  void noteEnd(const store::TrialRecord& record, search::TrialState state, std::vector<double> values);
  void closeHopeless();
  void considerBest(const store::TrialRecord& record);
  void watch(const store::TrialRecord& record, bool judges = true);
  [[nodiscard]] std::optional<double> noiseOf(std::int64_t trial) const;
  [[nodiscard]] search::TrialResult resultOf(const store::TrialRecord& record) const;
  void note(const search::StudyEvent& event, std::uint64_t seen = 0);
  void plan(std::int64_t trials);
  bool commit();
  void breakOff(const Error& error);
  void stopAll();
  [[nodiscard]] bool tellsNothing() const;
  [[nodiscard]] StretchResult train(Item& item);
  void takeParentsWeights(const Item& item, TrialStretch& stretch);
  void followSettings();
  void finish();
  void report(bool always);
  [[nodiscard]] double minimised(double value) const;
  [[nodiscard]] double seconds() const;
  [[nodiscard]] double secondsAnEpoch() const;
  [[nodiscard]] int finalRounds() const;
  [[nodiscard]] double reserved() const;
  Result<void> settleFinals(), keepArchitecture(const search::ArchitectureStudy&architecture);
  Result<std::string> confirm();
  [[nodiscard]] bool timeOver() const;
  StudyProgress progressLocked() const;
  const std::shared_ptr<engine::Engine> m_engine;  // shared by all studies and trainings of the process
  StudyPlan m_plan;
  const double m_started;

  mutable std::mutex m_mutex;
  mutable std::condition_variable m_changed;
  std::unique_ptr<search::StudyLogic> m_logic;
  std::deque<Item> m_items;
  std::size_t m_allTaken = 0;  ///< items before this one have been taken
  std::size_t m_applied = 0;   ///< deterministic: items before this one have been applied
  std::vector<Trial> m_trials;
  store::StudyBatch m_pending;
  std::vector<std::int64_t> m_pendingOf;  ///< trials whose records are to be written
  store::ControlRequest m_asked = store::ControlRequest::None;
  bool m_stopping = false, m_timeOver = false, m_early = false;
  std::optional<Message> m_stage;  ///< what is done before the first trial
  bool m_confirming = false;
  double m_confirmed = 0;
  std::optional<Error> m_error;
  std::int64_t m_running = 0, m_best = -1;
  std::int64_t m_planned = 0;  ///< trials, as the logic knows
  std::uint64_t m_logged = 0;  ///< reports and endings in the log: what heard() is when the log is told again
  int m_workers = 0;           ///< threads that work
  std::unique_ptr<search::RegretWatch> m_watch;  ///< null: nobody asked when to end
  std::optional<search::Termination> m_termination;
  int m_wouldStop = 0;  ///< times in a row
  bool m_closing = false, m_finished = false;
  double m_lastReport = -1;

  std::vector<std::jthread> m_threads;
  std::jthread m_thread;  // last: joined before the rest goes
};

}  // namespace lathe::services
