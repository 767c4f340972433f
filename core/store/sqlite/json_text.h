// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/base/result.h"

/// Sentences and errors as JSON in text columns. Reading never fails: what is no such JSON reads as plain text.
namespace lathe::store::sqlite {

[[nodiscard]] std::string toText(const Message& message);
[[nodiscard]] Message messageFromText(const std::string& text);
/// A sentence with code and hint of a warning beside it, in the form of a message: older versions read the sentence.
[[nodiscard]] std::string warningToText(const Error& warning);
[[nodiscard]] Error warningFromText(const std::string& text);
[[nodiscard]] std::string toText(const std::optional<Error>& error);  ///< "" for none
[[nodiscard]] std::optional<Error> errorFromText(const std::string& text);

}  // namespace lathe::store::sqlite
