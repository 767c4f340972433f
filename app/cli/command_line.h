// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::cli {

/// Parses, runs, prints; gives the exit code. Call it before any other thread exists.
int runCommandLine(int argc, char** argv);

}  // namespace lathe::cli
