// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <SQLiteCpp/Exception.h>
#include <filesystem>
#include <new>
#include <stdexcept>
#include <string>

#include "core/base/result.h"

namespace lathe::store::sqlite {

/// Content that SQLite accepts but that cannot be ours: a block that does not decode, an unknown status.
struct DamagedContent : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The Error for a SQLite result code (extended or not): full disk, busy, damaged, read-only ...
[[nodiscard]] tl::unexpected<Error> storeError(int code, const std::string& reason, const std::filesystem::path& file);
[[nodiscard]] tl::unexpected<Error> storeError(const SQLite::Exception& exception, const std::filesystem::path& file);
[[nodiscard]] tl::unexpected<Error> damaged(const std::filesystem::path& file, const std::string& reason);
[[nodiscard]] tl::unexpected<Error> readOnlyError(const std::filesystem::path& file);
[[nodiscard]] tl::unexpected<Error> unexpectedFailure(const std::filesystem::path& file, const std::string& reason);
[[nodiscard]] tl::unexpected<Error> noSuchRun(std::int64_t number);

/// The module's edge: whatever SQLite throws inside `body` becomes an Error.
template <class Body>
auto guarded(const std::filesystem::path& file, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const SQLite::Exception& exception) {
    return storeError(exception, file);
  } catch (const DamagedContent& exception) {
    return damaged(file, exception.what());
  } catch (const std::exception& exception) {
    return unexpectedFailure(file, exception.what());
  }
}

}  // namespace lathe::store::sqlite
