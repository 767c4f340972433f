// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <optional>

#include "ui/models/graph_boxes.h"

namespace lathe::ui {

/// A picture of a network, from its inputs at the top to its output. As wide as it is given; Ctrl and the wheel, or +
/// and -, make it larger and smaller, a double click or 0 fits it again, drag and wheel move it. Ctrl+C copies it.
class GraphView : public QAbstractScrollArea {
  Q_OBJECT
 public:
  explicit GraphView(QWidget* parent = nullptr);
  void setGraph(GraphBoxes graph);
  [[nodiscard]] const GraphBoxes& graph() const { return m_graph; }
  [[nodiscard]] const LayeredLayout& layout() const { return m_layout; }
  void setEmptyText(const QString& text);
  void fit();
  [[nodiscard]] double scale() const { return m_scale; }
  void setScale(double scale, const QPoint& keep);
  /// The box at a place of the viewport.
  [[nodiscard]] std::optional<std::size_t> boxAt(const QPoint& position) const;
  void copyPicture() const;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  bool viewportEvent(QEvent* event) override;

 private:
  void arrange();
  void followSize();
  [[nodiscard]] double fittingScale() const;
  [[nodiscard]] QPointF origin() const;
  void paintAll(QPainter& painter) const;
  void paintPath(QPainter& painter, const LayeredLayout::Path& path) const;
  void paintBox(QPainter& painter, std::size_t index) const;
  [[nodiscard]] QFont detailFont() const;

  GraphBoxes m_graph;
  LayeredLayout m_layout;
  QString m_emptyText;
  double m_scale = 1;
  bool m_fits = true;
  QPoint m_dragged;
};

}  // namespace lathe::ui
