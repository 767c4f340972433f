// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "ui/plots/curve_types.h"
#include "ui/plots/plot_widget.h"

namespace lathe::ui {

class Workbench;
struct CurveData;

/// Live curves of several runs. Shift+drag zooms a range, the wheel over the values zooms them; following keeps the end
/// of a live curve in view until the person pans away. GUI thread; data are read on a worker by a CurveFeed of its own.
class CurvePlot : public PlotWidget {
  Q_OBJECT
 public:
  explicit CurvePlot(Workbench& workbench, QWidget* parent = nullptr);
  ~CurvePlot() override;
  CurvePlot(const CurvePlot&) = delete;
  CurvePlot& operator=(const CurvePlot&) = delete;

  /// Name and unit of the vertical axis; the unit may be empty.
  void setValueAxis(const QString& name, const QString& unit);
  /// The value axis starts at 0: for rates, whose height is what matters.
  void setFromZero(bool on);
  void setItems(std::vector<CurveItem> items);
  [[nodiscard]] const std::vector<CurveItem>& items() const;
  void setXAxis(XAxis axis);
  /// Weight of a moving average that forgets by distance along x, 0 (off) to 0.99; the raw curve stays, faint.
  void setSmoothing(double weight);
  void setLogY(bool on) override;
  [[nodiscard]] bool logY() const override;

  void fit() override;
  [[nodiscard]] std::pair<double, double> yRange() const;
  /// What a person chose to see by zooming and panning.
  struct View {
    double xLow = 0, xHigh = 1;
    bool ownY = false;  ///< the values' range was chosen too
    double yLow = 0, yHigh = 1;
    bool following = false;
  };
  /// Nothing while everything is shown.
  [[nodiscard]] std::optional<View> view() const;
  void setView(const View& view);
  [[nodiscard]] QString summary() const override;
  /// Value of a curve at a position of the x axis; NaN where it has none.
  [[nodiscard]] double valueAt(std::size_t item, double x) const;
  /// For each curve on screen its last step: what a latency measurement asks.
  [[nodiscard]] std::int64_t lastShownStep(std::size_t item) const;

 protected:
  void applyTheme() override;
  void retranslate() override;
  void titleChanged() override;
  void resized() override;
  void paintTo(QPainter& painter, const QSize& size) const override;
  bool saveCsv(const QString& file) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui
