// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

#include "core/services/study_settings.h"
#include "core/spec/run_status.h"
#include "core/spec/search_space.h"

/// What a search consists of, in words. Names that are not known here are shown as they are.
namespace lathe::ui {

[[nodiscard]] QString samplerWord(const std::string& name);
[[nodiscard]] QString samplerHelp(const std::string& name);
[[nodiscard]] QString prunerWord(const std::string& name);
[[nodiscard]] QString prunerHelp(const std::string& name);

/// "Validation loss", "Latency"; `unit` of costs: "ms".
[[nodiscard]] QString goalWord(const std::string& metric, bool shortForm = false);
[[nodiscard]] QString goalUnit(const std::string& metric);
/// A value with its unit: "0.0712", "3.2 MB".
[[nodiscard]] QString goalText(const std::string& metric, double value);

/// "Learning rate" for training.optimizer.lr; the path itself when nothing is known of it.
/// `shortForm`: for tight places.
[[nodiscard]] QString parameterWord(const std::string& path, bool shortForm = false);
/// What it is and when to change it; may be empty.
[[nodiscard]] QString parameterHelp(const std::string& path);
/// A coded value: "0.0039", "AdamW"; an em dash for an inactive one.
[[nodiscard]] QString parameterText(const spec::SearchParameter& parameter, double coded);
[[nodiscard]] QString choiceText(const spec::Value& choice);
/// "1e-4 … 0.1 log", "16, 32, 64", "= 3".
[[nodiscard]] QString rangeText(const spec::SearchParameter& parameter);
[[nodiscard]] QString typeWord(spec::ParameterType type);

/// Colour of a state's sign and word.
[[nodiscard]] QColor statusColour(spec::RunStatus status);

}  // namespace lathe::ui
