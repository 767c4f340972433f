// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dates.h"

#include <array>
#include <fmt/format.h>

namespace lathe::data {
namespace {

constexpr std::int64_t microsPerSecond = 1'000'000;
constexpr std::int64_t secondsPerDay = 86'400;

bool digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }
unsigned two(const char* p) { return static_cast<unsigned>(p[0] - '0') * 10 + static_cast<unsigned>(p[1] - '0'); }

struct Civil {
  unsigned year = 0;
  unsigned month = 0;
  unsigned day = 0;
};

bool valid(const Civil& date) {
  static constexpr std::array<unsigned, 13> lengths{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.year == 0 || date.month == 0 || date.month > 12 || date.day == 0 || date.day > lengths[date.month])
    return false;
  const bool leap = (date.year % 4 == 0 && date.year % 100 != 0) || date.year % 400 == 0;
  return date.month != 2 || date.day != 29 || leap;
}

// One or two digits.
bool shortNumber(const char*& p, const char* end, unsigned& value) {
  if (p == end || !digit(*p)) return false;
  value = static_cast<unsigned>(*p++ - '0');
  if (p != end && digit(*p)) value = value * 10 + static_cast<unsigned>(*p++ - '0');
  return true;
}

bool fourDigits(const char* p, const char* end, unsigned& value) {
  if (end - p < 4 || !digit(p[0]) || !digit(p[1]) || !digit(p[2]) || !digit(p[3])) return false;
  value = two(p) * 100 + two(p + 2);
  return true;
}

bool yearFirst(const char*& p, const char* end, Civil& date) {
  const char* q = p + 4;
  if (q == end || (*q != '-' && *q != '/' && *q != '.')) return false;
  const char separator = *q++;
  if (!shortNumber(q, end, date.month) || q == end || *q != separator) return false;
  ++q;
  if (!shortNumber(q, end, date.day)) return false;
  p = q;
  return valid(date);
}

bool yearLast(const char*& p, const char* end, DayOrder order, DayOrderSeen& seen, Civil& date) {
  unsigned first = 0;
  unsigned second = 0;
  const char* q = p;
  if (!shortNumber(q, end, first) || q == end || (*q != '-' && *q != '/' && *q != '.')) return false;
  const char separator = *q++;
  if (!shortNumber(q, end, second) || q == end || *q != separator) return false;
  ++q;
  if (!fourDigits(q, end, date.year)) return false;
  q += 4;
  if (q != end && digit(*q)) return false;
  p = q;
  bool dayFirst = order == DayOrder::DayFirst;
  if (separator == '.') {
    dayFirst = true;
  } else if (first > 12) {
    dayFirst = true;
    seen.dayFirst = true;
  } else if (second > 12) {
    dayFirst = false;
    seen.monthFirst = true;
  } else if (first != second) {
    seen.undecided = true;
  }
  date.day = dayFirst ? first : second;
  date.month = dayFirst ? second : first;
  return valid(date);
}

bool parseOffset(const char*& p, const char* end, std::int64_t& seconds) {
  if (p != end && *p == ' ' && end - p > 1) ++p;
  if (p == end) return true;
  if (*p == 'Z' || *p == 'z') {
    ++p;
    return true;
  }
  if (*p != '+' && *p != '-') return false;
  const bool negative = *p++ == '-';
  if (end - p < 2 || !digit(p[0]) || !digit(p[1])) return false;
  const unsigned hours = two(p);
  unsigned minutes = 0;
  p += 2;
  if (p != end && *p == ':') ++p;
  if (end - p >= 2 && digit(p[0]) && digit(p[1])) {
    minutes = two(p);
    p += 2;
  }
  if (hours > 18 || minutes > 59) return false;
  seconds = static_cast<std::int64_t>(hours * 3600 + minutes * 60) * (negative ? -1 : 1);
  return true;
}

// hh:mm[:ss[.fraction]][offset], into microseconds of the day.
bool parseTime(const char* p, const char* end, std::int64_t& micros) {
  unsigned hour = 0;
  if (!shortNumber(p, end, hour) || end - p < 3 || *p != ':' || !digit(p[1]) || !digit(p[2])) return false;
  const unsigned minute = two(p + 1);
  p += 3;
  unsigned second = 0;
  std::int64_t fraction = 0;
  if (p != end && *p == ':') {
    if (end - p < 3 || !digit(p[1]) || !digit(p[2])) return false;
    second = two(p + 1);
    p += 3;
    if (p != end && (*p == '.' || *p == ',')) {
      ++p;
      if (p == end || !digit(*p)) return false;
      std::int64_t unit = microsPerSecond / 10;
      for (; p != end && digit(*p); ++p, unit /= 10) fraction += unit * (*p - '0');
    }
  }
  std::int64_t offset = 0;
  if (!parseOffset(p, end, offset) || p != end) return false;
  // 60 is a leap second; ISO 8601 also allows 24:00.
  if (minute > 59 || second > 60 || hour > 24 || (hour == 24 && (minute | second) != 0)) return false;
  micros = (static_cast<std::int64_t>(hour * 3600 + minute * 60 + second) - offset) * microsPerSecond + fraction;
  return true;
}

}  // namespace

std::int64_t daysFromCivil(std::int64_t year, unsigned month, unsigned day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const auto yearOfEra = static_cast<unsigned>(year - era * 400);
  const unsigned dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const unsigned dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + static_cast<std::int64_t>(dayOfEra) - 719468;
}

bool parseDateTime(const char* begin, const char* end, DayOrder order, DayOrderSeen& seen, std::int64_t& micros) {
  if (end - begin < 8 || end - begin > 48 || !digit(*begin)) return false;
  const char* p = begin;
  Civil date;
  if (fourDigits(p, end, date.year)) {
    if (!yearFirst(p, end, date)) return false;
  } else if (!yearLast(p, end, order, seen, date)) {
    return false;
  }
  micros = daysFromCivil(date.year, date.month, date.day) * secondsPerDay * microsPerSecond;
  if (p == end) return true;
  if (*p != 'T' && *p != ' ' && *p != 't') return false;
  ++p;
  while (p != end && *p == ' ') ++p;
  std::int64_t time = 0;
  if (!parseTime(p, end, time)) return false;
  micros += time;
  return true;
}

std::string dateText(std::int64_t micros) {
  std::int64_t seconds = micros / microsPerSecond;
  if (micros % microsPerSecond < 0) --seconds;
  std::int64_t days = seconds / secondsPerDay;
  if (seconds % secondsPerDay < 0) --days;
  const auto clock = static_cast<unsigned>(seconds - days * secondsPerDay);
  // The inverse of daysFromCivil, by the same source.
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto dayOfEra = static_cast<unsigned>(z - era * 146097);
  const unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const unsigned shifted = (5 * dayOfYear + 2) / 153;
  const unsigned day = dayOfYear - (153 * shifted + 2) / 5 + 1;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = static_cast<std::int64_t>(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0);
  if (clock == 0) return fmt::format("{:04}-{:02}-{:02}", year, month, day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", year, month, day, clock / 3600, clock / 60 % 60,
                     clock % 60);
}

}  // namespace lathe::data
