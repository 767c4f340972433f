// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "ui/plots/curve_plot.h"

class QSplitter;
class QMenu;

namespace lathe::ui {

class PaneHeader;
class PillButton;
class RunNote;
class TrainTabs;
class Workbench;

/// Curves of the runs that are shown: loss and main validation metric above, on tabs below what else there is.
class TrainCurves : public QWidget {
  Q_OBJECT
 public:
  explicit TrainCurves(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);

  enum Which { Loss, Metric, LearningRate, Throughput, Momentum, GradientNorm, Processor, Memory, FreeMemory, Count };
  [[nodiscard]] CurvePlot* plot(Which which) const { return m_plots[which]; }
  /// How the newest shown run comes by its settings.
  [[nodiscard]] RunNote* note() const { return m_note; }
  /// What lies below loss and metric.
  [[nodiscard]] TrainTabs* tabs() const { return m_tabs; }
  void setXAxis(XAxis axis);
  void setSmoothing(double weight);
  void setLogY(bool on);
  /// "val/roc_auc", "train/accuracy" ...; empty, or one that the task does not have: the main validation metric.
  void setMetric(const std::string& series);

 private:
  using Items = std::array<std::vector<CurveItem>, Count>;
  void build();
  void nameThePlots();
  void addMore(Items& items, qint64 run) const;
  void follow();
  void connectNote();
  [[nodiscard]] QString emptyLoss() const;
  void fillMenus();
  [[nodiscard]] std::vector<std::string> offered() const;
  void fillMetrics();
  void followProject();
  [[nodiscard]] CurveItem item(qint64 run, const std::string& series) const;
  [[nodiscard]] std::string task() const;
  [[nodiscard]] std::string metric() const;
  [[nodiscard]] QString throughputUnit() const;

  Workbench& m_workbench;
  std::array<CurvePlot*, Count> m_plots{};
  PaneHeader* m_header = nullptr;
  PillButton* m_xPill = nullptr;
  PillButton* m_smoothPill = nullptr;
  PillButton* m_logPill = nullptr;
  PillButton* m_fitPill = nullptr;
  PillButton* m_metricPill = nullptr;
  QMenu* m_metricMenu = nullptr;
  QMenu* m_xMenu = nullptr;
  QMenu* m_smoothMenu = nullptr;
  RunNote* m_note = nullptr;
  QSplitter* m_rows = nullptr;
  QSplitter* m_upper = nullptr;
  TrainTabs* m_tabs = nullptr;
  XAxis m_axis = XAxis::Step;
  double m_smoothing = 0.6;
  std::string m_metric;
  QString m_viewsOf;  ///< project that m_views belong to; applied once it is open
  std::array<std::optional<CurvePlot::View>, Count> m_views{};
};

}  // namespace lathe::ui
