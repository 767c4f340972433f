// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/values_json.h"
#include "core/base/files.h"
#include "core/exporting/formats/model_files.h"
#include "core/exporting/manifest.h"
#include "core/exporting/quantization.h"
#include "core/services/export_files.h"

namespace lathe::cli {
namespace {

using services::Project;

struct ExportOptions {
  std::string run, out, name, quantize;
  std::vector<std::string> formats;
};

struct VerifyOptions {
  std::string what, data;
};

const std::vector<std::string>& knownFormats() {
  static const auto formats = exporting::modelFormatNames();
  return formats;
}

/// Everything that can be wrong in what was typed, before a project is opened.
Result<services::ExportRequest> requestFor(const ExportOptions& options, bool formatGiven) {
  services::ExportRequest request;
  request.formats.clear();
  for (const auto& given : splitList(options.formats)) {
    LATHE_ASSIGN(format, choice("--format", given, knownFormats()));
    if (std::find(request.formats.begin(), request.formats.end(), format) == request.formats.end())
      request.formats.push_back(format);
  }
  if (request.formats.empty() && formatGiven)
    return usage("format", "--format names no format.", "Choose " + listText(knownFormats()) + ".");
  if (request.formats.empty()) request.formats = {knownFormats().front()};
  if (!options.quantize.empty()) {
    LATHE_ASSIGN(kind, choice("--quantize", options.quantize, exporting::precisionNames()));
    request.quantize = kind;
    for (const auto& format : request.formats)
      if (const auto fits = exporting::checkQuantizable(format, *exporting::precisionNamed(kind)); !fits)
        return usage("quantize", fits.error().message.render(), fits.error().hint.render());
  }
  if (!options.name.empty())
    if (const auto named = services::checkExportName(options.name); !named) return asUsage(named.error());
  request.folder = std::filesystem::absolute(options.out).lexically_normal();
  request.name = options.name;
  return request;
}

/// How long each file was written and proven, by the stages that the job tells.
class StageClock {
 public:
  struct Seconds {
    double write = 0, verify = 0;
  };

  JobContext watching(JobContext job) {
    return {[this, sink = std::move(job.progress)](const Progress& progress) {
              tell(progress.what);
              if (sink) sink(progress);
            },
            job.stop};
  }
  /// One a file, in the order of the manifest.
  [[nodiscard]] const std::vector<Seconds>& files() const { return m_files; }

 private:
  using Clock = std::chrono::steady_clock;

  void tell(const std::string& what) {
    if (what != "write" && what != "verify" && what != "measure" && what != "describe") return;
    const auto now = Clock::now();
    const double passed = std::chrono::duration<double>(now - m_since).count();
    if (m_stage == "write") m_files.back().write += passed;
    if (m_stage == "verify") m_files.back().verify += passed;
    // Other stages of the file's own come between; a file begins when it is written.
    if (what == "write") m_files.emplace_back();
    m_stage = what;
    m_since = now;
  }

  std::vector<Seconds> m_files;
  std::string m_stage;
  Clock::time_point m_since;
};

Json manifestJson(const services::ExportResult& result, const std::vector<StageClock::Seconds>& seconds) {
  Json files = Json::array();
  std::uintmax_t bytes = 0;
  for (const auto& file : result.manifest.files) {
    files.push_back({{"path", std::filesystem::absolute(result.folder / file.path).lexically_normal().string()},
                     {"format", file.format},
                     {"bytes", file.bytes},
                     {"sha256", file.sha256},
                     {"parity", parityJson(file.parity)}});
    if (file.quantization) files.back()["quantization"] = Json::parse(exporting::toJson(*file.quantization));
    for (const auto& along : file.along)
      files.back()["along"].push_back(
          {{"path", std::filesystem::absolute(result.folder / along.path).lexically_normal().string()},
           {"bytes", along.bytes}});
    if (files.size() <= seconds.size())
      files.back()["seconds"] = {{"write", seconds[files.size() - 1].write},
                                 {"verify", seconds[files.size() - 1].verify}};
    bytes += file.bytes;
  }
  return {{"files", std::move(files)},
          {"parity", parityJson(result.worst)},
          {"bytes", bytes},
          {"name", result.manifest.name},
          {"run", result.manifest.run},
          {"folder", std::filesystem::absolute(result.folder).lexically_normal().string()}};
}

/// Each quantised file beside the same in float32.
std::string quantizedText(const services::ExportResult& result) {
  Table table;
  table.column("file");
  for (const char* name : {"size", "1 row", "32 rows"}) table.column(name, Table::Align::Right);
  const auto& files = result.manifest.files;
  const auto named = std::find_if(files.begin(), files.end(), [](const auto& file) {
    return file.quantization && !file.quantization->metric.empty();
  });
  const bool scored = named != files.end();
  if (scored) table.column("val/" + named->quantization->metric, Table::Align::Right);
  const auto milliseconds = [](double value) { return fmt::format("{:.3g} ms", value); };
  for (const auto& file : files) {
    if (!file.quantization) continue;
    const auto& q = *file.quantization;
    const auto add = [&](const std::string& name, std::uintmax_t bytes, double one, double many, double value) {
      std::vector<std::string> cells{name, byteText(static_cast<double>(bytes)), milliseconds(one), milliseconds(many)};
      if (scored) cells.push_back(shortNumber(value));
      table.row(cells);
    };
    add(fmt::format("{} {}", file.format, q.kind), file.bytes, q.latencyMs1, q.latencyMs32, q.value);
    add(file.format + " float32", q.floatBytes, q.floatLatencyMs1, q.floatLatencyMs32, q.floatValue);
  }
  return table.text();
}

/// A file that does not predict what its run predicts: nothing was written, but what was measured is told.
int printRefused(const Context& context, const Error& error) {
  exporting::ParityReport parity;
  for (const auto& [name, value] : error.message.args) {
    if (name == "rows") parity.rows = std::strtoll(value.c_str(), nullptr, 10);
    if (name == "classes") parity.classMismatches = std::strtoll(value.c_str(), nullptr, 10);
    if (name == "difference") parity.maxDiff = std::strtod(value.c_str(), nullptr);
  }
  return context.printFailure(error, {{"files", Json::array()}, {"parity", parityJson(parity)}, {"bytes", 0}});
}

Result<int> exportRun(Context& context, const ExportOptions& options) {
  LATHE_ASSIGN(request, requestFor(options, !options.formats.empty()));
  LATHE_ASSIGN(project, context.project(Project::Mode::Write));
  LATHE_ASSIGN(run, project->findRun(options.run));
  request.run = run.number;
  LATHE_ASSIGN(models, context.models());
  ProgressLine line;
  StageClock clock;
  const auto exported = models->exportRun(*project, request, clock.watching(context.job(line)));
  line.clear();
  if (!exported && exported.error().code == "export.parity") return printRefused(context, exported.error());
  if (!exported) return passOn(exported);
  const auto& result = *exported;

  std::string text = fmt::format("Exported run {} as {}\n\n", run.number, result.manifest.name);
  Table table;
  table.column("file");
  table.column("format");
  table.column("size", Table::Align::Right);
  for (const auto& file : result.manifest.files)
    table.row({(result.folder / file.path).string(), file.format, byteText(static_cast<double>(file.bytes))});
  text += table.text() + "\n";
  const bool quantized = !request.quantize.empty();
  if (quantized) text += quantizedText(result) + "\n";
  text += quantized ? toldParityText(result.worst) : parityText(result.worst);
  return context.print(manifestJson(result, clock.files()), text, result.worst.ok || quantized ? Done : CheckFailed);
}

/// The project, when there is one at hand: the service asks it for the run's checkpoint if it knows this very export.
std::shared_ptr<Project> projectAtHand(const Context& context) {
  std::error_code error;
  if (!std::filesystem::exists(context.projectFolder(), error)) return nullptr;
  auto project = context.project(Project::Mode::Read);
  return project ? *project : nullptr;
}

/// Says which files are not those that were exported, whatever they predict.
Result<std::vector<Error>> changedSince(const std::string& dirOrFile) {
  LATHE_ASSIGN(location, exporting::findExport(dirOrFile));
  std::error_code error;
  const auto named = std::filesystem::absolute(dirOrFile, error).lexically_normal();
  const bool whole =
      std::filesystem::equivalent(named, location.folder, error) || named.filename() == services::manifestName;
  std::vector<Error> warnings;
  const auto check = [&](const std::string& path, const std::string& sha256) {
    const auto file = location.folder / path;
    const auto hash = sha256Of(file);
    if (hash && *hash == sha256) return;
    warnings.push_back({"export.changed",
                        {hash ? "{file} was changed since it was exported." : "{file} is not there any more.",
                         {{"file", file.string()}}},
                        {"Export the run again if you did not change it yourself.", {}}});
  };
  for (const auto& file : location.manifest.files) {
    if (!whole && location.folder / file.path != location.modelFile) continue;
    check(file.path, file.sha256);
    for (const auto& along : file.along) check(along.path, along.sha256);
  }
  return warnings;
}

Result<int> verify(Context& context, const VerifyOptions& options) {
  const auto project = projectAtHand(context);
  LATHE_ASSIGN(models, context.models());
  ProgressLine line;
  LATHE_ASSIGN(verified, models->verify(project.get(), options.what, options.data, context.job(line)));
  line.clear();
  const auto& parity = verified.parity;
  LATHE_ASSIGN(warnings, changedSince(options.what));
  warnings.insert(warnings.end(), verified.warnings.begin(), verified.warnings.end());
  for (const auto& warning : warnings) writeErr("warning: " + warning.sentence());
  const bool holds = parity.ok || !verified.judged;
  if (!holds)
    writeErr(
        fmt::format("lathe-cli: {} does not predict what its run predicts: the largest difference is {:.3g}, {:.0e} "
                    "is allowed. Export the run again.",
                    options.what, parity.maxDiff, exporting::parityLimit));
  const auto* against = verified.withCheckpoint ? "checkpoint" : "reference_rows";
  return context.print({{"parity", parityJson(parity)}, {"against", against}, {"warnings", errorsJson(warnings)}},
                       verified.judged ? parityText(parity) : toldParityText(parity), holds ? Done : CheckFailed);
}

}  // namespace

void addExport(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("export", "Write a run's model for use elsewhere, verified");
  auto options = std::make_shared<ExportOptions>();
  command->add_option("run", options->run, "A run's number, latest or best")->type_name("RUN")->required();
  command->add_option("--format", options->formats, listText(knownFormats()) + "; without it torchscript")
      ->type_name("FORMAT")
      ->allow_extra_args(false);
  command->add_option("--out", options->out, "Folder to write into")->type_name("DIR")->required();
  command
      ->add_option("--quantize", options->quantize,
                   "Weights of fewer bits, compared with float32: " + listText(exporting::precisionNames()))
      ->type_name("KIND");
  command->add_option("--name", options->name, "Name of the files; without it the run's name")->type_name("NAME");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return exportRun(context, *options); }; });

  auto* verifyCommand = root.add_subcommand("verify", "Compare an export with its run again");
  auto verified = std::make_shared<VerifyOptions>();
  verifyCommand->add_option("export", verified->what, "Folder or file of an export")
      ->type_name("DIR_OR_FILE")
      ->required();
  verifyCommand->add_option("--data", verified->data, "Rows to compare on; without it the stored reference rows")
      ->type_name("FILE");
  verifyCommand->callback(
      [verified, &chosen] { chosen = [verified](Context& context) { return verify(context, *verified); }; });
}

}  // namespace lathe::cli
