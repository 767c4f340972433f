// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <optional>

#include "core/services/nas_table.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class FactList;
class GraphView;
class Workbench;

/// The network of one trial of a study of architectures: its picture, what it costs, and what it changed of its parent.
class ArchitecturePanel : public QWidget {
  Q_OBJECT
 public:
  explicit ArchitecturePanel(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  /// Nothing: the best trial is shown.
  void choose(std::optional<std::size_t> trial);
  void setScores(std::shared_ptr<const services::ScoreTable> scores);
  /// The study has changed, or another one is looked at.
  void follow();
  /// The trial that is shown.
  [[nodiscard]] std::optional<std::size_t> trial() const { return m_trial; }
  [[nodiscard]] GraphView* graph() const { return m_graph; }
  [[nodiscard]] QString changes() const;

 Q_SIGNALS:
  void experimentWanted(quint32 trial);

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  void showNothing();
  void showFacts();
  void showChanges();

  Workbench& m_workbench;
  QLabel* m_title;
  QLabel* m_note;
  QPushButton* m_take;
  GraphView* m_graph;
  FactList* m_facts;
  QLabel* m_changesTitle;
  QLabel* m_changes;
  QWidget* m_below;
  std::optional<std::size_t> m_chosen;
  std::optional<std::size_t> m_trial;
  std::optional<std::pair<qint64, std::size_t>> m_drawn;  ///< study and trial of the picture
  std::optional<services::ArchitectureDrawing> m_drawing;
  std::shared_ptr<const services::ScoreTable> m_scores;
};

}  // namespace lathe::ui
