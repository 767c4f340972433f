// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/training_state.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace lathe::engine {
namespace {

using Json = nlohmann::json;

Json optionalNumber(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

std::optional<double> readOptional(const Json& json) {
  return json.is_number() ? std::optional<double>(json.get<double>()) : std::nullopt;
}

Json statisticsJson(const SpikeGuard::Statistics& s) { return {s.mean, s.variance, s.seen, s.atStart}; }

SpikeGuard::Statistics readStatistics(const Json& json) {
  return {json.at(0).get<double>(), json.at(1).get<double>(), json.at(2).get<std::int64_t>(),
          json.size() > 3 ? json.at(3).get<double>() : 0};
}

Json guardJson(const SpikeGuard::State& s) {
  return {{"now", statisticsJson(s.now)},
          {"kept", statisticsJson(s.kept)},
          {"above", s.above},
          {"in_row", s.inRow},
          {"good_steps", s.goodSteps},
          {"since_kept", s.sinceKept},
          {"kept_step", s.keptStep},
          {"lr_factor", s.lrFactor}};
}

SpikeGuard::State readGuard(const Json& json) {
  SpikeGuard::State s;
  s.now = readStatistics(json.at("now"));
  s.kept = readStatistics(json.at("kept"));
  s.above = json.at("above").get<int>();
  s.inRow = json.at("in_row").get<int>();
  s.goodSteps = json.at("good_steps").get<std::int64_t>();
  s.sinceKept = json.at("since_kept").get<std::int64_t>();
  s.keptStep = json.at("kept_step").get<std::int64_t>();
  s.lrFactor = json.at("lr_factor").get<double>();
  return s;
}

}  // namespace

std::string toJson(const TrainingState& s) {
  const Json json{
      {"step", s.step},
      {"epochs_done", s.epochsDone},
      {"step_in_epoch", s.stepInEpoch},
      {"shuffle", s.shuffle},
      {"epoch_score",
       {s.epochScore.loss, s.epochScore.weight, s.epochScore.rowWeight, s.epochScore.correct, s.epochScore.squaredError,
        s.epochScore.absoluteError}},
      {"epoch_pinball", s.epochScore.pinball},
      {"best", optionalNumber(s.monitor.best)},
      {"reference", optionalNumber(s.monitor.reference)},
      {"best_epoch", s.monitor.bestEpoch},
      {"best_step", s.monitor.bestStep},
      {"since_best", s.monitor.sinceBest},
      {"since_reduced", s.monitor.sinceReduced},
      {"lr_factor", s.monitor.lrFactor},
      {"best_metrics", s.bestMetrics},
      {"train_seconds", s.trainSeconds},
      {"samples", s.samples},
      {"stopped_early", s.stoppedEarly},
      {"seed", s.seed},
      {"batch_size", s.batchSize},
      {"train_rows", s.trainRows},
      {"optimizer", s.optimizer},
      {"accumulate_steps", s.accumulateSteps},
      {"average", s.average},
      {"guard", guardJson(s.guard)},
  };
  return json.dump();
}

Result<TrainingState> trainingStateFromJson(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    TrainingState s;
    s.step = json.at("step").get<std::int64_t>();
    s.epochsDone = json.at("epochs_done").get<int>();
    s.stepInEpoch = json.at("step_in_epoch").get<std::int64_t>();
    s.shuffle = json.at("shuffle").get<Random::State>();
    const auto score = json.at("epoch_score").get<std::array<double, 6>>();
    s.epochScore = {score[0], score[1], score[2], score[3], score[4], score[5]};
    s.epochScore.pinball = json.value("epoch_pinball", 0.0);
    s.monitor.best = readOptional(json.at("best"));
    s.monitor.reference = readOptional(json.at("reference"));
    s.monitor.bestEpoch = json.at("best_epoch").get<int>();
    s.monitor.bestStep = json.at("best_step").get<std::int64_t>();
    s.monitor.sinceBest = json.at("since_best").get<int>();
    s.monitor.sinceReduced = json.at("since_reduced").get<int>();
    s.monitor.lrFactor = json.at("lr_factor").get<double>();
    for (const auto& [name, value] : json.at("best_metrics").items())
      s.bestMetrics[name] = value.is_number() ? value.get<double>() : std::nan("");
    s.trainSeconds = json.at("train_seconds").get<double>();
    s.samples = json.at("samples").get<std::int64_t>();
    s.stoppedEarly = json.at("stopped_early").get<bool>();
    s.seed = json.at("seed").get<std::uint64_t>();
    s.batchSize = json.at("batch_size").get<int>();
    s.trainRows = json.at("train_rows").get<std::size_t>();
    s.optimizer = json.at("optimizer").get<std::string>();
    // Older checkpoints know nothing of these.
    s.accumulateSteps = json.value("accumulate_steps", 1);
    s.average = json.value("average", "none");
    if (json.contains("guard")) s.guard = readGuard(json["guard"]);
    if (s.step < 0 || s.epochsDone < 0 || s.stepInEpoch < 0) throw Json::other_error::create(501, "negative", nullptr);
    return s;
  } catch (const Json::exception&) {
    return fail("checkpoint.corrupt", LATHE_TEXT("errors", "The checkpoint's training state cannot be read."),
                LATHE_TEXT("errors", "Use another checkpoint of the run, or train it again."));
  }
}

}  // namespace lathe::engine
