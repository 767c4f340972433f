// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "core/store/records.h"
#include "ui/bridge/insight_feeds.h"

class QLabel;
class QScrollArea;
class QStackedWidget;

namespace lathe::ui {

class ElidedLabel;
class PredictionsGrid;
class PredictionsModel;
class TableView;
class Workbench;

/// What a run says of a few validation rows, new after each epoch: a table, or pictures where the data are images.
/// Reads only while it is seen.
class PredictionsPanel : public QFrame {
  Q_OBJECT
 public:
  explicit PredictionsPanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  void setRun(store::RunNumber run);
  [[nodiscard]] TableView* table() const { return m_table; }
  [[nodiscard]] PredictionsGrid* grid() const { return m_grid; }
  [[nodiscard]] QString caption() const;
  [[nodiscard]] PredictionFeed& feed() { return m_feed; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void follow();
  [[nodiscard]] QString emptyText() const;

  Workbench& m_workbench;
  PredictionFeed m_feed;
  PredictionsModel* m_model;
  QLabel* m_title;
  ElidedLabel* m_caption;
  QStackedWidget* m_states;
  QLabel* m_empty;
  TableView* m_table;
  QScrollArea* m_scroll;
  PredictionsGrid* m_grid;
};

}  // namespace lathe::ui
