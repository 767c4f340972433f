// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::app {

/// Milliseconds since the kernel started this process, in steps of 10 ms.
[[nodiscard]] double millisecondsSinceStart();

}  // namespace lathe::app
