// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/progress.h"
#include "core/base/result.h"

namespace lathe {

/// The whole file. Refuses files above `limit` bytes.
Result<std::string> readFile(const std::filesystem::path& path, std::uintmax_t limit = std::uintmax_t{1} << 32);

/// Writes beside the target, fsyncs and renames, so that `path` holds either the old or the new content, whole. A full
/// disk leaves the old content and gives the error "file.disk_full".
Result<void> writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// SHA-256 of a file or a buffer, as lower-case hex. For a folder: of the sorted relative names, sizes and contents.
Result<std::string> sha256Of(const std::filesystem::path& path, const JobContext& job = {});
[[nodiscard]] std::string sha256Of(std::string_view bytes);

/// True when `path`, resolved, lies in `folder` (or is it).
[[nodiscard]] bool isInside(const std::filesystem::path& path, const std::filesystem::path& folder);

/// Free bytes on the file system of `path`.
[[nodiscard]] std::uintmax_t freeBytes(const std::filesystem::path& path);

/// True on NFS, CIFS, FUSE network mounts and the like, where SQLite's WAL is not safe.
[[nodiscard]] bool isNetworkFileSystem(const std::filesystem::path& path);

/// The error for a failed file operation from errno, naming the file: missing, no permission, disk full, ...
[[nodiscard]] tl::unexpected<Error> fileError(int errnoValue, const std::filesystem::path& path);

}  // namespace lathe
