// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/scratch_folder.h"
#include "core/exporting/c/c_source.h"
#include "core/exporting/runtimes/foreign_runtimes.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

std::string compiler() {
  const char* named = std::getenv("CC");
  return named != nullptr && *named != '\0' ? named : "cc";
}

/// Runs a program with its output in a file; false when it is not there or fails.
bool runProgram(const std::vector<std::string>& arguments, const fs::path& log) {
  std::vector<char*> argv;
  argv.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
  pid_t child = 0;
  const int problem = ::posix_spawnp(&child, argv.front(), &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  int status = 0;
  if (problem != 0) return false;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// "GCC 12.2.0", "Clang 14.0.6"; empty: there is no compiler.
std::string compilerName(const fs::path& log) {
  if (!runProgram({compiler(), "--version"}, log)) return {};
  const auto text = readFile(log, 1 << 16);
  if (!text) return {};
  const auto line = text->substr(0, text->find('\n'));
  if (line.find("clang") != std::string::npos) return "Clang, " + line;
  if (text->find("Free Software Foundation") != std::string::npos) return "GCC " + line.substr(line.rfind(' ') + 1);
  return "C compiler " + line;
}

std::string entryOf(const std::string& header) {
  const auto end = header.find("_predict(const float");
  if (end == std::string::npos) return {};
  const auto start = header.find_last_of(" \n", end);
  return header.substr(start == std::string::npos ? 0 : start + 1, end - start - 1) + "_predict";
}

}  // namespace

std::string compilerFound() {
  const auto folder = ScratchFolder::make();
  return folder ? compilerName(folder->path() / "log") : std::string();
}

PerhapsAnswer runCompiled(const fs::path& source, const data::Dataset& rows) {
  LATHE_ASSIGN(folder, ScratchFolder::make());
  const auto log = folder.path() / "log";
  RuntimeAnswer answer{{rows.rows, 0, {}}, compilerName(log)};
  if (answer.runtime.empty()) return std::optional<RuntimeAnswer>();
  LATHE_ASSIGN(text, readFile(source, largestCSource));
  LATHE_ASSIGN(model, readC(text));
  LATHE_ASSIGN(ours, writeC(model));
  if (ours.source != text)
    return fail("export.changed_c", LATHE_TEXT("errors", "{file} is not as Lathe wrote it, so it is not compiled."),
                LATHE_TEXT("errors", "Export the run again."), {{"file", source.string()}});
  const auto library = folder.path() / "model.so";
  if (!runProgram({compiler(), "-std=c99", "-O1", "-fPIC", "-shared", source.string(), "-o", library.string(), "-lm"},
                  log))
    return runtimeFailed(answer.runtime, readFile(log, 1 << 20).value_or("the compiler failed").substr(0, 400));
  void* opened = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  using Predict = int (*)(const float*, float*);
  const auto predict =
      opened == nullptr ? nullptr : reinterpret_cast<Predict>(::dlsym(opened, entryOf(ours.header).c_str()));
  if (predict == nullptr) return runtimeFailed(answer.runtime, "the library cannot be opened");
  const auto& program = model.program;
  const int output = program.output >= 0 ? program.output : program.logits;
  answer.predictions.columns =
      static_cast<std::size_t>(spec::elementCount(program.values[static_cast<std::size_t>(output)]));
  answer.predictions.values.resize(rows.rows * answer.predictions.columns);
  for (std::size_t row = 0; row < rows.rows; ++row) {
    const auto input = rawInputs(rows, row, 1);
    if (predict(input.data(), answer.predictions.values.data() + row * answer.predictions.columns) != 0)
      return runtimeFailed(answer.runtime, "it has not enough memory");
  }
  return std::optional(std::move(answer));
}

}  // namespace lathe::exporting
