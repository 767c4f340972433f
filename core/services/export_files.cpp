// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_files.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cmath>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/base/machine.h"
#include "core/exporting/table_columns.h"

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

const exporting::ExportManifest* sameName(const exporting::ExportManifest& existing, const std::string& name) {
  if (existing.name == name) return &existing;
  const auto found = std::find_if(existing.others.begin(), existing.others.end(),
                                  [&](const auto& other) { return other.name == name; });
  return found == existing.others.end() ? nullptr : &*found;
}

bool sameNumbers(const std::vector<std::vector<float>>& a, const std::vector<std::vector<float>>& b) {
  const auto same = [](float x, float y) { return x == y || (std::isnan(x) && std::isnan(y)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    return std::equal(x.begin(), x.end(), y.begin(), y.end(), same);
  });
}

bool sameModel(const exporting::ExportManifest& a, const exporting::ExportManifest& b) {
  return a.run == b.run && !a.referenceRows.empty() && sameNumbers(a.referenceRows, b.referenceRows) &&
         sameNumbers(a.referenceOutputs, b.referenceOutputs);
}

bool isAsDescribed(const fs::path& folder, const std::string& path, const std::string& sha256) {
  const auto hash = sha256Of(folder / path);
  return hash && *hash == sha256;
}

/// Files of the export before that the new one does not have: of the same model they are its files too, of another they
/// would pass for it.
std::vector<exporting::ExportedFile> filesBefore(const exporting::ExportManifest& before,
                                                 const exporting::ExportManifest& manifest, const fs::path& folder) {
  const auto fresh = pathsOf(manifest);
  std::vector<exporting::ExportedFile> files;
  for (const auto& file : before.files)
    if (std::find(fresh.begin(), fresh.end(), file.path) == fresh.end() &&
        isAsDescribed(folder, file.path, file.sha256))
      files.push_back(file);
  return files;
}

void removeFiles(const std::vector<exporting::ExportedFile>& files, const fs::path& folder) {
  const auto removeOne = [&](const std::string& path, const std::string& sha256) {
    std::error_code ignored;
    if (!isAsDescribed(folder, path, sha256)) return;
    fs::remove(folder / path, ignored);
    for (auto around = fs::path(path).parent_path(); !around.empty(); around = around.parent_path())
      fs::remove(folder / around, ignored);  // only where nothing else is in it
  };
  for (const auto& file : files) {
    removeOne(file.path, file.sha256);
    for (const auto& along : file.along) removeOne(along.path, along.sha256);
  }
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
                     name.find_first_of(std::string("/\\\0\n", 4)) == std::string::npos &&
                     !name.ends_with(exporting::columnsEnding);  // of a file beside an export
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
  std::vector<exporting::ExportedFile> stale;
  if (existing) {
    whole.others = otherExports(*existing, manifest.name, m_target);
    if (const auto* before = sameName(*existing, manifest.name)) {
      stale = filesBefore(*before, manifest, m_target);
      if (sameModel(*before, manifest))
        for (auto& file : std::exchange(stale, {})) whole.files.push_back(std::move(file));
    }
  }
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
  removeFiles(stale, m_target);
  return {};
}

}  // namespace lathe::services
