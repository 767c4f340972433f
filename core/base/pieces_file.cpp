// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/pieces_file.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <unistd.h>

#include "core/base/file_descriptor.h"
#include "core/base/files.h"

namespace lathe {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view temporaryEnding = ".tmp";

fs::path folderOf(const fs::path& path) { return path.parent_path().empty() ? fs::path(".") : path.parent_path(); }

std::string temporaryBeginning(const fs::path& path) { return "." + path.filename().string() + "."; }

Result<void> writeAll(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fileError(errno, path);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

// Both names for the old content first, so that `path` is never without any.
void keep(const fs::path& path, const fs::path& previous) {
  static std::atomic<unsigned> counter{0};
  const auto link =
      folderOf(path) / fmt::format("{}{}-{}{}", temporaryBeginning(previous), ::getpid(), counter++, temporaryEnding);
  if (::link(path.c_str(), link.c_str()) == 0) {
    if (::rename(link.c_str(), previous.c_str()) != 0) ::unlink(link.c_str());
    // Renaming does nothing when both names are the same file already.
    ::unlink(link.c_str());
  } else if (errno != ENOENT) {
    ::rename(path.c_str(), previous.c_str());
  }
}

}  // namespace

Result<void> writePiecesAtomically(const fs::path& path, std::span<const std::string_view> pieces,
                                   const fs::path& previous, bool lasting) {
  static std::atomic<unsigned> counter{0};
  const auto folder = folderOf(path);
  const auto temporary =
      folder / fmt::format("{}{}-{}{}", temporaryBeginning(path), ::getpid(), counter++, temporaryEnding);
  FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (file.get() < 0) return fileError(errno, path);
  Result<void> result;
  for (const auto& piece : pieces)
    if (result) result = writeAll(file.get(), piece, path);
  if (result && lasting && ::fsync(file.get()) != 0) result = fileError(errno, path);
  if (file.close() != 0 && result) result = fileError(errno, path);
  if (result && !previous.empty()) keep(path, previous);
  if (result && ::rename(temporary.c_str(), path.c_str()) != 0) result = fileError(errno, path);
  if (!result) {
    ::unlink(temporary.c_str());
    return result;
  }
  if (!lasting) return {};
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() >= 0) ::fsync(directory.get());
  return {};
}

void removeUnfinished(const fs::path& path) {
  const auto beginning = temporaryBeginning(path);
  std::error_code error;
  for (auto it = fs::directory_iterator(folderOf(path), error); !error && it != fs::directory_iterator();
       it.increment(error)) {
    const auto name = it->path().filename().string();
    std::error_code ignored;
    if (name.starts_with(beginning) && name.ends_with(temporaryEnding)) fs::remove(it->path(), ignored);
  }
}

}  // namespace lathe
