// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "core/spec/program.h"

/// Text in a program: its codes are the last places of the raw row, and whoever keeps rows without them (Dataset) feeds
/// them by themselves. Pure, any thread.
namespace lathe::spec {

/// The layer name of the operations that take the codes out of the raw row.
inline constexpr const char* textLayer = "text";

/// Which of the prepared inputs holds the codes of text, [K,L].
[[nodiscard]] std::optional<std::size_t> textInput(const Program& program);
/// The program whose preprocessing does not read the places of text, and without that prepared input; the others keep
/// their order. Its raw row may end before the text.
[[nodiscard]] Program withoutText(Program program);

}  // namespace lathe::spec
