// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/study_settings.h"
#include "core/spec/search_space.h"

namespace lathe::ui {

/// The next search as a person sets it up: what is open, and how to search. It may be wrong for the moment.
struct SearchDraft {
  spec::SearchSpace space;
  services::StudySettings settings = usual();

  /// Smaller validation loss, 50 trials.
  [[nodiscard]] static services::StudySettings usual() {
    services::StudySettings settings;
    settings.goals = {services::goalOf("val/loss")};
    settings.trials = 50;
    return settings;
  }
  bool operator==(const SearchDraft&) const = default;
};

}  // namespace lathe::ui
