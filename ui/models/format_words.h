// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace lathe::ui {

/// What people call an export format, by its name on the command line.
[[nodiscard]] QString formatWord(const QString& format);
/// Who reads it, in a sentence.
[[nodiscard]] QString formatHelp(const QString& format);
/// What people call a precision of weights, by its name on the command line; "" is float32.
[[nodiscard]] QString precisionWord(const QString& precision);

}  // namespace lathe::ui
