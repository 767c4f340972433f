// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>

#include "core/services/study_table.h"

namespace lathe::services {

namespace {

using Json = nlohmann::json;
using Verdict = StudySummary::Standing::Verdict;

Verdict verdictOf(const std::string& word) {
  if (word == "best") return Verdict::Best;
  if (word == "tie") return Verdict::Tie;
  return word == "worse" ? Verdict::Worse : Verdict::Unknown;
}

StudySummary::Standing standingOf(const Json& json) {
  StudySummary::Standing standing;
  standing.trial = json.at("trial").get<std::int64_t>();
  standing.values = json.at("values").get<std::vector<double>>();
  standing.mean = json.at("mean").get<double>();
  if (json.contains("low") && json.at("low").is_number()) standing.low = json.at("low").get<double>();
  if (json.contains("high") && json.at("high").is_number()) standing.high = json.at("high").get<double>();
  standing.verdict = verdictOf(json.value("verdict", std::string()));
  return standing;
}

}  // namespace

StudySummary studySummary(const std::string& text) {
  StudySummary summary;
  const auto json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return summary;
  try {
    if (const auto winner = json.find("winner"); winner != json.end() && winner->contains("trial")) {
      summary.winner = winner->at("trial").get<std::int64_t>();
      summary.winnerRun = winner->value("run", std::int64_t{0});
    }
    summary.seeds = json.value("seeds", 0);
    summary.rowMeasure = json.value("row_measure", std::string());
    summary.rowMeasureIsGoal = json.value("row_measure_is_goal", true);
    if (const auto confirmed = json.find("confirmed"); confirmed != json.end())
      for (const auto& each : *confirmed) summary.standings.push_back(standingOf(each));
    if (const auto tied = json.find("tied"); tied != json.end()) tied->get_to(summary.tied);
    if (const auto front = json.find("front"); front != json.end()) front->get_to(summary.front);
    if (const auto test = json.find("test"); test != json.end())
      for (const auto& [name, value] : test->items())
        if (value.is_number()) summary.test[name] = value.get<double>();
  } catch (const Json::exception&) {
    return {};
  }
  return summary;
}

}  // namespace lathe::services
