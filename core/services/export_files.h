// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace lathe::services {

inline constexpr const char* manifestName = "lathe-export.json";

/// An export's name as an identifier: letters, digits and underscores, no digit first; "model" when nothing is left.
[[nodiscard]] std::string identifier(const std::string& name);
/// Refuses names that are no plain file names.
Result<void> checkExportName(const std::string& name);

/// A hidden folder inside the target folder (so on the same disk), removed with what is left in it at the end. An
/// export is written and checked there before it replaces anything.
class StagingFolder {
 public:
  static Result<StagingFolder> make(const std::filesystem::path& target);
  StagingFolder(StagingFolder&& other) noexcept;
  StagingFolder& operator=(StagingFolder&&) = delete;
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  ~StagingFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  /// Moves the files into the target in the given order; when one cannot be moved, those before it are put back.
  Result<void> install(const std::vector<std::string>& files) const;

 private:
  StagingFolder(std::filesystem::path target, std::filesystem::path path, bool madeTarget);
  std::filesystem::path m_target, m_path;
  bool m_madeTarget = false;  // removed again when nothing came into it
};

}  // namespace lathe::services
