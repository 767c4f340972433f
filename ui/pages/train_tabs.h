// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <array>
#include <functional>

#include "core/store/records.h"
#include "ui/plots/curve_types.h"

class QMenu;
class QSplitter;
class QStackedWidget;
class QTabBar;

namespace lathe::ui {

class ChoicePanel;
class PillButton;
class PredictionsPanel;
class WeightsPanel;
class Workbench;

/// The lower half of the curves: small plots side by side on tabs, then weights, predictions and choices of one run,
/// which is the newest one shown unless somebody chose another.
class TrainTabs : public QWidget {
  Q_OBJECT
 public:
  enum Tab { Overview, Optimiser, Machine, Weights, Predictions, Choices, TabCount };

  explicit TrainTabs(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  /// Where the plots of a tab belong.
  [[nodiscard]] QSplitter* plotsOf(Tab tab) const { return m_splitters[tab]; }
  [[nodiscard]] WeightsPanel* weights() const { return m_weights; }
  [[nodiscard]] PredictionsPanel* predictions() const { return m_predictions; }
  [[nodiscard]] ChoicePanel* choices() const { return m_choices; }
  [[nodiscard]] Tab current() const;
  void showTab(Tab tab);
  [[nodiscard]] store::RunNumber run() const { return m_run; }
  void chooseRun(store::RunNumber run);

  /// How the steps of a run are counted.
  using ItemOf = std::function<CurveItem(store::RunNumber run)>;
  /// Looks again at the runs that are shown.
  void follow(const ItemOf& itemOf, XAxis axis);

  [[nodiscard]] QByteArray saveState() const;
  void restoreState(const QByteArray& state);

 Q_SIGNALS:
  void runFollowed(qint64 run);  ///< run() may be another one

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void build();
  void followTab();
  void makeRoom();
  void fillRuns();
  void followRun();

  Workbench& m_workbench;
  QTabBar* m_bar = nullptr;
  QStackedWidget* m_stack = nullptr;
  PillButton* m_runPill = nullptr;
  QMenu* m_runMenu = nullptr;
  std::array<QSplitter*, Weights> m_splitters{};
  WeightsPanel* m_weights = nullptr;
  PredictionsPanel* m_predictions = nullptr;
  ChoicePanel* m_choices = nullptr;
  ItemOf m_itemOf;
  XAxis m_axis = XAxis::Step;
  store::RunNumber m_run = 0;
  store::RunNumber m_chosen = 0;  ///< by a person; 0: the newest
};

}  // namespace lathe::ui
