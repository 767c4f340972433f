// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/spec/schema.h"

namespace lathe::spec {

/// Whether the text of a schema, if any, lies behind all numbers to the end of the row, one column behind the other and
/// equally wide, in a table of single rows: what datasets and programs rely on. Pure, any thread.
[[nodiscard]] bool textLiesLast(const DataSchema& schema);

}  // namespace lathe::spec
