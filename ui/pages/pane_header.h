// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

class QHBoxLayout;
class QLabel;

namespace lathe::ui {

class ElidedLabel;

/// The line above a pane: its title, a note in the secondary colour, and options at the right.
class PaneHeader : public QFrame {
  Q_OBJECT
 public:
  explicit PaneHeader(QWidget* parent = nullptr, const QString& title = {});
  void setTitle(const QString& title);
  void setNote(const QString& note);
  void addRight(QWidget* widget);

 private:
  QHBoxLayout* m_layout;
  QLabel* m_title;
  ElidedLabel* m_note;
};

}  // namespace lathe::ui
