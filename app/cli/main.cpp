// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>

#include "app/cli/command_line.h"
#include "app/composition/composition.h"
#include "core/base/log.h"

int main(int argc, char** argv) {
  lathe::app::useFastBlas();
  // A closed pipe is an error of the write, not the end of a training.
  std::signal(SIGPIPE, SIG_IGN);
  if (const auto code = lathe::app::runWorkerIfAsked(argc, argv)) return *code;
  // What is worth saying goes to standard error; this is what has nobody to say it to.
  if (const auto folder = lathe::logFolder(); !folder.empty())
    lathe::logToFile(folder / "lathe-cli.log", lathe::LogLevel::Warn);
  return lathe::cli::runCommandLine(argc, argv);
}
