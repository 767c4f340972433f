// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>

#include "core/data/buffers.h"
#include "core/store/run_store.h"

namespace lathe::services {

/// Of a forecast: writes into an event how good repeating the last value is on the validation and test rows, beside
/// what the model has there (metrics "val/rmse", "test/rmse"). Nothing for other tasks.
void compareWithLastValue(store::RunStore& store, store::RunNumber run, const data::Dataset& data,
                          const std::map<std::string, double>& metrics);

}  // namespace lathe::services
