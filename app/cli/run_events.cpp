// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/run_events.h"

#include <algorithm>

#include "app/cli/output.h"

namespace lathe::cli {
namespace {

bool isPlain(const std::string& kind) {
  return kind == "choice" || kind == "weights" || kind == "thawed" || kind == "baseline";
}

bool isSaid(const std::string& kind) {
  return isPlain(kind) || kind == "warning" || kind == "data_missing" || kind == "early_stopping";
}

}  // namespace

void RunEvents::skipOld(store::RunNumber run) {
  const std::lock_guard lock(m_mutex);
  if (const auto events = m_project.store().events(run))
    for (const auto& event : *events) m_lastId = std::max(m_lastId, event.id);
}

void RunEvents::show(store::RunNumber run, bool all) {
  const std::lock_guard lock(m_mutex);
  const auto now = std::chrono::steady_clock::now();
  if (!all && now - m_lastLook < std::chrono::seconds(1)) return;
  m_lastLook = now;
  const auto events = m_project.store().events(run, m_lastId);
  if (!events) return;
  for (const auto& event : *events) {
    m_lastId = std::max(m_lastId, event.id);
    const auto sentence = event.message.render();
    // The data and the choices made for them may note the same thing.
    if (!isSaid(event.kind) || !m_said.insert(sentence).second) continue;
    m_line.clear();
    const auto hint = event.hint.render();
    writeErr((isPlain(event.kind) ? "" : "warning: ") + sentence + (hint.empty() ? "" : " " + hint));
  }
}

}  // namespace lathe::cli
