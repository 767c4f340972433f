// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <new>
#include <sys/mman.h>

/// Memory on large pages: what is walked through at every step, like weights and an optimiser's state, otherwise costs
/// a miss of the processor's page table every 4 KiB. Wishes, all of it: where the system has no large pages small ones
/// do as well. Any thread.
namespace lathe {

constexpr std::size_t largePage = std::size_t{2} << 20;

/// Asks for large pages under memory that is about to be filled, whose first touch then costs far less, too.
inline void wishLargePages(void* memory, std::size_t bytes) {
  constexpr std::uintptr_t page = 4096;
  const auto first = (reinterpret_cast<std::uintptr_t>(memory) + page - 1) / page * page;
  const auto end = (reinterpret_cast<std::uintptr_t>(memory) + bytes) / page * page;
  if (end > first) madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);  // NOLINT
}

/// Memory that begins at a line of the cache; from the size of a large page on, at one of these. For std::free; throws
/// std::bad_alloc.
inline void* largeMemory(std::size_t bytes) {
  constexpr std::size_t line = 64;
  void* memory = nullptr;
  if (posix_memalign(&memory, bytes < largePage ? line : largePage, bytes) != 0) throw std::bad_alloc();
  if (bytes >= largePage) wishLargePages(memory, bytes);
  return memory;
}

template <class T>
struct LargePageAllocator {
  using value_type = T;
  LargePageAllocator() = default;
  template <class U>
  LargePageAllocator(const LargePageAllocator<U>&) {}  // NOLINT(google-explicit-constructor): what containers need
  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    return static_cast<T*>(largeMemory(count * sizeof(T)));
  }
  void deallocate(T* pointer, std::size_t /*count*/) { std::free(pointer); }
  template <class U>
  bool operator==(const LargePageAllocator<U>&) const {
    return true;
  }
};

}  // namespace lathe
