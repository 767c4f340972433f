// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/cli/context.h"
#include "core/spec/experiment.h"

namespace CLI {
class App;
}

namespace lathe::cli {

/// Flags that say something about the spec, as typed; empty: not given.
struct SpecFlags {
  std::string specFile;
  std::string data, test, task, group, time, weight, window, horizon, folds;
  std::vector<std::string> targets;
  std::string model, epochs, batchSize, lr, optimizer, name, checkpointEvery;
  std::string command;  ///< "train", "spec new" ...: for sentences
};

/// --target --task --group --time --window --horizon --test --weight
void addDataFlags(CLI::App& command, SpecFlags& flags);
/// The data flags, SPEC.json, --data, and those of model and training.
void addSpecFlags(CLI::App& command, SpecFlags& flags);

/// A spec and what is wrong with it; fields at fault keep what they had.
struct BuiltSpec {
  spec::ExperimentSpec spec;
  std::vector<Error> errors;
};

/// defaults < SPEC < flags < --set. Paths become absolute; a relative one in SPEC is looked for beside SPEC, then in
/// the working folder, then in the project. Mistakes in flags are usage errors (exit 2); those in the SPEC file, which
/// is an input like the data, are not (exit 1).
/// Every mistake and contradiction is told.
[[nodiscard]] BuiltSpec buildWholeSpec(const SpecFlags& flags, const Context& context);
/// The same without a look at contradictions: the spec, or the mistake that leads().
Result<spec::ExperimentSpec> buildSpec(const SpecFlags& flags, const Context& context);
/// The problem that decides sentence and exit code: the first wrong use, else the first. `errors` is not empty.
[[nodiscard]] const Error& leads(const std::vector<Error>& errors);

/// A field of the spec that was given a value on the command line.
struct TypedField {
  std::string path;
  std::string by;  ///< "--lr", "--set"
};
/// Those of the model and the training, by flags and --set; what was set to auto or find is left out.
[[nodiscard]] std::vector<TypedField> typedFields(const SpecFlags& flags, const Context& context);

/// Refuses a missing --data (usage) and a data file that is not there, before anything is created.
Result<void> requireData(const spec::ExperimentSpec& spec, const std::string& command);
/// The same, added to what is wrong already.
void addDataProblem(const spec::ExperimentSpec& spec, const std::string& command, std::vector<Error>& errors);

}  // namespace lathe::cli
