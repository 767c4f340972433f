// SPDX-License-Identifier: GPL-3.0-or-later
// What a training settles before its first step: choices by trying, and the record of what was resolved.
#include "core/base/machine.h"
#include "core/services/automatic_training.h"
#include "core/services/run_facts.h"
#include "core/services/training_run.h"
#include "core/spec/spec_json.h"

namespace lathe::services {

Result<void> TrainingRun::choose(ResolvedTraining& resolved) {
  if (!needsTrying(resolved.spec.training)) return {};
  const auto asked = m_plan.spec.training.threads;
  ChoosingRecorder recorder(m_plan.project->store(), m_plan.number, [this](const ChoosingProgress& progress) {
    if (m_plan.sink) m_plan.sink({m_plan.number, {}, progress});
  });
  return tryOut(resolved, *m_engine, m_control, asked > 0 ? static_cast<unsigned>(asked) : machineInfo().threads,
                &recorder);
}

Result<void> TrainingRun::noteResolved(const ResolvedTraining& resolved) {
  auto& store = m_plan.project->store();
  const auto& training = resolved.spec.training;
  store::RunUpdate update;
  update.specJson = spec::toJson(resolved.spec, -1);
  update.modelJson = spec::toJson(resolved.model);
  update.parameters = flatParameters(resolved.spec);
  update.environment = environmentOf(resolved.spec, *m_engine, m_plan.deterministic);
  update.monitor = training.monitor;
  update.monitorLarger = training.monitorDirection == "maximize";
  update.totalEpochs = training.epochs;
  update.dataHash = resolved.spec.data.sha256;
  update.task = spec::name(resolved.spec.data.task);
  update.model = resolved.spec.model.templateName;
  LATHE_TRY(store.updateRun(m_plan.number, update));
  if (m_plan.resumed) {
    store.addEvent(m_plan.number, "resumed", {LATHE_TEXT("events", "Resumed."), {}});
    if (m_plan.checkpoint) return {};
    // Stopped before its first checkpoint, perhaps while it chose: what is chosen now has its reasons, too.
    for (const auto& reason : resolved.reasons) store.addEvent(m_plan.number, "choice", reason);
    return {};
  }
  for (const auto& note : m_weightNotes) store.addEvent(m_plan.number, "weights", note);
  for (const auto& reason : resolved.reasons) store.addEvent(m_plan.number, "choice", reason);
  for (const auto& warning : resolved.warnings) store.addWarning(m_plan.number, warning);
  return {};
}

}  // namespace lathe::services
