// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/data/buffers.h"
#include "core/spec/schema.h"

namespace lathe::tests {

/// Two series, their rows mixed: a wave with a little noise that is to be forecast (or its height as one of two
/// classes, at the window's last row), another number with missing values, a category of 3 and one of 100 values. Split
/// in time.
[[nodiscard]] std::shared_ptr<data::Dataset> waves(spec::Task task, int window, int horizon, std::size_t rows = 600);

/// The same rows, each with its whole window and no order among them.
[[nodiscard]] data::Dataset wholeWindows(const data::Dataset& data, const std::vector<std::uint32_t>& rows);

/// Preprocessing fitted on the training rows, layers from a template.
[[nodiscard]] spec::ModelDescription sequenceModel(const data::Dataset& data, const std::string& templateName,
                                                   const spec::ValueMap& settings = {});

}  // namespace lathe::tests
