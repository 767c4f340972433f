// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>

namespace lathe::data {

/// Not initialised; shared by all segments that were cut from one slab, which goes when the last of them does.
using SegmentBytes = std::shared_ptr<std::byte[]>;

/// Cuts the memory of one thread's segments from slabs of one huge page each, where the system has such: first touching
/// tens of thousands of small pages would take a seventh of the time that reading a large table takes. What a segment
/// no longer needs stays with its slab, so segments keep their memory when their storage changes.
class SegmentArena {
 public:
  /// 8-byte aligned. Throws std::bad_alloc.
  [[nodiscard]] SegmentBytes take(std::size_t bytes);

 private:
  SegmentBytes m_slab;
  std::size_t m_used = 0;
};

}  // namespace lathe::data
