// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

#include "core/base/text.h"

namespace lathe {

/// An expected failure: what happened and why (message), what to do (hint). `code` is stable and dotted
/// ("data.empty_file"); programs decide by it, people read the sentences.
struct Error {
  std::string code;
  Message message;
  Message hint;

  /// Message and hint in English, as one line.
  [[nodiscard]] std::string sentence() const;
  bool operator==(const Error&) const = default;
};

/// A value or an Error. Cancelled is an outcome of its own, never an Error.
template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
 public:
  using tl::expected<T, Error>::expected;
};

/// Builds the failure branch of a Result. `message` and `hint` are LATHE_TEXT("errors", ...) templates that share
/// `args`.
[[nodiscard]] tl::unexpected<Error> fail(std::string code, std::string message, std::string hint, TextArgs args = {});

/// Passes the error of one Result on as the error of another.
template <class T>
[[nodiscard]] tl::unexpected<Error> passOn(const Result<T>& result) {
  return tl::unexpected<Error>(result.error());
}

/// A warning has the shape of an error but stops nothing.
using Warning = Error;

}  // namespace lathe

/// Returns the error of `expr` from the enclosing function, else continues.
#define LATHE_TRY(expr)                                                         \
  do {                                                                          \
    if (auto latheTryResult = (expr); !latheTryResult)                          \
      return tl::unexpected<::lathe::Error>(std::move(latheTryResult).error()); \
  } while (false)

/// Declares `var` from the value of `expr`, or returns its error from the enclosing function.
#define LATHE_ASSIGN(var, expr)                                                            \
  auto var##Result = (expr);                                                               \
  if (!var##Result) return tl::unexpected<::lathe::Error>(std::move(var##Result).error()); \
  auto& var = *var##Result
