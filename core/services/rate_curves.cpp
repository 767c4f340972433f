// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/rate_curves.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/base/clock.h"
#include "core/base/files.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

using Json = nlohmann::json;

constexpr const char* settingName = "rate_curves";
constexpr const char* eventKind = "rate_found";
constexpr std::size_t mostKept = 8;

// JSON has no infinity: a loss that ran away is written as null.
double realFrom(const Json& json) {
  return json.is_number() ? json.get<double>() : std::numeric_limits<double>::infinity();
}

Json toJson(const KeptRateCurve& kept) {
  auto points = Json::array();
  for (const auto& point : kept.curve.points) points.push_back(Json::array({point.rate, point.loss, point.smoothed}));
  return {{"micros", kept.micros},
          {"used", kept.used},
          {"suggestion", kept.curve.suggestion},
          {"diverges", kept.curve.diverges},
          {"points", std::move(points)}};
}

std::optional<KeptRateCurve> curveFrom(const Json& json) {
  try {
    KeptRateCurve kept;
    kept.micros = json.at("micros").get<std::int64_t>();
    kept.used = json.at("used").get<double>();
    kept.curve.suggestion = json.at("suggestion").get<double>();
    kept.curve.diverges = json.at("diverges").get<double>();
    for (const auto& point : json.at("points")) {
      const double rate = point.at(0).get<double>();
      if (!(rate > 0) || !std::isfinite(rate)) return std::nullopt;
      kept.curve.points.push_back({rate, realFrom(point.at(1)), realFrom(point.at(2))});
    }
    return kept;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Result<Json> readAll(const store::RunStore& store) {
  LATHE_ASSIGN(text, store.setting(settingName));
  auto all = Json::parse(text, nullptr, false);
  if (!all.is_array()) all = Json::array();
  return all;
}

bool hasKey(const Json& entry, const std::string& key) {
  return entry.is_object() && entry.contains("key") && entry["key"] == key;
}

}  // namespace

std::string rateCurveKey(const spec::ExperimentSpec& spec) {
  spec::ExperimentSpec kept;
  kept.data = spec.data;
  if (!kept.data.sha256.empty()) kept.data.path.clear();
  kept.model = spec.model;
  const spec::TrainingSpec usual;
  auto& training = kept.training;
  training = spec.training;
  if (training.optimizer.name == "auto") training.optimizer.name = "adamw";
  training.optimizer.lr = 0;
  training.schedule = usual.schedule;
  training.epochs = usual.epochs;
  training.autoEpochs = usual.autoEpochs;
  training.earlyStopping = usual.earlyStopping;
  training.average = usual.average;
  training.spikeGuard = usual.spikeGuard;
  training.decisionThreshold = usual.decisionThreshold;
  training.monitor = usual.monitor;
  training.monitorDirection = usual.monitorDirection;
  training.histograms = usual.histograms;
  training.checkpointSeconds = usual.checkpointSeconds;
  training.threads = usual.threads;
  return sha256Of(std::string_view(spec::toJson(kept, -1))).substr(0, 32);
}

Result<void> keepRateCurve(store::RunStore& store, const std::string& key, const KeptRateCurve& kept) {
  LATHE_ASSIGN(all, readAll(store));
  auto entry = toJson(kept);
  entry["key"] = key;
  auto fresh = Json::array({std::move(entry)});
  for (auto& old : all)
    if (!hasKey(old, key) && fresh.size() < mostKept) fresh.push_back(std::move(old));
  return store.setSetting(settingName, fresh.dump());
}

Result<std::optional<KeptRateCurve>> keptRateCurve(const store::RunStore& store, const std::string& key) {
  LATHE_ASSIGN(all, readAll(store));
  for (const auto& entry : all)
    if (hasKey(entry, key)) return curveFrom(entry);
  return std::nullopt;
}

void noteFoundRate(store::RunStore& store, store::RunNumber run, const spec::ExperimentSpec& spec) {
  if (spec.training.optimizer.lr == 0) return;
  const auto kept = keptRateCurve(store, rateCurveKey(spec));
  if (!kept || !*kept || (*kept)->used != spec.training.optimizer.lr) return;
  store.addEvent(run, eventKind,
                 {LATHE_TEXT("events", "The learning rate {lr} was found by a range test on {date}."),
                  {{"lr", fmt::format("{:g}", (*kept)->used)},
                   {"date", isoTime((*kept)->micros).substr(0, 10)},
                   {"curve", toJson(**kept).dump()}}});
}

std::optional<KeptRateCurve> foundRateOf(const std::vector<store::Event>& events) {
  std::optional<KeptRateCurve> found;
  for (const auto& event : events) {
    if (event.kind != eventKind) continue;
    for (const auto& [name, value] : event.message.args)
      if (name == "curve")
        if (const auto json = Json::parse(value, nullptr, false); json.is_object()) found = curveFrom(json);
  }
  return found;
}

}  // namespace lathe::services
