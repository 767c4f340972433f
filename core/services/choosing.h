// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "core/spec/training_spec.h"
#include "core/store/run_store.h"

/// What a run tries before its first step, told while it happens and kept as events of the run: "choosing" says how far
/// it is, "tried" holds one setting with its score, "chosen" ends a stage. Their values are the arguments of the
/// sentences, so that no table of the store knows of them.
namespace lathe::services {

/// Name, rate, and momentum or betas: "sgd 0.03 (0.9)".
[[nodiscard]] std::string described(const spec::OptimizerSpec& optimizer);

enum class ChoosingStage : std::uint8_t { Batch, Epochs, Optimizer };

/// How far a run is in choosing one thing.
struct ChoosingProgress {
  ChoosingStage stage = ChoosingStage::Optimizer;
  std::string optimizer;  ///< whose rate is chosen; "auto": the optimiser too
  int done = 0;           ///< short trainings
  int total = 0;          ///< 0: not known before
  /// "Choosing optimiser and learning rate: 5 of 14 short trainings."
  [[nodiscard]] Message message() const;
  bool operator==(const ChoosingProgress&) const = default;
};

/// One setting after the short trainings of one round.
struct TriedSetting {
  ChoosingStage stage = ChoosingStage::Optimizer;
  int candidate = 0;              ///< within its stage, from 0
  int round = 1;                  ///< of successive halving, from 1
  int trainings = 1;              ///< that the value is the mean of
  double share = 1;               ///< of the whole training's steps
  spec::OptimizerSpec optimizer;  ///< stage Optimizer: name, lr, momentum, beta1, beta2
  double number = 0;              ///< what is chosen: rate, epochs, rows of a batch
  std::string metric;             ///< "val/loss"; stage Batch: empty, the value is rows a second
  /// As the metric counts; NaN: the training diverged.
  double value = std::numeric_limits<double>::quiet_NaN();
  bool chosen = false;
  [[nodiscard]] Message message() const;
};

/// Hears what happens, from the threads that train, one call at a time; must return quickly.
class ChoosingListener {
 public:
  virtual ~ChoosingListener() = default;
  virtual void progress(const ChoosingProgress& progress) = 0;
  virtual void tried(const TriedSetting& tried) = 0;
  /// That setting of that stage; `tried` is its last round.
  virtual void chosen(const TriedSetting& tried) = 0;
};

/// Writes it to a run's events, progress at most some twice a second, and hands progress on.
class ChoosingRecorder final : public ChoosingListener {
 public:
  using Sink = std::function<void(const ChoosingProgress&)>;
  ChoosingRecorder(store::RunStore& store, store::RunNumber run, Sink sink = {});
  void progress(const ChoosingProgress& progress) override;
  void tried(const TriedSetting& tried) override;
  void chosen(const TriedSetting& tried) override;

 private:
  store::RunStore& m_store;
  const store::RunNumber m_run;
  const Sink m_sink;
  double m_written = 0;  // steady seconds
  double m_shown = 0;
};

/// What a run's events say of it: the settings of each stage as they were tried last, and how far it is.
struct Choosing {
  std::optional<ChoosingProgress> progress;  ///< the newest; nothing: the run chose nothing by trying
  std::vector<TriedSetting> tried;           ///< in the order in which they were
  /// Of one stage, the last round of each candidate.
  [[nodiscard]] std::vector<TriedSetting> lastRounds(ChoosingStage stage) const;
};
/// A run that was stopped while it chose and chose again when it was resumed has what it tried last. Events that cannot
/// be understood are passed over.
[[nodiscard]] Choosing choosingOf(const std::vector<store::Event>& events);

}  // namespace lathe::services
