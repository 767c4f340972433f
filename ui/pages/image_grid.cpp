// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/image_grid.h"

#include <QEvent>
#include <QHelpEvent>
#include <QImage>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>

#include "ui/bridge/gui_executor.h"
#include "ui/models/format.h"
#include "ui/models/pixels.h"
#include "ui/models/theme.h"

namespace lathe::ui {
namespace {

constexpr int margin = 12;
constexpr int gap = 8;
constexpr int side = 64;
constexpr int batch = 48;
constexpr int keptThumbnails = 4000;

}  // namespace

ImageGrid::ImageGrid(Executor& workers, QWidget* parent)
    : QAbstractScrollArea(parent), m_workers(workers), m_cache(keptThumbnails) {
  setFrameShape(QFrame::NoFrame);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setFocusPolicy(Qt::StrongFocus);
  setObjectName(QStringLiteral("imageGrid"));
}

void ImageGrid::setPreview(std::shared_ptr<const services::DataPreview> preview, const spec::Shape& shape) {
  if (preview == m_preview && shape == m_shape) return;
  m_shape = shape;
  m_preview = std::move(preview);
  ++m_generation;
  m_loading = false;
  m_cache.clear();
  m_broken.clear();
  m_labelColumn = -1;
  if (m_preview) {
    const auto names = m_preview->columnNames();
    // The label is what the images are not: the last column that has words.
    for (std::size_t i = names.size(); i-- > 0;)
      if (m_preview->rows() > 0 && !m_preview->cell(0, static_cast<int>(i)).empty()) {
        m_labelColumn = static_cast<int>(i);
        break;
      }
  }
  verticalScrollBar()->setValue(0);
  updateScrollBar();
  viewport()->update();
}

ImageGrid::Layout ImageGrid::layout() const {
  Layout result;
  result.imageSide = side;
  result.cellWidth = side + gap;
  result.cellHeight = side + gap + fontMetrics().height() + 4;
  result.columns = std::max(1, (viewport()->width() - 2 * margin + gap) / result.cellWidth);
  return result;
}

QString ImageGrid::label(qint64 row) const {
  return m_labelColumn < 0 ? QString() : QString::fromStdString(m_preview->cell(row, m_labelColumn));
}

void ImageGrid::updateScrollBar() {
  const auto grid = layout();
  const qint64 rows = m_preview ? (m_preview->rows() + grid.columns - 1) / grid.columns : 0;
  const qint64 height = std::min<qint64>(rows * grid.cellHeight + 2LL * margin, 1'000'000'000);
  verticalScrollBar()->setPageStep(viewport()->height());
  verticalScrollBar()->setSingleStep(grid.cellHeight / 2);
  verticalScrollBar()->setRange(0, static_cast<int>(std::max<qint64>(0, height - viewport()->height())));
}

void ImageGrid::paintEvent(QPaintEvent*) {
  QPainter painter(viewport());
  const auto& theme = Theme::current();
  painter.fillRect(viewport()->rect(), theme.surface);
  if (!m_preview) return;
  const auto grid = layout();
  const int top = verticalScrollBar()->value() - margin;
  const qint64 first = std::max<qint64>(0, top / grid.cellHeight) * grid.columns;
  QFont small = font();
  if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
  painter.setFont(small);
  const QFontMetrics metrics(small);
  bool missing = false;
  for (qint64 row = first; row < m_preview->rows(); ++row) {
    const int x = margin + static_cast<int>(row % grid.columns) * grid.cellWidth;
    const int y = static_cast<int>(row / grid.columns * grid.cellHeight - top);
    if (y > viewport()->height()) break;
    const QRect box(x, y, grid.imageSide, grid.imageSide);
    if (const auto* picture = m_cache.object(row)) {
      const auto size = picture->size().scaled(box.size(), Qt::KeepAspectRatio);
      painter.drawPixmap(QRect(box.center() - QPoint(size.width() / 2 - 1, size.height() / 2 - 1), size), *picture);
    } else {
      painter.fillRect(box, theme.raised);
      missing = missing || !m_broken.contains(row);
    }
    painter.setPen(theme.secondary);
    painter.drawText(QRect(x, y + grid.imageSide + 2, grid.imageSide, metrics.height()), Qt::AlignHCenter,
                     metrics.elidedText(label(row), Qt::ElideRight, grid.imageSide));
  }
  if (hasFocus()) {
    painter.setPen(theme.accent);
    painter.drawRect(viewport()->rect().adjusted(0, 0, -1, -1));
  }
  if (missing) load();
}

void ImageGrid::load() {
  if (m_loading || !m_preview) return;
  const auto grid = layout();
  const int top = verticalScrollBar()->value() - margin;
  const qint64 first = std::max<qint64>(0, top / grid.cellHeight) * grid.columns;
  const qint64 end =
      std::min<qint64>(m_preview->rows(), first + qint64{viewport()->height() / grid.cellHeight + 2} * grid.columns);
  std::vector<qint64> wanted;
  for (qint64 row = first; row < end && wanted.size() < batch; ++row)
    if (!m_cache.contains(row) && !m_broken.contains(row)) wanted.push_back(row);
  if (wanted.empty()) return;
  m_loading = true;
  using Loaded = std::vector<std::pair<qint64, QImage>>;
  runAsync(
      m_workers, this,
      [preview = m_preview, shape = m_shape, wanted = std::move(wanted)] {
        Loaded loaded;
        for (const auto row : wanted) {
          const auto picture = preview->image(row);
          loaded.emplace_back(row, picture ? imageOf(*picture, shape) : QImage());
        }
        return loaded;
      },
      [this, generation = m_generation](const Loaded& loaded) {
        if (generation != m_generation) return;
        m_loading = false;
        for (const auto& [row, image] : loaded) {
          if (image.isNull())
            m_broken.insert(row);
          else
            m_cache.insert(row, new QPixmap(QPixmap::fromImage(image)));
        }
        viewport()->update();
      });
}

void ImageGrid::resizeEvent(QResizeEvent* event) {
  QAbstractScrollArea::resizeEvent(event);
  updateScrollBar();
}

void ImageGrid::scrollContentsBy(int, int) { viewport()->update(); }

bool ImageGrid::viewportEvent(QEvent* event) {
  if (event->type() == QEvent::ToolTip && m_preview) {
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto grid = layout();
    const int column = (help->pos().x() - margin) / grid.cellWidth;
    const qint64 row =
        static_cast<qint64>((help->pos().y() + verticalScrollBar()->value() - margin) / grid.cellHeight) *
            grid.columns +
        column;
    if (column >= 0 && column < grid.columns && row >= 0 && row < m_preview->rows())
      QToolTip::showText(help->globalPos(), tr("Row %1: %2").arg(format::integer(row + 1), label(row)), this);
    return true;
  }
  return QAbstractScrollArea::viewportEvent(event);
}

void ImageGrid::changeEvent(QEvent* event) {
  QAbstractScrollArea::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateScrollBar();
}

}  // namespace lathe::ui
