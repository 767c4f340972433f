// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/source_file.h"

#include <system_error>

#include "core/base/files.h"

namespace lathe::data {
namespace {

std::uintmax_t bytesOf(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    const auto size = std::filesystem::file_size(path, error);
    return error ? 0 : size;
  }
  std::uintmax_t total = 0;
  for (auto it = std::filesystem::recursive_directory_iterator(path, error);
       !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) total += it->file_size(ignored);
  }
  return total;
}

}  // namespace

Result<void> SourceFile::fill(spec::DataProfile& profile, const JobContext& job) const {
  profile.path = std::filesystem::absolute(m_path).lexically_normal().string();
  profile.format = m_format;
  profile.bytes = bytesOf(m_path);
  profile.seconds = m_seconds;
  const std::lock_guard lock(m_mutex);
  if (m_hash.empty()) {
    LATHE_ASSIGN(hash, sha256Of(m_path, job));
    m_hash = hash;
  }
  profile.sha256 = m_hash;
  return {};
}

}  // namespace lathe::data
