// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QList>
#include <QWidget>

class QVBoxLayout;
class QAction;

namespace lathe::ui {

/// The column at the left: one button a page.
class ModeBar : public QWidget {
  Q_OBJECT
 public:
  explicit ModeBar(QWidget* parent = nullptr);
  /// The button triggers the action and shows its icon, text and checked state.
  void addMode(QAction* action, const QString& iconName);
  [[nodiscard]] QList<QAbstractButton*> buttons() const { return m_buttons; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QVBoxLayout* m_layout;
  QList<QAbstractButton*> m_buttons;
};

}  // namespace lathe::ui
