// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <charconv>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/dry_run.h"
#include "app/cli/run_events.h"
#include "app/cli/spec_flags.h"
#include "app/cli/values_json.h"
#include "core/services/data_cache.h"
#include "core/services/training_service.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

using services::Project;

struct TrainOptions {
  SpecFlags flags;
  bool dryRun = false;
};

struct ResumeOptions {
  std::string run;
  std::string epochs;
};

/// Warnings that the training noted about its data.
Json warningsOf(const Project& project, store::RunNumber run) {
  Json warnings = Json::array();
  if (const auto events = project.store().events(run))
    for (const auto& event : *events)
      if (event.kind == "warning")
        warnings.push_back(errorJson({event.code.empty() ? event.kind : event.code, event.message, event.hint}));
  return warnings;
}

/// What came of a run: the record on standard output, its error or what to do next on standard error.
Result<int> printOutcome(Context& context, const Project& project, const store::RunRecord& run) {
  auto json = runJson(run, project);
  json["warnings"] = warningsOf(project, run.number);
  const auto resumeHint = fmt::format("lathe-cli resume {} continues it.", run.number);
  switch (run.status) {
    case spec::RunStatus::Completed:
      return context.print(json, runText(run, project));
    case spec::RunStatus::Failed: {
      const Error error = run.error.value_or(Error{"run.failed", {fmt::format("Run {} failed.", run.number), {}}, {}});
      if (!context.globals().json) LATHE_TRY(writeOut(runText(run, project)));
      return context.printFailure(error, json);
    }
    default:
      writeErr(fmt::format("Run {} is {} at step {}. {}", run.number, spec::name(run.status), run.steps, resumeHint));
      return context.print(json, runText(run, project), StoppedByPerson);
  }
}

/// Waits for the run, with progress; the first signal pauses it.
Result<int> follow(Context& context, services::TrainingService& service, const std::shared_ptr<Project>& project,
                   store::RunNumber run, ProgressLine& line, RunEvents& events) {
  context.stops().graceful(
      [&service, project, run] {
        writeErr("\nStopping at the next step with a checkpoint; once more stops at once.");
        if (const auto asked = service.pause(*project, run); !asked) writeErr("lathe-cli: " + asked.error().sentence());
      },
      [&context, project, run] {
        writeErr(fmt::format("\nStopped at once; lathe-cli resume {} continues from the last checkpoint.", run));
        if (context.globals().json) {
          auto record = project->store().run(run);
          // What every command will say of it from now on; the pause may just have been quick enough.
          if (record && record->status != spec::RunStatus::Paused && !spec::isFinal(record->status))
            record->status = spec::RunStatus::Interrupted;
          const Json json = record ? runJson(*record, *project)
                                   : Json{{"run", run}, {"status", spec::name(spec::RunStatus::Interrupted)}};
          (void)writeOut(oneLine(json) + "\n").has_value();
        }
      });
  auto record = service.wait(*project, run);
  context.stops().forget();
  line.clear();
  events.show(run, true);
  if (!record) return passOn(record);
  return printOutcome(context, *project, *record);
}

services::LiveSink sinkFor(ProgressLine& line, RunEvents& events) {
  return [&line, &events](const services::LiveRun& live) {
    events.show(live.run, false);
    line.show(live);
  };
}

Result<int> train(Context& context, const TrainOptions& options) {
  auto [spec, errors] = buildWholeSpec(options.flags, context);
  addDataProblem(spec, "train", errors);
  if (!errors.empty()) return printProblems(context, spec, errors);
  if (options.dryRun) return printResolved(context, spec, true);

  // A signal from here on is kept for follow(), which pauses the run: also one that comes while the engine loads.
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(Project::Mode::Create));
  spec.data.path = project->relative(spec.data.path);
  if (!spec.data.testPath.empty()) spec.data.testPath = project->relative(spec.data.testPath);
  if (!spec.model.weights.empty()) spec.model.weights = project->relative(spec.model.weights);
  LATHE_TRY(context.tellThreads());
  // Both take their time: LibTorch is loaded while the data are read.
  const services::OpeningAhead data(services::located(spec.data, project->folder()), {{}, context.stops().stop()});
  LATHE_ASSIGN(engine, context.engine());
  ProgressLine line;
  RunEvents events(*project, line);
  const auto service = services::makeTrainingService(engine, services::Priority::Ordinary);
  LATHE_ASSIGN(run, service->start(project, {spec, 0, 0, true}, sinkFor(line, events)));
  writeErr(fmt::format("Run {} in {}", run, project->folder().string()));
  return follow(context, *service, project, run, line, events);
}

Result<int> resume(Context& context, const ResumeOptions& options) {
  std::optional<int> epochs;
  if (!options.epochs.empty()) {
    int value = 0;
    const char* last = options.epochs.data() + options.epochs.size();
    if (const auto [end, error] = std::from_chars(options.epochs.data(), last, value);
        error != std::errc() || end != last || value < 1)
      return usage("epochs", fmt::format("--epochs {} is no number of epochs.", options.epochs),
                   "Give a whole number from 1 on.");
    epochs = value;
  }
  context.stops().graceful({}, {});
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(record, project->findRun(options.run));
  LATHE_ASSIGN(engine, context.engine());
  ProgressLine line;
  RunEvents events(*project, line);
  events.skipOld(record.number);
  const auto service = services::makeTrainingService(engine, services::Priority::Ordinary);
  LATHE_TRY(service->resume(project, record.number, epochs, sinkFor(line, events)));
  writeErr(fmt::format("Run {} goes on in {}", record.number, project->folder().string()));
  return follow(context, *service, project, record.number, line, events);
}

}  // namespace

void addTrain(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("train", "Train a model on a data file");
  auto options = std::make_shared<TrainOptions>();
  addSpecFlags(*command, options->flags);
  command->add_flag("--dry-run", options->dryRun,
                    "Print the resolved spec, shapes, parameters and memory; train and write nothing");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return train(context, *options); }; });

  auto* resumeCommand = root.add_subcommand("resume", "Continue a run, bit for bit");
  auto resumeOptions = std::make_shared<ResumeOptions>();
  resumeCommand->add_option("run", resumeOptions->run, "A run's number, latest or best")->type_name("RUN")->required();
  resumeCommand->add_option("--epochs", resumeOptions->epochs, "Train until so many epochs in all")->type_name("N");
  resumeCommand->callback([resumeOptions, &chosen] {
    chosen = [resumeOptions](Context& context) { return resume(context, *resumeOptions); };
  });
}

}  // namespace lathe::cli
