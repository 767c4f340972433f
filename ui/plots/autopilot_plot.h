// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "ui/plots/plot_widget.h"

namespace lathe::ui {

class Workbench;

/// How an Autopilot gets better over the time of its budget: a mark for each model when it was ready, a line of steps
/// at the best so far, a dashed line at the best baseline. What is much worse than most is a triangle at the edge. Its
/// CSV holds seconds, value, model, baseline.
class AutopilotPlot : public PlotWidget {
  Q_OBJECT
 public:
  struct Mark {
    double seconds = 0;
    double value = 0;
    QString name;
    bool baseline = false;
    bool operator==(const Mark&) const = default;
  };

  explicit AutopilotPlot(Workbench& workbench, QWidget* parent = nullptr);
  ~AutopilotPlot() override;
  AutopilotPlot(const AutopilotPlot&) = delete;
  AutopilotPlot& operator=(const AutopilotPlot&) = delete;

  /// Name of the values, which of them are good, and how long everything may take.
  void setAxes(const QString& value, bool largerIsBetter, double budget);
  /// `best`: each time that there was a better one; `now`: how far its line goes.
  void setMarks(std::vector<Mark> marks, std::vector<Mark> best, double now);
  [[nodiscard]] const std::vector<Mark>& marks() const;
  [[nodiscard]] std::pair<double, double> yRange() const;
  /// What the crosshair says near a place in the plot; empty where there is nothing.
  [[nodiscard]] QString readout(const QPoint& position) const;
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
