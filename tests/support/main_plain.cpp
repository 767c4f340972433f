// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "tests/support/testing.h"

namespace {
int failures = 0;
}

void lathe::testing::reportFailure(const char* file, int line, const std::string& what) {
  ++failures;
  std::fprintf(stderr, "%s:%d: FAILED: %s\n", file, line, what.c_str());
}

int main(int argc, char** argv) {
  const std::string filter = argc > 1 ? argv[1] : "";
  int failed = 0;
  int run = 0;
  for (const auto& testCase : lathe::testing::cases()) {
    if (!filter.empty() && testCase.name.find(filter) == std::string::npos) continue;
    ++run;
    const int before = failures;
    try {
      testCase.body();
    } catch (const lathe::testing::CaseEnded&) {
    } catch (const std::exception& error) {
      lathe::testing::reportFailure(__FILE__, __LINE__, std::string("unexpected exception: ") + error.what());
    }
    if (failures != before) ++failed;
    std::printf("%s %s\n", failures == before ? "ok    " : "FAILED", testCase.name.c_str());
  }
  std::printf("%d passed, %d failed\n", run - failed, failed);
  return failed == 0 && run > 0 ? 0 : 1;
}
