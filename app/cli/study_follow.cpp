// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/study_follow.h"

#include <fmt/format.h>

#include "app/cli/study_json.h"
#include "app/cli/study_text.h"

namespace lathe::cli {

services::StudySink StudyFollower::sink() {
  return [this](const services::StudyProgress& progress) {
    if (const auto said = progress.remark ? progress.remark->render() : std::string(); said != m_remark) {
      m_remark = said;
      if (!said.empty()) {
        m_line.clear();
        writeErr(said);
      }
    }
    m_line.show(progress);
  };
}

void StudyFollower::warn(const std::vector<Warning>& warnings) {
  m_line.clear();
  for (const auto& warning : warnings) {
    writeErr("warning: " + warning.sentence());
    m_warnings.push_back(warning);
  }
}

Result<Json> StudyFollower::result(const store::StudyRecord& study) const {
  LATHE_ASSIGN(json, studyJson(*m_project, study, false));
  auto all = errorsJson(m_warnings);
  for (auto& each : json["warnings"]) all.push_back(std::move(each));
  json["warnings"] = std::move(all);
  return std::move(json);
}

Result<int> StudyFollower::follow(services::StudyService& service, store::StudyNumber study) {
  m_context.stops().graceful(
      [this, &service, study] {
        writeErr("\nPausing: trials stop at their next step with a checkpoint; once more stops at once.");
        if (const auto asked = service.pause(*m_project, study); !asked)
          writeErr("lathe-cli: " + asked.error().sentence());
      },
      [this, study] {
        writeErr(fmt::format("\nStopped at once; lathe-cli study resume {} goes on.", study));
        if (!m_context.globals().json) return;
        const auto record = m_project->store().studies().study(study);
        auto json = record ? result(*record) : Result<Json>(Json{{"study", study}});
        if (!json) return;
        (*json)["status"] = spec::name(spec::RunStatus::Interrupted);
        (void)writeOut(oneLine(*json) + "\n").has_value();
      });
  auto record = service.wait(*m_project, study);
  m_context.stops().forget();
  m_line.clear();
  if (!record) return passOn(record);
  LATHE_ASSIGN(json, result(*record));
  LATHE_ASSIGN(text, studyText(*m_project, *record, false));
  if (record->status == spec::RunStatus::Completed) return m_context.print(json, text);
  if (record->status == spec::RunStatus::Failed)
    return m_context.printFailure(
        record->error.value_or(Error{"study.failed", {fmt::format("Study {} failed.", study), {}}, {}}), json);
  writeErr(fmt::format("Study {} is {}. lathe-cli study resume {} goes on.", study, spec::name(record->status), study));
  return m_context.print(json, text, StoppedByPerson);
}

}  // namespace lathe::cli
