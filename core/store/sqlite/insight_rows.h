// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/store/records.h"
#include "core/store/sqlite/connection.h"

/// Rows of the tables histograms and snapshots. Everything throws SQLite::Exception.
namespace lathe::store::sqlite {

/// Drops what a run showed after `step`; -1: everything.
void truncateInsights(Connection& connection, RunNumber run, std::int64_t step);

}  // namespace lathe::store::sqlite
