// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace lathe::ui {

/// How well `pattern` fits `text`: all its characters must appear in order, ignoring case; words' beginnings and
/// neighbours count more. 0: does not fit; larger is better.
[[nodiscard]] int fuzzyScore(const QString& pattern, const QString& text);

}  // namespace lathe::ui
