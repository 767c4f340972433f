// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <new>

#include "core/base/progress.h"
#include "core/base/result.h"

namespace lathe::data {

/// Threads that a reading job may use: what the process may use, at most 16.
[[nodiscard]] unsigned readingThreads();

/// Calls work(i) for each i below `threads` on a thread of its own, work(0) on the caller's, and waits for all. The
/// first exception is thrown again here.
void runOnThreads(unsigned threads, const std::function<void(unsigned)>& work);

/// Calls task(i) for each i below `count` on up to `threads` threads, the caller's among them, in no fixed order. The
/// first exception of a task ends the loop and is thrown again here.
void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& task);

/// The error of a job whose stop token was set.
[[nodiscard]] tl::unexpected<Error> cancelledError();

/// The error for memory that could not be had.
[[nodiscard]] tl::unexpected<Error> outOfMemory();

/// The error for an exception of a third party.
[[nodiscard]] tl::unexpected<Error> unexpectedFailure(const std::string& what);

/// Runs `body`, which gives a Result, and turns exceptions into errors.
template <class Body>
auto guarded(const Body& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return outOfMemory();
  } catch (const std::exception& problem) {
    return unexpectedFailure(problem.what());
  }
}

}  // namespace lathe::data
