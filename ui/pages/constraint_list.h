// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <optional>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace lathe::ui {

class Workbench;

/// The constraints of the next search's space, each with what changes and removes it. Not there while nothing open is a
/// number.
class ConstraintList : public QWidget {
  Q_OBJECT
 public:
  explicit ConstraintList(Workbench& workbench, QWidget* parent = nullptr);
  void retranslate();
  void edit(std::optional<std::size_t> place);
  void remove(std::size_t place);

 private:
  void follow();
  Workbench& m_workbench;
  QLabel* m_title;
  QVBoxLayout* m_rows;
  QPushButton* m_add;
};

}  // namespace lathe::ui
