// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

#include "core/store/records.h"
#include "ui/bridge/choice_feed.h"

class QFrame;
class QLabel;
class QMenu;
class QSplitter;

namespace lathe::ui {

class ChoicePlot;
class ElidedLabel;
class PillButton;
class TableView;
class TrialsModel;
class Workbench;

/// What a run tried before its first step and what it chose: a plot with one mark a setting and round, and a table of
/// the settings, live. Reads only while it is seen.
class ChoicePanel : public QWidget {
  Q_OBJECT
 public:
  explicit ChoicePanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  void setRun(store::RunNumber run);
  /// Of the things that were chosen by trying; without one, or with one that this run did not choose, the last one.
  void setStage(std::optional<services::ChoosingStage> stage);
  [[nodiscard]] services::ChoosingStage stage() const;
  /// Chooses the stage where there are several; whoever lays the page out finds it a place.
  [[nodiscard]] PillButton* stagePill() const { return m_pill; }
  [[nodiscard]] bool hasStages() const { return stages().size() > 1; }
  [[nodiscard]] ChoicePlot* plot() const { return m_plot; }
  [[nodiscard]] TableView* table() const { return m_table; }
  [[nodiscard]] QString caption() const;

 Q_SIGNALS:
  void stagesChanged();

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void follow();
  void fillPlot();
  void fillMenu();
  [[nodiscard]] std::vector<services::ChoosingStage> stages() const;
  [[nodiscard]] QString emptyText() const;

  Workbench& m_workbench;
  ChoiceFeed m_feed;
  TrialsModel* m_model;
  PillButton* m_pill;
  QMenu* m_menu;
  QSplitter* m_splitter;
  ChoicePlot* m_plot;
  QFrame* m_card;
  QLabel* m_title;
  ElidedLabel* m_caption;
  TableView* m_table;
  std::optional<services::ChoosingStage> m_stage;
  std::size_t m_stagesShown = 0;
  int m_rowsFitted = -1;
};

}  // namespace lathe::ui
