// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

class QCustomPlot;
class QCPGraph;
class QCPItemLine;

namespace lathe::ui {

/// The curve of a learning-rate range test: loss over the rate (log scale), each batch faint, the smoothed loss strong,
/// and a line at the chosen rate that a click, a drag or the arrow keys move. GUI thread.
class RatePlot : public QWidget {
  Q_OBJECT
 public:
  struct Point {
    double rate = 0, loss = 0, smoothed = 0;
  };
  explicit RatePlot(QWidget* parent = nullptr);

  void setPoints(const std::vector<Point>& points);
  /// 0: no line. rateChosen() is not emitted.
  void setRate(double rate);
  [[nodiscard]] double rate() const { return m_rate; }
  [[nodiscard]] QString summary() const;

 Q_SIGNALS:
  void rateChosen(double rate);

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void applyTheme();
  void retranslate();
  void placeLine();
  void choose(double rate);

  QCustomPlot* m_plot;
  QCPGraph* m_raw;
  QCPGraph* m_smooth;
  QCPItemLine* m_line;
  double m_rate = 0;
  double m_lowest = 0, m_lowestAt = 0;
};

}  // namespace lathe::ui
