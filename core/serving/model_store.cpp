// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/model_store.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/base/files.h"

namespace lathe::serving {
namespace fs = std::filesystem;
namespace {

constexpr std::array<const char*, 5> extensions{"", ".pt", ".onnx", ".mar", ".lathe"};

bool plainName(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.front() != '.' &&
         name.find('/') == std::string_view::npos && name.find('\0') == std::string_view::npos;
}

}  // namespace

ModelStore::ModelStore(const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) {
    std::error_code error;
    auto resolved = fs::canonical(folder, error);
    if (!error && fs::is_directory(resolved, error) &&
        std::find(m_folders.begin(), m_folders.end(), resolved) == m_folders.end())
      m_folders.push_back(std::move(resolved));
  }
}

bool ModelStore::holds(const fs::path& resolved) const {
  return std::any_of(m_folders.begin(), m_folders.end(),
                     [&](const auto& folder) { return isInside(resolved, folder); });
}

Answer<fs::path> ModelStore::resolve(std::string_view url) const {
  if (url.empty()) return refuse(FaultKind::BadInput, "Parameter url is required.");
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos && url.substr(0, scheme) != "file")
    return refuse(FaultKind::NoModel, fmt::format("Given URL {} does not match any allowed URL(s)", url));
  auto text = scheme == std::string_view::npos ? std::string(url) : std::string(url.substr(scheme + 3));
  if (text.find('\0') != std::string::npos) return refuse(FaultKind::BadInput, "Parameter url is required.");
  const fs::path path = text;
  if (std::any_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; }))
    return refuse(FaultKind::NoModel, fmt::format("Relative path is not allowed in url: {}", url));
  std::error_code error;
  if (path.is_absolute()) {
    const auto resolved = fs::canonical(path, error);
    if (!error && holds(resolved)) return resolved;
  } else {
    for (const auto& folder : m_folders) {
      const auto resolved = fs::canonical(folder / path, error);
      if (!error && holds(resolved)) return resolved;
    }
  }
  return refuse(FaultKind::NoModel, fmt::format("Model not found at: {}", url));
}

std::optional<fs::path> ModelStore::named(std::string_view name) const {
  if (!plainName(name)) return std::nullopt;
  for (const auto& folder : m_folders)
    for (const char* extension : extensions) {
      std::error_code error;
      const auto resolved = fs::canonical(folder / (std::string(name) + extension), error);
      if (!error && holds(resolved)) return resolved;
    }
  return std::nullopt;
}

std::vector<std::string> ModelStore::names() const {
  std::vector<std::string> names;
  for (const auto& folder : m_folders) {
    std::error_code error;
    for (fs::directory_iterator each(folder, error), end; !error && each != end; each.increment(error)) {
      const auto extension = each->path().extension().string();
      const bool folderLike = each->is_directory(error) && each->path().filename().string().front() != '.';
      if (folderLike || extension == ".pt" || extension == ".onnx" || extension == ".mar")
        names.push_back(folderLike ? each->path().filename().string() : each->path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::pair<std::int64_t, fs::path>> numberedVersions(const fs::path& base) {
  std::vector<std::pair<std::int64_t, fs::path>> versions;
  std::error_code error;
  for (fs::directory_iterator each(base, error), end; !error && each != end; each.increment(error)) {
    const auto name = each->path().filename().string();
    if (name.find('.') != std::string::npos || !each->is_directory(error)) continue;
    if (const auto number = versionNumber(name); number > 0) versions.emplace_back(number, each->path());
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

std::int64_t versionNumber(std::string_view text) {
  if (text.size() > 2 && text.ends_with(".0")) text.remove_suffix(2);
  if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string_view::npos) return 0;
  std::int64_t number = 0;
  for (const char digit : text) number = number * 10 + (digit - '0');
  return number;
}

}  // namespace lathe::serving
