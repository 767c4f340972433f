// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/resume_point.h"

#include <nlohmann/json.hpp>

#include "core/base/files.h"
#include "core/engine/checkpoint.h"
#include "core/engine/checkpoint_keeper.h"

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

Result<std::int64_t> stepOf(const fs::path& file) {
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

}  // namespace

std::optional<fs::path> lastCheckpoint(const Project& project, const store::RunRecord& record) {
  if (auto last = find(project, record, record.lastCheckpoint, "last.ckpt")) return last;
  const auto last = project.runFolder(record.number) / "last.ckpt";
  return inside(project, engine::previousCheckpoint(last)) ? std::optional(last) : std::nullopt;
}

Result<fs::path> bestCheckpoint(const Project& project, const store::RunRecord& record) {
  if (auto file = find(project, record, record.bestCheckpoint, "best.ckpt")) return *file;
  return fail("run.no_checkpoint",
              LATHE_TEXT("errors", "Run {run} has no checkpoint yet, so there is no model to use."),
              LATHE_TEXT("errors", "Resume it and let it finish an epoch, or choose another run."),
              {{"run", std::to_string(record.number)}});
}

Result<ResumePoint> resumePoint(const fs::path& last) {
  const auto newest = stepOf(last);
  if (newest) return ResumePoint{last, *newest, {}};
  const Error& why = newest.error();
  if (why.code != "checkpoint.corrupt" && why.code != "file.missing") return tl::unexpected<Error>(why);
  const auto previous = engine::previousCheckpoint(last);
  const auto older = stepOf(previous);
  if (older)
    return ResumePoint{
        previous, *older,
        Warning{
            "checkpoint.fell_back",
            {LATHE_TEXT("errors",
                        "The newest checkpoint, {file}, is damaged or missing. Going on from the one before it, "
                        "{previous}, step {step}."),
             {{"file", last.string()}, {"previous", previous.string()}, {"step", std::to_string(*older)}}},
            {LATHE_TEXT("errors",
                        "Nothing is lost: the steps after it are trained again with the same result. Check the disk "
                        "when this comes again."),
             {}}}};
  if (older.error().code == "file.missing") return tl::unexpected<Error>(why);
  return fail("checkpoint.corrupt",
              LATHE_TEXT("errors",
                         "Neither {file} nor the checkpoint before it, {previous}, can be read: both are "
                         "damaged."),
              LATHE_TEXT("errors", "Start a new training with the same settings."),
              {{"file", last.string()}, {"previous", previous.string()}});
}

}  // namespace lathe::services
