// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace lathe::data {

/// Which of the first two numbers of 03/04/2024 is the day.
enum class DayOrder : std::uint8_t { DayFirst, MonthFirst };

/// What dates with slashes said about their order, gathered over a column.
struct DayOrderSeen {
  bool dayFirst = false;    ///< some first number is above 12
  bool monthFirst = false;  ///< some second number is above 12
  bool undecided = false;   ///< some had both at most 12 and different

  void add(const DayOrderSeen& other) {
    dayFirst |= other.dayFirst;
    monthFirst |= other.monthFirst;
    undecided |= other.undecided;
  }
};

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Hinnant, chrono-compatible date algorithms).
[[nodiscard]] std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day);

/// Reads a whole cell as a date or date-time into microseconds since 1970 (UTC where no offset is written):
/// yyyy-mm-dd, yyyy/mm/dd, yyyymmdd (of 1900 to 2099), dd.mm.yyyy, dd/mm/yyyy or mm/dd/yyyy (also with '-') by `order`,
/// an English month's name (1 Mar 2024, 01-Mar-24, March 1, 2024, perhaps behind a weekday) or yyyy年m月d日; then
/// optionally 'T' or spaces and hh:mm[:ss[.fraction]][ AM| PM][Z|+hh[:mm]|-hh[:mm]]. Years 1 to 9999. A slash date that
/// only fits the other order is read in that one and noted in `seen`.
[[nodiscard]] bool parseDateTime(const char* begin, const char* end, DayOrder order, DayOrderSeen& seen,
                                 std::int64_t& micros);

/// The day as the number yyyymmdd.
[[nodiscard]] std::int64_t compactDay(std::int64_t micros);

/// yyyy-mm-dd, with hh:mm:ss where it is not midnight.
[[nodiscard]] std::string dateText(std::int64_t micros);

}  // namespace lathe::data
