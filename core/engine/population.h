// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/engine/training_loop.h"
#include "core/spec/program.h"

/// A population: trainings of one network on the same data that take their steps together, each step one batched
/// product for all of them (Engine::trainPopulation). Each member keeps what is its own: seed, order of rows, schedule,
/// learning rate, momentum, decay, dropout, label smoothing, clipping, epochs, early stopping, going back after a jump,
/// observer, control and checkpoints. It ends, is paused, cancelled or fails by itself, and the others go on as they
/// would without it. Its checkpoints are those of a training alone, so that it can be promoted: paused here and resumed
/// by Engine::train(), or the other way round.
namespace lathe::engine {

/// One of them. All outlive the training. Observers are called from the thread that trains (and from that of the
/// member's checkpoints).
struct PopulationMember {
  const TrainingRequest* request = nullptr;
  TrainingObserver* observer = nullptr;
  TrainingControl* control = nullptr;
};

/// What makes the steps of a population. Used from one thread.
class PopulationLearner {
 public:
  struct Asked {
    std::size_t member = 0;
    std::span<const std::uint32_t> rows;
    StepSettings settings;
  };

  virtual ~PopulationLearner() = default;
  /// A member by itself: evaluates, saves and restores its own weights; its step() is a step of it alone.
  [[nodiscard]] virtual Learner& member(std::size_t index) = 0;
  /// A step of each of these members, in ascending order. One outcome each, in this order.
  virtual std::vector<Result<StepOutcome>> step(std::span<const Asked> asked) = 0;
  /// The member has ended: nothing is asked of it any more, its memory may be used otherwise.
  virtual void leave(std::size_t member) = 0;
};

/// runTraining() for each member, with the steps of all that are still running taken together. Blocks until the last
/// one has ended. One result each; a member's error is its own.
[[nodiscard]] std::vector<Result<TrainingSummary>> runPopulation(std::span<const PopulationMember> members,
                                                                 const std::string& engineName,
                                                                 PopulationLearner& learner,
                                                                 const Clock& clock = systemClock());

/// The first setting in which requests differ that members of a population must share: "the data",
/// "training.batch_size", "training.optimizer.name", the layer in which their programs differ ...; nothing when there
/// is none. `programs` are those of the requests. Probabilities of dropout layers may differ, though not whether there
/// is such a layer: give it a probability of 0.
[[nodiscard]] std::optional<std::string> populationDifference(std::span<const TrainingRequest* const> requests,
                                                              std::span<const spec::Program> programs);

/// "engine.population": these differ in `setting`.
[[nodiscard]] tl::unexpected<Error> populationDiffers(const std::string& setting);
/// "engine.population": no population can be trained with `setting` ("training.average=ema", "the layer conv1").
[[nodiscard]] tl::unexpected<Error> populationRefuses(const std::string& setting);

}  // namespace lathe::engine
