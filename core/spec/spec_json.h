// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/spec/experiment.h"

namespace lathe::spec {

/// The spec as JSON. `indent` < 0: one line.
[[nodiscard]] std::string toJson(const ExperimentSpec& spec, int indent = 2);

/// Strict: an unknown field is an error that names the nearest known one; a value out of range names the field and the
/// range. Fields left out keep their defaults. Never crashes on hostile input; at most 64 MB and 64 levels deep.
Result<ExperimentSpec> fromJson(std::string_view json);

/// The same, but read as far as it goes: every problem at once, and the defaults where fields are at fault.
struct SpecReading {
  ExperimentSpec spec;
  std::vector<Error> errors;
};
[[nodiscard]] SpecReading readSpec(std::string_view json);

/// Overrides one field by its dotted path, as --set does ("training.optimizer.lr", "model.hidden",
/// data.roles."a.b"). VALUE is JSON, else text. Unknown paths are errors that name the nearest known one.
Result<void> setField(ExperimentSpec& spec, std::string_view path, std::string_view value);

/// The value at a path as compact JSON.
Result<std::string> getField(const ExperimentSpec& spec, std::string_view path);

/// Every problem of a spec that shows without the data: ranges, choices, contradictions.
[[nodiscard]] std::vector<Error> validate(const ExperimentSpec& spec);

/// The nearest of some names by edit distance, or "" when none is near.
[[nodiscard]] std::string nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace lathe::spec
