// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/nas_json.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/search/architectures/mixture.h"

namespace lathe::cli {
namespace {

using services::ArchitectureReport;
using services::StudySettings;

constexpr std::size_t mostLines = 8;

std::int64_t winnerOf(const Json& summary) {
  const auto winner = summary.find("winner");
  return winner == summary.end() ? -1 : winner->value("trial", std::int64_t{-1});
}

const services::ArchitectureTrial* find(const ArchitectureReport& report, std::int64_t trial) {
  for (const auto& each : report.trials)
    if (each.trial == trial) return &each;
  return nullptr;
}

// Null where it is not known.
Json costsJson(const services::ArchitectureTrial* trial, const Json& summary) {
  Json costs{{"parameters", nullptr}, {"flops", nullptr}, {"latency_ms", nullptr}};
  if (trial != nullptr) {
    costs["parameters"] = trial->parameters;
    costs["flops"] = trial->flops;
  }
  if (const auto measured = summary.find("costs"); measured != summary.end())
    costs["latency_ms"] = measured->value("latency_ms", Json(nullptr));
  return costs;
}

Json changesJson(const services::ArchitectureTrial& trial) {
  Json json = Json::array();
  for (const auto& change : trial.changes) json.push_back(change.render());
  return json;
}

void addTo(Json& json, const services::ArchitectureTrial& trial) {
  json["parameters"] = trial.parameters;
  json["flops"] = trial.flops;
  if (!trial.proxies.empty()) json["proxies"] = trial.proxies;
  if (!trial.changes.empty()) json["changes"] = changesJson(trial);
}

// From the first ancestor to the trial itself.
std::vector<std::int64_t> lineage(const std::vector<store::TrialRecord>& trials, std::int64_t trial) {
  std::vector<std::int64_t> line;
  while (trial >= 0 && trial < static_cast<std::int64_t>(trials.size()) && line.size() <= trials.size()) {
    line.push_back(trial);
    trial = trials[static_cast<std::size_t>(trial)].parent;
  }
  std::reverse(line.begin(), line.end());
  return line;
}

std::string countText(std::int64_t count) {
  if (count >= 10'000'000) return fmt::format("{:.1f}M", static_cast<double>(count) / 1e6);
  return count >= 10'000 ? fmt::format("{:.1f}k", static_cast<double>(count) / 1e3) : std::to_string(count);
}

// What the shared network of spos or darts came to.
std::string sharedText(const search::ArchitectureStudy& study) {
  const auto told = services::sharedNetwork(study);
  if (!told) return {};
  auto text = fmt::format("The shared network trained {} of {} epochs", told->epochs, study.superEpochs);
  if (!told->losses.empty()) text += fmt::format(" to a loss of {}", shortNumber(told->losses.back()));
  if (told->stopped == "shortcuts") text += "; it stopped because shortcuts began to win";
  if (told->stopped == "steady") text += "; it stopped because the order of operations stayed";
  if (told->stopped == "time") text += "; it stopped to leave time for the trials";
  if (told->stopped == "curvature")
    text +=
        fmt::format("; it stopped because the loss bent ever more sharply, and the weights of {} epochs before count",
                    search::curvatureWindow);
  text += ".\n";
  if (told->edges.empty()) return text;
  Table table;
  table.column("nodes");
  for (const auto& operation : told->operations) table.column(operation, Table::Align::Right);
  for (const auto& edge : told->edges) {
    std::vector<std::string> cells{fmt::format("{} -> {}", edge.from, edge.to)};
    for (const double share : edge.shares) cells.push_back(fmt::format("{:.0f} %", 100 * share));
    table.row(std::move(cells));
  }
  return text + "Weights of the operations:\n" + table.text();
}

std::string trialsTable(const StudySettings& settings, const std::vector<store::TrialRecord>& trials,
                        const ArchitectureReport& report) {
  std::vector<const store::TrialRecord*> order;
  for (const auto& trial : trials)
    if (trial.status == spec::RunStatus::Completed && !trial.values.empty()) order.push_back(&trial);
  const bool larger = settings.goals.front().larger;
  std::stable_sort(order.begin(), order.end(), [larger](const auto* a, const auto* b) {
    return larger ? a->values.front() > b->values.front() : a->values.front() < b->values.front();
  });
  Table table;
  table.column("trial", Table::Align::Right);
  table.column(settings.goals.front().metric, Table::Align::Right);
  for (const char* title : {"parameters", "FLOPs", "synflow", "naswot", "grad norm"})
    table.column(title, Table::Align::Right);
  const bool shared = !settings.architecture.supernet.empty();
  if (shared) table.column("shared", Table::Align::Right);
  table.column("of");
  for (std::size_t i = 0; i < std::min(mostLines, order.size()); ++i) {
    const auto* told = find(report, order[i]->number);
    if (told == nullptr) continue;
    std::vector<std::string> cells{std::to_string(order[i]->number), shortNumber(order[i]->values.front()),
                                   countText(told->parameters), countText(told->flops)};
    for (const char* name : {"synflow", "naswot", "grad_norm", "shared"}) {
      if (!shared && std::string_view(name) == "shared") continue;
      const auto found = told->proxies.find(name);
      cells.push_back(found == told->proxies.end() ? "-" : fmt::format("{:.4g}", found->second));
    }
    std::string of = order[i]->parent >= 0 ? fmt::format("{}: ", order[i]->parent) : "";
    for (const auto& change : told->changes) of += (of.back() == ' ' ? "" : "; ") + change.render();
    cells.push_back(std::move(of));
    table.row(std::move(cells));
  }
  return table.empty() ? std::string() : table.text();
}

}  // namespace

Result<void> addArchitectures(Json& json, const services::Project& project, store::StudyNumber study,
                              const StudySettings& settings, const spec::SearchSpace& space,
                              const std::vector<store::TrialRecord>& trials, const Json& summary) {
  LATHE_ASSIGN(report, services::architectureReport(project, study, settings, space, trials));
  const auto& architecture = settings.architecture;
  json["method"] = architecture.method;
  json["architecture_space"] = architecture.space;
  Json best = json["best"];  // a copy: new keys move what is there
  std::int64_t number = winnerOf(summary);
  if (number < 0 && best.is_object()) number = best.value("trial", std::int64_t{-1});
  const auto costs = costsJson(find(report, number), summary);
  for (const auto& [name, value] : costs.items()) json[name] = value;
  if (best.is_object()) {
    for (const auto& [name, value] : costs.items()) best[name] = value;
    if (const auto winner = summary.find("winner"); winner != summary.end()) {
      // What may be claimed is what came of the trainings from scratch.
      best["run"] = winner->value("run", best.value("run", std::int64_t{0}));
      best["value"] = winner->value("value", Json(nullptr));
    }
    best["lineage"] = lineage(trials, number);
    json["best"] = std::move(best);
  }
  json["rankings"] = Json::array();
  for (const auto& ranking : report.rankings)
    json["rankings"].push_back({{"name", ranking.name}, {"spearman", ranking.spearman}, {"trials", ranking.trials}});
  if (!architecture.supernet.empty()) json["supernet"] = Json::parse(architecture.supernet, nullptr, false);
  if (const auto list = json.find("list"); list != json.end())
    for (auto& trial : *list)
      if (const auto* told = find(report, trial.value("trial", std::int64_t{-1}))) addTo(trial, *told);
  return {};
}

Result<std::string> architecturesText(const services::Project& project, store::StudyNumber study,
                                      const StudySettings& settings, const spec::SearchSpace& space,
                                      const std::vector<store::TrialRecord>& trials, const Json& summary) {
  LATHE_ASSIGN(report, services::architectureReport(project, study, settings, space, trials));
  std::string text =
      fmt::format("Architectures: space {}, method {}\n", settings.architecture.space, settings.architecture.method);
  text += sharedText(settings.architecture);
  text += trialsTable(settings, trials, report);
  if (!report.rankings.empty()) {
    text += "How well a number known before training ranks the trials (Spearman; parameters are the baseline):\n";
    Table table;
    table.column("number");
    table.column("correlation", Table::Align::Right);
    table.column("trials", Table::Align::Right);
    for (const auto& ranking : report.rankings)
      table.row({ranking.name, std::isnan(ranking.spearman) ? "-" : fmt::format("{:.2f}", ranking.spearman),
                 std::to_string(ranking.trials)});
    text += table.text();
  }
  const auto winner = winnerOf(summary);
  if (winner < 0) return text;
  const auto line = lineage(trials, winner);
  for (std::size_t i = 1; i < line.size(); ++i)
    if (const auto* told = find(report, line[i]))
      for (const auto& change : told->changes)
        text += fmt::format("  {} -> {}: {}\n", line[i - 1], line[i], change.render());
  if (const auto costs = summary.find("costs"); costs != summary.end()) {
    text += fmt::format("The winner has {} parameters and needs {} FLOPs a row",
                        grouped(static_cast<std::int64_t>(costs->value("parameters", 0.0))),
                        grouped(static_cast<std::int64_t>(costs->value("flops", 0.0))));
    if (costs->contains("latency_ms"))
      text += fmt::format("; a row takes {} ms in the exported model", shortNumber(costs->value("latency_ms", 0.0)));
    text += ".\n";
  }
  return text;
}

}  // namespace lathe::cli
