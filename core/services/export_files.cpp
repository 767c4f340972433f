// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/export_files.h"

#include <atomic>
#include <fmt/format.h>

#include "core/base/files.h"
#include "core/base/machine.h"

namespace lathe::services {
namespace fs = std::filesystem;

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

StagingFolder::StagingFolder(fs::path target, fs::path path, bool madeTarget)
    : m_target(std::move(target)), m_path(std::move(path)), m_madeTarget(madeTarget) {}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : m_target(std::move(other.m_target)), m_path(std::move(other.m_path)), m_madeTarget(other.m_madeTarget) {
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
  const auto path = target / fmt::format(".lathe-export-{}-{}", thisProcess().pid, ++counter);
  fs::create_directory(path, error);
  if (error) return fileError(error.value(), path);
  return StagingFolder(target, path, made);
}

Result<void> StagingFolder::install(const std::vector<std::string>& files) const {
  std::error_code error;
  const auto backup = m_path / "replaced";
  fs::create_directory(backup, error);
  if (error) return fileError(error.value(), backup);

  std::size_t moved = 0;
  std::vector<bool> had(files.size(), false);
  for (; moved < files.size(); ++moved) {
    const auto target = m_target / files[moved];
    // A hard link keeps the old file at hand while the rename below replaces it without a gap.
    if (fs::exists(target, error)) {
      fs::create_hard_link(target, backup / files[moved], error);
      if (error) {
        error.clear();
        fs::copy_file(target, backup / files[moved], error);
      }
      if (error) break;
      had[moved] = true;
    }
    fs::rename(m_path / files[moved], target, error);
    if (error) break;
  }
  if (moved == files.size()) return {};

  const auto problem = fileError(error.value(), m_target / files[moved]);
  std::error_code ignored;
  for (std::size_t i = 0; i < moved; ++i)
    if (had[i])
      fs::rename(backup / files[i], m_target / files[i], ignored);
    else
      fs::remove(m_target / files[i], ignored);
  return problem;
}

}  // namespace lathe::services
