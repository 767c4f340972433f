// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

/// Boxes and lines of a directed graph without cycles, from top to bottom (Sugiyama, Tagawa and Toda 1981): ranks by
/// the longest path from above, order within a rank by barycentres, places by least squares. Pure, any thread.
namespace lathe::ui {

struct LayoutSize {
  double width = 0, height = 0;
};

/// From a box to one that comes later in the list.
struct LayoutEdge {
  std::size_t from = 0, to = 0;
};

struct LayeredLayout {
  struct Box {
    double x = 0, y = 0, width = 0, height = 0;  ///< x, y: the upper left corner
    int rank = 0;
  };
  struct Place {
    double x = 0, y = 0;
  };
  /// Begins at the lower edge of one box, ends at the upper edge of the other, always goes down, and passes beside
  /// every box between. Of places 2i and 2i+1 the line between is straight, from 2i+1 to 2i+2 it bends.
  struct Path {
    std::vector<Place> places;
    bool skips = false;  ///< past at least one rank
  };
  std::vector<Box> boxes;
  std::vector<Path> paths;  ///< one an edge
  double width = 0, height = 0;
};

struct LayoutGaps {
  double beside = 12, between = 24;
  double lane = 8;  ///< of a line that passes a rank
};

[[nodiscard]] LayeredLayout layered(const std::vector<LayoutSize>& sizes, const std::vector<LayoutEdge>& edges,
                                    const LayoutGaps& gaps = {});

}  // namespace lathe::ui
