// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "core/store/records.h"
#include "ui/bridge/choice_feed.h"

class QLabel;
class QPushButton;

namespace lathe::ui {

class ElidedLabel;
class ThinProgress;
class Workbench;

/// One line above the curves about how a run comes by its settings: how far it is while it chooses, then what it chose;
/// or that its learning rate was found on a curve. A link shows more. Hidden where there is nothing to say.
class RunNote : public QFrame {
  Q_OBJECT
 public:
  explicit RunNote(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  void setRun(store::RunNumber run);
  [[nodiscard]] QString text() const;
  [[nodiscard]] QPushButton* link() const { return m_link; }
  [[nodiscard]] const ThinProgress* progress() const { return m_progress; }

 Q_SIGNALS:
  void trialsRequested();
  void curveRequested(qint64 run, const lathe::services::KeptRateCurve& curve);

 private:
  void follow();
  [[nodiscard]] QString sentence() const;

  Workbench& m_workbench;
  ChoiceFeed m_feed;
  QLabel* m_name;
  ElidedLabel* m_text;
  ThinProgress* m_progress;
  QPushButton* m_link;
};

}  // namespace lathe::ui
