// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/segment_memory.h"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace lathe::data {
namespace {

constexpr std::size_t slabBytes = std::size_t{2} << 20;
// Larger ones would leave too much of a slab unused.
constexpr std::size_t largestShared = slabBytes / 16;

SegmentBytes makeSlab() {
  // Twice the size holds an aligned slab; what lies around it is given back.
  void* pages = mmap(nullptr, 2 * slabBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  auto* const first = static_cast<std::byte*>(pages);
  const std::size_t before = (slabBytes - reinterpret_cast<std::uintptr_t>(first) % slabBytes) % slabBytes;
  auto* const slab = first + before;
  if (before > 0) munmap(first, before);
  munmap(slab + slabBytes, slabBytes - before);
  madvise(slab, slabBytes, MADV_HUGEPAGE);  // a wish: small pages do as well
  return {slab, [](std::byte* memory) { munmap(memory, slabBytes); }};
}

}  // namespace

SegmentBytes SegmentArena::take(std::size_t bytes) {
  bytes = (bytes + 7) / 8 * 8;
  if (bytes > largestShared) return SegmentBytes(new std::byte[bytes]);
  if (m_slab == nullptr || m_used + bytes > slabBytes) {
    m_slab = makeSlab();
    m_used = 0;
  }
  SegmentBytes taken(m_slab, m_slab.get() + m_used);
  m_used += bytes;
  return taken;
}

}  // namespace lathe::data
