// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/files.h"
#include "core/exporting/json_reader.h"
#include "core/exporting/manifest.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

constexpr const char* exportDescription = "lathe-export.json";
constexpr int deepestFile = 4;  // folders between an export's and a file of it

tl::unexpected<Error> notAnExport(const fs::path& path) {
  return fail("export.missing",
              LATHE_TEXT("errors", "{file} is not an export of Lathe: there is no {manifest} with it."),
              LATHE_TEXT("errors", "Name the folder of an export, or one of its files."),
              {{"file", path.string()}, {"manifest", exportDescription}});
}

// By its own name, that of a file beside it, or that of a folder around it.
const ExportedFile* listed(const ExportManifest& manifest, const fs::path& name) {
  const auto found = std::find_if(manifest.files.begin(), manifest.files.end(), [&](const ExportedFile& file) {
    const bool along = std::any_of(file.along.begin(), file.along.end(),
                                   [&](const auto& each) { return fs::path(each.path) == name; });
    const auto below = fs::path(file.path).lexically_relative(name);
    return along || fs::path(file.path) == name || (!below.empty() && *below.begin() != "..");
  });
  return found == manifest.files.end() ? nullptr : &*found;
}

// The file that predicts when a whole export is named: TorchScript where it is there, else the first that is.
const ExportedFile* mainFile(const ExportManifest& manifest, const fs::path& folder) {
  const ExportedFile* first = nullptr;
  for (const auto& file : manifest.files) {
    std::error_code error;
    if (!fs::exists(folder / file.path, error)) continue;
    if (file.format == "torchscript") return &file;
    if (first == nullptr) first = &file;
  }
  return first != nullptr || manifest.files.empty() ? first : &manifest.files.front();
}

struct Described {
  const ExportManifest* manifest = nullptr;
  const ExportedFile* file = nullptr;
};

// Who describes the file on disk: where several do, the one with its hash.
Described describing(const ExportManifest& whole, const fs::path& folder, const fs::path& name) {
  std::vector<Described> found;
  if (const auto* file = listed(whole, name)) found.push_back({&whole, file});
  for (const auto& other : whole.others)
    if (const auto* file = listed(other, name)) found.push_back({&other, file});
  if (found.empty()) return {};
  if (found.size() > 1)
    if (const auto hash = sha256Of(folder / found.front().file->path))
      for (const auto& each : found)
        if (each.file->sha256 == *hash) return each;
  return found.front();
}

}  // namespace

Result<ExportLocation> findExport(const fs::path& dirOrFile) {
  std::error_code error;
  const auto path = fs::absolute(dirOrFile, error).lexically_normal();
  const auto status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return fileError(ENOENT, dirOrFile);
  if (error) return fileError(error.value(), dirOrFile);
  const bool isFolder = status.type() == fs::file_type::directory;

  ExportLocation location;
  location.folder = isFolder ? path : path.parent_path();
  if (location.folder.filename().empty()) location.folder = location.folder.parent_path();
  const auto named = isFolder ? location.folder : path;
  LATHE_ASSIGN(manifest, manifestOf(location.folder));
  for (int up = 0; !manifest && up < deepestFile && location.folder.has_relative_path(); ++up) {
    location.folder = location.folder.parent_path();
    LATHE_ASSIGN(above, manifestOf(location.folder));
    manifest = std::move(above);
  }
  if (!manifest) return notAnExport(dirOrFile);

  fs::path name = named.lexically_relative(location.folder);
  if (name == "." || name == exportDescription) {
    const auto* main = mainFile(*manifest, location.folder);
    if (main == nullptr) return notAnExport(dirOrFile);
    name = main->path;
  }
  const auto described = describing(*manifest, location.folder, name);
  if (described.manifest == nullptr) return notAnExport(dirOrFile);
  location.modelFile = location.folder / described.file->path;
  location.sha256 = described.file->sha256;
  if (!fs::exists(location.modelFile, error)) return fileError(ENOENT, location.modelFile);
  if (!isInside(location.modelFile, location.folder)) return badManifest("a file lies outside the export's folder");
  location.manifest = *described.manifest;
  location.manifest.others.clear();
  return location;
}

}  // namespace lathe::exporting
