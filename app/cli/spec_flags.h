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
  std::string data, test, task, group, time, weight;
  std::vector<std::string> targets;
  std::string model, epochs, batchSize, lr, optimizer, name, checkpointEvery;
};

/// --target --task --group --time --test --weight
void addDataFlags(CLI::App& command, SpecFlags& flags);
/// The data flags, SPEC.json, --data, and those of model and training.
void addSpecFlags(CLI::App& command, SpecFlags& flags);

/// defaults < SPEC < flags < --set. Paths become absolute; a relative one in SPEC is looked for beside SPEC, then in
/// the working folder, then in the project. Mistakes in flags exit 2, mistakes in the SPEC file exit 1.
Result<spec::ExperimentSpec> buildSpec(const SpecFlags& flags, const Context& context);

/// Refuses a missing --data (usage) and a data file that is not there, before anything is created.
Result<void> requireData(const spec::ExperimentSpec& spec, const std::string& command);

}  // namespace lathe::cli
