// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "core/base/result.h"

namespace lathe::ui {

/// Sentences of core in the window's language: the template, looked for in `context` and then in the
/// other contexts of core, with its values put in.
[[nodiscard]] QString translated(const Message& message, const char* context = "errors");
/// Text marked by LATHE_TEXT in a given context ("spec", "layers", "events", "data", "samples").
[[nodiscard]] QString translated(const std::string& text, const char* context);
/// Message and hint.
[[nodiscard]] QString errorText(const Error& error);

}  // namespace lathe::ui
