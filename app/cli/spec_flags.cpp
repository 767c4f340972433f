// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/spec_flags.h"

#include <CLI/App.hpp>
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/choices.h"
#include "app/cli/duration.h"
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
    {"--epochs", "training.epochs", &SpecFlags::epochs},
    {"--batch-size", "training.batch_size", &SpecFlags::batchSize},
    {"--lr", "training.optimizer.lr", &SpecFlags::lr},
    {"--optimizer", "training.optimizer.name", &SpecFlags::optimizer},
};

Result<void> setFlag(spec::ExperimentSpec& spec, const char* option, const char* path, std::string value) {
  if (value.empty()) return {};
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
    LATHE_ASSIGN(known, choice("--device", device, {"auto", "cpu", "cuda", "cuda:N"}));
    device = known;
  }
  spec.training.device = device;
  return {};
}

Result<void> setDataFlags(spec::ExperimentSpec& spec, const SpecFlags& flags) {
  auto& data = spec.data;
  if (!flags.data.empty()) {
    data.path = absolutePath(flags.data);
    data.sha256.clear();
  }
  if (!flags.test.empty()) data.testPath = absolutePath(flags.test);
  if (flags.targets.size() > 1)
    return usage("target", fmt::format("{} targets were given, a model learns one.", flags.targets.size()),
                 "Give --target once.");
  if (!flags.targets.empty()) data.target = flags.targets.front();
  if (!flags.task.empty()) {
    LATHE_ASSIGN(task, choice("--task", flags.task, {"auto", "classification", "regression"}));
    LATHE_ASSIGN(value, spec::task(task));
    data.task = value;
  }
  if (!flags.group.empty() && !flags.time.empty())
    return usage("split", "--group and --time ask for two different splits.", "Give one of them.");
  if (!flags.group.empty()) {
    data.roles[flags.group] = spec::ColumnRole::Group;
    data.split.method = "group";
  }
  if (!flags.time.empty()) {
    data.roles[flags.time] = spec::ColumnRole::Time;
    data.split.method = "time";
  }
  if (!flags.weight.empty()) data.roles[flags.weight] = spec::ColumnRole::Weight;
  return {};
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

Result<spec::ExperimentSpec> startingSpec(const SpecFlags& flags, const Context& context) {
  if (flags.specFile.empty()) return spec::ExperimentSpec{};
  LATHE_ASSIGN(text, readFile(flags.specFile, 64U << 20));
  LATHE_ASSIGN(spec, spec::fromJson(text));
  const auto project = context.projectFolder();
  spec.data.path = found(spec.data.path, flags.specFile, project);
  spec.data.testPath = found(spec.data.testPath, flags.specFile, project);
  return std::move(spec);
}

Result<void> applySets(spec::ExperimentSpec& spec, const std::vector<std::string>& sets) {
  for (const auto& set : sets) {
    // A quoted column may hold a '=' of its own.
    bool quoted = false;
    std::size_t at = 0;
    for (; at < set.size() && (quoted || set[at] != '='); ++at)
      if (set[at] == '"') quoted = !quoted;
    if (at == 0 || at >= set.size())
      return usage("set", fmt::format("--set {} is not of the form PATH=VALUE.", set),
                   "For example --set training.optimizer.lr=3e-4; lathe-cli help spec lists every PATH.");
    const std::string path = set.substr(0, at);
    if (auto result = spec::setField(spec, path, set.substr(at + 1)); !result) return asUsage(result.error());
    if (path == "data.path" && !spec.data.path.empty()) spec.data.path = absolutePath(spec.data.path);
    if (path == "data.test_path" && !spec.data.testPath.empty()) spec.data.testPath = absolutePath(spec.data.testPath);
  }
  return {};
}

}  // namespace

void addDataFlags(CLI::App& command, SpecFlags& flags) {
  command.add_option("--target", flags.targets, "Column to predict; without it the last column")
      ->type_name("COL")
      ->allow_extra_args(false);
  command.add_option("--task", flags.task, "classification or regression, when the guess is wrong")->type_name("TASK");
  command.add_option("--group", flags.group, "Split by this column: no group in two parts")->type_name("COL");
  command.add_option("--time", flags.time, "Split by this column: never look ahead")->type_name("COL");
  command.add_option("--weight", flags.weight, "Column that weighs the rows")->type_name("COL");
  command.add_option("--test", flags.test, "A file of test rows of its own")->type_name("FILE");
}

void addSpecFlags(CLI::App& command, SpecFlags& flags) {
  command.add_option("spec", flags.specFile, "An experiment as written by spec new or runs show --spec")
      ->type_name("SPEC.json")
      ->option_text("[SPEC.json]");
  command
      .add_option("--data", flags.data, "CSV, TSV, .npy, .npz, a folder of images by class, or a folder of IDX files")
      ->type_name("FILE");
  addDataFlags(command, flags);
  command.add_option("--model", flags.model, "Template: mlp, resmlp or cnn; without it by the data")->type_name("NAME");
  command.add_option("--epochs", flags.epochs, "Passes over the training rows")->type_name("N");
  command.add_option("--batch-size", flags.batchSize, "Rows in a step")->type_name("N");
  command.add_option("--lr", flags.lr, "Learning rate")->type_name("X");
  command.add_option("--optimizer", flags.optimizer, "sgd, adam or adamw")->type_name("NAME");
  command.add_option("--name", flags.name, "Name of the experiment and its runs")->type_name("TEXT");
  command.add_option("--checkpoint-every", flags.checkpointEvery, "A checkpoint at least so often: 90s, 10m, 2h")
      ->type_name("DURATION");
}

Result<spec::ExperimentSpec> buildSpec(const SpecFlags& flags, const Context& context) {
  LATHE_ASSIGN(spec, startingSpec(flags, context));
  LATHE_TRY(setDataFlags(spec, flags));
  LATHE_TRY(setModel(spec, flags.model));
  for (const auto& flag : fieldFlags) LATHE_TRY(setFlag(spec, flag.option, flag.path, flags.*flag.value));
  if (!flags.name.empty()) spec.name = flags.name;
  if (!flags.checkpointEvery.empty()) {
    LATHE_ASSIGN(seconds, parseDuration(flags.checkpointEvery));
    LATHE_TRY(setFlag(spec, "--checkpoint-every", "training.checkpoint_seconds", fmt::format("{}", seconds)));
  }
  const auto& globals = context.globals();
  if (!globals.seed.empty()) {
    LATHE_TRY(setFlag(spec, "--seed", "training.seed", globals.seed));
    LATHE_TRY(setFlag(spec, "--seed", "data.split.seed", globals.seed));
  }
  LATHE_TRY(setFlag(spec, "--threads", "training.threads", globals.threads));
  LATHE_TRY(setDevice(spec, globals.device));
  LATHE_TRY(applySets(spec, globals.sets));
  return std::move(spec);
}

Result<void> requireData(const spec::ExperimentSpec& spec, const std::string& command) {
  if (spec.data.path.empty())
    return usage("data", command + " needs data.", "Give --data FILE, or a SPEC.json that names its data.");
  for (const auto& path : {spec.data.path, spec.data.testPath})
    if (!path.empty() && ::access(path.c_str(), R_OK) != 0) return fileError(errno, path);
  return {};
}

}  // namespace lathe::cli
