// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/choices.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "app/cli/context.h"

namespace lathe::cli {
namespace {

std::string plain(const std::string& name) {
  std::string out;
  for (const char c : name)
    if (c != '-' && c != '_') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

bool sameName(const std::string& a, const std::string& b) { return plain(a) == plain(b); }

Result<std::string> choice(const std::string& option, const std::string& given, const std::vector<std::string>& known) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& name) { return sameName(name, given); });
  if (found != known.end()) return *found;
  return usage("choice", fmt::format("{} knows no \"{}\".", option, given), "Choose " + listText(known) + ".");
}

std::string listText(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += names[i];
  }
  return out;
}

std::vector<std::string> splitList(const std::vector<std::string>& given) {
  std::vector<std::string> out;
  for (const auto& text : given) {
    std::size_t from = 0;
    while (from <= text.size()) {
      const auto to = std::min(text.find(',', from), text.size());
      if (to > from) out.push_back(text.substr(from, to - from));
      from = to + 1;
    }
  }
  return out;
}

}  // namespace lathe::cli
