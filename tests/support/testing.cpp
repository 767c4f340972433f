// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/testing.h"

std::vector<lathe::testing::Case>& lathe::testing::cases() {
  static std::vector<Case> all;
  return all;
}
