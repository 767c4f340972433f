// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_files.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <vector>

#include "core/base/files.h"
#include "core/base/machine.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr const char* stagingPrefix = ".lathe-export-";
constexpr std::size_t mostManifestBytes = std::size_t{32} << 20;  // half of what readers accept

// Folders of processes that died hold no lock any more.
void sweep(const fs::path& target) {
  std::error_code error;
  for (fs::directory_iterator entry(target, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().filename().string().rfind(stagingPrefix, 0) != 0 || !entry->is_directory(ignored)) continue;
    if (const auto dead = FolderLock::tryTake(entry->path())) fs::remove_all(entry->path(), ignored);
  }
}

// So that a power cut after the rename does not leave an empty file.
Result<void> syncToDisk(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return fileError(errno, path);
  const bool synced = ::fsync(descriptor) == 0 || errno == EINVAL;
  const int problem = errno;
  ::close(descriptor);
  if (!synced) return fileError(problem, path);
  return {};
}

// Everything that an export puts into its folder: what is loaded comes last of what belongs together.
std::vector<fs::path> pathsOf(const exporting::ExportManifest& manifest) {
  std::vector<fs::path> paths;
  for (const auto& document : manifest.documents) paths.emplace_back(document.path);
  for (const auto& file : manifest.files) {
    for (const auto& along : file.along) paths.emplace_back(along.path);
    paths.emplace_back(file.path);
  }
  return paths;
}

void step(const std::function<void()>& afterStep) {
  if (afterStep) afterStep();
}

// What the folder says about itself; a description that cannot be read describes nothing, one of a newer Lathe is kept.
Result<std::optional<exporting::ExportManifest>> described(const fs::path& folder) {
  auto manifest = exporting::manifestOf(folder);
  if (!manifest && manifest.error().code == "export.bad_manifest") return std::optional<exporting::ExportManifest>();
  return manifest;
}

// The exports of other names whose files are still there, newest first.
std::vector<exporting::ExportManifest> otherExports(const exporting::ExportManifest& existing, const std::string& name,
                                                    const fs::path& folder) {
  std::vector<exporting::ExportManifest> result;
  const auto keep = [&](exporting::ExportManifest one) {
    one.others.clear();
    const bool there = std::any_of(one.files.begin(), one.files.end(), [&](const auto& file) {
      std::error_code error;
      return fs::exists(folder / file.path, error);
    });
    if (one.name != name && there) result.push_back(std::move(one));
  };
  keep(existing);
  for (const auto& other : existing.others) keep(other);
  return result;
}

// Descriptions of large images are large: the oldest exports are left out before nobody can read the file any more.
std::string fittingJson(exporting::ExportManifest manifest) {
  auto& others = manifest.others;
  if (others.size() > exporting::mostOtherExports) others.resize(exporting::mostOtherExports);
  auto json = exporting::toJson(manifest);
  while (json.size() > mostManifestBytes && !others.empty()) {
    others.pop_back();
    json = exporting::toJson(manifest);
  }
  return json;
}

}  // namespace

std::string identifier(const std::string& name) {
  std::string result;
  for (const char c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain)
      result += c;
    else if (!result.empty() && result.back() != '_')
      result += '_';
  }
  while (!result.empty() && result.back() == '_') result.pop_back();
  if (result.empty()) return "model";
  return result.front() >= '0' && result.front() <= '9' ? "m_" + result : result;
}

Result<void> checkExportName(const std::string& name) {
  const bool plain = !name.empty() && name.front() != '.' && name.size() <= 120 &&
                     name.find_first_of(std::string("/\\\0\n", 4)) == std::string::npos;
  if (plain) return {};
  return fail("export.bad_name", LATHE_TEXT("errors", "\"{name}\" cannot be the name of an export."),
              LATHE_TEXT("errors", "Use letters, digits, - and _."), {{"name", name}});
}

StagingFolder::StagingFolder(fs::path target, fs::path path, bool madeTarget, FolderLock lock)
    : m_target(std::move(target)), m_path(std::move(path)), m_madeTarget(madeTarget), m_alive(std::move(lock)) {}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : m_target(std::move(other.m_target)),
      m_path(std::move(other.m_path)),
      m_madeTarget(other.m_madeTarget),
      m_alive(std::move(other.m_alive)) {
  other.m_path.clear();
}

StagingFolder::~StagingFolder() {
  if (m_path.empty()) return;
  std::error_code ignored;
  fs::remove_all(m_path, ignored);
  if (m_madeTarget) fs::remove(m_target, ignored);  // only when it is empty
}

Result<StagingFolder> StagingFolder::make(const fs::path& target) {
  static std::atomic<int> counter{0};
  std::error_code error;
  const bool made = fs::create_directories(target, error);
  if (error) return fileError(error.value(), target);
  // Nobody sweeps between making a folder here and locking it.
  const auto alone = FolderLock::wait(target);
  sweep(target);
  const auto path = target / fmt::format("{}{}-{}", stagingPrefix, thisProcess().pid, ++counter);
  fs::create_directory(path, error);
  if (error) return fileError(error.value(), path);
  return StagingFolder(target, path, made, FolderLock::wait(path));
}

// What is new comes in by one rename, with all that lies below it; a file that is there is replaced.
Result<void> StagingFolder::moveIn(const exporting::ExportManifest& manifest,
                                   const std::function<void()>& afterStep) const {
  std::error_code error;
  const auto backup = m_path / "replaced";
  struct Moved {
    fs::path path;
    bool had = false;
  };
  std::vector<Moved> moved;
  const auto moveOne = [&](const fs::path& path) {
    if (!fs::exists(m_path / path, error)) return;  // came with the folder around it
    fs::path part;
    for (const auto& name : path) {
      part /= name;
      if (!fs::exists(m_target / part, error)) break;
    }
    const bool had = part == path && fs::exists(m_target / path, error);
    if (had) {
      fs::create_directories((backup / path).parent_path(), error);
      // A hard link keeps the old file at hand while the rename below replaces it without a gap.
      fs::create_hard_link(m_target / path, backup / path, error);
      if (error) {
        error.clear();
        fs::copy_file(m_target / path, backup / path, error);
      }
      if (error) return;
    }
    fs::rename(m_path / part, m_target / part, error);
    if (!error) moved.push_back({part, had});
  };
  for (const auto& path : pathsOf(manifest)) {
    moveOne(path);
    if (error) {
      const auto problem = fileError(error.value(), m_target / path);
      std::error_code ignored;
      for (const auto& each : moved)
        if (each.had)
          fs::rename(backup / each.path, m_target / each.path, ignored);
        else
          fs::remove_all(m_target / each.path, ignored);
      return problem;
    }
    step(afterStep);
  }
  return {};
}

Result<void> StagingFolder::install(const exporting::ExportManifest& manifest,
                                    const std::function<void()>& afterStep) const {
  for (const auto& path : pathsOf(manifest)) LATHE_TRY(syncToDisk(m_path / path));
  const auto alone = FolderLock::wait(m_target);
  const auto description = m_target / manifestName;
  LATHE_ASSIGN(existing, described(m_target));
  // Written while a full disk can still change nothing.
  auto whole = manifest;
  if (existing) whole.others = otherExports(*existing, manifest.name, m_target);
  LATHE_TRY(writeFileAtomically(m_path / manifestName, fittingJson(std::move(whole))));
  std::error_code error;
  const auto paths = pathsOf(manifest);
  const bool replaces = existing && std::any_of(paths.begin(), paths.end(),
                                                [&](const auto& path) { return fs::exists(m_target / path, error); });
  if (replaces) {
    // Old and new side by side: from here on the file's hash says which one is there.
    auto both = *existing;
    auto fresh = manifest;
    fresh.others.clear();
    both.others.insert(both.others.begin(), std::move(fresh));
    LATHE_TRY(writeFileAtomically(description, fittingJson(std::move(both))));
    step(afterStep);
  }
  if (auto moved = moveIn(manifest, afterStep); !moved) {
    if (replaces) (void)writeFileAtomically(description, exporting::toJson(*existing)).has_value();
    return moved;
  }
  fs::rename(m_path / manifestName, description, error);
  if (error) return fileError(error.value(), description);
  step(afterStep);
  return {};
}

}  // namespace lathe::services
