// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

/// Folders with one sub-folder a class, whatever lies in them: images, clips of sound.
namespace lathe::data {

/// Which files count.
struct FileChoice {
  std::function<bool(const std::filesystem::path&)> wanted;
  std::function<bool(const std::string& ending)> other;  ///< of the same sort, but in formats that are not read
};

struct FoundFiles {
  std::vector<std::filesystem::path> files;
  std::vector<std::string> labels;            ///< "": none
  std::map<std::string, std::size_t> others;  ///< files of other formats, by their endings
  std::size_t stray = 0;                      ///< files beside the class folders

  [[nodiscard]] bool hasClasses() const { return !labels.empty() && !labels[0].empty(); }
  void add(FoundFiles more);
};

/// The files to split and, perhaps, those to test with.
struct FoundParts {
  FoundFiles main;
  std::optional<FoundFiles> test;
  std::filesystem::path validationAsTest;  ///< there is no test folder: this one stands in for it
  std::filesystem::path validationJoined;  ///< it joins the files of training
};

/// A folder with one sub-folder a class, whatever folders are in those; or with folders train and test (or val, or all
/// three) that are such; or files alone, without classes. Links are followed, no folder is entered twice; a folder that
/// only wraps another is looked through.
[[nodiscard]] FoundParts findParts(const std::filesystem::path& folder, const FileChoice& choice);
/// Some file of each kind in the folder or below it, hidden ones aside; empty: none. Links are followed, no folder is
/// entered twice.
[[nodiscard]] std::vector<std::filesystem::path> firstOfEach(
    const std::filesystem::path& folder, const std::vector<std::function<bool(const std::filesystem::path&)>>& kinds);

/// The first five of some files, each with its folder: "cats/a.png, cats/b.png ...".
[[nodiscard]] std::string namesOf(const std::vector<std::filesystem::path>& files);

}  // namespace lathe::data
