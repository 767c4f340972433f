// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace lathe {

/// Wall and steady time, injected wherever a decision or a stored value depends on it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  /// UTC wall time, microseconds since 1970.
  [[nodiscard]] virtual std::int64_t nowMicros() const = 0;
  /// Steady time in seconds since an arbitrary start.
  [[nodiscard]] virtual double steadySeconds() const = 0;
};

/// The machine's clocks.
[[nodiscard]] const Clock& systemClock();

/// A clock that only moves when told to, for tests.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t startMicros = 1'700'000'000'000'000) : m_micros(startMicros) {}
  [[nodiscard]] std::int64_t nowMicros() const override { return m_micros; }
  [[nodiscard]] double steadySeconds() const override { return static_cast<double>(m_micros) * 1e-6; }
  void advance(double seconds) { m_micros += static_cast<std::int64_t>(seconds * 1e6); }

 private:
  std::int64_t m_micros;
};

/// ISO 8601 in UTC with milliseconds: 2026-11-24T05:03:10.123Z.
[[nodiscard]] std::string isoTime(std::int64_t micros);

}  // namespace lathe
