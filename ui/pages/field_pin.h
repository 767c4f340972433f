// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>
#include <string>

namespace lathe::ui {

class Workbench;

/// A small pin beside a setting: pressed in, the setting is open for the search by its usual range; pressed again it is
/// closed. Both can be undone. Hidden where a setting cannot be searched.
class FieldPin : public QToolButton {
  Q_OBJECT
 public:
  static constexpr int side = 20;
  FieldPin(Workbench& workbench, std::string path, QWidget* parent = nullptr);

 protected:
  [[nodiscard]] QSize sizeHint() const override;
  void paintEvent(QPaintEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void follow();
  void press();
  Workbench& m_workbench;
  const std::string m_path;
};

}  // namespace lathe::ui
