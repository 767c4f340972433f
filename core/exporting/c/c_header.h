// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/exporting/c/c_source.h"

/// What a generated file says to people and offers to programs. For the files of this folder only.
namespace lathe::exporting {

struct CNames {
  std::string name;   ///< what functions and arrays begin with
  std::string upper;  ///< what macros begin with
};
[[nodiscard]] CNames namesOf(const ModelSource& model);

/// Sizes, functions and arrays. `scratch` in floats.
[[nodiscard]] std::string cDeclarations(const ModelSource& model, std::int64_t scratch);
/// The arrays of names: of columns, classes or targets.
[[nodiscard]] std::string cNameArrays(const ModelSource& model);
/// A comment: how to build it, what goes in and what comes out.
[[nodiscard]] std::string cUsage(const ModelSource& model);
/// The whole NAME.h.
[[nodiscard]] std::string cHeader(const ModelSource& model, std::int64_t scratch);

}  // namespace lathe::exporting
