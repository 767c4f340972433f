// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "core/spec/experiment.h"

namespace lathe::cli {

/// A spec with every problem: all on standard error, with --json {"error", "spec", "errors"}; the one that leads()
/// decides the exit code. `errors` is not empty.
int printProblems(const Context& context, const spec::ExperimentSpec& spec, const std::vector<Error>& errors);

/// Resolves the spec against its data and prints what a training would do: every field, shapes, parameters; with
/// `memory` also the bytes it will need (this loads the engine). Writes nothing. What cannot be resolved is printed by
/// printProblems().
Result<int> printResolved(Context& context, const spec::ExperimentSpec& spec, bool memory);

}  // namespace lathe::cli
