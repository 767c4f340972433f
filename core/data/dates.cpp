// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dates.h"

#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>

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

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

// A word of letters that is one of `names`, or its first three letters: its place, from 1; 0 where it is none.
template <std::size_t count>
unsigned takeName(const char*& p, const char* end, const std::array<std::string_view, count>& names) {
  std::string word;
  const char* q = p;
  while (q != end && letter(*q) && word.size() < 10) word += lower(*q++);
  if (word.size() < 3 || (q != end && letter(*q))) return 0;
  for (unsigned i = 0; i < names.size(); ++i)
    if (word == names[i] || word == names[i].substr(0, 3) || (word == "sept" && i == 8 && count == 12)) {
      p = q;
      if (p != end && *p == '.') ++p;
      return i + 1;
    }
  return 0;
}

unsigned takeMonth(const char*& p, const char* end) {
  static constexpr std::array<std::string_view, 12> names{"january",   "february", "march",    "april",
                                                          "may",       "june",     "july",     "august",
                                                          "september", "october",  "november", "december"};
  return takeName(p, end, names);
}

void takeWeekday(const char*& p, const char* end) {
  static constexpr std::array<std::string_view, 7> names{"monday", "tuesday",  "wednesday", "thursday",
                                                         "friday", "saturday", "sunday"};
  if (takeName(p, end, names) == 0) return;
  while (p != end && (*p == ',' || *p == ' ')) ++p;
}

bool takeText(const char*& p, const char* end, std::string_view text) {
  if (!std::string_view(p, static_cast<std::size_t>(end - p)).starts_with(text)) return false;
  p += text.size();
  return true;
}

bool separates(const char*& p, const char* end) {
  const char* start = p;
  while (p != end && (*p == ' ' || *p == '-' || *p == '/' || *p == ',')) ++p;
  return p != start;
}

// 2024, or 24 for 1970 to 2069.
bool namedYear(const char*& p, const char* end, unsigned& year) {
  if (fourDigits(p, end, year)) {
    p += 4;
    return p == end || !digit(*p);
  }
  if (end - p < 2 || !digit(p[0]) || !digit(p[1]) || (end - p > 2 && digit(p[2]))) return false;
  year = two(p) + (two(p) < 70 ? 2000 : 1900);
  p += 2;
  return true;
}

// 1 March 2024, 01-Mar-24, Mar 1, 2024, Friday, March 1st 2024, 2024-Mar-01.
bool monthByName(const char*& p, const char* end, Civil& date) {
  const char* q = p;
  takeWeekday(q, end);
  const auto ordinal = [&] {
    for (const char* suffix : {"st", "nd", "rd", "th"})
      if (takeText(q, end, suffix)) return;
  };
  if (q != end && letter(*q)) {
    date.month = takeMonth(q, end);
    if (date.month == 0 || !separates(q, end) || !shortNumber(q, end, date.day)) return false;
    ordinal();
    if (!separates(q, end) || !fourDigits(q, end, date.year)) return false;
    q += 4;
  } else if (fourDigits(q, end, date.year)) {
    q += 4;
    if (!separates(q, end) || (date.month = takeMonth(q, end)) == 0 || !separates(q, end) ||
        !shortNumber(q, end, date.day))
      return false;
  } else {
    if (!shortNumber(q, end, date.day)) return false;
    ordinal();
    // 01Mar2024 needs no separators.
    separates(q, end);
    if ((date.month = takeMonth(q, end)) == 0) return false;
    separates(q, end);
    if (!namedYear(q, end, date.year)) return false;
  }
  p = q;
  return valid(date);
}

// 20240301, of a year that is likely.
bool compactDate(const char*& p, const char* end, Civil& date) {
  if (end - p < 8 || (end - p > 8 && digit(p[8]))) return false;
  for (const char* q = p; q != p + 8; ++q)
    if (!digit(*q)) return false;
  date = {two(p) * 100 + two(p + 2), two(p + 4), two(p + 6)};
  p += 8;
  return date.year >= 1900 && date.year < 2100 && valid(date);
}

// 2024年3月1日
bool chineseDate(const char*& p, const char* end, Civil& date) {
  const char* q = p + 4;
  if (!takeText(q, end, "\u5e74") || !shortNumber(q, end, date.month) || !takeText(q, end, "\u6708") ||
      !shortNumber(q, end, date.day) || !takeText(q, end, "\u65e5"))
    return false;
  p = q;
  return valid(date);
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

bool takeDate(const char*& p, const char* end, DayOrder order, DayOrderSeen& seen, Civil& date) {
  if (!digit(*p)) return monthByName(p, end, date);
  const char* start = p;
  if (fourDigits(p, end, date.year)) {
    if (yearFirst(p, end, date)) return true;
    p = start;
    return compactDate(p, end, date) || (p = start, chineseDate(p, end, date)) || monthByName(p = start, end, date);
  }
  if (yearLast(p, end, order, seen, date)) return true;
  p = start;
  return monthByName(p, end, date);
}

// AM or PM behind a time of the 12-hour clock.
bool halfOfDay(const char*& p, const char* end, unsigned& hour) {
  const char* q = p;
  while (q != end && *q == ' ') ++q;
  if (end - q < 2 || (lower(*q) != 'a' && lower(*q) != 'p')) return true;
  const bool afternoon = lower(*q++) == 'p';
  if (q != end && *q == '.') ++q;
  if (q == end || lower(*q) != 'm') return true;
  ++q;
  if (q != end && *q == '.') ++q;
  if (hour < 1 || hour > 12) return false;
  hour = hour % 12 + (afternoon ? 12 : 0);
  p = q;
  return true;
}

bool parseOffset(const char*& p, const char* end, std::int64_t& seconds) {
  if (p != end && *p == ' ' && end - p > 1) ++p;
  if (p == end) return true;
  if (*p == 'Z' || *p == 'z') {
    ++p;
    return true;
  }
  if (takeText(p, end, "UTC") || takeText(p, end, "GMT")) return true;
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

// hh:mm[:ss[.fraction]][ AM| PM][offset], into microseconds of the day.
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
  if (!halfOfDay(p, end, hour)) return false;
  if (!parseOffset(p, end, offset) || p != end) return false;
  // 60 is a leap second; ISO 8601 also allows 24:00.
  if (minute > 59 || second > 60 || hour > 24 || (hour == 24 && (minute | second) != 0)) return false;
  micros = (static_cast<std::int64_t>(hour * 3600 + minute * 60 + second) - offset) * microsPerSecond + fraction;
  return true;
}

/// The inverse of daysFromCivil, by the same source.
struct CivilDay {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

CivilDay civilFromDays(std::int64_t days) {
  const std::int64_t z = days + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto dayOfEra = static_cast<unsigned>(z - era * 146097);
  const unsigned yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const unsigned dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const unsigned shifted = (5 * dayOfYear + 2) / 153;
  const unsigned month = shifted < 10 ? shifted + 3 : shifted - 9;
  const std::int64_t year = static_cast<std::int64_t>(yearOfEra) + era * 400 + (month <= 2 ? 1 : 0);
  return {year, month, dayOfYear - (153 * shifted + 2) / 5 + 1};
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
  if (end - begin < 8 || end - begin > 48 || (!digit(*begin) && !letter(*begin))) return false;
  const char* p = begin;
  Civil date;
  if (!takeDate(p, end, order, seen, date)) return false;
  micros = daysFromCivil(date.year, date.month, date.day) * secondsPerDay * microsPerSecond;
  if (p == end) return true;
  if (*p != 'T' && *p != ' ' && *p != 't' && *p != ',') return false;
  ++p;
  while (p != end && *p == ' ') ++p;
  std::int64_t time = 0;
  if (!parseTime(p, end, time)) return false;
  micros += time;
  return true;
}

std::int64_t compactDay(std::int64_t micros) {
  constexpr std::int64_t day = secondsPerDay * microsPerSecond;
  const auto date = civilFromDays(micros / day - (micros % day < 0 ? 1 : 0));
  return date.year * 10000 + std::int64_t{date.month} * 100 + date.day;
}

std::string dateText(std::int64_t micros) {
  std::int64_t seconds = micros / microsPerSecond;
  if (micros % microsPerSecond < 0) --seconds;
  std::int64_t days = seconds / secondsPerDay;
  if (seconds % secondsPerDay < 0) --days;
  const auto clock = static_cast<unsigned>(seconds - days * secondsPerDay);
  const auto date = civilFromDays(days);
  if (clock == 0) return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", date.year, date.month, date.day, clock / 3600,
                     clock / 60 % 60, clock % 60);
}

}  // namespace lathe::data
