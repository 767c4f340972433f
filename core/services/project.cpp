// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/project.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>

#include "core/base/files.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr const char* storeFile = "store.sqlite3";

std::string lower(std::string text) {
  for (auto& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

tl::unexpected<Error> missingProject(const fs::path& folder) {
  return fail("project.missing", LATHE_TEXT("errors", "There is no project {folder}."),
              LATHE_TEXT("errors", "Train something to create it, or name another project folder."),
              {{"folder", folder.string()}});
}

tl::unexpected<Error> notAProject(const fs::path& folder) {
  return fail("project.not_a_project", LATHE_TEXT("errors", "{folder} is not a Lathe project and holds other files."),
              LATHE_TEXT("errors", "Name a project folder, or a new one that ends in .lathe."),
              {{"folder", folder.string()}});
}

Result<void> createFolder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fileError(error.value(), folder);
  return {};
}

// Whether the folder is empty, but for a store that another process is making in it at this moment.
Result<bool> holdsNothingElse(const fs::path& folder) {
  std::error_code error;
  fs::directory_iterator it(folder, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error))
    if (it->path().filename().string().rfind(storeFile, 0) != 0) return false;
  if (error) return fileError(error.value(), folder);
  return true;
}

// Checks the folder before a store is opened or made in it.
Result<void> prepare(const fs::path& folder, Project::Mode mode) {
  std::error_code error;
  const auto status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) {
    if (mode != Project::Mode::Create) return missingProject(folder);
    return createFolder(folder);
  }
  if (status.type() == fs::file_type::none) return fileError(error.value(), folder);
  if (!fs::is_directory(status))
    return fail("project.not_a_folder", LATHE_TEXT("errors", "{folder} is a file, a project is a folder."),
                LATHE_TEXT("errors", "Name a project folder, or a new one that ends in .lathe."),
                {{"folder", folder.string()}});
  if (fs::exists(folder / storeFile, error)) return {};
  if (error) return fileError(error.value(), folder / storeFile);
  LATHE_ASSIGN(free, holdsNothingElse(folder));
  // Another process may have put the store in place since the first look.
  if (fs::exists(folder / storeFile, error)) return {};
  if (!free) return notAProject(folder);
  if (mode != Project::Mode::Create) return missingProject(folder);
  return {};
}

bool better(double a, double b, bool larger) { return larger ? a > b : a < b; }

}  // namespace

Project::Project(fs::path folder, std::unique_ptr<store::RunStore> store)
    : m_folder(std::move(folder)), m_store(std::move(store)) {}

Result<std::shared_ptr<Project>> Project::open(const fs::path& folder, Mode mode, const StoreOpener& opener) {
  std::error_code error;
  auto absolute = fs::absolute(folder, error).lexically_normal();
  if (folder.empty() || error) return missingProject(folder);
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  LATHE_TRY(prepare(absolute, mode));
  auto store = opener(absolute / storeFile, mode == Mode::Create, mode == Mode::Read);
  if (!store) return passOn(store);
  return std::shared_ptr<Project>(new Project(std::move(absolute), std::move(*store)));
}

std::string Project::name() const {
  return m_folder.extension() == ".lathe" ? m_folder.stem().string() : m_folder.filename().string();
}

fs::path Project::runFolder(store::RunNumber run) const {
  return m_folder / "artifacts" / "runs" / std::to_string(run);
}

fs::path Project::absolute(const std::string& relative) const {
  fs::path path(relative);
  if (relative.empty() || path.is_absolute()) return path;
  auto whole = (m_folder / path).lexically_normal();
  // A project from elsewhere must not name files outside itself.
  return isInside(whole, m_folder) ? whole : fs::path();
}

std::string Project::relative(const fs::path& path) const {
  if (path.empty()) return {};
  std::error_code error;
  const auto whole = (path.is_absolute() ? path : fs::absolute(path, error)).lexically_normal();
  const auto inside = whole.lexically_relative(m_folder);
  if (!inside.empty() && *inside.begin() != ".." && isInside(whole, m_folder)) return inside.generic_string();
  return whole.string();
}

Result<store::RunRecord> Project::findRun(const std::string& run) const {
  const auto word = lower(run);
  if (word != "latest" && word != "best") {
    store::RunNumber number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size() || number <= 0)
      return fail("run.bad_name", LATHE_TEXT("errors", "{run} does not name a run."),
                  LATHE_TEXT("errors", "Give a run's number, latest or best."), {{"run", run}});
    auto record = m_store->run(number);
    if (record && record->removed)
      return fail("run.removed", LATHE_TEXT("errors", "Run {run} was removed."),
                  LATHE_TEXT("errors", "Bring it back first: that is possible for seven days."), {{"run", run}});
    return record;
  }

  auto all = m_store->runs();
  if (!all) return passOn(all);
  if (all->empty())
    return fail("run.none", LATHE_TEXT("errors", "{project} holds no runs yet."),
                LATHE_TEXT("errors", "Train a model first."), {{"project", name()}});
  const auto latest =
      std::max_element(all->begin(), all->end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  if (word == "latest") return *latest;

  // A newest run that failed before its data were read says nothing about which data are meant.
  const store::RunRecord* like = nullptr;
  for (const auto& record : *all)
    if (!record.dataHash.empty() && (like == nullptr || record.number > like->number)) like = &record;
  if (like == nullptr) like = &*latest;
  const store::RunRecord* best = nullptr;
  for (const auto& record : *all) {
    if (record.status != spec::RunStatus::Completed) continue;
    if (record.dataHash != like->dataHash || record.task != like->task) continue;
    const auto value = record.metrics.find(like->monitor);
    if (value == record.metrics.end() || !std::isfinite(value->second)) continue;
    if (best != nullptr) {
      const double other = best->metrics.at(like->monitor);
      const bool tie = value->second == other && record.number < best->number;
      if (!tie && !better(value->second, other, like->monitorLarger)) continue;
    }
    best = &record;
  }
  if (best == nullptr)
    return fail("run.no_best",
                LATHE_TEXT("errors", "No run on the data of the latest one is completed, so none is the best yet."),
                LATHE_TEXT("errors", "Name a run by its number, or finish one first."));
  return *best;
}

}  // namespace lathe::services
