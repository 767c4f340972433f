// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QToolButton>

#include "ui/plots/heat_plot.h"
#include "ui/plots/heat_raster.h"
#include "ui/plots/qcustomplot_include.h"

namespace lathe::ui {

/// The inside of a HeatPlot.
struct HeatPlot::Impl {
  Impl(HeatPlot* owner, Workbench& bench);

  void setUpAxes();
  void setUpInteraction();
  void applyTheme();
  void retranslate();
  void askReplot();
  void draw();
  void fillMap();
  void updateTexts();
  void setFollowing(bool on);
  void userMoved();
  void fit();
  void pan(double share);
  void zoom(double factor);
  void showCrosshair(const QPoint& position);
  void hideCrosshair();
  void openMenu(const QPoint& globalPosition);
  void paintTo(QPainter& painter, const QSize& size) const;
  bool saveCsv(const QString& file) const;
  [[nodiscard]] QString xName() const;
  [[nodiscard]] double endOfData() const;

  HeatPlot* q;
  Workbench& workbench;
  QCustomPlot* plot;
  QLabel* title;
  QLabel* caption;
  QLabel* empty;
  QLabel* values;
  QToolButton* followButton;
  QCPColorMap* map;
  QCPColorScale* scale;
  QCPItemLine* cross;
  QCPLayer* crossLayer;

  SpreadFrames frames;
  HeatAxis heatAxis;
  CurveItem item;
  XAxis axis = XAxis::Step;
  QString valueName, emptyText;
  bool logY = false;
  bool following = true;
  bool ownChange = false;
};

}  // namespace lathe::ui
