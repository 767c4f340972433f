// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <mutex>
#include <string>

#include "core/base/progress.h"
#include "core/spec/data_profile.h"

namespace lathe::data {

/// What every profile says of the file or folder itself. The hash is computed when first asked for. Thread-safe.
class SourceFile {
 public:
  SourceFile(std::filesystem::path path, std::string format) : m_path(std::move(path)), m_format(std::move(format)) {}
  SourceFile(const SourceFile&) = delete;
  SourceFile& operator=(const SourceFile&) = delete;
  ~SourceFile() = default;
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  void setSeconds(double seconds) { m_seconds = seconds; }
  /// Path, format, bytes, seconds and sha256. Errors: those of files; cancelled.
  Result<void> fill(spec::DataProfile& profile, const JobContext& job) const;

 private:
  std::filesystem::path m_path;
  std::string m_format;
  double m_seconds = 0;
  mutable std::mutex m_mutex;
  mutable std::string m_hash;
};

}  // namespace lathe::data
