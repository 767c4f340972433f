// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/exporting/manifest.h"
#include "core/services/folder_lock.h"

namespace lathe::services {

inline constexpr const char* manifestName = "lathe-export.json";

/// An export's name as an identifier: letters, digits and underscores, no digit first; "model" when nothing is left.
[[nodiscard]] std::string identifier(const std::string& name);
/// Refuses names that are no plain file names.
Result<void> checkExportName(const std::string& name);

/// A hidden folder inside the target folder (so on the same disk), removed with what is left in it at the end. An
/// export is written and checked there before it replaces anything. What killed processes left there is swept away.
class StagingFolder {
 public:
  static Result<StagingFolder> make(const std::filesystem::path& target);
  StagingFolder(StagingFolder&& other) noexcept;
  StagingFolder& operator=(StagingFolder&&) = delete;
  StagingFolder(const StagingFolder&) = delete;
  StagingFolder& operator=(const StagingFolder&) = delete;
  ~StagingFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  /// Moves the manifest's files into the target and describes them in its lathe-export.json, beside the exports of
  /// other names that are there. At every moment the folder holds an export as it was or as it will be: before a file
  /// is replaced, the manifest lists old and new, and the file's hash decides (see exporting::ExportManifest). An
  /// export of one file is replaced by one rename; with several, each file is. On an error everything is put back.
  /// Formats that the export before had and this one has not stay described where they hold the same model, and are
  /// removed where they hold another.
  /// One process at a time. `afterStep` is called after each step that can be seen from outside, for tests.
  Result<void> install(const exporting::ExportManifest& manifest, const std::function<void()>& afterStep = {}) const;

 private:
  StagingFolder(std::filesystem::path target, std::filesystem::path path, bool madeTarget, FolderLock lock);
  [[nodiscard]] Result<void> moveIn(const exporting::ExportManifest& manifest,
                                    const std::function<void()>& afterStep) const;
  std::filesystem::path m_target, m_path;
  bool m_madeTarget = false;  // removed again when nothing came into it
  FolderLock m_alive;         // tells others that somebody still works in m_path
};

}  // namespace lathe::services
