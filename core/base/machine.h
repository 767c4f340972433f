// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lathe {

/// Who owns a run: enough to tell on this host whether the owner still lives.
struct ProcessIdentity {
  std::string host;
  std::string bootId;
  std::int64_t pid = 0;
  std::uint64_t startTime = 0;  ///< field 22 of /proc/PID/stat, clock ticks since boot

  bool operator==(const ProcessIdentity&) const = default;
};

[[nodiscard]] ProcessIdentity thisProcess();

/// Alive, dead, or on another host (then only its heartbeat can tell).
enum class OwnerState { Alive, Dead, ElsewhereUnknown };
[[nodiscard]] OwnerState ownerState(const ProcessIdentity& owner);

/// What the machine offers, cgroup limits included.
struct MachineInfo {
  std::string processor;
  std::vector<std::string> instructionSets;  ///< of avx2, avx512f, avx512_bf16, amx_bf16
  unsigned threads = 1;                      ///< usable by this process
  std::uint64_t memoryTotal = 0;             ///< bytes
  std::uint64_t memoryAvailable = 0;         ///< bytes, now
};
[[nodiscard]] MachineInfo machineInfo();

/// Resident memory of this process in bytes.
[[nodiscard]] std::uint64_t residentMemory();

/// Memory that the machine could still give this process, cgroup limits included, in bytes.
[[nodiscard]] std::uint64_t availableMemory();

/// Processor time so far, in seconds.
struct ProcessorTimes {
  double wall = 0;     ///< steady clock
  double process = 0;  ///< of all threads of this process
  double busy = 0;     ///< of all processors of the machine
  double all = 0;      ///< busy and idle ones together; 0 where the system does not say
};
[[nodiscard]] ProcessorTimes processorTimes();
/// Share of all processors, 0 to 1.
struct ProcessorLoad {
  double process = 0, machine = 0;
};
/// Nothing while no measurable time passed.
[[nodiscard]] std::optional<ProcessorLoad> loadBetween(const ProcessorTimes& before, const ProcessorTimes& after);

/// Lathe's version, "0.1.0".
[[nodiscard]] const char* latheVersion();

}  // namespace lathe
