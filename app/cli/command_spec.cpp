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

Result<int> create(Context& context, const SpecOptions& options) {
  const auto [spec, errors] = buildWholeSpec(options.flags, context);
  if (!errors.empty()) return printProblems(context, spec, errors);
  const auto text = spec::toJson(spec) + "\n";
  Json json{{"spec", specJson(spec)}, {"errors", Json::array()}};
  if (options.out.empty()) return context.print(json, text);
  LATHE_TRY(writeFileAtomically(options.out, text));
  json["out"] = std::filesystem::absolute(options.out).lexically_normal().string();
  return context.print(json, fmt::format("Wrote {}\n", options.out));
}

Result<int> show(Context& context, const SpecFlags& flags) {
  auto [spec, errors] = buildWholeSpec(flags, context);
  addDataProblem(spec, "spec show", errors);
  if (!errors.empty()) return printProblems(context, spec, errors);
  return printResolved(context, spec, false);
}

Result<int> check(Context& context, const SpecFlags& flags) {
  auto [spec, errors] = buildWholeSpec(flags, context);
  if (!spec.data.path.empty()) addDataProblem(spec, "spec validate", errors);
  if (errors.empty() && !spec.data.path.empty()) {
    ProgressLine line;
    errors = services::tryResolve(spec, std::filesystem::current_path(), context.job(line)).problems;
    if (!errors.empty() && errors.front().code == cancelledCode) return tl::unexpected<Error>(errors.front());
  }
  if (!errors.empty()) return printProblems(context, spec, errors);
  return context.print({{"spec", specJson(spec)}, {"errors", Json::array()}},
                       spec.data.path.empty() ? "The spec is valid; it names no data to check it against.\n"
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
