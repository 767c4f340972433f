// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/engine/trees.h"
#include "core/search/sampler.h"
#include "core/services/autopilot/fold_fit.h"
#include "core/services/autopilot/ground.h"
#include "core/services/autopilot/portfolio.h"
#include "core/services/autopilot/state_file.h"

namespace lathe::services {

/// Trains candidates fold by fold until the time is over: the portfolio in its order, then what the search proposes, in
/// the last part of the time the best network with small changes of its architecture. Each is a run of the project.
/// What is behind the best on its first folds, or half way, is given up. After each training the state
/// is written, so that a killed process loses one training at most.
class Contest {
 public:
  /// `trees`: a baseline; may be null.
  Contest(const AutopilotGround& ground, const Budget& budget, SavedState& state, engine::BoostedTrees* trees);
  Contest(const Contest&) = delete;
  Contest& operator=(const Contest&) = delete;
  ~Contest();

  /// Blocks. `tell` hears how it stands, twice a second.
  Result<void> train(const AutopilotSink& tell, std::stop_token stop);
  /// All of them, in the order in which they were begun. Not while train() runs.
  [[nodiscard]] std::vector<Tried>& tried() { return m_tried; }
  [[nodiscard]] bool stopped() const { return m_stop.stop_requested(); }
  [[nodiscard]] AutopilotProgress progress() const;

 private:
  struct Task {
    std::size_t candidate = 0;
    int fold = 0;
    double seconds = 0;
    double leastShare = 0;
  };
  using Lock = std::unique_lock<std::mutex>;

  void work();
  [[nodiscard]] FitResult fit(const Task& task);
  // all with m_mutex held
  Result<void> takeUp();
  [[nodiscard]] std::optional<Task> next();
  [[nodiscard]] std::optional<Task> taskOf(std::size_t index);
  [[nodiscard]] double secondsFor(const Tried& tried) const;
  [[nodiscard]] bool hopeless(const Tried& tried) const;
  [[nodiscard]] const Tried* best() const;
  [[nodiscard]] const Tried* networkLeader() const;
  [[nodiscard]] std::function<bool(double, double)> behindLeader(int fold) const;
  [[nodiscard]] bool timeToRefine() const;
  [[nodiscard]] bool refine();
  void add(Contender candidate);
  [[nodiscard]] bool propose();
  [[nodiscard]] std::optional<Contender> another();
  [[nodiscard]] double typicalSeconds() const;
  Result<store::RunNumber> runOf(std::size_t index);
  Result<void> begin(Tried& tried);
  void note(const Task& task, FitResult result);
  void addConstant(const Tried& linear);
  void addTrees();
  void keepTimeFor(const FoldFit& fit);
  void complete(Tried& tried);
  void end(Tried& tried, Tried::State state, const std::optional<Error>& error = {});
  void tellSampler(const Tried& tried);
  void save();
  void fail(const Error& error);
  void report(const AutopilotSink& tell) const;

  const AutopilotGround& m_ground;
  const Budget& m_budget;
  SavedState& m_state;
  engine::BoostedTrees* const m_trees;
  const PortfolioGround m_portfolio;
  const spec::SearchSpace m_space;
  std::unique_ptr<search::Sampler> m_sampler;
  std::stop_token m_stop;

  mutable std::mutex m_mutex;
  std::condition_variable m_changed;
  std::vector<Tried> m_tried;
  std::vector<std::string> m_doing;  ///< titles of what is trained now
  std::int64_t m_proposed = 0, m_refined = 0;
  double m_slowest = 0;  ///< seconds of a prediction
  int m_running = 0;
  bool m_over = false;
  std::optional<Error> m_error;
};

[[nodiscard]] AutopilotStage stageOf(const Contender& candidate);
/// What people are told of them: those that were begun. `weights` in the final model; may be empty.
[[nodiscard]] std::vector<AutopilotTry> listOf(const std::vector<Tried>& tried, const std::vector<double>& weights);

/// The best checkpoint of a candidate that completed: of one fold its own, else that of all folds' mean.
Result<void> writeBag(const AutopilotGround& ground, const Tried& tried, const std::filesystem::path& file);
/// Where a candidate's training of a fold keeps its files.
[[nodiscard]] std::filesystem::path foldPlace(const AutopilotGround& ground, store::RunNumber run, int fold);

}  // namespace lathe::services
