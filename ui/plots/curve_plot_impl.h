// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <limits>
#include <map>

#include "ui/bridge/curve_feed.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/curve_shape.h"
#include "ui/plots/legend_strip.h"
#include "ui/plots/plot_parts.h"

namespace lathe::ui {

/// The inside of a CurvePlot: its graphs, and what the person did to the view.
struct CurvePlot::Impl final : PlotParts {
  Impl(CurvePlot* owner, Workbench& bench);

  /// What QCustomPlot draws of one item.
  struct Drawn {
    QCPGraph* raw = nullptr;
    QCPGraph* smooth = nullptr;
    QCPGraph* mark = nullptr;  ///< the ring at the best value
    CurveShape shape;
    std::vector<double> smoothY;
    std::int64_t lastStep = 0;  ///< of what is on screen
    std::int64_t totalPoints = 0;
  };
  struct Best {
    double x = 0, value = 0;
    std::int64_t atLast = -1;  ///< last step when it was looked for over the whole curve
  };

  void applyTheme();
  void retranslate();

  // data to picture (curve_scene.cpp)
  void itemsChanged();
  void askData();
  void takeData();
  void fillGraph(std::size_t index);
  void rescale();
  void rescaleValues();
  [[nodiscard]] double withoutExplosion(double low, double high) const;
  void updateBest();
  void updateTexts();
  void askReplot();
  void draw();
  [[nodiscard]] double endOfData() const;
  [[nodiscard]] double startOfData() const;
  [[nodiscard]] bool anyData() const;
  [[nodiscard]] QString summary() const;
  [[nodiscard]] QString xName() const;
  [[nodiscard]] QPen penOf(const CurveItem& item, bool faint) const;
  [[nodiscard]] bool isSmoothed(const CurveItem& item) const { return smoothing > 0 && item.thin; }

  // mouse and keyboard (curve_mouse.cpp)
  void userMoved() override;
  void valuesMoved() override { autoY = false; }
  void pressed(const QMouseEvent& event) override;
  void fit();
  void zoomX(double factor) override;
  void showCrosshair(const QPoint& position) override;
  [[nodiscard]] QString readout(double x) const;

  // pictures and files (curve_save.cpp)
  void paintTo(QPainter& painter, const QSize& size) const;
  bool saveCsv(const QString& file);

  CurvePlot* q;
  Workbench& workbench;
  CurveFeed feed;
  QLabel* unitLabel;
  LegendStrip* legend;

  std::vector<CurveItem> items;
  std::vector<Drawn> drawn;
  std::map<std::pair<store::RunNumber, std::string>, Best> bests;
  QString valueName, valueUnit;
  XAxis axis = XAxis::Step;
  double smoothing = 0;
  bool logY = false;
  bool fromZero = false;
  bool wholeX = true;                  ///< the whole curve is in view; else following keeps the width
  bool autoY = true;                   ///< until the person zooms or pans along y
  double askedLow = 0, askedHigh = 0;  ///< range of the last query, in axis units; 0, 0: everything
  double lastX = std::numeric_limits<double>::quiet_NaN();
  QElapsedTimer sinceSummary;
};

}  // namespace lathe::ui
