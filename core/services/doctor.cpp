// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/doctor.h"

#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/services/samples.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr double gigabyte = 1e9;

Check check(Check::State state, std::string code, std::string message, std::string hint, const TextArgs& args) {
  return {state, std::move(code), {std::move(message), args}, {std::move(hint), args}};
}

Check good(std::string code, std::string message, const TextArgs& args) {
  return check(Check::State::Good, std::move(code), std::move(message), "", args);
}

std::string joined(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

void checkEngine(const engine::Engine* engine, std::vector<Check>& checks) {
  if (engine == nullptr) {
    checks.push_back(check(Check::State::Bad, "doctor.engine", LATHE_TEXT("errors", "No training engine is built in."),
                           LATHE_TEXT("errors", "Build Lathe with LibTorch: installer/run.sh does it."), {}));
    return;
  }
  const auto info = engine->info();
  checks.push_back(good("doctor.engine", LATHE_TEXT("errors", "The engine is {engine}."), {{"engine", info.name}}));
  const TextArgs blas{{"blas", info.blas}, {"command", info.blasHint}};
  if (info.blasIsSlow)
    checks.push_back(check(Check::State::Warning, "doctor.blas",
                           LATHE_TEXT("errors", "BLAS is {blas}, which makes training two to seven times slower."),
                           LATHE_TEXT("errors", "Mend it with: {command}"), blas));
  else
    checks.push_back(good("doctor.blas", LATHE_TEXT("errors", "BLAS is {blas}."), blas));

  if (info.fusedIsSlow)
    checks.push_back(check(Check::State::Warning, "doctor.fused",
                           LATHE_TEXT("errors", "The fused executor does without libxsmm ({fused})."),
                           LATHE_TEXT("errors", "Install libxsmm-dev and build Lathe again: two times faster."),
                           {{"fused", info.fused}}));
  else if (!info.fused.empty())
    checks.push_back(
        good("doctor.fused", LATHE_TEXT("errors", "The fused executor uses {fused}."), {{"fused", info.fused}}));

  std::vector<std::string> cuda;
  for (const auto& device : info.devices)
    if (device.rfind("cuda", 0) == 0) cuda.push_back(device);
  if (cuda.empty())
    checks.push_back(good("doctor.cuda", LATHE_TEXT("errors", "No CUDA device: training runs on the processor."), {}));
  else
    checks.push_back(
        good("doctor.cuda", LATHE_TEXT("errors", "CUDA devices: {devices}."), {{"devices", joined(cuda)}}));
  checks.push_back(good("doctor.runtimes", LATHE_TEXT("errors", "TorchScript exports are checked by {runtimes}."),
                        {{"runtimes", info.name}}));
}

void checkMachine(std::vector<Check>& checks) {
  const auto machine = machineInfo();
  const auto sets = machine.instructionSets.empty() ? std::string("x86-64") : joined(machine.instructionSets);
  checks.push_back(good("doctor.processor", LATHE_TEXT("errors", "The processor is {processor} ({sets})."),
                        {{"processor", machine.processor}, {"sets", sets}}));
  checks.push_back(good("doctor.threads", LATHE_TEXT("errors", "{threads} threads can be used."),
                        {{"threads", std::to_string(machine.threads)}}));
  const auto available = static_cast<double>(machine.memoryAvailable) / gigabyte;
  const TextArgs memory{{"available", fmt::format("{:.1f}", available)},
                        {"total", fmt::format("{:.1f}", static_cast<double>(machine.memoryTotal) / gigabyte)}};
  if (available < 1)
    checks.push_back(check(Check::State::Warning, "doctor.memory",
                           LATHE_TEXT("errors", "Only {available} GB of {total} GB memory are free."),
                           LATHE_TEXT("errors", "Close other programs before training."), memory));
  else
    checks.push_back(
        good("doctor.memory", LATHE_TEXT("errors", "{available} GB of {total} GB memory are free."), memory));
}

void checkFolder(const fs::path& folder, std::vector<Check>& checks) {
  std::error_code error;
  auto existing = fs::absolute(folder.empty() ? fs::path(".") : folder, error);
  while (!fs::exists(existing, error) && existing.has_parent_path() && existing != existing.parent_path())
    existing = existing.parent_path();
  const auto free = static_cast<double>(freeBytes(existing)) / gigabyte;
  const TextArgs args{{"folder", existing.string()}, {"free", fmt::format("{:.1f}", free)}};
  if (access(existing.c_str(), W_OK) != 0)
    checks.push_back(check(Check::State::Warning, "doctor.read_only",
                           LATHE_TEXT("errors", "{folder} cannot be written."),
                           LATHE_TEXT("errors", "Keep projects in a folder of your own."), args));
  if (free < 1)
    checks.push_back(check(Check::State::Warning, "doctor.disk",
                           LATHE_TEXT("errors", "Only {free} GB are free on the disk of {folder}."),
                           LATHE_TEXT("errors", "Free some space before a long training."), args));
  else
    checks.push_back(good("doctor.disk", LATHE_TEXT("errors", "{free} GB are free on the disk of {folder}."), args));
  if (isNetworkFileSystem(existing))
    checks.push_back(check(Check::State::Warning, "doctor.network",
                           LATHE_TEXT("errors", "{folder} is on a network file system, where projects are not safe."),
                           LATHE_TEXT("errors", "Keep projects on a local disk."), args));
}

void checkSamples(std::vector<Check>& checks) {
  std::vector<std::string> packages;
  for (const auto& sample : samples())
    if (!sample.installed && std::find(packages.begin(), packages.end(), sample.package) == packages.end())
      packages.push_back(sample.package);
  if (packages.empty()) {
    checks.push_back(good("doctor.samples", LATHE_TEXT("errors", "All sample data are installed."), {}));
    return;
  }
  std::string command = "sudo apt install";
  for (const auto& package : packages) command += " " + package;
  checks.push_back(check(Check::State::Good, "doctor.samples",
                         LATHE_TEXT("errors", "Some sample data are not installed."),
                         LATHE_TEXT("errors", "Install them with: {command}"), {{"command", command}}));
}

}  // namespace

std::vector<Check> diagnose(const engine::Engine* engine, const fs::path& folder) {
  std::vector<Check> checks;
  checkEngine(engine, checks);
  checkMachine(checks);
  checkFolder(folder, checks);
  checkSamples(checks);
  return checks;
}

}  // namespace lathe::services
