// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/dry_run.h"

#include <fmt/format.h>

#include "app/cli/spec_flags.h"
#include "app/cli/values_json.h"
#include "core/services/training_service.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

std::string layerTable(const services::ResolvedTraining& resolved) {
  Table table;
  table.column("layer");
  table.column("kind");
  table.column("output");
  table.column("parameters", Table::Align::Right);
  for (std::size_t i = 0; i < resolved.report.layers.size(); ++i) {
    const auto& layer = resolved.report.layers[i];
    table.row({layer.name, i < resolved.spec.model.graph.layers.size() ? resolved.spec.model.graph.layers[i].kind : "",
               spec::shapeText(layer.output), grouped(layer.parameters)});
  }
  return table.text();
}

std::string resolvedText(const services::ResolvedTraining& resolved) {
  const auto& split = resolved.data->split;
  std::string out = fmt::format("{}: {} train, {} validation, {} test rows\n\n", resolved.spec.data.path,
                                grouped(static_cast<std::int64_t>(split.train.size())),
                                grouped(static_cast<std::int64_t>(split.validation.size())),
                                grouped(static_cast<std::int64_t>(split.test.size())));
  out += layerTable(resolved);
  out += fmt::format("\n{} parameters, {} FLOPs a row forward\n", grouped(resolved.report.parameters),
                     grouped(resolved.report.flops));
  for (const auto& reason : resolved.reasons) out += reason.render() + "\n";
  // That the last column is the target stands among the reasons.
  for (const auto& warning : resolved.warnings)
    if (warning.code != "data.target_assumed") out += "warning: " + warning.sentence() + "\n";
  return out;
}

}  // namespace

int printProblems(const Context& context, const spec::ExperimentSpec& spec, const std::vector<Error>& errors) {
  const auto& first = leads(errors);
  const int code = context.printFailure(first, {{"spec", specJson(spec)}, {"errors", errorsJson(errors)}});
  for (const auto& error : errors)
    if (&error != &first) writeErr("lathe-cli: " + error.sentence());
  return code;
}

Result<int> printResolved(Context& context, const spec::ExperimentSpec& spec, bool memory) {
  ProgressLine line;
  std::shared_ptr<engine::Engine> engine;
  if (memory) {
    LATHE_ASSIGN(loaded, context.engine());
    engine = loaded;
  }
  const auto outcome = services::tryResolve(spec, std::filesystem::current_path(), context.job(line), engine.get());
  line.clear();
  const auto* resolved = &outcome.resolved;
  if (!outcome.problems.empty()) {
    if (outcome.problems.front().code == cancelledCode) return tl::unexpected<Error>(outcome.problems.front());
    return printProblems(context, spec, outcome.problems);
  }
  Json reasons = Json::array();
  for (const auto& reason : resolved->reasons) reasons.push_back(reason.render());
  Json json{{"spec", specJson(resolved->spec)}, {"errors", Json::array()}};
  json.update(reportJson(resolved->report, resolved->spec.model.graph));
  json["reasons"] = std::move(reasons);
  json["warnings"] = errorsJson(resolved->warnings);
  const auto& split = resolved->data->split;
  json["split"] = {{"train", split.train.size()}, {"val", split.validation.size()}, {"test", split.test.size()}};

  // spec show prints the spec itself, to be kept in a file.
  if (!memory) {
    for (const auto& warning : resolved->warnings) writeErr("warning: " + warning.sentence());
    return context.print(json, spec::toJson(resolved->spec) + "\n");
  }
  const auto estimate = engine->estimate(
      {resolved->model, resolved->spec.training, resolved->data, std::filesystem::path(), std::nullopt, ""});
  json["memory"] = {{"bytes", estimate.bytes}, {"largest_batch_that_fits", estimate.largestBatchThatFits}};
  const auto text = resolvedText(*resolved) + fmt::format("about {} of memory beyond the data, batch size {}\n",
                                                          byteText(static_cast<double>(estimate.bytes)),
                                                          resolved->spec.training.batchSize);
  return context.print(json, text);
}

}  // namespace lathe::cli
