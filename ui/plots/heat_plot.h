// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include "ui/bridge/insight_feeds.h"
#include "ui/plots/curve_types.h"
#include "ui/plots/plot_widget.h"

namespace lathe::ui {

class Workbench;

/// How the values of a layer are spread over time, as a heat map: steps to the right, values upwards, the darker (in
/// the dark: the lighter) the more of them. Its CSV holds step, low, high, share.
class HeatPlot : public PlotWidget {
  Q_OBJECT
 public:
  explicit HeatPlot(Workbench& workbench, QWidget* parent = nullptr);
  ~HeatPlot() override;
  HeatPlot(const HeatPlot&) = delete;
  HeatPlot& operator=(const HeatPlot&) = delete;

  /// Name of the vertical axis: "weight".
  void setValueName(const QString& name);
  /// Beside the title: which layer of which run.
  void setCaption(const QString& caption);
  void setFrames(const SpreadFrames& frames);
  [[nodiscard]] int frameCount() const;
  /// `item` knows how steps become epochs and seconds.
  void setXAxis(XAxis axis, const CurveItem& item);
  /// Sizes in powers of ten, on both sides of zero.
  void setLogY(bool on) override;
  [[nodiscard]] bool logY() const override;

  void fit() override;
  /// Of values, not of the axis.
  [[nodiscard]] std::pair<double, double> yRange() const;
  /// What the crosshair says at a place of the axes; empty where there is nothing.
  [[nodiscard]] QString readout(double x, double value) const;
  [[nodiscard]] QString summary() const override;

 protected:
  void applyTheme() override;
  void retranslate() override;
  void titleChanged() override;
  void resized() override;
  void paintTo(QPainter& painter, const QSize& size) const override;
  bool saveCsv(const QString& file) override;
  void showEvent(QShowEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui
