// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/program.h"

namespace lathe::spec::testing {

/// Runs the preprocess section on one raw row, operation by operation as program.h describes them, and gives the
/// prepared values. Slow and plain, to judge lowering by.
std::vector<std::vector<double>> prepare(const Program& program, const std::vector<double>& raw);

}  // namespace lathe::spec::testing
