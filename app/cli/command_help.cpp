// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/prediction_service_help.h"
#include "core/exporting/formats/model_files.h"
#include "core/search/pruner.h"
#include "core/search/sampler.h"
#include "core/spec/choice_help.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"

namespace lathe::cli {
namespace {

const char* typeName(spec::AttributeType type) {
  switch (type) {
    case spec::AttributeType::Integer:
      return "integer";
    case spec::AttributeType::Real:
      return "real";
    case spec::AttributeType::Boolean:
      return "boolean";
    case spec::AttributeType::Choice:
      return "text";
    default:
      return "list";
  }
}

std::string rangeText(double low, double high, const std::vector<std::string>& choices) {
  if (!choices.empty()) return " Choices: " + listText(choices) + ".";
  return low < high ? fmt::format(" From {} to {}.", low, high) : "";
}

Json choiceHelp(const std::string& path, const std::vector<std::string>& choices) {
  auto json = Json::object();
  for (const auto& choice : choices)
    if (const auto help = spec::choiceHelp(path, choice); !help.empty()) json[choice] = help;
  return json;
}

Result<int> helpSpec(Context& context) {
  Table table;
  for (const char* title : {"path", "type", "unit", "default", "help"}) table.column(title);
  Json json = Json::array();
  const auto add = [&](const std::string& path, const std::string& type, const std::string& unit,
                       const std::string& defaultJson, const std::string& help, double low, double high,
                       const std::vector<std::string>& choices) {
    table.row({path, type, unit, defaultJson, help + rangeText(low, high, choices)});
    json.push_back({{"path", path},
                    {"type", type},
                    {"unit", unit},
                    {"default", Json::parse(defaultJson.empty() ? "null" : defaultJson, nullptr, false)},
                    {"choices", choices},
                    {"choice_help", choiceHelp(path, choices)},
                    {"help", help}});
  };
  for (const auto& field : spec::fields())
    add(field.path, field.type, field.unit, field.defaultJson, field.help, field.low, field.high, field.choices);
  for (const auto& info : spec::templates())
    for (const auto& setting : info.settings)
      add("model." + setting.name, typeName(setting.type), "", setting.defaultValue.json(),
          fmt::format("{}: {}", info.name, setting.help), setting.low, setting.high, setting.choices);
  return context.print(
      {{"fields", std::move(json)}},
      "Fields of a spec, for SPEC.json and --set PATH=VALUE (VALUE is JSON, else text). Settings of a\n"
      "template (model.NAME) depend on --model.\n\n" +
          table.text());
}

Json optionsJson(const CLI::App& command) {
  Json options = Json::array();
  for (const auto* option : command.get_options())
    if (!option->get_lnames().empty() && !option->get_group().empty())
      options.push_back({{"name", "--" + option->get_lnames().front()},
                         {"value", option->get_expected_min() == 0 ? "" : option->get_type_name()},
                         {"help", option->get_description()}});
  return options;
}

Json commandJson(const CLI::App& command) {
  return {{"command", commandPath(command)}, {"help", command.get_description()}, {"options", optionsJson(command)}};
}

// What options take that is no field of a spec.
Json choicesJson() {
  std::vector<std::string> models;
  for (const auto& info : spec::templates()) models.push_back(info.name);
  return {{"--model", models},
          {"--sampler", search::samplerNames()},
          {"--pruner", search::prunerNames()},
          {"export --format", exporting::modelFormatNames()}};
}

void collect(const CLI::App& command, Json& out) {
  const auto children = command.get_subcommands([](const CLI::App*) { return true; });
  // deploy is a command and has commands below it.
  const bool itself = command.get_parent() != nullptr && command.get_parent()->get_parent() == nullptr &&
                      !command.get_options([](const CLI::Option* option) { return option->get_positional(); }).empty();
  if (children.empty() || itself) out.push_back(commandJson(command));
  for (const auto* child : children) collect(*child, out);
}

Result<int> help(Context& context, const CLI::App& root, const std::vector<std::string>& words) {
  if (words.size() == 1 && sameName(words.front(), "prediction-service"))
    return context.print(predictionServiceJson(), predictionServiceText());
  if (words.size() == 1 && words.front() == "spec") {
    // The word is a command too; its own help is `spec --help`.
    return helpSpec(context);
  }
  const CLI::App* command = &root;
  for (const auto& word : words) {
    std::vector<std::string> names;
    const CLI::App* next = nullptr;
    for (const auto* child : command->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(child->get_name());
      if (child->get_name() == word) next = child;
    }
    if (next == nullptr) {
      const auto near = spec::nearest(word, names);
      return usage("command", fmt::format("There is no command \"{}\".", word),
                   near.empty() ? "lathe-cli help lists all." : fmt::format("Did you mean {}?", near));
    }
    command = next;
  }
  Json json = Json::array();
  collect(*command, json);
  Json result{{"commands", std::move(json)}};
  if (command == &root) {
    result["globals"] = optionsJson(root);
    result["choices"] = choicesJson();
    for (const auto* child : root.get_subcommands([](const CLI::App*) { return true; }))
      result["groups"][child->get_name()] = child->get_description();
  }
  return context.print(result, helpText(*command));
}

}  // namespace

std::string helpText(const CLI::App& command) {
  const auto path = commandPath(command);
  // Not App::help(), which would answer for the command that was parsed: help itself.
  auto text = command.get_formatter()->make_help(&command, path.empty() ? "lathe-cli" : "lathe-cli " + path,
                                                 CLI::AppFormatMode::Normal);
  if (!path.empty())
    text +=
        "\nBefore or after any command: --json, --project DIR, --set PATH=VALUE, --seed N, --threads N,\n"
        "--device DEVICE; lathe-cli help says what they mean.\n";
  return text;
}

std::string commandPath(const CLI::App& command) {
  const auto* parent = command.get_parent();
  if (parent == nullptr) return "";
  const auto above = commandPath(*parent);
  return above.empty() ? command.get_name() : above + " " + command.get_name();
}

void addHelp(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("help",
                                      "Help on a command; on the fields of a spec: help spec; on clients of TensorFlow "
                                      "Serving: help prediction-service");
  auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("command", *words, "A command, spec or prediction-service")->type_name("COMMAND");
  command->callback(
      [words, &root, &chosen] { chosen = [words, &root](Context& context) { return help(context, root, *words); }; });
}

}  // namespace lathe::cli
