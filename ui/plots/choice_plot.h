// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "ui/plots/legend_strip.h"
#include "ui/plots/plot_widget.h"

namespace lathe::ui {

class Workbench;

/// What a run tried, one mark a setting and round: the number that is chosen to the right (log scale), how good it was
/// upwards. Marks grow with the round, those of the last round are filled, rounds of one setting are joined by a line,
/// the chosen one has a ring. What is much worse than most, or diverged, is a triangle at the edge. Its CSV holds
/// setting, number, round, value, chosen.
class ChoicePlot : public PlotWidget {
  Q_OBJECT
 public:
  struct Mark {
    double number = 0;  ///< above 0
    double value = 0;   ///< NaN: it diverged
    int candidate = 0;
    int round = 1;
    int family = 0;  ///< index of its colour
    bool chosen = false;
    QString setting;  ///< in words
    QString valueText;
    bool operator==(const Mark&) const = default;
  };

  explicit ChoicePlot(Workbench& workbench, QWidget* parent = nullptr);
  ~ChoicePlot() override;
  ChoicePlot(const ChoicePlot&) = delete;
  ChoicePlot& operator=(const ChoicePlot&) = delete;

  /// Names of the axes; `largerIsBetter` says which end of the values is the good one; `eachNumber`: few numbers, each
  /// of which has a tick.
  void setAxes(const QString& number, const QString& value, bool largerIsBetter, bool eachNumber);
  void setMarks(const std::vector<Mark>& marks, std::vector<LegendEntry> families);
  [[nodiscard]] const std::vector<Mark>& marks() const;
  [[nodiscard]] std::pair<double, double> yRange() const;
  /// What the crosshair says near a place in the plot; empty where there is nothing.
  [[nodiscard]] QString readout(const QPoint& position) const;
  /// Where a mark is drawn.
  [[nodiscard]] QPoint placeOf(std::size_t mark) const;

  void setLogY(bool on) override;
  [[nodiscard]] bool logY() const override;
  void fit() override;
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
