// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/scoring.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace lathe::engine {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
bool take(const Json& json, const char* key, T& out) {
  const auto found = json.find(key);
  if (found == json.end()) return false;
  if constexpr (std::is_same_v<T, double>) {
    if (!found->is_number()) return false;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!found->is_boolean()) return false;
  } else {
    if (!found->is_string()) return false;
  }
  out = found->template get<T>();
  return true;
}

}  // namespace

std::string toJson(const Scoring& scoring) {
  const auto& loss = scoring.loss;
  Json json{{"loss",
             {{"name", loss.name},
              {"label_smoothing", loss.labelSmoothing},
              {"class_weights", loss.classWeights},
              {"huber_delta", loss.huberDelta},
              {"focal_gamma", loss.focalGamma}}},
            {"weight", scoring.weight}};
  if (scoring.threshold != 0.5) json["threshold"] = scoring.threshold;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<Scoring> scoringFromJson(std::string_view text) {
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return {};
  const auto loss = json.find("loss");
  if (loss == json.end() || !loss->is_object()) return {};
  Scoring scoring;
  const bool complete = take(*loss, "name", scoring.loss.name) &&
                        take(*loss, "label_smoothing", scoring.loss.labelSmoothing) &&
                        take(*loss, "class_weights", scoring.loss.classWeights) &&
                        take(*loss, "huber_delta", scoring.loss.huberDelta) && take(json, "weight", scoring.weight);
  // Versions before the focal loss wrote none.
  static_cast<void>(take(*loss, "focal_gamma", scoring.loss.focalGamma));
  // Nor did those before tuned thresholds, which is the half.
  static_cast<void>(take(json, "threshold", scoring.threshold));
  const bool sane = scoring.threshold >= 0 && scoring.threshold <= 1 && std::isfinite(scoring.loss.focalGamma) &&
                    scoring.loss.focalGamma >= 0 && scoring.loss.labelSmoothing >= 0 &&
                    scoring.loss.labelSmoothing < 1 && std::isfinite(scoring.loss.huberDelta) &&
                    scoring.loss.huberDelta > 0;
  if (!complete || !sane) return {};
  return scoring;
}

}  // namespace lathe::engine
