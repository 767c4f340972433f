// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/checkpoint_keeper.h"

#include <algorithm>
#include <exception>
#include <system_error>

#include "core/base/pieces_file.h"
#include "core/engine/checkpoint_settings.h"

namespace lathe::engine {
namespace fs = std::filesystem;
namespace {

constexpr double epochInterval = 0.5;  // seconds
constexpr double costShare = 0.005;    // of the time between two writes
constexpr std::string_view goodPrefix = "good.";
constexpr const char* settingsKey = "training";

tl::unexpected<Error> mismatch(std::string what) {
  return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "The checkpoint belongs to another run: {what}."),
              LATHE_TEXT("errors", "Resume with the settings the run was started with, or start a new run."),
              {{"what", std::move(what)}});
}

// The model's JSON, once it is known that this engine can read it.
Result<std::string> modelTextOf(const Checkpoint& checkpoint, const std::string& engineName, const fs::path& file) {
  const auto text = [&](const char* key) {
    const auto found = checkpoint.meta.find(key);
    return found == checkpoint.meta.end() ? std::string() : found->second;
  };
  if (text("format") != checkpointFormat)
    return fail("engine.checkpoint_mismatch",
                LATHE_TEXT("errors", "{file} is not a checkpoint that this version of Lathe can read."),
                LATHE_TEXT("errors", "Choose best.ckpt or last.ckpt of a run."), {{"file", file.string()}});
  if (text("engine") != engineName)
    return fail("engine.checkpoint_mismatch", LATHE_TEXT("errors", "{file} was written by another engine ({engine})."),
                LATHE_TEXT("errors", "Open it with a build of Lathe that has this engine."),
                {{"file", file.string()}, {"engine", text("engine")}});
  return text("model");
}

}  // namespace

fs::path previousCheckpoint(const fs::path& last) { return last.parent_path() / "previous.ckpt"; }

CheckpointKeeper::CheckpointKeeper(const TrainingRequest& request, std::string engineName, Learner& learner,
                                   TrainingObserver& observer, const Clock& clock)
    : m_request(request),
      m_engineName(std::move(engineName)),
      m_learner(learner),
      m_observer(observer),
      m_clock(clock),
      m_modelJson(spec::sharedJson(request.model)),
      m_settingsJson(settingsJson(request.training)),
      m_started(clock.steadySeconds()),
      m_writer([this] { return work(); }) {}

fs::path CheckpointKeeper::file(const char* name) const {
  return enabled() ? m_request.checkpointFolder / name : fs::path();
}

bool CheckpointKeeper::due(double seconds) const {
  return enabled() && seconds > 0 && !m_writer.busy() &&
         m_clock.steadySeconds() - m_lastWrite.value_or(m_started) >= seconds;
}

bool CheckpointKeeper::dueAtEpochEnd(double seconds) const {
  if (!enabled() || m_writer.busy()) return false;
  const double affordable = (m_writer.cost() + m_copyCost) / costShare;
  if (!m_request.lasting && !m_lastWrite) return m_clock.steadySeconds() - m_started >= epochInterval;
  return !m_lastWrite ||
         m_clock.steadySeconds() - *m_lastWrite >= std::min(seconds, std::max(epochInterval, affordable));
}

void CheckpointKeeper::rememberBest(const TrainingState& state) {
  if (!enabled()) return;
  const double before = m_clock.steadySeconds();
  m_best.content.recycle();
  m_learner.save(m_best.content, false);
  m_best.state = state;
  m_best.waiting = true;
  m_spent += m_clock.steadySeconds() - before;
}

// While the writer has one of the two, the other one is taken.
void CheckpointKeeper::rememberGood() {
  if (m_writer.busy() && m_job.good == m_goodNow) m_goodNow = 1 - m_goodNow;
  m_good[m_goodNow].recycle();
  m_learner.save(m_good[m_goodNow], true);
}

Result<void> CheckpointKeeper::goBack() { return m_learner.restore(m_good[m_goodNow]); }

// The writer is idle.
void CheckpointKeeper::prepare(const TrainingState* last) {
  if (m_best.waiting) {
    std::swap(m_best, m_job.best);
    m_best.waiting = false;
  }
  if (last != nullptr) {
    m_job.last.content.recycle();
    m_learner.save(m_job.last.content, true);
    m_job.last.state = *last;
    m_job.last.waiting = true;
    m_job.good = hasGood() ? std::optional(m_goodNow) : std::nullopt;
  }
}

bool CheckpointKeeper::isNew(const TrainingState& state) const {
  return m_best.waiting || !m_lastWrite || m_lastStep != state.step || m_lastEpochs != state.epochsDone;
}

void CheckpointKeeper::wrote(const TrainingState& state, double at) {
  m_lastWrite = at;
  m_lastStep = state.step;
  m_lastEpochs = state.epochsDone;
}

Result<void> CheckpointKeeper::writeAll(const TrainingState& state) {
  if (!enabled()) return {};
  LATHE_TRY(m_writer.wait());
  if (!isNew(state)) return {};
  const double now = m_clock.steadySeconds();
  prepare(&state);
  m_writer.start();
  m_copyCost = m_clock.steadySeconds() - now;
  m_spent += m_copyCost;
  wrote(state, now);
  return {};
}

Result<void> CheckpointKeeper::finish(const TrainingState& state) {
  if (!enabled()) return {};
  const double before = m_clock.steadySeconds();
  auto written = m_writer.wait();
  if (written && isNew(state)) {
    prepare(&state);
    written = m_writer.perform();
    wrote(state, before);
  }
  m_spent += m_clock.steadySeconds() - before;
  return written;
}

Result<void> CheckpointKeeper::flushBest() {
  if (!enabled()) return {};
  static_cast<void>(m_writer.wait());
  m_job.last.waiting = false;
  if (!m_best.waiting && !m_job.best.waiting) return {};
  prepare(nullptr);
  return m_writer.perform();
}

Result<void> CheckpointKeeper::work() {
  try {
    // A checkpoint never knows more than the curves: see TrainingObserver::beforeCheckpoint().
    LATHE_TRY(m_observer.beforeCheckpoint());
    std::error_code error;
    fs::create_directories(m_request.checkpointFolder, error);
    if (!std::exchange(m_job.tidied, true) && m_request.lasting) {
      removeUnfinished(bestFile());
      removeUnfinished(lastFile());
      removeUnfinished(previousCheckpoint(lastFile()));
    }
    for (auto* kept : {&m_job.best, &m_job.last}) {
      if (!kept->waiting) continue;
      LATHE_TRY(write(*kept, kept == &m_job.best));
      kept->waiting = false;
    }
    return {};
  } catch (const std::exception& error) {
    return fail("checkpoint.failed", LATHE_TEXT("errors", "The checkpoint could not be written: {reason}."),
                LATHE_TEXT("errors", "Resume the run from its last checkpoint."), {{"reason", error.what()}});
  }
}

std::map<std::string, std::string> CheckpointKeeper::metaOf(const TrainingState& state) const {
  Scoring scoring{m_request.training.loss, m_request.weightColumn, 0.5};
  if (const auto decision = state.bestMetrics.find(decisionMetric); decision != state.bestMetrics.end())
    scoring.threshold = decision->second;
  return {{"format", checkpointFormat},  {"engine", m_engineName},      {"model", *m_modelJson},
          {settingsKey, m_settingsJson}, {scoringKey, toJson(scoring)}, {"state", toJson(state)}};
}

Result<void> CheckpointKeeper::write(const Kept& kept, bool best) {
  CheckpointParts parts{metaOf(kept.state), {{"", kept.content.tensors}}};
  CheckpointInfo info{best ? bestFile() : lastFile(), kept.state.step, kept.state.epochsDone, best};
  if (best) {
    LATHE_TRY(writeCheckpoint(parts, info.file, {}, m_request.lasting));
  } else {
    const auto previous = previousCheckpoint(info.file);
    if (m_job.good) parts.groups.push_back({std::string(goodPrefix), m_good[*m_job.good].tensors});
    LATHE_TRY(writeCheckpoint(parts, info.file, m_job.keepsPrevious ? previous : fs::path(), m_request.lasting));
    m_job.keepsPrevious = m_request.lasting;
  }
  m_observer.checkpoint(info);
  return {};
}

Result<void> CheckpointKeeper::refuseOthers(const Checkpoint& checkpoint, const TrainingState& found,
                                            const TrainingState& expected) const {
  if (found.seed != expected.seed) return mismatch("the seed differs");
  if (found.batchSize != expected.batchSize) return mismatch("the batch size differs");
  if (found.trainRows != expected.trainRows) return mismatch("the number of training rows differs");
  if (found.optimizer != expected.optimizer) return mismatch("the optimiser differs");
  if (found.accumulateSteps != expected.accumulateSteps) return mismatch("the accumulated batches differ");
  if (found.average != expected.average) return mismatch("the average of weights differs");
  // Older checkpoints know nothing of the rest.
  const auto settings = checkpoint.meta.find(settingsKey);
  if (settings == checkpoint.meta.end()) return {};
  const auto differs = differingSetting(settings->second, m_settingsJson);
  return differs.empty() ? Result<void>() : mismatch(differs + " differs");
}

Result<TrainingState> CheckpointKeeper::restore(const TrainingState& expected) {
  const auto& from = *m_request.resumeFrom;
  LATHE_ASSIGN(checkpoint, readCheckpoint(from));
  LATHE_ASSIGN(text, modelTextOf(checkpoint, m_engineName, from));
  LATHE_ASSIGN(state, trainingStateFromJson(checkpoint.meta["state"]));
  if (text != *m_modelJson) {
    LATHE_ASSIGN(model, spec::modelDescriptionFromJson(text));
    if (!(model == m_request.model)) return mismatch("the model or its preprocessing differs");
  }
  if (!m_request.inherits) LATHE_TRY(refuseOthers(checkpoint, state, expected));
  LATHE_TRY(m_learner.restore(checkpoint));
  auto& good = m_good[m_goodNow];
  good.tensors.clear();
  for (auto& tensor : checkpoint.tensors)
    if (tensor.name.rfind(goodPrefix, 0) == 0) {
      tensor.name.erase(0, goodPrefix.size());
      good.tensors.push_back(std::move(tensor));
    }
  // Else last.ckpt is the damaged one that was passed over, and must not take the place of the one before.
  std::error_code error;
  m_job.keepsPrevious = enabled() && fs::equivalent(from, lastFile(), error);
  LATHE_TRY(keepBestOf(from, state));
  return state;
}

// Where the best weights are gone, the next epoch is the best one again.
Result<void> CheckpointKeeper::keepBestOf(const fs::path& resumed, TrainingState& state) {
  if (state.monitor.bestEpoch == 0 || !enabled() || readCheckpoint(bestFile())) return {};
  const auto beside = resumed.parent_path() / "best.ckpt";
  const auto best = readCheckpoint(beside);
  if (!best) {
    state.monitor.best.reset();
    state.monitor.bestEpoch = 0;
    state.monitor.bestStep = 0;
    state.bestMetrics.clear();
    return {};
  }
  std::error_code error;
  fs::create_directories(m_request.checkpointFolder, error);
  LATHE_TRY(writeCheckpoint(CheckpointParts{best->meta, {{"", best->tensors}}}, bestFile()));
  m_observer.checkpoint({bestFile(), state.monitor.bestStep, state.monitor.bestEpoch, true});
  return {};
}

std::optional<Scoring> scoringOf(const Checkpoint& checkpoint) {
  const auto found = checkpoint.meta.find(scoringKey);
  return found == checkpoint.meta.end() ? std::nullopt : scoringFromJson(found->second);
}

Result<spec::ModelDescription> modelOf(const Checkpoint& checkpoint, const std::string& engineName,
                                       const fs::path& file) {
  LATHE_ASSIGN(text, modelTextOf(checkpoint, engineName, file));
  return spec::modelDescriptionFromJson(text);
}

}  // namespace lathe::engine
