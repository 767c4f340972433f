// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QToolButton>
#include <initializer_list>

#include "core/base/result.h"
#include "ui/plots/plot_widget.h"
#include "ui/plots/qcustomplot_include.h"

namespace lathe::ui {

/// The inside of a PlotWidget: one QCustomPlot with what stands around it, and how it answers the mouse. Each kind of
/// plot has its own on top of it.
struct PlotParts {
  explicit PlotParts(PlotWidget* owner);
  PlotParts(const PlotParts&) = delete;
  PlotParts& operator=(const PlotParts&) = delete;
  virtual ~PlotParts() = default;

  // building
  /// The line above the plot: the title, then these; the last one takes what room is left.
  void layOut(int spacing, std::initializer_list<QWidget*> besideTitle);
  void styleAxes(std::initializer_list<QCPAxis*> axes) const;
  /// Whole numbers at the bottom where `wholeX`, round ones at the left.
  void setTicks(int below, bool wholeX, int beside) const;
  void setTicksBelow(int count, bool wholeX) const;
  void listen();
  void paintAxes(std::initializer_list<QCPAxis*> axes) const;
  void paintValues() const;
  void nameFollowButton() const;

  // the person
  virtual void userMoved() = 0;  ///< zoomed or panned along x, by whatever means
  virtual void valuesMoved() = 0;
  virtual void pressed(const QMouseEvent& event) = 0;
  /// Whether the wheel left of the axis zooms values.
  [[nodiscard]] virtual bool valuesZoom() const { return true; }
  virtual void showCrosshair(const QPoint& position) = 0;
  virtual void zoomX(double factor);
  void panX(double share) const;
  void setFollowing(bool on);
  void placeFollowButton() const;

  /// A line at `x` and a box with `text` beside the pointer, no farther right than `rightEdge`; no text: none.
  void crossAt(double x, const QPoint& position, const QString& text, int rightEdge) const;
  void hideCrosshair() const;
  void showEmpty(bool nothing) const;
  /// Background and title of a picture; gives the height of that line.
  int paintHeader(QPainter& painter, const QSize& size, const QString& name) const;
  void tellSaved(const QString& file, const Result<void>& result) const;

  PlotWidget* base;
  QCustomPlot* plot;
  QLabel* title;
  QLabel* empty;
  QLabel* values;  ///< what the crosshair reads
  QToolButton* followButton;
  QCPItemLine* cross;
  QCPLayer* crossLayer;
  QFont small;
  QString emptyText;
  bool following = true;
  bool ownChange = false;  ///< ranges are being set by the plot itself
};

}  // namespace lathe::ui
