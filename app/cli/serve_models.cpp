// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/serve_models.h"

#include <algorithm>
#include <cerrno>
#include <map>

#include "app/composition/composition.h"
#include "core/base/files.h"
#include "core/exporting/formats/model_files.h"
#include "core/exporting/manifest.h"
#include "core/exporting/torchserve/mar_archive.h"
#include "core/services/export_files.h"
#include "core/services/project.h"
#include "core/services/resume_point.h"

namespace lathe::cli {
namespace {

namespace fs = std::filesystem;
using services::Project;
constexpr const char* checkpointExtension = ".ckpt";

bool isProject(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path / "store.sqlite3", error);
}

/// The exports of a project, the newest of each place and name.
Result<std::vector<serving::ModelFile>> exportsOf(const Project& project) {
  LATHE_ASSIGN(artefacts, project.store().artefacts());
  std::sort(artefacts.begin(), artefacts.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  std::map<fs::path, std::string> found;  // the file that predicts, and the export's name
  for (const auto& artefact : artefacts) {
    if (exporting::modelFormat(artefact.kind) == nullptr) continue;
    const auto location = exporting::findExport(project.absolute(artefact.path));
    if (!location) continue;
    // One file an export, whichever its formats: the one that is chosen when the export is named.
    const auto same = [&](const auto& each) {
      return each.first.parent_path() == location->modelFile.parent_path() && each.second == location->manifest.name;
    };
    if (std::none_of(found.begin(), found.end(), same)) found.emplace(location->modelFile, location->manifest.name);
  }
  std::vector<serving::ModelFile> models;
  for (const auto& [path, name] : found) {
    LATHE_ASSIGN(described, describeModelFile(path));
    described.name = name;
    models.push_back(described);
  }
  return models;
}

Result<void> addProject(const fs::path& folder, ServedFiles& files) {
  LATHE_ASSIGN(project, Project::open(folder, Project::Mode::Read, app::storeOpener()));
  LATHE_ASSIGN(models, exportsOf(*project));
  if (models.empty()) {
    LATHE_ASSIGN(best, project->findRun("best"));
    LATHE_ASSIGN(checkpoint, services::bestCheckpoint(*project, best));
    models.push_back({services::identifier(best.name), 1, "", checkpoint});
  }
  for (const auto& model : models) {
    files.folders.push_back(model.path.parent_path());
    files.models.push_back(model);
  }
  return {};
}

Result<void> addExport(const fs::path& path, ServedFiles& files) {
  LATHE_ASSIGN(described, describeModelFile(path));
  std::error_code error;
  const bool folder = fs::is_directory(path, error);
  const bool numbered = serving::versionNumber(path.filename().string()) > 0;
  files.folders.push_back(folder && !numbered ? path : path.parent_path());
  files.models.push_back(described);
  return {};
}

/// The model of a folder as servers keep versions: NAME/1/saved_model.pb, NAME/1/model.onnx; empty: there is none.
fs::path modelInside(const fs::path& folder) {
  std::error_code error;
  for (const char* name : {"saved_model.pb", "model.onnx", "model.pt"})
    if (fs::is_regular_file(folder / name, error)) return folder / name;
  return {};
}

/// Another version where two exports have the same name and version.
void tellApart(std::vector<serving::ModelFile>& models) {
  std::map<std::string, std::vector<std::int64_t>> taken;
  for (auto& model : models) {
    auto& versions = taken[model.name];
    while (std::find(versions.begin(), versions.end(), model.version) != versions.end()) ++model.version;
    versions.push_back(model.version);
  }
}

}  // namespace

Result<serving::ModelFile> describeModelFile(const fs::path& path) {
  std::error_code error;
  const auto whole = fs::absolute(path, error).lexically_normal();
  const auto plain = whole.has_filename() ? whole : whole.parent_path();
  serving::ModelFile file;
  file.path = plain;
  for (const auto& part : {plain, plain.parent_path()})
    if (const auto number = serving::versionNumber(part.filename().string());
        number > 0 && fs::is_directory(part, error)) {
      file.version = number;
      file.name = part.parent_path().filename().string();
      break;
    }
  if (plain.extension() == ".mar") {
    LATHE_ASSIGN(identity, exporting::marIdentity(plain));
    file.name = identity.name;
    file.versionText = identity.version;
    if (const auto number = serving::versionNumber(identity.version); number > 0) file.version = number;
    return file;
  }
  const auto location = exporting::findExport(plain);
  if (const auto inside = modelInside(plain); !location && !inside.empty()) {
    file.path = inside;
    if (file.name.empty()) file.name = plain.filename().string();
  } else if (location) {
    file.name = location->manifest.name;
  } else if (fs::is_directory(plain, error) && file.name.empty()) {
    return passOn(location);
  } else if (file.name.empty()) {
    file.name = plain.stem().string();
  }
  return file;
}

Result<ServedFiles> servedFiles(const std::vector<std::string>& given) {
  ServedFiles files;
  for (const auto& each : given) {
    std::error_code error;
    const fs::path path = fs::absolute(each, error).lexically_normal();
    if (!fs::exists(path, error)) return fileError(ENOENT, each);
    if (isProject(path))
      LATHE_TRY(addProject(path, files));
    else
      LATHE_TRY(addExport(path, files));
  }
  tellApart(files.models);
  return files;
}

serving::Server::Loader modelLoader(std::shared_ptr<engine::Engine> engine,
                                    std::shared_ptr<services::ModelService> models) {
  return [engine = std::move(engine), models = std::move(models)](const fs::path& path) {
    if (path.extension() == checkpointExtension) return engine->load(path);
    const auto inside = modelInside(path);
    return models->loadExport(inside.empty() ? path : inside);
  };
}

}  // namespace lathe::cli
