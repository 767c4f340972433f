// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <new>
#include <sys/mman.h>

namespace lathe::data {

/// Takes large blocks straight from the system and gives them straight back. The C library would keep what one thread
/// freed for that thread, and the next thread's scratch memory would come on top of it.
template <class T>
struct PageAllocator {
  using value_type = T;
  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) {}  // NOLINT(google-explicit-constructor): what containers need

  T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_alloc();
    const std::size_t bytes = count * sizeof(T);
    if (bytes < large) return static_cast<T*>(::operator new(bytes));
    void* pages = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc();
    return static_cast<T*>(pages);
  }
  void deallocate(T* pointer, std::size_t count) {
    if (count * sizeof(T) < large)
      ::operator delete(pointer);
    else
      munmap(pointer, count * sizeof(T));
  }
  template <class U>
  bool operator==(const PageAllocator<U>&) const {
    return true;
  }

 private:
  static constexpr std::size_t large = std::size_t{1} << 20;
};

}  // namespace lathe::data
