// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

#include "core/spec/experiment.h"
#include "core/spec/run_status.h"

/// How numbers, times and names look in the window. The decimal sign is the locale's, thousands are set apart by a
/// narrow space, missing or unknown is an em dash.
namespace lathe::ui::format {

/// `digits` significant ones, without trailing zeros; very large and very small as 1.2e-5.
[[nodiscard]] QString number(double value, int digits = 4);
/// As number() but keeps trailing zeros, so that a column lines up: 0.9200.
[[nodiscard]] QString aligned(double value, int digits = 4);
/// Every digit that matters (what a hover shows and copying gives).
[[nodiscard]] QString fullNumber(double value);
[[nodiscard]] QString integer(std::int64_t value);
/// 0.25 as "25 %".
[[nodiscard]] QString percent(double fraction, int digits = 3);
/// "3.2 MB", powers of 1000.
[[nodiscard]] QString bytes(double count);
/// "0.4 s", "42 s", "3 min 2 s", "1 h 5 min", "2 d 3 h".
[[nodiscard]] QString duration(double seconds);
/// A path as a person reads it: "~" for the home folder.
[[nodiscard]] QString path(const QString& path);
/// "4 310 rows/s" with any unit.
[[nodiscard]] QString rate(double perSecond, const QString& unit);
/// Multiply-adds counted twice: "3.61 MFLOP".
[[nodiscard]] QString flops(double count);
/// "31k", "1.2M" for axes and tight places.
[[nodiscard]] QString compact(double value);
/// Local time, short: "14:05" today, else "24 Nov 14:05".
[[nodiscard]] QString when(std::int64_t micros);
/// "28 × 28 × 1"
[[nodiscard]] QString shape(const spec::Shape& shape);

/// For tr()'s plural forms, whose number is an int.
[[nodiscard]] int plural(std::int64_t count);
/// The text of a menu entry without its mnemonic: "&Train" and "训练(&T)" both lose it.
[[nodiscard]] QString withoutMnemonic(QString text);

[[nodiscard]] QString statusWord(spec::RunStatus status);
/// A sign that stands beside the word: ▶ ✓ ✕ ...
[[nodiscard]] QString statusSign(spec::RunStatus status);
[[nodiscard]] QString kindWord(spec::ColumnKind kind);
[[nodiscard]] QString roleWord(spec::ColumnRole role);
[[nodiscard]] QString taskWord(spec::Task task);
/// "val/accuracy" as "Validation accuracy"; `shortForm`: "val acc".
[[nodiscard]] QString metricWord(const std::string& splitMetric, bool shortForm = false);

}  // namespace lathe::ui::format
