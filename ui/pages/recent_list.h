// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListView>

namespace lathe::ui {

/// The recent projects, one line with name and folder each; as high as its contents. Return or a click opens one, Del
/// takes it off the list.
class RecentList : public QListView {
  Q_OBJECT
 public:
  explicit RecentList(QWidget* parent = nullptr);
  void setModel(QAbstractItemModel* model) override;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void openWanted(const QString& folder);
  void removeWanted(const QString& folder);

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
};

}  // namespace lathe::ui
