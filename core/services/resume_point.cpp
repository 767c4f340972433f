// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/resume_point.h"

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/engine/checkpoint.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

std::optional<fs::path> inside(const Project& project, const fs::path& file) {
  std::error_code error;
  if (file.empty() || !isInside(file, project.folder()) || !fs::is_regular_file(file, error)) return {};
  return file;
}

std::optional<fs::path> find(const Project& project, const store::RunRecord& record, const std::string& stored,
                             const char* name) {
  if (auto file = inside(project, project.absolute(stored))) return file;
  // Killed between writing the file and telling the store.
  return inside(project, project.runFolder(record.number) / name);
}

}  // namespace

std::optional<fs::path> lastCheckpoint(const Project& project, const store::RunRecord& record) {
  return find(project, record, record.lastCheckpoint, "last.ckpt");
}

Result<fs::path> bestCheckpoint(const Project& project, const store::RunRecord& record) {
  if (auto file = find(project, record, record.bestCheckpoint, "best.ckpt")) return *file;
  return fail("run.no_checkpoint",
              LATHE_TEXT("errors", "Run {run} has no checkpoint yet, so there is no model to use."),
              LATHE_TEXT("errors", "Resume it and let it finish an epoch, or choose another run."),
              {{"run", std::to_string(record.number)}});
}

Result<std::int64_t> checkpointStep(const fs::path& file) {
  auto checkpoint = engine::readCheckpoint(file);
  if (!checkpoint) return passOn(checkpoint);
  const auto state = checkpoint->meta.find("state");
  if (state != checkpoint->meta.end()) {
    const auto json = nlohmann::json::parse(state->second, nullptr, false);
    if (json.is_object())
      if (const auto step = json.find("step"); step != json.end() && step->is_number_integer() && *step >= 0)
        return step->get<std::int64_t>();
  }
  return fail("checkpoint.corrupt", LATHE_TEXT("errors", "{file} does not say after which step it was written."),
              LATHE_TEXT("errors", "Start a new training with the same settings."), {{"file", file.string()}});
}

}  // namespace lathe::services
