// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <mutex>

namespace lathe::store::sqlite {

/// Tells the processes that write a store that someone watches it: a lock on a file beside it, which the system lets go
/// when the watching process dies. Where the file cannot be made nobody is ever seen watching. Thread-safe.
class WatchMark {
 public:
  explicit WatchMark(std::filesystem::path file) : m_file(std::move(file)) {}
  ~WatchMark();
  WatchMark(const WatchMark&) = delete;
  WatchMark& operator=(const WatchMark&) = delete;

  void setWatching(bool watching);
  /// Whether this or another process watches. A system call or two.
  [[nodiscard]] bool someoneWatches();

 private:
  const std::filesystem::path m_file;
  std::mutex m_mutex;
  int m_own = -1;    ///< holds the lock while watching
  int m_probe = -1;  ///< asks for it
};

}  // namespace lathe::store::sqlite
