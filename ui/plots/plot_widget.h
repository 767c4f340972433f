// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <utility>

class QPainter;

namespace lathe::ui {

struct PlotParts;

/// What every plot of a run has: a title above, axes in the theme's colours, a crosshair, an empty text. Wheel zooms at
/// the pointer, drag pans, double click fits, arrows and +/- do the same by keyboard, Ctrl+C copies the picture, the
/// context menu saves PNG, SVG, PDF and CSV. Shows everything until the person zooms or pans; then a button brings that
/// back. GUI thread; replots happen at most once a frame.
class PlotWidget : public QWidget {
  Q_OBJECT
 public:
  void setTitle(const QString& title);
  void setEmptyText(const QString& text);

  /// Shows everything and follows the end again.
  virtual void fit() = 0;
  [[nodiscard]] bool following() const;
  virtual void setLogY(bool on) = 0;
  [[nodiscard]] virtual bool logY() const = 0;
  /// Visible range in the axis' own units.
  [[nodiscard]] std::pair<double, double> xRange() const;
  void setXRange(double low, double high);
  /// One sentence about what is shown: the accessible description.
  [[nodiscard]] virtual QString summary() const = 0;

  void copyPicture() const;
  /// By the ending: png, svg, pdf or csv (written by a worker). saved() follows; false, with failed(), when the file
  /// cannot be written.
  bool saveAs(const QString& file);

 Q_SIGNALS:
  void painted();  ///< after a replot
  void followingChanged(bool following);
  void saved(const QString& file);
  void failed(const QString& sentence);

 protected:
  explicit PlotWidget(QWidget* parent) : QWidget(parent) {}
  /// Once, by the constructor of the plot that made them; they live as long as it does.
  void use(PlotParts& parts);

  virtual void applyTheme() = 0;
  virtual void retranslate() = 0;
  virtual void titleChanged() {}
  virtual void resized() = 0;
  virtual void paintTo(QPainter& painter, const QSize& size) const = 0;
  /// saved() or failed() follows; false when there is nothing to write.
  virtual bool saveCsv(const QString& file) = 0;

  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void openMenu(const QPoint& globalPosition);
  PlotParts* m_parts = nullptr;
};

}  // namespace lathe::ui
