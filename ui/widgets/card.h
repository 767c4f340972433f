// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLayout>
#include <QVBoxLayout>

namespace lathe::ui {

/// A raised box with a border; put widgets into body().
class Card : public QFrame {
  Q_OBJECT
 public:
  explicit Card(QWidget* parent = nullptr);
  [[nodiscard]] QVBoxLayout& body() { return *m_body; }

 private:
  QVBoxLayout* m_body;
};

/// Puts equally wide items into as many columns as fit, at most `maxColumns`; every row is as high as its highest item.
class CardGrid : public QLayout {
 public:
  explicit CardGrid(QWidget* parent, int minimumItemWidth = 200, int maxColumns = 3);
  ~CardGrid() override;
  CardGrid(const CardGrid&) = delete;
  CardGrid& operator=(const CardGrid&) = delete;

  void addItem(QLayoutItem* item) override;
  [[nodiscard]] int count() const override;
  [[nodiscard]] QLayoutItem* itemAt(int index) const override;
  QLayoutItem* takeAt(int index) override;
  [[nodiscard]] Qt::Orientations expandingDirections() const override { return Qt::Horizontal; }
  [[nodiscard]] bool hasHeightForWidth() const override { return true; }
  [[nodiscard]] int heightForWidth(int width) const override;
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSize() const override;
  void setGeometry(const QRect& rect) override;

 private:
  int arrange(const QRect& rect, bool apply) const;
  QList<QLayoutItem*> m_items;
  int m_itemWidth;
  int m_maxColumns;
};

}  // namespace lathe::ui
