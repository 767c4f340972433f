// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/result.h"

namespace lathe {

std::string Error::sentence() const {
  const auto what = message.render();
  const auto todo = hint.render();
  return todo.empty() ? what : what + " " + todo;
}

tl::unexpected<Error> fail(std::string code, std::string message, std::string hint, TextArgs args) {
  return tl::unexpected<Error>(Error{std::move(code), {std::move(message), args}, {std::move(hint), args}});
}

}  // namespace lathe
