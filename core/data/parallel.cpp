// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "core/base/machine.h"

namespace lathe::data {

unsigned readingThreads() {
  static const unsigned threads = std::clamp(machineInfo().threads, 1U, 16U);
  return threads;
}

void runOnThreads(unsigned threads, const std::function<void(unsigned)>& work) {
  std::exception_ptr failure;
  std::mutex mutex;
  const auto caught = [&](unsigned i) {
    try {
      work(i);
    } catch (...) {
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> pool;
    for (unsigned i = 1; i < threads; ++i) pool.emplace_back(caught, i);
    caught(0);
  }
  if (failure) std::rethrow_exception(failure);
}

void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& task) {
  const auto workers = static_cast<unsigned>(std::min<std::size_t>(count, std::max(1U, threads)));
  std::atomic<std::size_t> next{0};
  runOnThreads(workers, [&](unsigned) {
    try {
      for (std::size_t i = next++; i < count; i = next++) task(i);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

tl::unexpected<Error> cancelledError() {
  return fail(cancelledCode, LATHE_TEXT("errors", "Reading the data was cancelled."), "");
}

tl::unexpected<Error> outOfMemory() {
  return fail("data.out_of_memory", LATHE_TEXT("errors", "The data does not fit into this machine's memory."),
              LATHE_TEXT("errors", "Use fewer rows or columns, or close other programs."));
}

tl::unexpected<Error> unexpectedFailure(const std::string& what) {
  return fail("data.failed", LATHE_TEXT("errors", "The data could not be read: {reason}."),
              LATHE_TEXT("errors", "Check the file with another program."), {{"reason", what}});
}

}  // namespace lathe::data
