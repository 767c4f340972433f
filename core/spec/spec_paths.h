// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/spec/json_tools.h"

/// Dotted paths and the tree of sections behind them. For this folder only.
namespace lathe::spec {

/// a.b."c.d" -> a, b, c.d. Inside quotes \" and \\ stand for themselves.
Result<std::vector<std::string>> splitPath(std::string_view path);
std::string joinPath(const std::vector<std::string>& parts);
/// Whether fields lie below this path ("training.optimizer").
bool isSection(const std::string& path);
/// The error for an unknown path, with the nearest field, or the one that ends alike.
tl::unexpected<Error> unknownPath(const std::string& path);
/// Every path that may be set, template settings included.
std::vector<std::string> knownPaths();

/// With `section` ("training"): only what lies in it, at its place.
OrderedJson specJson(const ExperimentSpec& spec, std::string_view section = {});
/// Applies an object of fields below `prefix` ("" for a whole spec): every field that is right, and an error for each
/// other one.
void applyObject(ExperimentSpec& spec, const std::string& prefix, const Json& json, std::vector<Error>& errors);
/// One template setting; null takes it back.
Result<void> applySetting(ExperimentSpec& spec, const std::string& name, const Json& json);

}  // namespace lathe::spec
