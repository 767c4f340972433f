// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/choice_feed.h"

#include <iterator>

#include "core/services/project.h"

namespace lathe::ui {

InsightFeed::Read ChoiceFeed::reading() {
  return [this, run = run(), after = m_lastId](const auto& project) -> Take {
    auto fresh = project->store().events(run, after).value_or(std::vector<store::Event>());
    if (fresh.empty()) return {};
    return [this, fresh = std::move(fresh)]() mutable {
      m_lastId = fresh.back().id;
      std::move(fresh.begin(), fresh.end(), std::back_inserter(m_events));
      m_choosing = services::choosingOf(m_events);
      m_foundRate = services::foundRateOf(m_events);
    };
  };
}

void ChoiceFeed::forget() {
  m_events.clear();
  m_lastId = 0;
  m_choosing = {};
  m_foundRate.reset();
}

}  // namespace lathe::ui
