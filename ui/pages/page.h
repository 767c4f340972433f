// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QWidget>

namespace lathe::ui {

class Workbench;

/// One page of the window. The shell owns it, shows it in the middle and its inspector at the right.
class Page : public QWidget {
  Q_OBJECT
 public:
  explicit Page(Workbench& workbench, QWidget* parent = nullptr);
  /// Made on the first call; whoever shows it becomes its parent. Null: the page has none.
  virtual QWidget* inspector() { return nullptr; }
  /// Puts every text again, in the language of now. Called on LanguageChange.
  virtual void retranslate() {}
  /// Splitters, columns, choices: what reopening brings back.
  [[nodiscard]] virtual QByteArray saveState() const { return {}; }
  virtual void restoreState(const QByteArray& state) { Q_UNUSED(state); }

 protected:
  [[nodiscard]] Workbench& workbench() const { return m_workbench; }
  void changeEvent(QEvent* event) override;

 private:
  Workbench& m_workbench;
};

}  // namespace lathe::ui
