// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/heat_plot.h"
#include "ui/plots/heat_raster.h"
#include "ui/plots/plot_parts.h"

namespace lathe::ui {

/// The inside of a HeatPlot.
struct HeatPlot::Impl final : PlotParts {
  Impl(HeatPlot* owner, Workbench& bench);

  void setUpAxes();
  void applyTheme();
  void retranslate();
  void askReplot();
  void draw();
  void fillMap();
  void updateTexts();
  void userMoved() override;
  void valuesMoved() override { userMoved(); }
  void pressed(const QMouseEvent& event) override;
  [[nodiscard]] bool valuesZoom() const override { return !heatAxis.isLog(); }
  void fit();
  void showCrosshair(const QPoint& position) override;
  void paintTo(QPainter& painter, const QSize& size) const;
  bool saveCsv(const QString& file) const;
  [[nodiscard]] QString xName() const;
  [[nodiscard]] double endOfData() const;

  HeatPlot* q;
  Workbench& workbench;
  QLabel* caption;
  QCPColorMap* map;
  QCPColorScale* scale;

  SpreadFrames frames;
  HeatAxis heatAxis;
  CurveItem item;
  XAxis axis = XAxis::Step;
  QString valueName;
  bool logY = false;
};

}  // namespace lathe::ui
