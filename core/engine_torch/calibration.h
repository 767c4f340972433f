// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/engine/checkpoint.h"
#include "core/spec/program.h"

namespace lathe::engine {

/// Smallest and largest number that dense and convolution layers are given and that convolutions give (behind their
/// normalisation and ReLU), by the program's ids of values, measured on the raw rows of the checkpoint's
/// exporting::calibrationTensor. Without such rows "export.no_calibration".
Result<std::map<int, std::pair<float, float>>> inputRanges(const spec::Program& program, const Checkpoint& checkpoint);

}  // namespace lathe::engine
