// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/services/choosing.h"
#include "core/services/rate_curves.h"
#include "ui/bridge/insight_feeds.h"

namespace lathe::ui {

/// How a run came to its settings: what it tried before its first step, and the curve its rate was found on.
class ChoiceFeed : public InsightFeed {
  Q_OBJECT
 public:
  using InsightFeed::InsightFeed;
  [[nodiscard]] const services::Choosing& choosing() const { return m_choosing; }
  [[nodiscard]] const std::optional<services::KeptRateCurve>& foundRate() const { return m_foundRate; }

 private:
  Read reading() override;
  void forget() override;
  std::vector<store::Event> m_events;
  std::int64_t m_lastId = 0;
  services::Choosing m_choosing;
  std::optional<services::KeptRateCurve> m_foundRate;
};

}  // namespace lathe::ui
