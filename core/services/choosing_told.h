// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "core/services/choosing.h"
#include "core/services/training_service.h"

/// What the stages of choosing share: telling what happens, and the work of a training.
namespace lathe::services {

/// What a listener hears of one stage; nobody need listen.
class Told {
 public:
  Told(ChoosingListener* listener, ChoosingStage stage, const std::string& optimizer = {})
      : m_listener(listener), m_progress{stage, optimizer, 0, 0} {}

  void begin(int total) {
    m_progress.total = total;
    progressed(0);
  }
  void step() { progressed(m_progress.done + 1); }
  void progressed(int done) {
    m_progress.done = m_progress.total > 0 ? std::min(done, m_progress.total) : done;
    if (m_listener != nullptr) m_listener->progress(m_progress);
  }
  void tried(TriedSetting tried) {
    tried.stage = m_progress.stage;
    if (m_listener != nullptr) m_listener->tried(tried);
    m_last[tried.candidate] = std::move(tried);
  }
  void chose(int candidate) {
    if (m_listener != nullptr) m_listener->chosen(m_last[candidate]);
  }

 private:
  ChoosingListener* m_listener;
  ChoosingProgress m_progress;
  std::map<int, TriedSetting> m_last;
};

/// A score of short trainings as its metric counts; NaN: it diverged.
[[nodiscard]] double asMetric(const spec::TrainingSpec& training, double score);
[[nodiscard]] std::string shownScore(const spec::TrainingSpec& training, double score);

/// FLOP of a step, and steps of an epoch.
[[nodiscard]] double stepFlopsOf(const ResolvedTraining& resolved);
[[nodiscard]] std::int64_t stepsPerEpochOf(const ResolvedTraining& resolved);

}  // namespace lathe::services
