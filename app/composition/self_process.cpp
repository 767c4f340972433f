// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "app/composition/composition.h"
#include "app/composition/exchange.h"
#include "app/composition/program_path.h"
#include "core/base/files.h"
#include "core/exporting/formats/model_files.h"
#include "core/exporting/runtimes/foreign_runtimes.h"

namespace lathe::app {
namespace {

constexpr const char* workerArgument = "--lathe-predict-worker";

/// A folder below the temporary folder, removed at the end.
class ExchangeFolder {
 public:
  ExchangeFolder() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "lathe-worker-XXXXXX").string();
    if (mkdtemp(name.data()) != nullptr) m_path = name;
    m_errno = errno;
  }
  ~ExchangeFolder() {
    std::error_code ignored;
    if (!m_path.empty()) std::filesystem::remove_all(m_path, ignored);
  }
  ExchangeFolder(const ExchangeFolder&) = delete;
  ExchangeFolder& operator=(const ExchangeFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] int error() const { return m_errno; }

 private:
  std::filesystem::path m_path;
  int m_errno = 0;
};

/// Starts the program with nothing on its standard input and output, messages into `log`, and no blocked signals.
int startWorker(const std::filesystem::path& program, const std::array<std::string, 5>& arguments,
                const std::filesystem::path& log, pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  // A group of its own: Ctrl+C in the terminal is for the parent, which ends the worker itself.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);

  std::array<char*, 6> argv{};
  for (std::size_t i = 0; i < arguments.size(); ++i) argv[i] = const_cast<char*>(arguments[i].c_str());
  const int error = posix_spawn(&pid, program.c_str(), &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

class SelfProcess final : public services::FreshProcess {
 public:
  Result<engine::Predictions> predict(const std::filesystem::path& modelFile, const data::Dataset& rows,
                                      std::string& runtime, const JobContext& job) override {
    const ExchangeFolder folder;
    if (folder.path().empty()) return fileError(folder.error(), std::filesystem::temp_directory_path());
    const auto in = folder.path() / "rows";
    const auto out = folder.path() / "answer";
    const auto log = folder.path() / "messages";
    LATHE_TRY(writeRows(rows, in));

    const auto program = programPath();
    std::error_code error;
    const auto model = std::filesystem::absolute(modelFile, error);
    pid_t pid = 0;
    const int spawned =
        startWorker(program, {program.string(), workerArgument, model.string(), in.string(), out.string()}, log, pid);
    if (spawned != 0) return fileError(spawned, program);

    int status = 0;
    for (;;) {
      const pid_t ended = waitpid(pid, &status, WNOHANG);
      if (ended == pid) break;
      if (ended < 0 && errno != EINTR) return fileError(errno, program);
      if (job.cancelled()) {
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
        }
        return fail(cancelledCode, LATHE_TEXT("errors", "The check was cancelled."), "");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (!std::filesystem::exists(out, error)) {
      const auto messages = readFile(log, 1 << 20);
      return fail("worker.ended", LATHE_TEXT("errors", "The second process that checks {file} ended early: {reason}"),
                  LATHE_TEXT("errors", "Check that enough memory is free, then try again."),
                  {{"file", model.string()},
                   {"reason", messages && !messages->empty() ? *messages
                              : WIFSIGNALED(status)          ? "signal " + std::to_string(WTERMSIG(status))
                                                             : "code " + std::to_string(WEXITSTATUS(status))}});
    }
    LATHE_ASSIGN(answer, readAnswer(out));
    runtime = answer.runtime;
    return std::move(answer.predictions);
  }
};

/// What else than LibTorch a file is read by, when nobody else's runtime is at hand.
std::string readerOf(const std::filesystem::path& model) {
  if (model.extension() == ".onnx") return "Lathe's ONNX reader on ";
  if (model.extension() == ".c") return "Lathe's reader of C on ";
  return model.filename() == "saved_model.pb" ? "Lathe's SavedModel reader on " : "";
}

Result<WorkerAnswer> work(const std::filesystem::path& model, const std::filesystem::path& in) {
  LATHE_ASSIGN(rows, readRows(in));
  LATHE_ASSIGN(engine, loadEngine());
  LATHE_ASSIGN(predictor, exporting::loadModelFile(*engine, model));
  rows.schema = predictor->schema();
  auto foreign = exporting::runOnForeignRuntime(model, rows);
  if (!foreign) return passOn(foreign);
  if (*foreign) return WorkerAnswer{std::move((*foreign)->predictions), std::move((*foreign)->runtime)};
  WorkerAnswer answer;
  answer.runtime = readerOf(model) + engine->info().name;
  LATHE_ASSIGN(predictions, predictor->predict(rows, {}));
  answer.predictions = std::move(predictions);
  return answer;
}

}  // namespace

std::shared_ptr<services::FreshProcess> selfProcess() { return std::make_shared<SelfProcess>(); }

std::optional<int> runWorkerIfAsked(int argc, char** argv) {
  if (argc != 5 || std::string_view(argv[1]) != workerArgument) return std::nullopt;
  const auto written = writeAnswer(work(argv[2], argv[3]), argv[4]);
  if (!written) {
    std::fputs((written.error().sentence() + "\n").c_str(), stderr);
    return 1;
  }
  return 0;
}

}  // namespace lathe::app
