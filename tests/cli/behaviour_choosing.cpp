// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>

#include "tests/cli/cli_process.h"
#include "tests/cli/cli_tables.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::tests;

LATHE_TEST("while a training chooses its settings a line says how far it is, and it can be stopped") {
  const TempFolder folder;
  writeClasses(folder / "d.csv", 3000);
  // So long a training that a fifth of it, which choosing may cost, takes minutes.
  CliProcess process(folder.path(), {"train", "--data", "d.csv", "--optimizer", "auto", "--lr", "auto", "--epochs",
                                     "1000000", "--json"});
  CHECK(within(60, [&] {
    return process.errSoFar().find("run 1: choosing the optimiser and learning rate") != std::string::npos;
  }));
  process.send(SIGTERM);
  const auto result = process.wait(60);
  CHECK_EQ(result.code, 3);
  const auto json = result.json();
  REQUIRE(json.is_object());
  CHECK_EQ(json["status"].get<std::string>(), std::string("paused"));
  CHECK_EQ(json["steps"].get<int>(), 0);
  CHECK(result.err.find("short trainings") != std::string::npos);
}
