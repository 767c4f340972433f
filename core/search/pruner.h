// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/search/trial.h"

namespace lathe::search {

/// What a pruner is made for. A trial's length is counted in steps (epochs of a training, folds, ...), 1 .. maxSteps.
struct PrunerSetup {
  SearchSpace space;          ///< for those that change configurations (pbt, dehb)
  std::int64_t maxSteps = 1;  ///< of a whole trial
  std::int64_t minSteps = 1;  ///< the first rung; nothing is pruned before
  double eta = 3;             ///< one of so many goes on at each rung
  std::int64_t budget = 0;    ///< trials that the study will have, as far as it is known; 0: unknown
  int population = 0;         ///< members of pbt, of a rung of dehb; 0: the usual number
  std::uint64_t seed = 0;
  double percentile = 50;              ///< percentile: the share of trials, the best ones, that go on
  std::int64_t startupTrials = 5;      ///< median, percentile: nothing is pruned before so many have ended
  std::int64_t patience = 3;           ///< patient: reports without an improvement
  double minDelta = 0;                 ///< patient: what counts as an improvement
  std::optional<double> lower, upper;  ///< threshold: values outside are hopeless
  double alpha = 0.1;                  ///< wilcoxon: the level of the test
  /// pbt: which parameters may change when a trial takes over another one's weights (not those that give the network
  /// its shape), one a parameter; empty: all.
  std::vector<bool> inheritable = {};
};

/// What a free worker should do next.
struct Work {
  enum class Kind : std::uint8_t {
    Fresh,     ///< a new trial, trained until `target`
    Continue,  ///< this paused trial, from where it is until `target`
    Wait,      ///< nothing until another trial has reported
    Finished   ///< nothing any more, whatever happens
  };
  Kind kind = Kind::Fresh;
  std::int64_t trial = -1;                     ///< Continue
  std::int64_t target = 0;                     ///< step at which it pauses, or, at maxSteps, completes
  std::optional<Configuration> configuration;  ///< Fresh: given by the pruner instead of the sampler
  std::int64_t parent = -1;                    ///< Fresh: starts from this trial's newest checkpoint; -1: anew
};

/// Decides how long trials go on. A state machine over what it hears, in this order, without a clock and without a
/// generator that runs on: the same log gives the same decisions. Smaller values are better; NaN is the worst. One
/// thread at a time.
///
/// The study loop asks next() when a worker is free, calls started() for a fresh trial (whose number it then learns) or
/// continued() for a paused one, report() for every value on the way and reached() when a trial has come to its target
/// below maxSteps and was paused there with a checkpoint. ended() closes a trial: complete, pruned or failed. Trials
/// that are paused and not chosen any more are named by hopeless(), which the loop then ends as pruned.
///
/// Only started(), continued(), report(), reached(), ended() and planned() move it on: they are the log from which a
/// fresh pruner comes into the same state. What is compared at a rung is the newest value reported until then.
class Pruner {
 public:
  virtual ~Pruner() = default;
  /// Changes nothing but caches: it says the same until something happens.
  [[nodiscard]] virtual Work next() = 0;
  /// A fresh trial runs. Of `work` count the target and the configuration, which is the one it really has.
  virtual void started(std::int64_t trial, const Work& work) = 0;
  /// A paused trial runs again, until `target`.
  virtual void continued(std::int64_t trial, std::int64_t target) = 0;
  /// `seen`: only reports and endings heard before the seen-th one count (heard() tells how many there were at a time),
  /// so that a decision can be repeated; the trial's own reports always count. True: stop it, it is hopeless.
  [[nodiscard]] virtual bool shouldStop(std::int64_t trial, std::int64_t step, double value, std::uint64_t seen) = 0;
  virtual void report(std::int64_t trial, std::int64_t step, double value) = 0;
  virtual void reached(std::int64_t trial, std::int64_t step) = 0;
  virtual void ended(std::int64_t trial, TrialState state) = 0;
  /// The budget is now so many trials, 0: unknown. If no more than were begun, those that are paused go on as if the
  /// budget were used up, also when it is said again; if more, fresh ones are wanted again until there are so many.
  virtual void planned(std::int64_t /*trials*/) {}
  /// How many reports and endings it has heard.
  [[nodiscard]] virtual std::uint64_t heard() const = 0;
  /// Paused trials that nothing will continue any more, each named once.
  [[nodiscard]] virtual std::vector<std::int64_t> hopeless() { return {}; }
  /// Lengths at which trials are compared, ascending, maxSteps last; only {maxSteps} when it has no rungs.
  [[nodiscard]] virtual std::vector<std::int64_t> rungs() const = 0;
};

/// none median percentile patient threshold halving asha hyperband bohb dehb wilcoxon pbt
[[nodiscard]] const std::vector<std::string>& prunerNames();
/// By name (case and - _ do not matter). "search.pruner" for an unknown name.
Result<std::unique_ptr<Pruner>> makePruner(const std::string& name, const PrunerSetup& setup);
/// The sampler that a pruner goes with when none is named: tpe for bohb, de for dehb, else auto.
[[nodiscard]] std::string customarySampler(const std::string& pruner);

}  // namespace lathe::search
