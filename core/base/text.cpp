// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/text.h"

namespace lathe {

std::string renderText(std::string_view text, const TextArgs& args) {
  std::string out;
  out.reserve(text.size() + 32);
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '{') {
      const auto end = text.find('}', i);
      if (end != std::string_view::npos) {
        const auto key = text.substr(i + 1, end - i - 1);
        bool known = false;
        for (const auto& [name, value] : args)
          if (name == key) {
            out += value;
            known = true;
            break;
          }
        if (known) {
          i = end + 1;
          continue;
        }
      }
    }
    out += text[i++];
  }
  return out;
}

std::string Message::render() const { return renderText(text, args); }

}  // namespace lathe
