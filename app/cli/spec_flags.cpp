// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/spec_flags.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "app/cli/duration.h"
#include "app/cli/typed_numbers.h"
#include "core/base/files.h"
#include "core/spec/fields.h"
#include "core/spec/spec_json.h"
#include "core/spec/templates.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;

std::string absolutePath(const std::string& path) { return fs::absolute(path).lexically_normal().string(); }

// Where a relative path of a SPEC file leads.
std::string found(const std::string& path, const fs::path& specFile, const fs::path& project) {
  if (path.empty() || fs::path(path).is_absolute()) return path;
  std::error_code error;
  for (const auto& base : {fs::absolute(specFile).parent_path(), fs::current_path(error), project})
    if (fs::exists(base / path, error)) return (base / path).lexically_normal().string();
  return absolutePath(path);
}

/// A flag that stands for one field.
struct FieldFlag {
  const char* option;
  const char* path;
  std::string SpecFlags::*value;
};

constexpr FieldFlag fieldFlags[] = {
    {"--window", "data.window", &SpecFlags::window},
    {"--horizon", "data.horizon", &SpecFlags::horizon},
    {"--epochs", "training.epochs", &SpecFlags::epochs},
    {"--batch-size", "training.batch_size", &SpecFlags::batchSize},
    // Before the rate, which follows it unless it is said.
    {"--optimizer", "training.optimizer.name", &SpecFlags::optimizer},
    {"--lr", "training.optimizer.lr", &SpecFlags::lr},
};

Result<void> setFlag(spec::ExperimentSpec& spec, const char* option, const char* path, std::string value) {
  if (value.empty()) return {};
  value = plainValue(path, value);
  if (path == std::string_view("training.epochs") && choice(option, value, {"auto", "find"})) {
    spec.training.autoEpochs = *choice(option, value, {"auto", "find"}) == "find";
    spec.training.epochs = 0;
    return {};
  }
  if (path == std::string_view("training.epochs") && value == "0")
    return usage("epochs", "--epochs 0 would train nothing.", "Give 1 or more, or auto.");
  if (const auto* field = spec::findField(path); field != nullptr && !field->choices.empty()) {
    LATHE_ASSIGN(known, choice(option, value, field->choices));
    value = known;
  }
  if (auto set = spec::setField(spec, path, value); !set) {
    auto error = set.error();
    error.message = {fmt::format("{}: {}", option, error.message.render()), {}};
    return asUsage(std::move(error));
  }
  return {};
}

Result<void> setDevice(spec::ExperimentSpec& spec, const std::string& given) {
  if (given.empty()) return {};
  std::string device;
  for (const char c : given) device += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  const bool numbered = device.rfind("cuda:", 0) == 0 && device.size() > 5 &&
                        device.find_first_not_of("0123456789", 5) == std::string::npos;
  if (!numbered) {
    const auto known = choice("--device", device == "cuda:n" ? "" : device, {"auto", "cpu", "cuda", "cuda:N"});
    if (!known) return passOn(known);
    device = *known;
  }
  spec.training.device = device;
  return {};
}

using Errors = std::vector<Error>;

void note(Errors& errors, const Result<void>& result) {
  if (!result) errors.push_back(result.error());
}

Result<void> setTask(spec::DataSpec& data, const std::string& given) {
  if (given.empty()) return {};
  LATHE_ASSIGN(task, choice("--task", given, spec::findField("data.task")->choices));
  LATHE_ASSIGN(value, spec::task(task));
  data.task = value;
  return {};
}

// Windows are split in time, also where a group tells series apart.
void setSplit(spec::DataSpec& data, const SpecFlags& flags, bool windows, Errors& errors) {
  if (!windows && !flags.group.empty() && !flags.time.empty())
    note(errors, usage("split", "--group and --time ask for two different splits.",
                       "Give one of them, or --window N: then --group tells series apart."));
  if (!flags.group.empty()) {
    data.roles[flags.group] = spec::ColumnRole::Group;
    data.split.method = windows ? "auto" : "group";
  }
  if (!flags.time.empty()) {
    data.roles[flags.time] = spec::ColumnRole::Time;
    data.split.method = windows ? "auto" : "time";
  }
}

bool asksForWindows(const spec::DataSpec& data, const SpecFlags& flags, const std::vector<std::string>& sets) {
  return data.sequence.window > 0 || !flags.window.empty() ||
         std::any_of(sets.begin(), sets.end(), [](const auto& set) { return set.rfind("data.window=", 0) == 0; });
}

void setDataFlags(spec::ExperimentSpec& spec, const SpecFlags& flags, const std::vector<std::string>& sets,
                  Errors& errors) {
  auto& data = spec.data;
  if (!flags.data.empty()) {
    data.path = absolutePath(flags.data);
    data.sha256.clear();
  }
  if (!flags.test.empty()) data.testPath = absolutePath(flags.test);
  if (!flags.targets.empty()) spec::setTargets(data, splitList(flags.targets));
  note(errors, setTask(data, flags.task));
  if (!flags.folds.empty())
    note(errors, usage("folds", fmt::format("{} does not cross-validate, so --folds does nothing here.", flags.command),
                       flags.command == "nas"
                           ? "Leave it out; lathe-cli search --folds K judges settings by cross-validation."
                           : "Leave it out; to see how much depends on the split, train with several values of "
                             "--set data.split.seed=N."));
  setSplit(data, flags, asksForWindows(data, flags, sets), errors);
  if (!flags.weight.empty()) data.roles[flags.weight] = spec::ColumnRole::Weight;
}

Result<void> setModel(spec::ExperimentSpec& spec, const std::string& given) {
  if (given.empty()) return {};
  std::vector<std::string> known;
  for (const auto& info : spec::templates()) known.push_back(info.name);
  LATHE_ASSIGN(name, choice("--model", given, known));
  // Layers and settings of a SPEC belong to its own template.
  if (name != spec.model.templateName) spec.model = {};
  spec.model.templateName = name;
  return {};
}

Result<void> setCheckpoints(spec::ExperimentSpec& spec, const std::string& given) {
  if (given.empty()) return {};
  LATHE_ASSIGN(seconds, parseDuration(given));
  return setFlag(spec, "--checkpoint-every", "training.checkpoint_seconds", fmt::format("{}", seconds));
}

spec::ExperimentSpec startingSpec(const SpecFlags& flags, const Context& context, Errors& errors) {
  if (flags.specFile.empty()) return {};
  const auto text = readFile(flags.specFile, 64U << 20);
  if (!text) {
    errors.push_back(text.error());
    return {};
  }
  auto reading = spec::readSpec(*text);
  errors = std::move(reading.errors);
  const auto first = text->find_first_not_of(" \t\r\n");
  if (!errors.empty() && (first == std::string::npos || (*text)[first] != '{')) {
    errors.front().message = {fmt::format("{} is no SPEC: {}", flags.specFile, errors.front().message.render()), {}};
    errors.front().hint = {fmt::format("A SPEC is a JSON object. Data are given as --data {}.", flags.specFile), {}};
  }
  const auto project = context.projectFolder();
  auto& data = reading.spec.data;
  data.path = found(data.path, flags.specFile, project);
  data.testPath = found(data.testPath, flags.specFile, project);
  reading.spec.model.weights = found(reading.spec.model.weights, flags.specFile, project);
  return std::move(reading.spec);
}

// Where the '=' stands. A quoted column may hold one of its own.
std::size_t equalsAt(const std::string& set) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < set.size() && (quoted || set[at] != '='); ++at) {
    if (set[at] == '"') quoted = !quoted;
    if (quoted && set[at] == '\\') ++at;
  }
  return at;
}

Result<void> applySet(spec::ExperimentSpec& spec, const std::string& set) {
  const auto at = equalsAt(set);
  if (at == 0 || at >= set.size())
    return usage("set", fmt::format("--set {} is not of the form PATH=VALUE.", set),
                 "For example --set training.optimizer.lr=3e-4; lathe-cli help spec lists every PATH.");
  const std::string path = set.substr(0, at);
  if (auto result = spec::setField(spec, path, plainValue(path, set.substr(at + 1))); !result)
    return asUsage(result.error());
  if (path == "data.path" && !spec.data.path.empty()) spec.data.path = absolutePath(spec.data.path);
  if (path == "model.weights" && !spec.model.weights.empty()) spec.model.weights = absolutePath(spec.model.weights);
  if (path == "data.test_path" && !spec.data.testPath.empty()) spec.data.testPath = absolutePath(spec.data.testPath);
  return {};
}

bool isAbout(const Error& error, const std::string& prefix) {
  return std::any_of(error.message.args.begin(), error.message.args.end(), [&](const auto& argument) {
    return argument.first == "field" && argument.second.rfind(prefix, 0) == 0;
  });
}

// What contradicts itself, but for what only seems to because a field at fault kept its default.
void addContradictions(const spec::ExperimentSpec& spec, Errors& errors) {
  const auto read = errors;
  const auto faulty = [&read](const std::string& prefix) {
    return std::any_of(read.begin(), read.end(), [&](const auto& error) { return isAbout(error, prefix); });
  };
  for (auto& problem : spec::validate(spec)) {
    if (problem.code == "spec.split_sum" && faulty("data.split.")) continue;
    if (std::find(read.begin(), read.end(), problem) == read.end()) errors.push_back(std::move(problem));
  }
}

BuiltSpec readParts(const SpecFlags& flags, const Context& context) {
  BuiltSpec built;
  auto& [spec, errors] = built;
  spec = startingSpec(flags, context, errors);
  setDataFlags(spec, flags, context.globals().sets, errors);
  note(errors, setModel(spec, flags.model));
  for (const auto& flag : fieldFlags) note(errors, setFlag(spec, flag.option, flag.path, flags.*flag.value));
  if (!flags.name.empty()) spec.name = flags.name;
  note(errors, setCheckpoints(spec, flags.checkpointEvery));
  const auto& globals = context.globals();
  if (!globals.seed.empty()) {
    const auto seeded = setFlag(spec, "--seed", "training.seed", globals.seed);
    note(errors, seeded);
    if (seeded) note(errors, setFlag(spec, "--seed", "data.split.seed", globals.seed));
  }
  note(errors, setFlag(spec, "--threads", "training.threads", globals.threads));
  note(errors, setDevice(spec, globals.device));
  for (const auto& set : globals.sets) note(errors, applySet(spec, set));
  return built;
}

}  // namespace

void addDataFlags(CLI::App& command, SpecFlags& flags) {
  flags.command = commandPath(command);
  command
      .add_option("--target", flags.targets,
                  "Column to predict, several with commas between or repeated; without it the last column")
      ->type_name("COL")
      ->allow_extra_args(false);
  command
      .add_option("--task", flags.task,
                  "classification, regression, multilabel, quantile, anomaly or forecast, when the guess is wrong")
      ->type_name("TASK");
  command
      .add_option("--group", flags.group,
                  "Split by this column: no group in two parts; of windows: the column that tells series apart")
      ->type_name("COL");
  command.add_option("--time", flags.time, "Split by this column: never look ahead")->type_name("COL");
  command.add_option("--window", flags.window, "Rows in the order of time that the model sees at once")->type_name("N");
  command.add_option("--horizon", flags.horizon, "Rows ahead that a forecast predicts; needs --window")->type_name("N");
  command.add_option("--weight", flags.weight, "Column that weighs the rows")->type_name("COL");
  // Searches have folds; elsewhere it is refused with a reason.
  command.add_option("--folds", flags.folds, "")->group("");
  command.add_option("--test", flags.test, "A file of test rows of its own")->type_name("FILE");
}

void addSpecFlags(CLI::App& command, SpecFlags& flags) {
  command.add_option("spec", flags.specFile, "An experiment as written by spec new or runs show --spec")
      ->type_name("SPEC.json")
      ->option_text("[SPEC.json]");
  command
      .add_option(
          "--data", flags.data,
          "CSV, TSV, .npy, .npz, a folder of images or of WAV and FLAC files by class, or a folder of IDX files")
      ->type_name("FILE");
  addDataFlags(command, flags);
  command
      .add_option("--model", flags.model,
                  "Template, such as mlp, cnn, resnet-small or gru (help spec lists them); without it by the data")
      ->type_name("NAME");
  command.add_option("--epochs", flags.epochs, "Passes over the training rows; auto by the model, find by trying")
      ->type_name("N");
  command.add_option("--batch-size", flags.batchSize, "Rows in a step; auto by the data, find by measuring")
      ->type_name("N");
  command.add_option("--lr", flags.lr, "Learning rate; auto chooses it by short trainings")->type_name("X");
  command.add_option("--optimizer", flags.optimizer, "auto, adamw, sgd, muon, prodigy ...: help spec lists them")
      ->type_name("NAME");
  command.add_option("--name", flags.name, "Name of the experiment and its runs")->type_name("TEXT");
  command.add_option("--checkpoint-every", flags.checkpointEvery, "A checkpoint at least so often: 90s, 10m, 2h")
      ->type_name("DURATION");
}

std::vector<TypedField> typedFields(const SpecFlags& flags, const Context& context) {
  std::vector<TypedField> typed;
  const auto add = [&](const std::string& path, const std::string& value, const std::string& by) {
    if (!value.empty() && !sameName(value, "auto") && !sameName(value, "find")) typed.push_back({path, by});
  };
  add("model.template", flags.model, "--model");
  for (const auto& flag : fieldFlags) add(flag.path, flags.*flag.value, flag.option);
  for (const auto& set : context.globals().sets) {
    const auto at = equalsAt(set);
    if (at >= set.size()) continue;
    const auto path = set.substr(0, at), value = set.substr(at + 1);
    const auto json = Json::parse(value, nullptr, false);
    // A section as an object.
    if (json.is_object() && spec::findField(path) == nullptr) {
      const auto flat = json.flatten();
      for (const auto& [key, unused] : flat.items()) {
        auto below = path + key;
        std::replace(below.begin(), below.end(), '/', '.');
        typed.push_back({below, "--set " + path});
      }
      continue;
    }
    add(path, value, "--set");
  }
  return typed;
}

BuiltSpec buildWholeSpec(const SpecFlags& flags, const Context& context) {
  auto built = readParts(flags, context);
  addContradictions(built.spec, built.errors);
  return built;
}

Result<spec::ExperimentSpec> buildSpec(const SpecFlags& flags, const Context& context) {
  auto built = readParts(flags, context);
  if (!built.errors.empty()) return tl::unexpected<Error>(leads(built.errors));
  return std::move(built.spec);
}

const Error& leads(const std::vector<Error>& errors) {
  const auto wrongUse =
      std::find_if(errors.begin(), errors.end(), [](const auto& error) { return exitCodeOf(error) == WrongUsage; });
  return wrongUse == errors.end() ? errors.front() : *wrongUse;
}

Result<void> requireData(const spec::ExperimentSpec& spec, const std::string& command) {
  if (spec.data.path.empty())
    return usage("data", command + " needs data.", "Give --data FILE, or a SPEC.json that names its data.");
  for (const auto& path : {spec.data.path, spec.data.testPath})
    if (!path.empty() && ::access(path.c_str(), R_OK) != 0) return fileError(errno, path);
  return {};
}

void addDataProblem(const spec::ExperimentSpec& spec, const std::string& command, std::vector<Error>& errors) {
  // A SPEC that cannot be read may well name its data.
  if (errors.empty() || !spec.data.path.empty()) note(errors, requireData(spec, command));
}

}  // namespace lathe::cli
