// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "ui/plots/curve_types.h"

namespace lathe::ui {

class Workbench;
struct CurveData;

/// Live curves of several runs. Wheel zooms at the pointer, drag pans, Shift+drag zooms a range, double click fits,
/// arrows and +/- do the same by keyboard, Ctrl+C copies the picture, the context menu saves PNG, SVG, PDF and CSV.
/// Follows the end of a live curve until the person pans away; then a button brings it back. GUI thread; data are read
/// on a worker by a CurveFeed of its own, replots happen at most once a frame.
class CurvePlot : public QWidget {
  Q_OBJECT
 public:
  explicit CurvePlot(Workbench& workbench, QWidget* parent = nullptr);
  ~CurvePlot() override;
  CurvePlot(const CurvePlot&) = delete;
  CurvePlot& operator=(const CurvePlot&) = delete;

  void setTitle(const QString& title);
  /// Name and unit of the vertical axis; the unit may be empty.
  void setValueAxis(const QString& name, const QString& unit);
  void setEmptyText(const QString& text);
  /// The value axis starts at 0: for rates, whose height is what matters.
  void setFromZero(bool on);
  void setItems(std::vector<CurveItem> items);
  [[nodiscard]] const std::vector<CurveItem>& items() const;
  void setXAxis(XAxis axis);
  /// Weight of a moving average that forgets by distance along x, 0 (off) to 0.99; the raw curve stays, faint.
  void setSmoothing(double weight);
  void setLogY(bool on);
  [[nodiscard]] bool logY() const;

  /// Shows everything and follows again.
  void fit();
  [[nodiscard]] bool following() const;
  /// Visible range in the axis' own units.
  [[nodiscard]] std::pair<double, double> xRange() const;
  [[nodiscard]] std::pair<double, double> yRange() const;
  void setXRange(double low, double high);
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
  /// One sentence about what is shown: the accessible description.
  [[nodiscard]] QString summary() const;
  /// Value of a curve at a position of the x axis; NaN where it has none.
  [[nodiscard]] double valueAt(std::size_t item, double x) const;
  /// For each curve on screen its last step: what a latency measurement asks.
  [[nodiscard]] std::int64_t lastShownStep(std::size_t item) const;

  void copyPicture() const;
  /// By the ending: png, svg, pdf or csv (every logged point, written by a worker). saved() follows; false, with
  /// failed(), when the file cannot be written.
  bool saveAs(const QString& file);

 Q_SIGNALS:
  void painted();  ///< after a replot
  void followingChanged(bool following);
  void saved(const QString& file);
  void failed(const QString& sentence);

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui
