// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/context.h"

#include <cstdlib>

#include "app/composition/composition.h"

namespace lathe::cli {

tl::unexpected<Error> usage(const std::string& what, std::string message, std::string hint) {
  return fail("usage." + what, std::move(message), std::move(hint));
}

tl::unexpected<Error> asUsage(Error error) {
  if (error.code.rfind("usage.", 0) != 0) error.code = "usage." + error.code;
  return tl::unexpected<Error>(std::move(error));
}

int exitCodeOf(const Error& error) {
  for (const char* misused : {"run.bad_name", "study.name", "study.path", "study.value"})
    if (error.code == misused) return WrongUsage;
  if (error.code.rfind("usage.", 0) == 0) return WrongUsage;
  if (error.code == cancelledCode) return StoppedByPerson;
  if (error.code == "export.parity") return CheckFailed;
  return Failed;
}

std::filesystem::path Context::projectFolder() const {
  return std::filesystem::absolute(m_globals.project.empty() ? "lathe-project.lathe" : m_globals.project)
      .lexically_normal();
}

Result<std::shared_ptr<services::Project>> Context::project(services::Project::Mode mode) const {
  return services::Project::open(projectFolder(), mode, app::storeOpener());
}

Result<void> Context::tellThreads() const {
  const auto& threads = m_globals.threads;
  if (!threads.empty()) {
    if (threads.size() > 4 || threads.find_first_not_of("0123456789") != std::string::npos || std::stoi(threads) == 0)
      return usage("threads", "--threads " + threads + " is no number of threads.", "Give a whole number from 1 on.");
    // Read by OpenMP when LibTorch is loaded; trainings set the threads of their spec themselves.
    const char* known = getenv("OMP_NUM_THREADS");
    if (known == nullptr || threads != known) setenv("OMP_NUM_THREADS", threads.c_str(), 1);
  }
  return {};
}

Result<std::shared_ptr<engine::Engine>> Context::engine() const {
  LATHE_TRY(tellThreads());
  return app::loadEngine();
}

Result<std::unique_ptr<services::ModelService>> Context::models() const {
  LATHE_ASSIGN(loaded, engine());
  return services::makeModelService(loaded, app::selfProcess());
}

JobContext Context::job(ProgressLine& line) {
  m_stops.graceful({}, {});
  return {[&line](const Progress& progress) { line.show(progress); }, m_stops.stop()};
}

Result<int> Context::print(const Json& result, const std::string& text, int code) const {
  LATHE_TRY(writeOut(m_globals.json ? oneLine(result) + "\n" : text));
  return code;
}

int Context::printFailure(const Error& error, const Json& extra) const {
  if (error.code == outputClosedCode) return OutputClosed;
  writeErr("lathe-cli: " + error.sentence());
  if (m_globals.json) {
    Json result{{"error", errorJson(error)}};
    result.update(extra);
    // Nothing is left to be done when even this cannot be written.
    (void)writeOut(oneLine(result) + "\n").has_value();
  }
  return exitCodeOf(error);
}

}  // namespace lathe::cli
