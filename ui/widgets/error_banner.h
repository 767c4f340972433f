// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>

#include "core/base/result.h"

class QToolButton;
class QPushButton;

namespace lathe::ui {

/// A strip below the header that says in one sentence what went wrong and what to do. Esc or the cross closes it.
class ErrorBanner : public QFrame {
  Q_OBJECT
 public:
  explicit ErrorBanner(QWidget* parent = nullptr);
  void showError(const Error& error);
  [[nodiscard]] QString sentence() const;
  [[nodiscard]] QString remedy() const;
  void dismiss();

 protected:
  void changeEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void retranslate();
  Error m_error;
  QLabel* m_icon;
  QLabel* m_sentence;
  QLabel* m_remedy;
  QToolButton* m_copy;
  QToolButton* m_close;
};

}  // namespace lathe::ui
