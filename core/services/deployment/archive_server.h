// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"

namespace lathe::services {

/// Lends one file over HTTP under a name that nobody guesses, to a server that has no folder in common with us. Only
/// on the address by which that server is reached. Ends with the object.
class ArchiveServer {
 public:
  /// `peer` is the server's host: a loopback one is served on loopback alone.
  static Result<std::unique_ptr<ArchiveServer>> start(const std::filesystem::path& file, const std::string& peer);
  virtual ~ArchiveServer() = default;
  [[nodiscard]] virtual const std::string& url() const = 0;
};

}  // namespace lathe::services
