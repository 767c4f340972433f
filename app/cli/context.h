// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/cli/output.h"
#include "app/cli/progress_line.h"
#include "app/cli/stop_watcher.h"
#include "core/services/model_service.h"
#include "core/services/project.h"

namespace lathe::cli {

/// Options that may stand before or after any command.
struct Globals {
  bool json = false;
  std::string project;            ///< empty: ./lathe-project.lathe
  std::vector<std::string> sets;  ///< PATH=VALUE
  std::string seed, threads, device;
};

/// What the commands exit with. 141 is what a shell shows for a program that a closed pipe ended (128 + SIGPIPE).
enum ExitCode { Done = 0, Failed = 1, WrongUsage = 2, StoppedByPerson = 3, CheckFailed = 4, OutputClosed = 141 };

/// A wrong use of the command line: exits 2. `what` is stable: "usage.WHAT" becomes the code.
[[nodiscard]] tl::unexpected<Error> usage(const std::string& what, std::string message, std::string hint);
/// The same error, but caused by what was typed: exits 2.
[[nodiscard]] tl::unexpected<Error> asUsage(Error error);
/// Exit code of an error: usage (also a word that can never name a run, and a space whose fields or values the spec
/// does not have) 2, cancelled 3, parity 4, else 1.
[[nodiscard]] int exitCodeOf(const Error& error);

/// What a running command works with. Everything heavy is made when first asked for.
class Context {
 public:
  Context(Globals globals, StopWatcher& stops) : m_globals(std::move(globals)), m_stops(stops) {}

  [[nodiscard]] const Globals& globals() const { return m_globals; }
  [[nodiscard]] StopWatcher& stops() { return m_stops; }
  /// Absolute, whether it exists or not.
  [[nodiscard]] std::filesystem::path projectFolder() const;
  Result<std::shared_ptr<services::Project>> project(services::Project::Mode mode) const;
  /// Loads LibTorch with the threads asked for by --threads.
  /// Sets the threads of --threads for LibTorch, which reads them when it is loaded; before any other thread is there.
  Result<void> tellThreads() const;
  Result<std::shared_ptr<engine::Engine>> engine() const;
  Result<std::unique_ptr<services::ModelService>> models() const;

  /// Progress to the line, and stop at the first Ctrl+C, from now on.
  [[nodiscard]] JobContext job(ProgressLine& line);

  /// With --json the object as one line, else the text for people. `code` is passed through.
  Result<int> print(const Json& result, const std::string& text, int code = Done) const;
  /// The error's sentence on standard error and, with --json, {"error": ...} with the members of `extra`.
  int printFailure(const Error& error, const Json& extra = Json::object()) const;

 private:
  Globals m_globals;
  StopWatcher& m_stops;
};

/// A command, ready to run. Gives the exit code.
using Action = std::function<Result<int>(Context&)>;

}  // namespace lathe::cli
