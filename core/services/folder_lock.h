// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

namespace lathe::services {

/// An advisory lock (flock) on a folder, held until the object goes or the process dies. Leaves no file behind.
class FolderLock {
 public:
  /// Waits until the lock is free. On a file system without locks the result holds none and nobody is kept out.
  static FolderLock wait(const std::filesystem::path& folder);
  /// Nothing when somebody else holds it, or the folder is gone.
  static std::optional<FolderLock> tryTake(const std::filesystem::path& folder);
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : m_descriptor(descriptor) {}
  int m_descriptor = -1;
};

}  // namespace lathe::services
