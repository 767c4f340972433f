// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <utility>

#include "ui/bridge/insight_feeds.h"
#include "ui/plots/curve_types.h"

namespace lathe::ui {

class Workbench;

/// How the values of a layer are spread over time, as a heat map: steps to the right, values upwards, the darker (in
/// the dark: the lighter) the more of them. Wheel zooms at the pointer, drag pans, double click fits, the keyboard does
/// the same, Ctrl+C copies the picture, the context menu saves it. Follows the end until the person zooms or pans. GUI
/// thread; replots happen at most once a frame.
class HeatPlot : public QWidget {
  Q_OBJECT
 public:
  explicit HeatPlot(Workbench& workbench, QWidget* parent = nullptr);
  ~HeatPlot() override;
  HeatPlot(const HeatPlot&) = delete;
  HeatPlot& operator=(const HeatPlot&) = delete;

  void setTitle(const QString& title);
  /// Name of the vertical axis: "weight".
  void setValueName(const QString& name);
  /// Beside the title: which layer of which run.
  void setCaption(const QString& caption);
  void setEmptyText(const QString& text);
  void setFrames(const SpreadFrames& frames);
  [[nodiscard]] int frameCount() const;
  /// `item` knows how steps become epochs and seconds.
  void setXAxis(XAxis axis, const CurveItem& item);
  /// Sizes in powers of ten, on both sides of zero.
  void setLogY(bool on);
  [[nodiscard]] bool logY() const;

  void fit();
  [[nodiscard]] bool following() const;
  [[nodiscard]] std::pair<double, double> xRange() const;
  /// Of values, not of the axis.
  [[nodiscard]] std::pair<double, double> yRange() const;
  void setXRange(double low, double high);
  /// What the crosshair says at a place of the axes; empty where there is nothing.
  [[nodiscard]] QString readout(double x, double value) const;
  [[nodiscard]] QString summary() const;

  void copyPicture() const;
  /// By the ending: png, svg, pdf, or csv (step, low, high, share; written by a worker). saved() or failed() follows.
  bool saveAs(const QString& file);

 Q_SIGNALS:
  void painted();  ///< after a replot
  void saved(const QString& file);
  void failed(const QString& sentence);

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui
