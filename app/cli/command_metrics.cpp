// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <cmath>
#include <fmt/format.h>
#include <iterator>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

using services::Project;

struct MetricsOptions {
  std::string run, name, format;
};

// A curve may hold millions of points: written straight into the text, no tree of JSON values between.
void appendPoints(std::string& out, const std::vector<store::Point>& points) {
  out += '[';
  for (const auto& point : points) {
    if (out.back() == ']') out += ',';
    if (std::isfinite(point.value))
      fmt::format_to(std::back_inserter(out), "[{},{}]", point.step, point.value);
    else
      fmt::format_to(std::back_inserter(out), "[{},null]", point.step);
  }
  out += ']';
}

std::string curveJson(const std::string& name, const std::vector<store::Point>& points) {
  std::string out = "{\"name\":" + oneLine(name) + ",\"points\":";
  appendPoints(out, points);
  return out + "}";
}

Result<int> metrics(Context& context, const MetricsOptions& options) {
  std::string format = context.globals().json ? "json" : "csv";
  if (!options.format.empty()) {
    LATHE_ASSIGN(known, choice("--format", options.format, {"csv", "json"}));
    if (!context.globals().json) format = known;
  }
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  LATHE_ASSIGN(run, project->findRun(options.run));
  LATHE_ASSIGN(all, project->store().series(run.number));
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const auto& curve : all) names.push_back(curve.name);

  if (!options.name.empty()) {
    const auto found =
        std::find_if(names.begin(), names.end(), [&](const auto& name) { return sameName(name, options.name); });
    if (found == names.end()) {
      const auto near = spec::nearest(options.name, names);
      return fail("metrics.unknown", "Run {run} has no curve {name}.",
                  near.empty() ? "It has {names}." : "Did you mean {near}? It has {names}.",
                  {{"run", std::to_string(run.number)},
                   {"name", options.name},
                   {"near", near},
                   {"names", names.empty() ? "none yet" : listText(names)}});
    }
    names = {*found};
  }
  std::string text;
  if (format == "csv") text = options.name.empty() ? "name,step,value\n" : "step,value\n";
  for (const auto& name : names) {
    LATHE_ASSIGN(points, project->store().points(run.number, name));
    if (format == "json") {
      if (!text.empty()) text += ',';
      text += curveJson(name, points);
      continue;
    }
    const auto prefix = options.name.empty() ? csvCell(name) + "," : std::string();
    for (const auto& point : points)
      fmt::format_to(std::back_inserter(text), "{}{},{}\n", prefix, point.step, point.value);
  }
  if (format == "json") text = (options.name.empty() ? "{\"curves\":[" + text + "]}" : text) + "\n";
  LATHE_TRY(writeOut(text));
  return Done;
}

}  // namespace

void addMetrics(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("metrics", "Every point of a run's curves");
  auto options = std::make_shared<MetricsOptions>();
  command->add_option("run", options->run, "A run's number, latest or best")->type_name("RUN")->required();
  command->add_option("--name", options->name, "One curve, for example val/loss; without it all")->type_name("NAME");
  command->add_option("--format", options->format, "csv or json")->type_name("FORMAT");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return metrics(context, *options); }; });
}

}  // namespace lathe::cli
