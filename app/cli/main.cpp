// SPDX-License-Identifier: GPL-3.0-or-later
#include <csignal>

#include "app/cli/command_line.h"
#include "app/composition/composition.h"

int main(int argc, char** argv) {
  // A closed pipe is an error of the write, not the end of a training.
  std::signal(SIGPIPE, SIG_IGN);
  if (const auto code = lathe::app::runWorkerIfAsked(argc, argv)) return *code;
  return lathe::cli::runCommandLine(argc, argv);
}
