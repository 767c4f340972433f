// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractScrollArea>
#include <QCache>
#include <QPixmap>
#include <QSet>
#include <memory>

#include "core/base/executor.h"
#include "core/services/data_service.h"

namespace lathe::ui {

/// Thumbnails of image data with their labels: any number of them, only those on screen are read (on a worker, newest
/// wish first).
class ImageGrid : public QAbstractScrollArea {
  Q_OBJECT
 public:
  explicit ImageGrid(Executor& workers, QWidget* parent = nullptr);
  /// `shape`: [C, H, W] of every image.
  void setPreview(std::shared_ptr<const services::DataPreview> preview, const spec::Shape& shape);
  [[nodiscard]] int loadedCount() const { return static_cast<int>(m_cache.count()); }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void scrollContentsBy(int dx, int dy) override;
  bool viewportEvent(QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  struct Layout {
    int columns = 1;
    int cellWidth = 1;
    int cellHeight = 1;
    int imageSide = 1;
  };
  [[nodiscard]] Layout layout() const;
  [[nodiscard]] QString label(qint64 row) const;
  void updateScrollBar();
  void load();

  Executor& m_workers;
  std::shared_ptr<const services::DataPreview> m_preview;
  spec::Shape m_shape;
  int m_labelColumn = -1;
  QCache<qint64, QPixmap> m_cache;
  QSet<qint64> m_broken;
  quint64 m_generation = 0;
  bool m_loading = false;
};

}  // namespace lathe::ui
