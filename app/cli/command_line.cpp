// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command_line.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <new>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "core/base/machine.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

void addGlobals(CLI::App& root, Globals& globals, bool& version) {
  root.add_flag("--json", globals.json, "The result as one JSON object on one line");
  root.add_option("--project", globals.project, "Project folder (default ./lathe-project.lathe)")->type_name("DIR");
  root.add_option("--set", globals.sets, "Override a field of the spec; help spec lists them. May be repeated")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
  root.add_option("--seed", globals.seed, "Seed of split, initialisation, shuffling and dropout (default 0)")
      ->type_name("N");
  root.add_option("--threads", globals.threads, "Threads to compute with (default by the model's size)")
      ->type_name("N");
  root.add_option("--device", globals.device, "auto, cpu, cuda or cuda:N")->type_name("DEVICE");
  root.add_flag("--version", version, "Print the version");
}

/// The innermost command that was named, as far as parsing came.
const CLI::App& reached(const CLI::App& root) {
  const CLI::App* app = &root;
  for (auto below = app->get_subcommands(); !below.empty(); below = app->get_subcommands()) app = below.front();
  return *app;
}

std::vector<std::string> childNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* child : app.get_subcommands([](const CLI::App*) { return true; }))
    names.push_back(child->get_name());
  return names;
}

std::vector<std::string> optionNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* level = &app; level != nullptr; level = level->get_parent())
    for (const auto* option : level->get_options([](const CLI::Option* each) { return !each->get_group().empty(); }))
      for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

/// A sentence for what the parser refused, with the nearest known word.
Error parseError(const CLI::App& root, const CLI::ParseError& error) {
  const auto& app = reached(root);
  const auto path = commandPath(app);
  const auto helpHint = path.empty() ? std::string("lathe-cli help lists the commands.")
                                     : fmt::format("lathe-cli help {} shows how it is used.", path);
  const auto left = app.remaining(true);
  const auto unknown = left.empty() ? root.remaining(true) : left;
  const bool option = !unknown.empty() && !unknown.front().empty() && unknown.front().front() == '-';
  const auto children = childNames(app);
  if (!children.empty() && !option) {
    if (unknown.empty())
      return usage("command", path.empty() ? "No command was given." : path + " needs one of its commands.",
                   fmt::format("Give {}. {}", listText(children), helpHint))
          .value();
    const auto near = spec::nearest(unknown.front(), children);
    return usage(
               "command",
               fmt::format("There is no command \"{}{}{}\".", path, path.empty() ? "" : " ", unknown.front()),
               near.empty() ? fmt::format("There are {}.", listText(children)) : fmt::format("Did you mean {}?", near))
        .value();
  }
  if (!unknown.empty()) {
    const auto& word = unknown.front();
    const auto near = option ? spec::nearest(word.substr(0, word.find('=')), optionNames(app)) : "";
    return usage(option ? "option" : "argument",
                 fmt::format("{} takes no \"{}\".", path.empty() ? "lathe-cli" : path, word),
                 near.empty() ? helpHint : fmt::format("Did you mean {}? {}", near, helpHint))
        .value();
  }
  return usage("arguments", std::string(error.what()) + ".", helpHint).value();
}

bool asksForJson(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const char* text) { return std::string_view(text) == "--json"; });
}

int runAction(Context& context, const Action& action) {
  try {
    const auto code = action(context);
    return code ? *code : context.printFailure(code.error());
  } catch (const std::bad_alloc&) {
    return context.printFailure({"memory.out",
                                 {"There is not enough memory for this.", {}},
                                 {"Close other programs, or use a smaller data file or batch size.", {}}});
  } catch (const std::exception& error) {
    return context.printFailure({"internal",
                                 {fmt::format("Something went wrong inside Lathe: {}.", error.what()), {}},
                                 {"Please report it with the command you ran.", {}}});
  }
}

}  // namespace

int runCommandLine(int argc, char** argv) {
  StopWatcher stops;
  Globals globals;
  bool version = false;
  Action chosen;
  CLI::App root("Lathe trains, exports and checks neural networks on your data.", "lathe-cli");
  root.require_subcommand(0, 1);
  root.fallthrough();
  root.get_formatter()->column_width(34);
  root.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  addGlobals(root, globals, version);
  for (const auto add : {addData, addSpec, addTrain, addRuns, addMetrics, addPredict, addExport, addSearch, addNas,
                         addStudy, addAutopilot, addServe, addDeploy, addRequest, addDoctor, addHelp})
    add(root, chosen);

  try {
    root.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return writeOut(helpText(reached(root))) ? Done : Failed;
  } catch (const CLI::ParseError& error) {
    globals.json = asksForJson(argc, argv);
    return Context(globals, stops).printFailure(parseError(root, error));
  }

  Context context(std::move(globals), stops);
  if (version)
    chosen = [](Context& c) {
      return c.print({{"version", latheVersion()}}, fmt::format("lathe-cli {}\n", latheVersion()));
    };
  if (!chosen) {
    const auto error = usage("command", "No command was given.",
                             fmt::format("Give {}; lathe-cli help says what they do.", listText(childNames(root))));
    return context.printFailure(error.value());
  }
  return runAction(context, chosen);
}

}  // namespace lathe::cli
