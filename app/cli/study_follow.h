// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "app/cli/context.h"
#include "core/services/study_service.h"

namespace lathe::cli {

/// Waits for a study with progress on standard error; the first signal pauses it, and the result is printed at the end.
class StudyFollower {
 public:
  StudyFollower(Context& context, std::shared_ptr<services::Project> project, ProgressLine& line)
      : m_context(context), m_project(std::move(project)), m_line(line) {}

  [[nodiscard]] services::StudySink sink();
  /// On standard error now, and in the result.
  void warn(const std::vector<Warning>& warnings);
  Result<int> follow(services::StudyService& service, store::StudyNumber study);

 private:
  [[nodiscard]] Result<Json> result(const store::StudyRecord& study) const;

  Context& m_context;
  const std::shared_ptr<services::Project> m_project;  // shared with the service's threads
  ProgressLine& m_line;
  std::string m_remark;
  std::vector<Warning> m_warnings;
};

}  // namespace lathe::cli
