// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

#include "core/base/file_descriptor.h"
#include "core/base/pieces_file.h"
#include "core/base/sha256.h"

namespace lathe {
namespace fs = std::filesystem;
namespace {

Result<void> hashFile(Sha256& hash, const fs::path& path, const JobContext& job, double& done, double total) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fileError(errno, path);
  std::vector<char> buffer(1 << 20);
  for (;;) {
    if (job.cancelled())
      return fail(cancelledCode, LATHE_TEXT("errors", "Reading {file} was cancelled."), "", {{"file", path.string()}});
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fileError(errno, path);
    if (got == 0) return {};
    hash.add({buffer.data(), static_cast<std::size_t>(got)});
    done += static_cast<double>(got);
    job.report({"hash", done, total, "bytes"});
  }
}

}  // namespace

tl::unexpected<Error> fileError(int errnoValue, const fs::path& path) {
  const TextArgs args{{"file", path.string()}, {"reason", std::strerror(errnoValue)}};
  switch (errnoValue) {
    case ENOENT:
    case ENOTDIR:
      return fail("file.missing", LATHE_TEXT("errors", "There is no file {file}."),
                  LATHE_TEXT("errors", "Check the path, or choose where the file is now."), args);
    case EACCES:
    case EPERM:
      return fail("file.no_permission", LATHE_TEXT("errors", "{file} may not be opened: permission denied."),
                  LATHE_TEXT("errors", "Change the file's permissions, or choose another place."), args);
    case EROFS:
      return fail("file.read_only", LATHE_TEXT("errors", "{file} is on a read-only file system."),
                  LATHE_TEXT("errors", "Choose a folder that can be written."), args);
    case ENOSPC:
    case EDQUOT:
      return fail("file.disk_full", LATHE_TEXT("errors", "The disk is full: {file} could not be written."),
                  LATHE_TEXT("errors", "Free some space on that disk, then try again."), args);
    case EISDIR:
      return fail("file.is_folder", LATHE_TEXT("errors", "{file} is a folder, a file is needed."),
                  LATHE_TEXT("errors", "Choose a file."), args);
    default:
      return fail("file.failed", LATHE_TEXT("errors", "{file} could not be read or written: {reason}."),
                  LATHE_TEXT("errors", "Check the disk and the path, then try again."), args);
  }
}

Result<std::string> readFile(const fs::path& path, std::uintmax_t limit) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return fileError(errno, path);
  std::string content;
  std::vector<char> buffer(1 << 18);
  for (;;) {
    const ssize_t got = ::read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fileError(errno, path);
    if (got == 0) return content;
    if (content.size() + static_cast<std::size_t>(got) > limit)
      return fail("file.too_large", LATHE_TEXT("errors", "{file} is larger than {limit} bytes."),
                  LATHE_TEXT("errors", "Choose a smaller file."),
                  {{"file", path.string()}, {"limit", std::to_string(limit)}});
    content.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Result<void> writeFileAtomically(const fs::path& path, std::string_view content) {
  const std::array pieces{content};
  return writePiecesAtomically(path, pieces);
}

std::string sha256Of(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

Result<std::string> sha256Of(const fs::path& path, const JobContext& job) {
  std::error_code error;
  Sha256 hash;
  double done = 0;
  if (!fs::is_directory(path, error)) {
    const auto size = fs::file_size(path, error);
    LATHE_TRY(hashFile(hash, path, job, done, error ? 0.0 : static_cast<double>(size)));
    return hash.hex();
  }
  std::vector<fs::path> files;
  double total = 0;
  for (auto it = fs::recursive_directory_iterator(path, fs::directory_options::skip_permission_denied, error);
       !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored)) continue;
    files.push_back(it->path());
    total += static_cast<double>(it->file_size(ignored));
  }
  if (error) return fileError(error.value(), path);
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const auto name = file.lexically_relative(path).generic_string();
    const auto line = fmt::format("{}\n{}\n", name, fs::file_size(file, error));
    hash.add(line);
    LATHE_TRY(hashFile(hash, file, job, done, total));
  }
  return hash.hex();
}

bool isInside(const fs::path& path, const fs::path& folder) {
  std::error_code error;
  const auto whole = fs::weakly_canonical(path, error);
  if (error) return false;
  const auto base = fs::weakly_canonical(folder, error);
  if (error) return false;
  const auto relative = whole.lexically_relative(base);
  return !relative.empty() && *relative.begin() != "..";
}

std::uintmax_t freeBytes(const fs::path& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return 0;
  return static_cast<std::uintmax_t>(info.f_bavail) * info.f_frsize;
}

bool isNetworkFileSystem(const fs::path& path) {
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) return false;
  // Magic numbers of statfs(2): NFS, SMB, CIFS, SMB2, AFS, Coda, 9P, Ceph, Lustre, GPFS, NCP.
  constexpr std::array<std::uint32_t, 11> network{0x6969,     0x517B,     0xFF534D42, 0xFE534D42,
                                                  0x5346414F, 0x73757245, 0x01021997, 0x00C36400,
                                                  0x0BD00BD0, 0x47504653, 0x564C};
  const auto type = static_cast<std::uint32_t>(info.f_type);
  return std::find(network.begin(), network.end(), type) != network.end();
}

}  // namespace lathe
