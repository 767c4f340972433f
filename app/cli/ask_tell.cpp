// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ask_tell.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace lathe::cli {
namespace {

constexpr std::int64_t mostAsked = 1'000'000;

tl::unexpected<Error> bad(std::string message) { return fail("ask_tell", std::move(message), ""); }

// Many programs write NaN and infinities as bare words, which JSON does not know.
std::string withNulls(const std::string& line) {
  std::string out;
  bool inText = false;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == '"') inText = !inText;
    if (line[i] == '\\' && inText && i + 1 < line.size()) {
      out += line.substr(i, 2);
      i += 2;
      continue;
    }
    bool replaced = false;
    if (!inText)
      for (const std::string word : {"-Infinity", "Infinity", "NaN", "nan", "-inf", "inf"})
        if (line.compare(i, word.size(), word) == 0) {
          out += "null";
          i += word.size();
          replaced = true;
          break;
        }
    if (!replaced) out += line[i++];
  }
  return out;
}

Result<Json> parse(const std::string& line) {
  auto json = Json::parse(line, nullptr, false);
  if (json.is_discarded()) json = Json::parse(withNulls(line), nullptr, false);
  if (json.is_discarded()) return bad("This line is no JSON.");
  if (!json.is_object()) return bad("A line is an object with \"ask\" or \"tell\".");
  return json;
}

std::optional<search::TrialState> stateOf(const std::string& name) {
  if (name == "complete") return search::TrialState::Complete;
  if (name == "fail") return search::TrialState::Failed;
  if (name == "pruned") return search::TrialState::Pruned;
  return std::nullopt;
}

}  // namespace

std::string AskTell::answer(const std::string& line) {
  const auto result = handle(line);
  return oneLine(result ? *result : Json{{"error", result.error().sentence()}});
}

std::string AskTell::news() {
  const auto remark = m_sampler->remark();
  auto text = remark ? remark->render() : std::string();
  if (text == m_said) return {};
  m_said = text;
  return text;
}

Result<Json> AskTell::handle(const std::string& line) {
  LATHE_ASSIGN(json, parse(line));
  const auto asked = json.find("ask"), told = json.find("tell");
  if ((asked == json.end()) == (told == json.end()))
    return bad("A line is {\"ask\":n} or {\"tell\":{\"trial\":t,\"values\":[..]}}.");
  return asked != json.end() ? ask(*asked) : tell(*told);
}

Result<Json> AskTell::ask(const Json& count) {
  if (!count.is_number_integer() || count < 1 || count > mostAsked)
    return bad(fmt::format("\"ask\" is a whole number from 1 to {}.", mostAsked));
  Json trials = Json::array();
  for (std::int64_t left = count.get<std::int64_t>(); left > 0; --left) {
    const auto configuration = m_sampler->propose(m_next);
    if (!configuration) break;
    m_sampler->begin(m_next, *configuration);
    m_open[m_next] = *configuration;
    trials.push_back({{"trial", m_next}, {"params", Json::parse(spec::configurationJson(m_space, *configuration))}});
    ++m_next;
  }
  return Json{{"trials", std::move(trials)}};
}

// Numbers may have lost some digits on their way.
Result<void> AskTell::checkParams(const Json& params, const search::TrialResult& told) const {
  const auto given = spec::configurationFromJson(m_space, params.dump(), true);
  if (!given) return passOn(given);
  constexpr double lost = 1e-5;
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const double asked = told.configuration[i], now = (*given)[i];
    if (std::isnan(now) || std::abs(now - asked) <= lost * std::max(std::abs(now), std::abs(asked))) continue;
    return bad(fmt::format("Trial {} was asked with other values: {}.", told.trial,
                           spec::configurationJson(m_space, told.configuration)));
  }
  return {};
}

Result<search::TrialResult> AskTell::resultOf(const Json& tell) const {
  search::TrialResult result;
  const auto trial = tell.find("trial"), params = tell.find("params");
  if (trial != tell.end() && !trial->is_null()) {
    if (!trial->is_number_integer()) return bad("\"trial\" is the whole number that \"ask\" gave.");
    result.trial = trial->get<std::int64_t>();
    const auto open = m_open.find(result.trial);
    if (open == m_open.end())
      return bad(result.trial >= 0 && result.trial < m_next
                     ? fmt::format("Trial {} has been told already.", result.trial)
                     : fmt::format("There is no trial {}.", result.trial));
    result.configuration = open->second;
    if (params != tell.end() && !params->is_null()) LATHE_TRY(checkParams(*params, result));
  } else if (params != tell.end()) {
    auto configuration = spec::configurationFromJson(m_space, params->dump());
    if (!configuration) return passOn(configuration);
    result.configuration = std::move(*configuration);
  } else {
    return bad("\"tell\" needs the \"trial\" or the \"params\" that it is about.");
  }
  if (const auto state = tell.find("state"); state != tell.end() && !state->is_null()) {
    const auto known = state->is_string() ? stateOf(state->get<std::string>()) : std::nullopt;
    if (!known) return bad("\"state\" is complete, fail or pruned.");
    result.state = *known;
  }
  const auto values = tell.find("values");
  const bool given = values != tell.end() && !values->is_null();
  if (!given && result.state == search::TrialState::Complete)
    return bad("\"values\" is missing; a trial that failed says \"state\":\"fail\".");
  if (!given) return result;
  if (values->is_number() && m_larger.size() == 1) {
    result.values.push_back(values->get<double>());
  } else {
    if (!values->is_array()) return bad("\"values\" is a list of numbers.");
    for (const auto& value : *values) {
      if (!value.is_number() && !value.is_null()) return bad("\"values\" is a list of numbers.");
      result.values.push_back(value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN());
    }
  }
  if (result.values.size() != m_larger.size() &&
      !(result.values.empty() && result.state != search::TrialState::Complete))
    return bad(fmt::format("\"values\" has {} of {} numbers, one a goal.", result.values.size(), m_larger.size()));
  const bool finite =
      std::all_of(result.values.begin(), result.values.end(), [](double value) { return std::isfinite(value); });
  if (!finite && result.state == search::TrialState::Complete) result.state = search::TrialState::Failed;
  for (std::size_t i = 0; i < result.values.size(); ++i)
    if (m_larger[i]) result.values[i] = -result.values[i];
  if (result.state == search::TrialState::Pruned && finite && !result.values.empty())
    result.reports.push_back({1, result.values.front()});
  if (result.state != search::TrialState::Complete) result.values.clear();
  return result;
}

Result<Json> AskTell::tell(const Json& tell) {
  if (!tell.is_object()) return bad("\"tell\" is an object.");
  LATHE_ASSIGN(result, resultOf(tell));
  m_sampler->tell(result);
  if (result.trial >= 0) m_open.erase(result.trial);
  return Json{{"ok", true}};
}

}  // namespace lathe::cli
