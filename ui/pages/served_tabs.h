// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/services/deployment/deployment_record.h"

class QHBoxLayout;
class QListWidget;
class QStackedWidget;
class QTabBar;

namespace lathe::ui {

class DriftPanel;
class EmptyState;
class TryPanel;

/// What can be done with a deployment, on tabs: try a row, watch its inputs, read what happened to it.
class ServedTabs : public QWidget {
  Q_OBJECT
 public:
  enum Tab { Try, Inputs, History, TabCount };

  explicit ServedTabs(QWidget* parent = nullptr);
  [[nodiscard]] TryPanel* tryPanel() const { return m_try; }
  [[nodiscard]] DriftPanel* drift() const { return m_drift; }
  /// At the right of the tabs: what else can be done with the deployment.
  void addRight(QWidget* widget);
  [[nodiscard]] Tab current() const;
  void showTab(Tab tab);
  void setHistory(const std::vector<services::DeploymentEvent>& history);
  void retranslate();

 Q_SIGNALS:
  void tabChanged();

 private:
  void fillHistory();
  QHBoxLayout* m_line;
  QTabBar* m_bar;
  QStackedWidget* m_stack;
  TryPanel* m_try;
  DriftPanel* m_drift;
  QStackedWidget* m_historyStates;
  EmptyState* m_noHistory;
  QListWidget* m_history;
  std::vector<services::DeploymentEvent> m_events;
};

}  // namespace lathe::ui
