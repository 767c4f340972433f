// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QFrame>
#include <QPointer>
#include <functional>
#include <vector>

class QLineEdit;
class QListView;
class QLabel;

namespace lathe::ui {

/// One thing that the palette can do.
struct Command {
  QString group;  ///< "Page", "Run", "Sample" ...
  QString text;
  QString shortcut;
  bool enabled = true;
  std::function<void()> run;
};

/// Commands that fit what was typed, best first.
class CommandModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum DataRole { GroupRole = Qt::UserRole, ShortcutRole };
  using QAbstractListModel::QAbstractListModel;
  void setCommands(std::vector<Command> commands);
  void setPattern(const QString& pattern);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] const Command* command(int row) const;

 private:
  std::vector<Command> m_commands;
  std::vector<std::size_t> m_shown;
};

/// Ctrl+K: one line that finds every command, page, run and sample by a few letters. Floats over the window; Esc or a
/// click beside it closes it.
class CommandPalette : public QFrame {
  Q_OBJECT
 public:
  explicit CommandPalette(QWidget* window);
  void open(std::vector<Command> commands);
  [[nodiscard]] QLineEdit& input() const { return *m_input; }
  [[nodiscard]] CommandModel& commands() const { return *m_model; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void retranslate();
  void place();
  void close(bool giveFocusBack);
  void runCurrent();
  QLineEdit* m_input;
  QListView* m_list;
  QLabel* m_nothing;
  CommandModel* m_model;
  QPointer<QWidget> m_focusBefore;
};

}  // namespace lathe::ui
