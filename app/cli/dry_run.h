// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"
#include "core/spec/experiment.h"

namespace lathe::cli {

/// Resolves the spec against its data and prints what a training would do: every field, shapes, parameters; with
/// `memory` also the bytes it will need (this loads the engine). Writes nothing. A spec that cannot be resolved prints
/// {"spec", "errors", "error"} and exits 1.
Result<int> printResolved(Context& context, const spec::ExperimentSpec& spec, bool memory);

}  // namespace lathe::cli
