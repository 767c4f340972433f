// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Marks a sentence that a person reads, so that lupdate finds it. Expands to the sentence itself; the window
/// translates it with QCoreApplication::translate(context, text). Contexts: "errors", "spec", "layers", "data",
/// "events".
#define LATHE_TEXT(context, text) text

namespace lathe {

/// Named values for the {placeholders} of a sentence.
using TextArgs = std::vector<std::pair<std::string, std::string>>;

/// A sentence with {placeholders} and their values, kept apart so that it can be translated late.
struct Message {
  std::string text;  ///< English template, for example "{file} is empty."
  TextArgs args;

  /// The English sentence.
  [[nodiscard]] std::string render() const;
  bool operator==(const Message&) const = default;
};

/// Replaces each {name} of `text` by its value; unknown names stay as they are.
[[nodiscard]] std::string renderText(std::string_view text, const TextArgs& args);

}  // namespace lathe
