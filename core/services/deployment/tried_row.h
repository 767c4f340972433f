// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deploy_steps.h"
#include "core/services/deployment/deployment_service.h"

namespace lathe::services {

/// Asks for the only row of `rows` and puts the answer into words.
Result<TriedRow> triedRow(const ServedPlace& place, const exporting::ExportManifest& manifest,
                          const serving::RequestRows& rows, double timeoutSeconds);

/// One picture of a file, brought to the size of the schema. Blocks.
Result<serving::RequestRows> pictureRow(const spec::DataSchema& schema, const std::filesystem::path& file);

}  // namespace lathe::services
