// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/sqlite/watch_mark.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace lathe::store::sqlite {
namespace {

int openMark(const std::filesystem::path& file) {
  return ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
}

}  // namespace

WatchMark::~WatchMark() {
  if (m_own >= 0) ::close(m_own);
  if (m_probe >= 0) ::close(m_probe);
}

void WatchMark::setWatching(bool watching) {
  const std::lock_guard lock(m_mutex);
  if (watching == (m_own >= 0)) return;
  if (!watching) {
    ::close(m_own);
    m_own = -1;
    return;
  }
  m_own = openMark(m_file);
  // Shared among watchers; a writer that asks holds it for an instant only.
  if (m_own >= 0) ::flock(m_own, LOCK_SH);
}

bool WatchMark::someoneWatches() {
  const std::lock_guard lock(m_mutex);
  if (m_own >= 0) return true;
  if (m_probe < 0) m_probe = openMark(m_file);
  if (m_probe < 0) return false;
  if (::flock(m_probe, LOCK_EX | LOCK_NB) != 0) return true;
  ::flock(m_probe, LOCK_UN);
  return false;
}

}  // namespace lathe::store::sqlite
