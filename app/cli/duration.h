// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace lathe::cli {

/// Seconds of "90s", "10m", "2h", "1.5h" or a bare number. Error "usage.duration".
Result<double> parseDuration(std::string_view text);

}  // namespace lathe::cli
