// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace lathe::engine {

/// The codes of a column of text, as data::TextColumn holds them: row r has the text place[r], whose codes lie from
/// starts[place] to starts[place + 1].
struct FusedText {
  const std::uint32_t* place = nullptr;
  const std::uint64_t* starts = nullptr;
  const std::uint16_t* codes = nullptr;
};

}  // namespace lathe::engine
