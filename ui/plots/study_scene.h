// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>
#include <limits>
#include <vector>

namespace lathe::ui {

/// What a picture of a study shows, as plain values: made on a worker, drawn by StudyPlot.
struct StudyScene {
  struct Axis {
    QString name;  ///< with its unit
    bool log = false;
    bool whole = false;          ///< ticks at whole numbers only
    std::vector<QString> words;  ///< of places 0, 1, 2 ...; empty: numbers
    double low = 0, high = 0;    ///< low == high: by the data
    int good = 0;                ///< -1: small values are the good ones, 1: large ones; 0: neither
  };
  /// The role of a colour; the theme says which one it is.
  enum class Tone : std::uint8_t { Trial, Best, Good, Faint, Bad, Selected };
  struct Point {
    double x = 0, y = 0;
    std::uint32_t trial = 0;
    float shade = -1;  ///< 0 (best) .. 1 (worst) on the colour scale; below 0: by tone
    Tone tone = Tone::Trial;
  };
  struct Line {
    std::vector<double> x, y;  ///< NaN breaks it
    Tone tone = Tone::Best;
    bool steps = false;  ///< a staircase: y holds until the next x
    QString name;        ///< in the legend
  };
  /// One of many thin curves.
  struct Curve {
    std::uint32_t trial = 0;
    std::uint32_t first = 0, count = 0;  ///< in curveX, curveY
    Tone tone = Tone::Faint;
  };
  /// A thin line between two points; seen when the second one is.
  struct Link {
    std::uint32_t from = 0, to = 0;  ///< in points
  };
  struct Bar {
    QString name;
    double length = 0, deviation = 0;
  };
  /// A stretch of time in a lane.
  struct Span {
    double start = 0, end = 0;
    int lane = 0;
    std::uint32_t trial = 0;
    Tone tone = Tone::Trial;
  };
  /// Values over a grid, from the lower left corner, row by row; NaN: nothing known.
  struct Grid {
    std::size_t columns = 0, rows = 0;
    std::vector<double> values;
    double xLow = 0, xHigh = 1, yLow = 0, yHigh = 1;  ///< centres of the outermost cells
    double low = 0, high = 1;                         ///< of the values
    bool largerIsBetter = false;
    bool shares = false;  ///< parts of one: written into the cells that are large enough
    QString valueName;
  };

  Axis x, y;
  std::vector<Point> points;
  std::vector<Link> links;
  std::vector<Line> lines;
  std::vector<Curve> curves;
  std::vector<float> curveX, curveY;
  std::vector<Bar> bars;
  std::vector<Span> spans;
  Grid grid;
  QString caption;    ///< beside the title
  QString emptyText;  ///< what to do, where there is nothing to show
  QString summary;    ///< one sentence: the accessible description

  [[nodiscard]] bool empty() const {
    return points.empty() && lines.empty() && curves.empty() && bars.empty() && spans.empty() && grid.values.empty();
  }
};

/// Axes for parallel coordinates and where each trial stands on them.
struct ParallelScene {
  struct Tick {
    double position = 0;  ///< 0 .. 1
    QString text;
  };
  struct Axis {
    QString name;
    std::vector<Tick> ticks;
    bool larger = false;  ///< the upper end is the good one; of the last axis
  };
  std::vector<Axis> axes;
  std::vector<float> positions;  ///< [line * axes.size() + axis]; NaN where a trial has none
  std::vector<std::uint32_t> trials;
  std::vector<bool> good;  ///< among the best tenth
  QString caption;         ///< beside the title
  QString emptyText;
  QString summary;
};

}  // namespace lathe::ui
