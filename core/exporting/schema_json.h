// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/exporting/json_reader.h"
#include "core/spec/schema.h"

namespace lathe::exporting {

/// A model's inputs and target as the manifest states them, for people and programs that only have the export.
[[nodiscard]] nlohmann::ordered_json schemaJson(const spec::DataSchema& schema);

/// Refuses shapes that do not fit together: features beyond the row, images that are no C x H x W.
Result<spec::DataSchema> schemaFrom(const Json& json);

/// Numbers in one raw input row.
[[nodiscard]] std::size_t inputSize(const spec::DataSchema& schema);

}  // namespace lathe::exporting
