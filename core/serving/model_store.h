// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/serving/fault.h"

namespace lathe::serving {

/// A model's file or folder, and what it is called.
struct ModelFile {
  std::string name;
  std::int64_t version = 1;
  std::string versionText;  ///< "1.0"; empty: from the number
  std::filesystem::path path;
};

/// Where clients may register models from: the folders that the server was started with. Nothing outside of them is
/// opened, whatever the path; links are followed before that is decided. Thread-safe.
class ModelStore {
 public:
  explicit ModelStore(const std::vector<std::filesystem::path>& folders);

  /// A name below a folder, or an absolute path in one of them, optionally as file://. Faults as TorchServe words them.
  Answer<std::filesystem::path> resolve(std::string_view url) const;
  /// The entry of that name (NAME, NAME.pt, NAME.onnx, NAME.mar ...) right below a folder.
  [[nodiscard]] std::optional<std::filesystem::path> named(std::string_view name) const;
  /// Names that named() finds.
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  [[nodiscard]] bool holds(const std::filesystem::path& resolved) const;
  std::vector<std::filesystem::path> m_folders;
};

/// The versions of a model in the layout BASE/NUMBER: by number, ascending. Empty when the folder has none.
[[nodiscard]] std::vector<std::pair<std::int64_t, std::filesystem::path>> numberedVersions(
    const std::filesystem::path& base);
/// A positive integer of at most 18 digits; 0 otherwise. "2.0" counts as 2.
[[nodiscard]] std::int64_t versionNumber(std::string_view text);

}  // namespace lathe::serving
