// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "core/store/run_store.h"

namespace lathe::services {

/// How app/ makes a store for a file; services never name an implementation.
using StoreOpener = std::function<Result<std::unique_ptr<store::RunStore>>(const std::filesystem::path& file,
                                                                           bool create, bool readOnly)>;

/// An open project folder NAME.lathe: store.sqlite3 and artifacts/. Thread-safe.
class Project {
 public:
  enum class Mode { Create, Write, Read };
  /// Create makes the folder when missing (refuses a non-empty folder that is no project); Write and Read say when it
  /// is missing.
  static Result<std::shared_ptr<Project>> open(const std::filesystem::path& folder, Mode mode,
                                               const StoreOpener& opener);

  [[nodiscard]] const std::filesystem::path& folder() const { return m_folder; }
  [[nodiscard]] std::string name() const;  ///< folder name without .lathe
  [[nodiscard]] bool readOnly() const { return m_store->readOnly(); }
  [[nodiscard]] store::RunStore& store() { return *m_store; }
  [[nodiscard]] const store::RunStore& store() const { return *m_store; }
  [[nodiscard]] std::filesystem::path runFolder(store::RunNumber run) const;  ///< artifacts/runs/N
  [[nodiscard]] std::filesystem::path absolute(const std::string& relative) const;
  [[nodiscard]] std::string relative(const std::filesystem::path& path) const;

  /// A number, "latest" or "best" (completed, same data and task as latest, by the monitor, ties to the lowest number).
  Result<store::RunRecord> findRun(const std::string& run) const;

 private:
  Project(std::filesystem::path folder, std::unique_ptr<store::RunStore> store);
  std::filesystem::path m_folder;
  std::unique_ptr<store::RunStore> m_store;
};

}  // namespace lathe::services
