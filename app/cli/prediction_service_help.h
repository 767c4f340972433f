// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "app/cli/output.h"

namespace lathe::cli {

/// The usual sketch of a PredictionService client, name by name: what TensorFlow Serving's API really calls it, and
/// where Lathe has it.
[[nodiscard]] std::string predictionServiceText();
[[nodiscard]] Json predictionServiceJson();

}  // namespace lathe::cli
