// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace lathe::ui {

/// The tabs of a study, and the pictures on them.
struct SearchPictureNames {
  enum Tab { Overview, Trials, Slices, Contour, Ranks, Spread, Timeline, Goals, Architectures, TabCount };
  enum Picture {
    History,
    Reports,
    Importance,
    ContourPlot,
    RankPlot,
    Distribution,
    Lanes,
    Front,
    Volume,
    Family,
    Scores,
    PictureCount
  };
};

}  // namespace lathe::ui
