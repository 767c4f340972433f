// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <span>
#include <unistd.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "core/base/files.h"

namespace lathe::cli {
namespace {

using services::Project;

struct PredictOptions {
  std::string model, data, out, split;
};

bool namesRun(const std::string& text) {
  return sameName(text, "latest") || sameName(text, "best") ||
         (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos);
}

/// The model of a RUN (then the project is needed) or of an EXPORT (then none is touched).
Result<std::unique_ptr<engine::Predictor>> load(Context& context, services::ModelService& models,
                                                const std::string& name) {
  std::error_code error;
  if (!namesRun(name) && !std::filesystem::exists(name, error))
    return fail("model.missing", "{name} is neither a run nor an export.",
                "Give a run's number, latest or best, or the folder or a file of an export.", {{"name", name}});
  if (!namesRun(name)) return models.loadExport(name);
  LATHE_ASSIGN(project, context.project(Project::Mode::Read));
  LATHE_ASSIGN(run, project->findRun(name));
  return models.loadRun(*project, run.number);
}

void appendNumber(std::string& out, float value) {
  if (!std::isnan(value)) fmt::format_to(std::back_inserter(out), "{}", value);
}

/// What a row is taken for, before its probabilities: the best class, or 1 and 0 for each label.
void appendDecision(std::string& out, const services::PredictionTable& table, std::span<const float> row) {
  const auto& classes = table.schema.target.classes;
  if (table.schema.task == spec::Task::Multilabel) {
    for (std::size_t l = 0; l < row.size(); ++l) {
      if (l > 0) out += ',';
      if (!std::isnan(row[l])) out += row[l] > 0.5F ? '1' : '0';
    }
    return;
  }
  // Of probabilities that are none, no class is the most probable.
  if (std::any_of(row.begin(), row.end(), [](float p) { return std::isnan(p); })) return;
  const auto best = engine::decidedClass(row, table.threshold);
  out += csvCell(best < classes.size() ? classes[best] : std::to_string(best));
}

std::string csvText(const services::PredictionTable& table) {
  std::string out;
  for (std::size_t c = 0; c < table.columns.size(); ++c) out += (c > 0 ? "," : "") + csvCell(table.columns[c]);
  out += '\n';
  const auto& predictions = table.predictions;
  const bool decides = table.schema.task == spec::Task::Classification || table.schema.task == spec::Task::Multilabel;
  for (std::size_t r = 0; r < predictions.rows; ++r) {
    const float* row = predictions.values.data() + r * predictions.columns;
    const float* end = row + predictions.columns;
    if (decides) appendDecision(out, table, {row, end});
    for (const float* value = row; value != end; ++value) {
      if (decides || value != row) out += ',';
      appendNumber(out, *value);
    }
    out += '\n';
  }
  return out;
}

/// A place that cannot be written is said before anything is predicted.
Result<void> requirePlaceFor(const std::string& out) {
  std::error_code error;
  const auto folder = std::filesystem::absolute(out, error).parent_path();
  if (!std::filesystem::is_directory(folder, error))
    return fail("file.no_folder", "There is no folder {folder}.", "Create it, or choose another place for the file.",
                {{"folder", folder.string()}});
  if (std::filesystem::is_directory(out, error)) return fileError(EISDIR, out);
  if (::access(folder.c_str(), W_OK) != 0) return fileError(errno, out);
  return {};
}

void writeWarnings(const std::vector<Error>& warnings) {
  for (const auto& warning : warnings) writeErr("warning: " + warning.sentence());
}

/// Data that is not there is said before an engine is loaded.
Result<void> requireFile(const std::string& path) {
  if (::access(path.c_str(), R_OK) != 0) return fileError(errno, path);
  return {};
}

Result<int> predict(Context& context, const PredictOptions& options) {
  if (context.globals().json && options.out.empty())
    return usage("out", "predict --json needs a file for the predictions.", "Give --out FILE.csv.");
  std::string split;
  if (!options.split.empty()) {
    LATHE_ASSIGN(known, choice("--split", options.split, {"train", "test"}));
    split = known;
  }
  LATHE_TRY(requireFile(options.data));
  if (!options.out.empty()) LATHE_TRY(requirePlaceFor(options.out));
  LATHE_ASSIGN(models, context.models());
  LATHE_ASSIGN(model, load(context, *models, options.model));
  ProgressLine line;
  LATHE_ASSIGN(table, models->predict(*model, options.data, split, context.job(line)));
  line.clear();
  writeWarnings(table.warnings);
  const auto text = csvText(table);
  const auto rows = static_cast<std::int64_t>(table.predictions.rows);
  if (options.out.empty()) {
    LATHE_TRY(writeOut(text));
    return Done;
  }
  LATHE_TRY(writeFileAtomically(options.out, text));
  const auto out = std::filesystem::absolute(options.out).lexically_normal().string();
  return context.print(
      {{"rows", rows}, {"out", out}, {"columns", table.columns}, {"warnings", errorsJson(table.warnings)}},
      fmt::format("Predicted {} into {}\n", counted(rows, "row", "rows"), out));
}

Result<int> evaluate(Context& context, const PredictOptions& options) {
  LATHE_TRY(requireFile(options.data));
  LATHE_ASSIGN(models, context.models());
  LATHE_ASSIGN(model, load(context, *models, options.model));
  ProgressLine line;
  LATHE_ASSIGN(evaluation, models->evaluate(*model, options.data, context.job(line)));
  line.clear();
  writeWarnings(evaluation.warnings);
  Json metrics = Json::object();
  Table table;
  table.column("metric");
  table.column("value", Table::Align::Right);
  for (const auto& [name, value] : evaluation.metrics) {
    metrics[name] = value;
    table.row({name, shortNumber(value)});
  }
  return context.print(
      {{"metrics", std::move(metrics)}, {"rows", evaluation.rows}, {"warnings", errorsJson(evaluation.warnings)}},
      table.text() + "\nover " + counted(evaluation.rows, "row", "rows") + "\n");
}

}  // namespace

void addPredict(CLI::App& root, Action& chosen) {
  const auto what = "A run's number, latest or best; or the folder or file of an export (./3 is a path)";
  auto* command = root.add_subcommand("predict", "Predict the rows of a data file");
  auto options = std::make_shared<PredictOptions>();
  command->add_option("model", options->model, what)->type_name("RUN_OR_EXPORT")->required();
  command->add_option("--data", options->data, "Rows; columns are matched by name")->type_name("FILE")->required();
  command->add_option("--out", options->out, "CSV to write; without it standard output")->type_name("FILE.csv");
  command->add_option("--split", options->split, "train or test, where the data brings its own split")
      ->type_name("SPLIT");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return predict(context, *options); }; });

  auto* evaluateCommand = root.add_subcommand(
      "evaluate",
      "Score a model on labelled rows. data/loss is the loss it was trained with (class weights, label smoothing, "
      "Huber, the column of weights): the test rows of a run give its test/loss again");
  auto evaluated = std::make_shared<PredictOptions>();
  evaluateCommand->add_option("model", evaluated->model, what)->type_name("RUN_OR_EXPORT")->required();
  evaluateCommand->add_option("--data", evaluated->data, "Rows with their target")->type_name("FILE")->required();
  evaluateCommand->callback(
      [evaluated, &chosen] { chosen = [evaluated](Context& context) { return evaluate(context, *evaluated); }; });
}

}  // namespace lathe::cli
