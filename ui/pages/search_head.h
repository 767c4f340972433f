// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "core/spec/run_status.h"

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace lathe::ui {

class ElidedLabel;
class PillButton;
class Workbench;

/// One line about the study that is looked at: how many trials are in which state, how long it will take, what the
/// sampler says; and what can be done with it.
class SearchHead : public QWidget {
  Q_OBJECT
 public:
  explicit SearchHead(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  /// The state whose trials alone are wanted.
  [[nodiscard]] std::optional<spec::RunStatus> wanted() const { return m_wanted; }
  void searchOn();

 Q_SIGNALS:
  void wantedChanged();

 private:
  void follow();
  void followCounts();
  [[nodiscard]] QString line() const;

  Workbench& m_workbench;
  QLabel* m_title;
  struct Chip {
    spec::RunStatus status;
    PillButton* button;
  };
  std::vector<Chip> m_chips;
  ElidedLabel* m_line;
  QPushButton* m_pause;
  QPushButton* m_resume;
  QPushButton* m_more;
  QPushButton* m_stop;
  std::optional<spec::RunStatus> m_wanted;
};

}  // namespace lathe::ui
