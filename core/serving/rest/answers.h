// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/serving/rest/exchange.h"

namespace lathe::serving {

/// Predictions as Lathe and its .mar handler tell them: for each row an object with the columns that `lathe-cli
/// predict` writes; alone when a single row was asked for, under "predictions" when they came under "instances", else a
/// list.
void appendAnswers(std::string& out, const ServedModel& model, const Outputs& outputs, bool instances);

/// Computes the request of an exchange whose model is set.
void predictRows(const ExchangePtr& exchange);

}  // namespace lathe::serving
