// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/machine.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fstream>
#include <limits>
#include <sched.h>
#include <sstream>
#include <unistd.h>

namespace lathe {
namespace {

std::string firstLine(const std::string& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Field 22 of /proc/PID/stat; the command name in parentheses may hold anything, so counting starts behind it. 0: no
// such process.
std::uint64_t startTimeOf(std::int64_t pid) {
  const auto line = firstLine("/proc/" + std::to_string(pid) + "/stat");
  const auto close = line.rfind(')');
  if (close == std::string::npos) return 0;
  std::istringstream rest(line.substr(close + 1));
  std::string field;
  rest >> field;
  if (field == "Z" || field == "X") return 0;
  for (int i = 4; i <= 22; ++i) rest >> field;
  std::uint64_t value = 0;
  std::from_chars(field.data(), field.data() + field.size(), value);
  return value;
}

std::uint64_t number(const std::string& text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end != text.data() ? value : std::numeric_limits<std::uint64_t>::max();
}

// Smallest limit on the way from this process's cgroup (version 2) to the root, with what is used there.
struct CgroupMemory {
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t available = std::numeric_limits<std::uint64_t>::max();
};

CgroupMemory cgroupMemory() {
  CgroupMemory result;
  std::string group;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);)
    if (line.rfind("0::", 0) == 0) group = line.substr(3);
  for (;;) {
    const std::string folder = "/sys/fs/cgroup" + (group == "/" ? std::string() : group);
    const auto limit = number(firstLine(folder + "/memory.max"));
    if (limit != std::numeric_limits<std::uint64_t>::max()) {
      const auto used = number(firstLine(folder + "/memory.current"));
      result.limit = std::min(result.limit, limit);
      result.available = std::min(result.available, limit > used ? limit - used : 0);
    }
    if (group.empty() || group == "/") break;
    group = group.substr(0, group.rfind('/'));
  }
  return result;
}

std::uint64_t memInfo(const std::string& key) {
  std::ifstream in("/proc/meminfo");
  for (std::string line; std::getline(in, line);)
    if (line.rfind(key, 0) == 0) {
      std::istringstream rest(line.substr(key.size()));
      std::uint64_t kilobytes = 0;
      rest >> kilobytes;
      return kilobytes * 1024;
    }
  return 0;
}

// What stays as it is.
MachineInfo processorInfo() {
  MachineInfo info;
  std::string flags;
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (info.processor.empty() && line.rfind("model name", 0) == 0) info.processor = line.substr(colon + 2);
    if (flags.empty() && line.rfind("flags", 0) == 0) flags = line.substr(colon + 1) + " ";
  }
  for (const char* set : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"})
    if (flags.find(" " + std::string(set) + " ") != std::string::npos) info.instructionSets.emplace_back(set);
  return info;
}

}  // namespace

ProcessIdentity thisProcess() {
  static const std::string host = [] {
    std::array<char, 256> name{};
    gethostname(name.data(), name.size() - 1);
    return std::string(name.data());
  }();
  static const std::string boot = firstLine("/proc/sys/kernel/random/boot_id");
  const auto pid = static_cast<std::int64_t>(getpid());
  return {host, boot, pid, startTimeOf(pid)};
}

OwnerState ownerState(const ProcessIdentity& owner) {
  const auto self = thisProcess();
  if (owner.host != self.host) return OwnerState::ElsewhereUnknown;
  if (owner.bootId != self.bootId) return OwnerState::Dead;
  return startTimeOf(owner.pid) == owner.startTime && owner.startTime != 0 ? OwnerState::Alive : OwnerState::Dead;
}

MachineInfo machineInfo() {
  static const auto processor = processorInfo();
  MachineInfo info = processor;

  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (sched_getaffinity(0, sizeof cpus, &cpus) == 0)
    info.threads = static_cast<unsigned>(std::max(1, CPU_COUNT(&cpus)));

  const auto group = cgroupMemory();
  info.memoryTotal = std::min(memInfo("MemTotal:"), group.limit);
  info.memoryAvailable = std::min(memInfo("MemAvailable:"), group.available);
  return info;
}

std::uint64_t residentMemory() {
  std::istringstream in(firstLine("/proc/self/statm"));
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

std::uint64_t availableMemory() { return std::min(memInfo("MemAvailable:"), cgroupMemory().available); }

ProcessorTimes processorTimes() {
  ProcessorTimes times;
  times.wall = std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  timespec spent{};
  if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent) == 0)
    times.process = static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) * 1e-9;
  // user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already.
  std::istringstream in(firstLine("/proc/stat"));
  std::string word;
  in >> word;
  const double ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  double value = 0;
  for (int column = 0; column < 8 && in >> value; ++column) {
    times.all += value / ticks;
    if (column != 3 && column != 4) times.busy += value / ticks;
  }
  return times;
}

std::optional<ProcessorLoad> loadBetween(const ProcessorTimes& before, const ProcessorTimes& after) {
  constexpr double shortest = 0.02;  // two ticks of the system's clock
  const double wall = after.wall - before.wall;
  if (wall < shortest) return std::nullopt;
  const auto share = [](double part, double whole) { return whole > 0 ? std::clamp(part / whole, 0.0, 1.0) : 0.0; };
  const double processors = std::max(1.0, static_cast<double>(sysconf(_SC_NPROCESSORS_ONLN)));
  return ProcessorLoad{share(after.process - before.process, wall * processors),
                       share(after.busy - before.busy, after.all - before.all)};
}

const char* latheVersion() { return LATHE_VERSION; }

}  // namespace lathe
