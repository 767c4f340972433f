// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QLabel>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "ui/plots/study_scene.h"

namespace lathe::ui {

class LegendStrip;
class Workbench;

/// Parallel coordinates of a study: one axis a setting, the goal at the right, one line a trial, the best tenth in
/// green; fluid at 100 000. Dragging along an axis brushes a range: only trials within all brushed ranges are drawn
/// strongly, and brushed() tells which they are. Dragging a brush moves it, a click beside it takes it away, Esc takes
/// all away. The context menu copies and saves the picture and its data.
class ParallelPlot : public QWidget {
  Q_OBJECT
 public:
  explicit ParallelPlot(Workbench& workbench, QWidget* parent = nullptr);

  void setTitle(const QString& title);
  void setScene(std::shared_ptr<const ParallelScene> scene);
  [[nodiscard]] const std::shared_ptr<const ParallelScene>& scene() const { return m_scene; }
  void setChosen(std::optional<std::uint32_t> trial);
  /// 0 .. 1 along an axis; nothing: not brushed.
  using Brush = std::optional<std::pair<double, double>>;
  [[nodiscard]] const std::vector<Brush>& brushes() const { return m_brushes; }
  void setBrush(std::size_t axis, Brush brush);
  void clearBrushes();
  [[nodiscard]] bool isBrushed() const;
  /// Whether a line of the scene lies within all brushes.
  [[nodiscard]] bool within(std::size_t line) const;
  /// The middle of an axis at a height, for tests.
  [[nodiscard]] QPoint placeOn(std::size_t axis, double position) const;
  [[nodiscard]] double drawMs() const { return m_drawMs; }
  [[nodiscard]] QString summary() const;
  bool saveAs(const QString& file);
  void copyPicture() const;

 Q_SIGNALS:
  void brushed();
  void trialClicked(quint32 trial);
  void saved(const QString& file);
  void failed(const QString& sentence);

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  [[nodiscard]] QRectF area(const QSize& size) const;
  [[nodiscard]] double axisX(const QRectF& inner, std::size_t axis) const;
  [[nodiscard]] std::optional<std::size_t> axisAt(const QPoint& position) const;
  [[nodiscard]] std::optional<std::size_t> lineAt(const QPoint& position) const;
  [[nodiscard]] double positionAt(const QPoint& position) const;
  [[nodiscard]] QImage lines(const QSize& size, double scale) const;
  void drawAll(QPainter& painter, const QSize& size, const QImage& image) const;
  void paintTo(QPainter& painter, const QSize& size) const;
  void retitle();

  Workbench& m_workbench;
  QString m_title;
  LegendStrip* m_legend;
  QLabel* m_empty;
  std::shared_ptr<const ParallelScene> m_scene;
  std::vector<Brush> m_brushes;
  std::optional<std::uint32_t> m_chosen;
  std::optional<std::uint32_t> m_hovered;
  QImage m_cache;
  double m_drawMs = 0;
  struct Drag {
    std::size_t axis = 0;
    double from = 0;
    Brush before;  ///< of a brush that is moved
    bool moved = false;
  };
  std::optional<Drag> m_drag;
};

}  // namespace lathe::ui
