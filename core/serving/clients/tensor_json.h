// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/serving/clients/tensor_service.h"

/// For the files of this folder only.
namespace lathe::serving {

/// Nested lists of numbers or texts; an error when they are none, or ragged.
Result<NamedValues> valuesFrom(const std::string& name, const nlohmann::json& json);
[[nodiscard]] tl::unexpected<Error> badAnswer(const std::string& server, const std::string& reason);
/// JSON as some servers write it: NaN and Infinity are numbers. Discarded when it is none.
[[nodiscard]] nlohmann::json lenientJson(const std::string& text);
/// The text under a name; "" where there is none.
[[nodiscard]] std::string textAt(const nlohmann::json& json, const char* name);
/// The value under a name; null where there is none.
[[nodiscard]] const nlohmann::json& valueAt(const nlohmann::json& json, const char* name);
/// An error where a tensor's shape is not that of its values, as hostile answers have it.
Result<void> checkShape(const NamedValues& values);
/// From FP32, DT_FLOAT, BYTES, DT_STRING ...
[[nodiscard]] TensorType tensorType(const std::string& name);
/// A number's text; NaN, Infinity and -Infinity as such.
void appendNumber(std::string& out, double value);

}  // namespace lathe::serving
