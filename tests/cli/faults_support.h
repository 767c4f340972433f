// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "tests/cli/cli_process.h"

namespace lathe::tests {

/// The command failed with exit code 1, a code that begins with `code`, a sentence and a remedy; `says` is part of the
/// sentence. Nothing else stands on standard output.
void checkRefused(const Finished& result, const std::string& code, const std::string& says, const char* file, int line);

/// A training that lasts until somebody stops it.
[[nodiscard]] Args endlessTraining(Args more = {});
/// Waits until the run's first points are stored; false when it ends before.
bool waitForSteps(CliProcess& process, const std::filesystem::path& folder, int run = 1, std::int64_t steps = 1);

/// Steps of a curve go up one by one, without gap or repetition.
[[nodiscard]] bool contiguous(const std::filesystem::path& folder, int run);
/// PRAGMA integrity_check of the default project's store.
[[nodiscard]] bool storeIntact(const std::filesystem::path& folder);

/// The part of `text` between two words; empty when the first is not there.
[[nodiscard]] std::string between(const std::string& text, const std::string& from, const std::string& to);

/// The command line that runs `args` as a user without rights; empty when this machine cannot.
[[nodiscard]] Args withoutRights(Args args);

}  // namespace lathe::tests

#define CHECK_REFUSED(result, code, says) ::lathe::tests::checkRefused((result), (code), (says), __FILE__, __LINE__)
