// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

#include "app/cli/nas_json.h"

namespace lathe::cli {
namespace {

using spec::RunStatus;
using store::TrialRecord;

constexpr std::size_t mostBest = 5;
constexpr std::size_t mostOthers = 24;  // of those that did not complete
constexpr std::size_t longestReason = 72;

// The most telling first.
constexpr std::array states{RunStatus::Failed, RunStatus::Running, RunStatus::Interrupted,
                            RunStatus::Paused, RunStatus::Queued,  RunStatus::Pruned};

std::string settingsText(const spec::SearchSpace& space, const TrialRecord& trial) {
  std::string settings;
  for (std::size_t i = 0; i < std::min(space.size(), trial.configuration.size()); ++i) {
    if (std::isnan(trial.configuration[i])) continue;
    const auto value = spec::valueOf(space.parameters[i], trial.configuration[i]);
    const auto shown = value.isNumber() && !value.isInteger() ? shortNumber(value.toReal())
                       : value.isText()                       ? value.toText()
                                                              : value.json();
    const auto& name = space.parameters[i].name;
    settings += fmt::format("{}{}={}", settings.empty() ? "" : " ",
                            search::isArchitectureParameter(name) ? name.substr(name.find('.') + 1) : name, shown);
  }
  return settings;
}

std::string bestText(const StudyReading& read) {
  Table table;
  table.column("trial", Table::Align::Right);
  table.column("run", Table::Align::Right);
  for (const auto& goal : read.settings.goals) table.column(goal.metric, Table::Align::Right);
  table.column("settings");
  const bool several = read.settings.goals.size() > 1;
  auto trials = several ? paretoTrials(read) : ranked(read);
  if (!several && trials.size() > mostBest) trials.resize(mostBest);
  for (const auto* trial : trials) {
    std::vector<std::string> cells{std::to_string(trial->number), std::to_string(trial->run)};
    for (const double value : trial->values) cells.push_back(shortNumber(value));
    cells.push_back(settingsText(read.space, *trial));
    table.row(std::move(cells));
  }
  return (several ? "Pareto front:\n" : "") + (table.empty() ? std::string() : table.text());
}

std::string shortened(const std::string& text) {
  if (text.size() <= longestReason) return text;
  auto end = text.rfind(' ', longestReason - 4);
  if (end == std::string::npos || end < longestReason / 2) end = longestReason - 4;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not amid a character
  return text.substr(0, end) + " ...";
}

std::string othersText(const StudyReading& read) {
  std::array<std::vector<const TrialRecord*>, states.size()> found;
  std::size_t room = mostOthers;
  for (std::size_t i = 0; i < states.size(); ++i) {
    for (const auto& trial : read.trials)
      if (trial.status == states[i]) found[i].push_back(&trial);
    room -= std::min(found[i].size(), mostOthers / states.size());
  }
  // A few of each, and what room is left for the most telling.
  std::vector<const TrialRecord*> shown;
  std::string left;
  std::size_t more = 0;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const auto few = std::min(found[i].size(), mostOthers / states.size());
    const auto some = few + std::min(found[i].size() - few, room);
    room -= some - few;
    shown.insert(shown.end(), found[i].begin(), found[i].begin() + static_cast<std::ptrdiff_t>(some));
    if (some == found[i].size()) continue;
    more += found[i].size() - some;
    left += fmt::format("{}{} {}", left.empty() ? "" : ", ", found[i].size() - some, spec::name(states[i]));
  }
  if (shown.empty()) return {};
  const bool reasons = std::any_of(shown.begin(), shown.end(), [](const auto* trial) { return trial->error; });
  Table table;
  for (const char* title : {"trial", "run"}) table.column(title, Table::Align::Right);
  table.column("state");
  table.column("epochs", Table::Align::Right);
  if (reasons) table.column("reason");
  table.column("settings");
  for (const auto* trial : shown) {
    std::vector<std::string> cells{std::to_string(trial->number), trial->run > 0 ? std::to_string(trial->run) : "-",
                                   spec::name(trial->status), std::to_string(trial->steps)};
    if (reasons) cells.push_back(trial->error ? shortened(trial->error->message.render()) : "");
    cells.push_back(settingsText(read.space, *trial));
    table.row(std::move(cells));
  }
  return "Not completed:\n" + table.text() + (left.empty() ? "" : fmt::format("and {} more: {}\n", more, left));
}

std::string winnerText(const store::StudyRecord& study, const StudyReading& read, bool warned) {
  std::string text;
  if (const auto winner = read.summary.find("winner"); winner != read.summary.end())
    text += fmt::format("Winner: trial {}, run {}\n", (*winner)["trial"].get<std::int64_t>(),
                        (*winner)["run"].get<std::int64_t>());
  // That there is no winner has been said then.
  if (const auto verdict = read.summary.find("sentence"); verdict != read.summary.end() && !warned)
    text += verdict->get<std::string>() + "\n";
  if (const auto end = read.summary.find("terminator"); end != read.summary.end())
    text +=
        fmt::format("{}The best can hardly be beaten by more than {}; the noise of one evaluation is {}.\n",
                    end->value("stopped", false) && (read.settings.trials == 0 || study.trials < read.settings.trials)
                        ? "Ended early by the terminator. "
                        : "",
                    shortNumber(end->value("regret_bound", NAN)), shortNumber(end->value("noise", NAN)));
  if (const auto test = read.summary.find("test"); test != read.summary.end())
    for (const auto& [name, value] : test->items())
      text += fmt::format("{}: {}\n", name, shortNumber(value.is_number() ? value.get<double>() : NAN));
  return text;
}

}  // namespace

Result<std::string> studyText(const services::Project& project, const store::StudyRecord& study, bool details) {
  LATHE_ASSIGN(read, readStudy(project, study));
  std::string text = fmt::format("Study {} {}: {}, {} completed, {} pruned, {} failed, {}\n", study.number,
                                 spec::name(study.status), counted(study.trials, "trial", "trials"), study.completed,
                                 study.pruned, study.failed, durationText(study.seconds));
  const auto warnings = studyWarnings(study, read);
  if (details && study.error && warnings.empty()) text += study.error->sentence() + "\n";
  for (const auto& warning : warnings) text += warning.sentence() + "\n";
  text += bestText(read);
  text += winnerText(study, read, !warnings.empty());
  if (details) text += othersText(read);
  if (read.settings.architecture.active()) {
    LATHE_ASSIGN(more, architecturesText(project, study.number, read.settings, read.space, read.trials, read.summary));
    text += more;
  }
  return text;
}

}  // namespace lathe::cli
