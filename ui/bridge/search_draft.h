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
  /// It searches architectures: the method says so. The space above is then left alone.
  [[nodiscard]] bool architectures() const { return !settings.architecture.method.empty(); }
  void setArchitectures(bool on) {
    auto& architecture = settings.architecture;
    architecture.method = on ? "evolution" : "";
    architecture.space = on ? "auto" : "";
    if (on && (settings.pruner == "pbt" || settings.pruner == "dehb")) settings.pruner = "none";
  }
  /// The settings without what only the other kind of search has.
  [[nodiscard]] services::StudySettings wanted() const {
    auto wanted = settings;
    const services::StudySettings plain;
    if (architectures()) {
      wanted.sampler = plain.sampler;
      wanted.folds = plain.folds;
      wanted.foldRepeats = plain.foldRepeats;
      wanted.terminator = plain.terminator;
      if (settings.architecture.method == "bohb") wanted.pruner = plain.pruner;  // it has its own
    } else {
      wanted.architecture = {};
    }
    return wanted;
  }
  bool operator==(const SearchDraft&) const = default;
};

}  // namespace lathe::ui
