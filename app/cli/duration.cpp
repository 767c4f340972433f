// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/duration.h"

#include <charconv>
#include <cmath>
#include <string>

namespace lathe::cli {

Result<double> parseDuration(std::string_view text) {
  double value = 0;
  const char* last = text.data() + text.size();
  const char* first = text.data() + (text.size() > 1 && text[0] == '+' && text[1] != '-' ? 1 : 0);
  const auto [end, error] = std::from_chars(first, last, value);
  const std::string_view unit(end, static_cast<std::size_t>(last - end));
  const double factor = unit.empty() || unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
  if (error != std::errc() || factor == 0 || !std::isfinite(value) || value < 0)
    return fail("usage.duration", LATHE_TEXT("errors", "\"{text}\" is no duration."),
                LATHE_TEXT("errors", "Write it as 90s, 10m or 2h; a bare number is seconds."),
                {{"text", std::string(text)}});
  return value * factor;
}

}  // namespace lathe::cli
