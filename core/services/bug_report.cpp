// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/bug_report.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/services/doctor.h"

namespace lathe::services {
namespace {

constexpr std::size_t latestRuns = 20;
constexpr std::size_t latestEvents = 40;
constexpr std::size_t logBytes = 64U << 10;

void section(std::string& out, std::string_view title) {
  out += fmt::format("\n{}\n{}\n", title, std::string(title.size(), '-'));
}

void facts(std::string& out, const std::string& name, const std::string& value) {
  out += fmt::format("{}: {}\n", name, value);
}

std::string time(std::int64_t micros) { return micros == 0 ? "-" : isoTime(micros); }

void addChecks(std::string& out, const engine::Engine* engine, const std::filesystem::path& folder) {
  section(out, "Machine");
  for (const auto& check : diagnose(engine, folder)) {
    const char* state = check.state == Check::State::Good ? "good" : check.state == Check::State::Bad ? "bad" : "warn";
    out += fmt::format("{:<5}{} {}\n", state, check.message.render(), check.hint.render());
  }
}

void addNewest(std::string& out, const store::RunStore& store, store::RunNumber run) {
  section(out, fmt::format("Run {}", run));
  if (const auto environment = store.runEnvironment(run))
    for (const auto& [name, value] : *environment) facts(out, name, value);
  if (const auto events = store.events(run)) {
    const auto skip = events->size() > latestEvents ? events->size() - latestEvents : 0;
    for (std::size_t i = skip; i < events->size(); ++i) {
      const auto& event = (*events)[i];
      out += fmt::format("{} {} {}\n", isoTime(event.micros), event.kind, event.message.render());
    }
  }
  const auto spec = store.runSpec(run);
  out += spec ? *spec : spec.error().sentence();
  out += '\n';
}

void addProject(std::string& out, const Project& project) {
  section(out, "Project");
  const auto& store = project.store();
  facts(out, "folder", project.folder().string());
  facts(out, "read only", project.readOnly() ? "yes" : "no");
  const auto runs = store.runs();
  if (!runs) {
    facts(out, "runs", runs.error().sentence());
    return;
  }
  facts(out, "runs", std::to_string(runs->size()));
  for (std::size_t i = 0; i < std::min(latestRuns, runs->size()); ++i) {
    const auto& run = (*runs)[i];
    out += fmt::format("{:>5}  {:<11}  {:<8}  epoch {}/{}  step {}/{}  {} - {}{}\n", run.number, spec::name(run.status),
                       run.model, run.epochs, run.totalEpochs, run.steps, run.totalSteps, time(run.startedMicros),
                       time(run.endedMicros), run.error ? "  " + run.error->code + ": " + run.error->sentence() : "");
  }
  if (!runs->empty()) addNewest(out, store, runs->front().number);
}

std::string withoutHome(std::string text) {
  const char* value = std::getenv("HOME");
  const std::string home = value == nullptr ? "" : value;
  if (home.size() < 2) return text;
  for (auto at = text.find(home); at != std::string::npos; at = text.find(home, at + 1)) {
    const auto after = at + home.size();
    // "/home/li" is not the beginning of "/home/lina".
    if (after < text.size() && text[after] != '/' && std::isalnum(static_cast<unsigned char>(text[after])) != 0)
      continue;
    text.replace(at, home.size(), "~");
  }
  return text;
}

}  // namespace

std::string bugReport(const engine::Engine* engine, const Project* project, const std::filesystem::path& logFile,
                      const TextArgs& program) {
  std::string out =
      "Report about Lathe. Read it before you send it: it names files, columns and settings, but holds no data.\n";
  section(out, "Program");
  facts(out, "Lathe", latheVersion());
  facts(out, "written", isoTime(systemClock().nowMicros()));
  for (const auto& [name, value] : program) facts(out, name, value);
  std::error_code error;
  addChecks(out, engine, project != nullptr ? project->folder() : std::filesystem::current_path(error));
  if (project != nullptr) addProject(out, *project);
  section(out, "Log");
  const auto log = lastLines(logFile, logBytes);
  out += log.empty() ? "empty\n" : log;
  return withoutHome(std::move(out));
}

}  // namespace lathe::services
