// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/class_folders.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "core/data/encoding.h"
#include "core/data/image_store.h"

namespace lathe::data {
namespace fs = std::filesystem;
namespace {

bool isHidden(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with(".") || name == "__MACOSX";
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto it = fs::directory_iterator(folder, error); !error && it != fs::directory_iterator(); it.increment(error)) {
    if (!isHidden(it->path())) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> foldersIn(const fs::path& folder) {
  auto found = entries(folder);
  std::error_code error;
  std::erase_if(found, [&](const fs::path& entry) { return !fs::is_directory(entry, error); });
  return found;
}

// Files of a folder and of those in it. Links are followed; a folder that was there before is not entered again.
void addFiles(const fs::path& folder, const std::string& label, bool deep, const FileChoice& choice,
              std::set<fs::path>& entered, FoundFiles& found) {
  std::error_code error;
  if (!entered.insert(fs::canonical(folder, error)).second || error) return;
  for (const auto& entry : entries(folder)) {
    if (fs::is_directory(entry, error)) {
      if (deep) addFiles(entry, label, deep, choice, entered, found);
      continue;
    }
    const auto ending = lowerExtension(entry);
    // A link to nothing is a file that cannot be read.
    if (!fs::is_regular_file(entry, error) && !(fs::is_symlink(entry, error) && !fs::exists(entry, error))) continue;
    if (choice.other(ending)) ++found.others[ending];
    if (!choice.wanted(entry)) continue;
    found.files.push_back(entry);
    found.labels.push_back(label);
  }
}

FoundFiles findFiles(const fs::path& folder, const FileChoice& choice) {
  FoundFiles classes;
  for (const auto& entry : foldersIn(folder)) {
    std::set<fs::path> entered;
    addFiles(entry, repairUtf8(entry.filename().string()), true, choice, entered, classes);
  }
  FoundFiles loose;
  std::set<fs::path> entered;
  addFiles(folder, "", false, choice, entered, loose);
  if (classes.files.empty()) {
    for (const auto& [ending, count] : classes.others) loose.others[ending] += count;
    return loose;
  }
  classes.stray = loose.files.size();
  return classes;
}

fs::path subfolder(const fs::path& folder, std::initializer_list<std::string_view> names) {
  for (const auto& entry : foldersIn(folder)) {
    std::string name = entry.filename().string();
    for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::find(names.begin(), names.end(), name) != names.end()) return entry;
  }
  return {};
}

// An unpacked archive often has one folder that holds the others.
fs::path withoutWrapping(fs::path folder, const FileChoice& choice) {
  for (int depth = 0; depth < 4; ++depth) {
    const auto folders = foldersIn(folder);
    if (folders.size() != 1 || foldersIn(folders[0]).size() < 2) break;
    const auto files = entries(folder);
    if (std::any_of(files.begin(), files.end(), choice.wanted)) break;
    folder = folders[0];
  }
  return folder;
}

}  // namespace

void FoundFiles::add(FoundFiles more) {
  std::move(more.files.begin(), more.files.end(), std::back_inserter(files));
  std::move(more.labels.begin(), more.labels.end(), std::back_inserter(labels));
  for (const auto& [ending, count] : more.others) others[ending] += count;
  stray += more.stray;
}

FoundParts findParts(const fs::path& given, const FileChoice& choice) {
  const auto folder = withoutWrapping(given, choice);
  const auto train = subfolder(folder, {"train", "training"});
  const auto test = subfolder(folder, {"test", "testing"});
  const auto validation = subfolder(folder, {"val", "valid", "validation"});
  FoundParts parts;
  if (!train.empty() && !(test.empty() && validation.empty())) {
    parts.main = findFiles(train, choice);
    parts.test = findFiles(test.empty() ? validation : test, choice);
    // With files right in them, train and test are two classes of somebody's.
    if (parts.main.hasClasses() && parts.test->hasClasses()) {
      if (test.empty()) {
        parts.validationAsTest = validation;
      } else if (!validation.empty()) {
        parts.main.add(findFiles(validation, choice));
        parts.validationJoined = validation;
      }
      return parts;
    }
  }
  parts.main = findFiles(folder, choice);
  parts.test.reset();
  return parts;
}

std::vector<fs::path> firstOfEach(const fs::path& folder,
                                  const std::vector<std::function<bool(const fs::path&)>>& kinds) {
  std::vector<fs::path> found(kinds.size());
  std::set<fs::path> entered;
  std::vector<fs::path> waiting{folder};
  while (!waiting.empty()) {
    const auto next = std::move(waiting.back());
    waiting.pop_back();
    std::error_code error;
    if (!entered.insert(fs::canonical(next, error)).second || error) continue;
    for (const auto& entry : entries(next)) {
      if (fs::is_directory(entry, error)) {
        waiting.push_back(entry);
        continue;
      }
      for (std::size_t i = 0; i < kinds.size(); ++i)
        if (found[i].empty() && kinds[i](entry)) found[i] = entry;
    }
    if (std::none_of(found.begin(), found.end(), [](const fs::path& file) { return file.empty(); })) break;
  }
  return found;
}

std::string namesOf(const std::vector<fs::path>& files) {
  std::string names;
  for (std::size_t i = 0; i < files.size() && i < 5; ++i)
    names += (i == 0 ? "" : ", ") + fs::path(files[i].parent_path().filename() / files[i].filename()).string();
  return files.size() > 5 ? names + " ..." : names;
}

}  // namespace lathe::data
