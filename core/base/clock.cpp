// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"

#include <ctime>
#include <fmt/format.h>

namespace lathe {
namespace {

class SystemClock final : public Clock {
 public:
  std::int64_t nowMicros() const override {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
  double steadySeconds() const override {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
};

}  // namespace

const Clock& systemClock() {
  static const SystemClock clock;
  return clock;
}

std::string isoTime(std::int64_t micros) {
  std::int64_t millis = micros / 1000;
  if (micros % 1000 < 0) --millis;
  std::int64_t part = millis % 1000;
  if (part < 0) part += 1000;
  const auto seconds = static_cast<std::time_t>((millis - part) / 1000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, part);
}

}  // namespace lathe
