// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/folder_lock.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace lathe::services {
namespace {

int opened(const std::filesystem::path& folder) { return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

bool locked(int descriptor, int how) {
  while (::flock(descriptor, how) != 0)
    if (errno != EINTR) return false;
  return true;
}

}  // namespace

FolderLock::FolderLock(FolderLock&& other) noexcept : m_descriptor(std::exchange(other.m_descriptor, -1)) {}

FolderLock::~FolderLock() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

FolderLock FolderLock::wait(const std::filesystem::path& folder) {
  FolderLock lock(opened(folder));
  if (lock.m_descriptor >= 0) (void)locked(lock.m_descriptor, LOCK_EX);
  return lock;
}

std::optional<FolderLock> FolderLock::tryTake(const std::filesystem::path& folder) {
  FolderLock lock(opened(folder));
  if (lock.m_descriptor < 0 || !locked(lock.m_descriptor, LOCK_EX | LOCK_NB)) return std::nullopt;
  return lock;
}

}  // namespace lathe::services
