// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/cli_process.h"

#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "tests/support/testing.h"

namespace lathe::tests {
namespace {

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Args withProgram(const Args& args) {
  Args all{LATHE_CLI};
  all.insert(all.end(), args.begin(), args.end());
  return all;
}

}  // namespace

Json Finished::json() const {
  if (out.empty() || out.back() != '\n' || out.find('\n') != out.size() - 1) return Json(Json::value_t::discarded);
  return Json::parse(out, nullptr, false);
}

CliProcess::CliProcess(const std::filesystem::path& folder, const Args& args) { start(folder, withProgram(args)); }

CliProcess::CliProcess(const std::filesystem::path& folder, const Args& args, bool) { start(folder, args); }

void CliProcess::start(const std::filesystem::path& folder, const Args& args) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  const auto out = (m_files / "out").string();
  const auto err = (m_files / "err").string();
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addchdir_np(&files, folder.c_str());
  std::vector<char*> argv;
  for (const auto& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  const int error = posix_spawnp(&m_pid, argv[0], &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (error != 0) throw std::runtime_error("cannot start " + args.front());
}

CliProcess::~CliProcess() {
  if (m_ended) return;
  kill(m_pid, SIGKILL);
  waitpid(m_pid, &m_status, 0);
}

void CliProcess::send(int signal) const { kill(m_pid, signal); }

bool CliProcess::running() {
  if (!m_ended && waitpid(m_pid, &m_status, WNOHANG) == m_pid) m_ended = true;
  return !m_ended;
}

std::string CliProcess::errSoFar() const { return content(m_files / "err"); }

Finished CliProcess::wait(double seconds) {
  if (!within(seconds, [this] { return !running(); })) {
    kill(m_pid, SIGKILL);
    waitpid(m_pid, &m_status, 0);
    m_ended = true;
  }
  return {WIFEXITED(m_status) ? WEXITSTATUS(m_status) : -1, WIFSIGNALED(m_status) ? WTERMSIG(m_status) : 0,
          content(m_files / "out"), content(m_files / "err")};
}

Finished latheCli(const std::filesystem::path& folder, const Args& args) { return CliProcess(folder, args).wait(); }

bool hasLayers(const std::filesystem::path& folder) {
  return latheCli(folder, {"doctor"}).out.find("engine is LibTorch") != std::string::npos;
}

Finished latheJson(const std::filesystem::path& folder, Args args) {
  args.emplace_back("--json");
  return latheCli(folder, args);
}

Json run(const TempFolder& folder, const Args& args) {
  const auto result = latheJson(folder.path(), args);
  if (result.code != 0) testing::reportFailure(__FILE__, __LINE__, result.err);
  return result.json();
}

std::string errorCode(const Finished& result) {
  const auto json = result.json();
  return json.is_object() && json.contains("error") ? json["error"]["code"].get<std::string>() : "";
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Args joined(Args args, const Args& more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

Finished program(const std::filesystem::path& folder, const Args& args) {
  return CliProcess(folder, args, true).wait();
}

void sleepSeconds(double seconds) { std::this_thread::sleep_for(std::chrono::duration<double>(seconds)); }

std::string statusOf(const std::filesystem::path& folder, int run) {
  const auto json = latheJson(folder, {"runs", "show", std::to_string(run)}).json();
  return json.is_object() && json.contains("runs") ? json["runs"][0]["status"].get<std::string>() : "";
}

std::int64_t lastStep(const std::filesystem::path& folder, int run) {
  const auto json = latheJson(folder, {"metrics", std::to_string(run), "--name", "train/loss"}).json();
  if (!json.is_object() || !json.contains("points") || json["points"].empty()) return 0;
  return json["points"].back()[0].get<std::int64_t>();
}

}  // namespace lathe::tests
