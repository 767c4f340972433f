// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/typed_numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "app/cli/context.h"
#include "core/spec/fields.h"

namespace lathe::cli {
namespace {

/// Takes the digits at the front of `rest`.
std::string digits(std::string_view& rest) {
  const auto end = std::min(rest.find_first_not_of("0123456789"), rest.size());
  std::string taken(rest.substr(0, end));
  rest.remove_prefix(end);
  return taken;
}

bool take(std::string_view& rest, std::string_view any) {
  if (rest.empty() || any.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

}  // namespace

std::string plainNumber(std::string_view text) {
  auto rest = text;
  const bool negative = !rest.empty() && rest.front() == '-';
  take(rest, "+-");
  const auto whole = digits(rest);
  const auto fraction = take(rest, ".") ? digits(rest) : std::string();
  if (whole.empty() && fraction.empty()) return std::string(text);
  std::string exponent;
  if (take(rest, "eE")) {
    exponent = !rest.empty() && rest.front() == '-' ? "e-" : "e";
    take(rest, "+-");
    const auto power = digits(rest);
    if (power.empty()) return std::string(text);
    exponent += power;
  }
  if (!rest.empty()) return std::string(text);
  return (negative ? "-" : "") + (whole.empty() ? "0" : whole) + (fraction.empty() ? "" : "." + fraction) + exponent;
}

std::string plainValue(const std::string& path, const std::string& value) {
  const auto* field = spec::findField(path);
  if (field == nullptr) return path.rfind("model.", 0) == 0 ? plainNumber(value) : value;
  if (field->type == "integer" || field->type == "real") return plainNumber(value);
  if (field->type != "numbers" || value.find('[') != std::string::npos) return value;
  std::string list;
  for (std::size_t from = 0; from <= value.size();) {
    const auto to = std::min(value.find(',', from), value.size());
    list += (from > 0 ? "," : "") + plainNumber(std::string_view(value).substr(from, to - from));
    from = to + 1;
  }
  return list;
}

Result<double> realNumber(const std::string& option, const std::string& text) {
  const auto plain = plainNumber(text);
  double value = 0;
  const char* last = plain.data() + plain.size();
  if (const auto [end, error] = std::from_chars(plain.data(), last, value);
      error != std::errc() || end != last || !std::isfinite(value))
    return usage(option.substr(2), fmt::format("{} {} is no such number.", option, text),
                 "Give a number, as 0.5 or 1e-3.");
  return value;
}

}  // namespace lathe::cli
