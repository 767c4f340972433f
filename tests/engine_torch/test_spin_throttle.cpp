// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "core/engine_torch/spin_throttle.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace std::chrono_literals;

namespace {

std::ptrdiff_t threadsOfThisProcess() {
  const std::filesystem::directory_iterator tasks("/proc/self/task");
  return std::distance(begin(tasks), end(tasks));
}

}  // namespace

LATHE_TEST("a training that waits for processors stops spinning, and starts again when the machine is calm") {
  engine::SpinThrottle throttle(2);
  const auto start = std::chrono::steady_clock::now();
  throttle.heed(0.02, start);
  CHECK(!throttle.throttled());
  throttle.heed(0.5, start);
  CHECK(throttle.throttled());
  throttle.heed(0.01, start + 1s);
  CHECK(throttle.throttled());
  throttle.heed(0.5, start + 1900ms);
  throttle.heed(0.01, start + 3s);
  CHECK(throttle.throttled());
  throttle.heed(0.01, start + 4s);
  CHECK(!throttle.throttled());
  // Busy at once: the calm was the throttle's own, so it is held longer.
  throttle.heed(0.5, start + 5s);
  CHECK(throttle.throttled());
  throttle.heed(0.01, start + 8s);
  CHECK(throttle.throttled());
  throttle.heed(0.01, start + 9s);
  CHECK(!throttle.throttled());
}

LATHE_TEST("the idle threads of a throttle go with it") {
  // Those of the test before may still be on their way out.
  auto before = threadsOfThisProcess();
  for (int calm = 0; calm < 10; ++calm) {
    std::this_thread::sleep_for(10ms);
    if (const auto now = threadsOfThisProcess(); now != before) {
      before = now;
      calm = 0;
    }
  }
  {
    engine::SpinThrottle throttle(2);
    throttle.heed(1, std::chrono::steady_clock::now());
    CHECK(throttle.throttled());
    CHECK(threadsOfThisProcess() > before);
  }
  for (int i = 0; i < 200 && threadsOfThisProcess() > before; ++i) std::this_thread::sleep_for(10ms);
  CHECK(threadsOfThisProcess() <= before);
}
