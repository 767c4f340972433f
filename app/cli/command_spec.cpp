// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/dry_run.h"
#include "app/cli/spec_flags.h"
#include "app/cli/values_json.h"
#include "core/base/files.h"
#include "core/services/training_service.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

struct SpecOptions {
  SpecFlags flags;
  std::string out;
};

/// A spec with every problem that shows: printed whole, the first one decides sentence and exit code.
int printProblems(const Context& context, const Json& spec, const std::vector<Error>& errors) {
  for (std::size_t i = 1; i < errors.size(); ++i) writeErr("lathe-cli: " + errors[i].sentence());
  return context.printFailure(errors.front(), {{"spec", spec}, {"errors", errorsJson(errors)}});
}

Result<int> create(Context& context, const SpecOptions& options) {
  LATHE_ASSIGN(spec, buildSpec(options.flags, context));
  if (const auto errors = spec::validate(spec); !errors.empty()) return printProblems(context, specJson(spec), errors);
  const auto text = spec::toJson(spec) + "\n";
  Json json{{"spec", specJson(spec)}, {"errors", Json::array()}};
  if (options.out.empty()) return context.print(json, text);
  LATHE_TRY(writeFileAtomically(options.out, text));
  json["out"] = std::filesystem::absolute(options.out).lexically_normal().string();
  return context.print(json, fmt::format("Wrote {}\n", options.out));
}

Result<int> show(Context& context, const SpecFlags& flags) {
  LATHE_ASSIGN(spec, buildSpec(flags, context));
  if (const auto errors = spec::validate(spec); !errors.empty()) return printProblems(context, specJson(spec), errors);
  LATHE_TRY(requireData(spec, "spec show"));
  return printResolved(context, spec, false);
}

Result<int> check(Context& context, const SpecFlags& flags) {
  auto built = buildSpec(flags, context);
  if (!built) {
    // What was typed wrongly is a usage error as everywhere; a faulty file is what this command is asked about.
    if (exitCodeOf(built.error()) == WrongUsage || built.error().code.rfind("file.", 0) == 0) return passOn(built);
    return printProblems(context, nullptr, {built.error()});
  }
  auto errors = spec::validate(*built);
  if (errors.empty() && !built->data.path.empty()) {
    ProgressLine line;
    const auto resolved = services::resolve(*built, std::filesystem::current_path(), context.job(line));
    if (!resolved && resolved.error().code == cancelledCode) return passOn(resolved);
    if (!resolved) errors.push_back(resolved.error());
  }
  if (!errors.empty()) return printProblems(context, specJson(*built), errors);
  return context.print({{"spec", specJson(*built)}, {"errors", Json::array()}},
                       built->data.path.empty() ? "The spec is valid; it names no data to check it against.\n"
                                                : "The spec is valid and fits its data.\n");
}

}  // namespace

void addSpec(CLI::App& root, Action& chosen) {
  auto* spec = root.add_subcommand("spec", "Experiments as files");
  spec->require_subcommand(1);

  auto* newCommand = spec->add_subcommand("new", "Write a spec from flags");
  auto newOptions = std::make_shared<SpecOptions>();
  addSpecFlags(*newCommand, newOptions->flags);
  newCommand->add_option("--out", newOptions->out, "File to write; without it standard output")->type_name("FILE");
  newCommand->callback(
      [newOptions, &chosen] { chosen = [newOptions](Context& context) { return create(context, *newOptions); }; });

  auto* showCommand = spec->add_subcommand("show", "The spec with every automatic choice made for its data");
  auto showFlags = std::make_shared<SpecFlags>();
  addSpecFlags(*showCommand, *showFlags);
  showCommand->callback(
      [showFlags, &chosen] { chosen = [showFlags](Context& context) { return show(context, *showFlags); }; });

  auto* validate = spec->add_subcommand("validate", "Check a spec, against its data when it names them");
  auto validateFlags = std::make_shared<SpecFlags>();
  addSpecFlags(*validate, *validateFlags);
  validate->callback([validateFlags, &chosen] {
    chosen = [validateFlags](Context& context) { return check(context, *validateFlags); };
  });
}

}  // namespace lathe::cli
