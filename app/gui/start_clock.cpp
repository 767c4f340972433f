// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/start_clock.h"

#include <ctime>
#include <unistd.h>

#include "core/base/machine.h"

namespace lathe::app {

double millisecondsSinceStart() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  const double started = static_cast<double>(thisProcess().startTime) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return 1e3 * (static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) - started);
}

}  // namespace lathe::app
