// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint_keeper.h"

#include <algorithm>
#include <system_error>

namespace lathe::engine {
namespace fs = std::filesystem;
namespace {

constexpr double epochInterval = 0.5;  // seconds
constexpr std::string_view goodPrefix = "good.";
constexpr const char* formatName = "lathe-checkpoint-1";

tl::unexpected<Error> mismatch(std::string what) {
  return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "The checkpoint belongs to another run: {what}."),
              LATHE_TEXT("errors", "Resume with the settings the run was started with, or start a new run."),
              {{"what", std::move(what)}});
}

}  // namespace

CheckpointKeeper::CheckpointKeeper(const TrainingRequest& request, std::string engineName, Learner& learner,
                                   TrainingObserver& observer, const Clock& clock)
    : m_request(request),
      m_engineName(std::move(engineName)),
      m_learner(learner),
      m_observer(observer),
      m_clock(clock),
      m_modelJson(spec::toJson(request.model)),
      m_started(clock.steadySeconds()) {}

bool CheckpointKeeper::due(double seconds) const {
  return seconds > 0 && m_clock.steadySeconds() - m_lastWrite.value_or(m_started) >= seconds;
}

bool CheckpointKeeper::dueAtEpochEnd(double seconds) const {
  return !m_lastWrite || m_clock.steadySeconds() - *m_lastWrite >= std::min(seconds, epochInterval);
}

Checkpoint CheckpointKeeper::snapshot(const TrainingState& state, bool resumable) const {
  Checkpoint checkpoint;
  Scoring scoring{m_request.training.loss, m_request.weightColumn, 0.5};
  if (const auto decision = state.bestMetrics.find(decisionMetric); decision != state.bestMetrics.end())
    scoring.threshold = decision->second;
  checkpoint.meta["format"] = formatName;
  checkpoint.meta["engine"] = m_engineName;
  checkpoint.meta["model"] = m_modelJson;
  checkpoint.meta[scoringKey] = toJson(scoring);
  checkpoint.meta["state"] = toJson(state);
  m_learner.save(checkpoint, resumable);
  if (resumable)
    for (const auto& tensor : m_good.tensors) {
      checkpoint.tensors.push_back(tensor);
      checkpoint.tensors.back().name.insert(0, goodPrefix);
    }
  return checkpoint;
}

void CheckpointKeeper::rememberGood() {
  m_good.tensors.clear();
  m_learner.save(m_good, true);
}

Result<void> CheckpointKeeper::goBack() { return m_learner.restore(m_good); }

void CheckpointKeeper::rememberBest(const TrainingState& state) {
  if (!keepsFiles()) return;
  m_best = snapshot(state, false);
  m_bestInfo = {bestFile(), "", state.step, state.epochsDone, true};
}

Result<void> CheckpointKeeper::flushBest() {
  if (!m_best) return {};
  LATHE_TRY(write(*m_best, m_bestInfo));
  m_best.reset();
  return {};
}

Result<void> CheckpointKeeper::writeAll(const TrainingState& state) {
  if (!keepsFiles()) return {};
  if (!m_best && m_lastWrite && m_lastStep == state.step && m_lastEpochs == state.epochsDone) return {};
  m_observer.beforeCheckpoint();
  LATHE_TRY(flushBest());
  LATHE_TRY(write(snapshot(state, true), {lastFile(), "", state.step, state.epochsDone, false}));
  m_lastWrite = m_clock.steadySeconds();
  m_lastStep = state.step;
  m_lastEpochs = state.epochsDone;
  return {};
}

Result<void> CheckpointKeeper::write(const Checkpoint& checkpoint, CheckpointInfo info) {
  std::error_code error;
  fs::create_directories(m_request.checkpointFolder, error);
  LATHE_ASSIGN(hash, writeCheckpoint(checkpoint, info.file));
  info.sha256 = hash;
  m_observer.checkpoint(info);
  return {};
}

Result<TrainingState> CheckpointKeeper::restore(const TrainingState& expected) {
  const auto& file = *m_request.resumeFrom;
  LATHE_ASSIGN(checkpoint, readCheckpoint(file));
  LATHE_ASSIGN(model, modelOf(checkpoint, m_engineName, file));
  LATHE_ASSIGN(state, trainingStateFromJson(checkpoint.meta["state"]));
  if (!(model == m_request.model)) return mismatch("the model or its preprocessing differs");
  if (state.seed != expected.seed) return mismatch("the seed differs");
  if (state.batchSize != expected.batchSize) return mismatch("the batch size differs");
  if (state.trainRows != expected.trainRows) return mismatch("the number of training rows differs");
  if (state.optimizer != expected.optimizer) return mismatch("the optimiser differs");
  if (state.accumulateSteps != expected.accumulateSteps) return mismatch("the accumulated batches differ");
  if (state.average != expected.average) return mismatch("the average of weights differs");
  LATHE_TRY(m_learner.restore(checkpoint));
  m_good.tensors.clear();
  for (auto& tensor : checkpoint.tensors)
    if (tensor.name.rfind(goodPrefix, 0) == 0) {
      tensor.name.erase(0, goodPrefix.size());
      m_good.tensors.push_back(std::move(tensor));
    }
  LATHE_TRY(keepBestOf(file, state));
  return state;
}

Result<void> CheckpointKeeper::keepBestOf(const fs::path& resumed, TrainingState& state) {
  std::error_code error;
  if (state.monitor.bestEpoch == 0 || fs::exists(bestFile(), error)) return {};
  const auto beside = resumed.parent_path() / "best.ckpt";
  auto best = readCheckpoint(beside);
  if (!best) {
    // The best weights are gone: the next epoch is the best one again.
    state.monitor = {};
    state.bestMetrics.clear();
    return {};
  }
  return write(*best, {bestFile(), "", state.monitor.bestStep, state.monitor.bestEpoch, true});
}

std::optional<Scoring> scoringOf(const Checkpoint& checkpoint) {
  const auto found = checkpoint.meta.find(scoringKey);
  return found == checkpoint.meta.end() ? std::nullopt : scoringFromJson(found->second);
}

Result<spec::ModelDescription> modelOf(const Checkpoint& checkpoint, const std::string& engineName,
                                       const fs::path& file) {
  const auto text = [&](const char* key) {
    const auto found = checkpoint.meta.find(key);
    return found == checkpoint.meta.end() ? std::string() : found->second;
  };
  if (text("format") != formatName)
    return fail("engine.checkpoint_mismatch",
                LATHE_TEXT("errors", "{file} is not a checkpoint that this version of Lathe can read."),
                LATHE_TEXT("errors", "Choose best.ckpt or last.ckpt of a run."), {{"file", file.string()}});
  if (text("engine") != engineName)
    return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "{file} was written by another engine ({engine})."),
                LATHE_TEXT("errors", "Open it with a build of Lathe that has this engine."),
                {{"file", file.string()}, {"engine", text("engine")}});
  return spec::modelDescriptionFromJson(text("model"));
}

}  // namespace lathe::engine
