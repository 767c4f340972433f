// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace lathe::serving {

/// Why a request cannot be answered; each protocol has a number and a form of its own for these.
enum class FaultKind {
  BadInput,      ///< the request itself is wrong
  Precondition,  ///< right in itself, but not for this model
  NoModel,
  NoVersion,
  NoPath,
  WrongMethod,
  Exists,        ///< what should be made is there
  Conflict,      ///< the state of the server forbids it
  Unauthorized,  ///< the token is missing or wrong
  Forbidden,
  TooLarge,
  NoDownload,   ///< what should come from elsewhere did not
  Busy,         ///< queues are full: try again
  Unavailable,  ///< stopping, or the model has no workers
  Unsupported,
  Internal
};

/// A fault and its sentence. The words are those that the protocols' own servers use where they have any, so they are
/// not translated.
struct Fault {
  FaultKind kind = FaultKind::Internal;
  std::string text;
};

template <class T>
using Answer = tl::expected<T, Fault>;

[[nodiscard]] inline tl::unexpected<Fault> refuse(FaultKind kind, std::string text) {
  return tl::unexpected<Fault>(Fault{kind, std::move(text)});
}

}  // namespace lathe::serving

/// Returns the fault of `expr` from the enclosing function, else continues.
#define SERVING_TRY(expr)                                                               \
  do {                                                                                  \
    if (auto servingAnswer = (expr); !servingAnswer)                                    \
      return tl::unexpected<::lathe::serving::Fault>(std::move(servingAnswer).error()); \
  } while (false)

/// Declares `var` from the value of `expr`, or returns its fault from the enclosing function.
#define SERVING_ASSIGN(var, expr)                                                                   \
  auto var##Answer = (expr);                                                                        \
  if (!var##Answer) return tl::unexpected<::lathe::serving::Fault>(std::move(var##Answer).error()); \
  auto& var = *var##Answer
