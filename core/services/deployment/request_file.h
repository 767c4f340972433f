// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/base/progress.h"
#include "core/serving/clients/request_rows.h"

namespace lathe::services {

/// The rows of a data file as a client sends them: a table as its cells stand in the file, images as their pixels. A
/// single picture is one row. Blocks.
Result<serving::RequestRows> requestRowsOf(const std::filesystem::path& file, const JobContext& job);

}  // namespace lathe::services
