// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QWidget>

namespace lathe::ui {

class ThinProgress;

/// What a list or plot shows while it has nothing: one line that says what will be here, and the button that makes it
/// so; or that it is busy, with its progress; or what went wrong and what to do.
class EmptyState : public QWidget {
  Q_OBJECT
 public:
  explicit EmptyState(QWidget* parent = nullptr);

  void showEmpty(const QString& title, const QString& text, const QString& button = {});
  /// `fraction` < 0: not known.
  void showBusy(const QString& title, double fraction);
  void showError(const QString& sentence, const QString& remedy, const QString& button = {});

  [[nodiscard]] QPushButton* button() const { return m_button; }
  [[nodiscard]] QString title() const { return m_title->text(); }

 Q_SIGNALS:
  void clicked();

 private:
  QLabel* m_title;
  QLabel* m_text;
  ThinProgress* m_progress;
  QPushButton* m_button;
};

}  // namespace lathe::ui
