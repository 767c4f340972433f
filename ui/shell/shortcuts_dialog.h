// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <utility>
#include <vector>

namespace lathe::ui {

/// Every key that does something: those of the menus, as given, and those of tables, plots and layers.
class ShortcutsDialog : public QDialog {
  Q_OBJECT
 public:
  struct Group {
    QString title;
    std::vector<std::pair<QString, QString>> keys;  ///< keys, what they do
  };
  ShortcutsDialog(std::vector<Group> menus, QWidget* parent);
};

}  // namespace lathe::ui
