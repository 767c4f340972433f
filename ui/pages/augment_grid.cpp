// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/augment_grid.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

#include "ui/models/format.h"
#include "ui/models/pixels.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr int gap = 4;
constexpr int gapAfterOriginals = 12;
constexpr int headingGap = 2;
constexpr int largestSide = 96;
constexpr int usualWidth = 260;

}  // namespace

AugmentGrid::AugmentGrid(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("augmentGrid"));
  auto policy = QSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
}

void AugmentGrid::setPreview(const services::AugmentPreview& preview) {
  m_pictures.clear();
  m_labels.clear();
  m_rows = preview.rows;
  m_steps = preview.steps;
  for (std::size_t i = 0; i < preview.rows.size(); ++i) {
    m_labels.push_back(QString::fromStdString(preview.labels[i]));
    auto& line = m_pictures.emplace_back();
    line.push_back(QPixmap::fromImage(imageOf(preview.originals[i], preview.shape)));
    for (const auto& version : preview.versions[i]) line.push_back(QPixmap::fromImage(imageOf(version, preview.shape)));
  }
  updateGeometry();
  update();
}

QImage AugmentGrid::picture(int row, int column) const {
  return m_pictures[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)].toImage();
}

int AugmentGrid::side(int width) const {
  const int count = std::max(1, columns());
  return std::clamp((width - gapAfterOriginals - (count - 2) * gap) / count, 8, largestSide);
}

int AugmentGrid::headingHeight() const { return fontMetrics().height() + headingGap; }

int AugmentGrid::heightForWidth(int width) const { return headingHeight() + rows() * (side(width) + gap); }

QSize AugmentGrid::sizeHint() const { return {usualWidth, heightForWidth(usualWidth)}; }

QRect AugmentGrid::cell(int row, int column) const {
  const int edge = side(width());
  const int x = column * (edge + gap) + (column > 0 ? gapAfterOriginals - gap : 0);
  return {x, headingHeight() + row * (edge + gap), edge, edge};
}

void AugmentGrid::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  const auto& theme = Theme::current();
  QFont small = font();
  if (small.pointSizeF() > 0) small.setPointSizeF(small.pointSizeF() * 0.9);
  painter.setFont(small);
  painter.setPen(theme.secondary);
  const QFontMetrics metrics(small);
  const auto heading = [&](const QRect& over, const QString& text) {
    painter.drawText(QRect(over.left(), 0, over.width(), headingHeight() - headingGap), Qt::AlignLeft | Qt::AlignTop,
                     metrics.elidedText(text, Qt::ElideRight, over.width()));
  };
  if (rows() > 0 && columns() > 1) {
    heading(cell(0, 0), tr("Stored"));
    heading(cell(0, 1).united(cell(0, columns() - 1)), tr("As the network sees it"));
  }
  for (int row = 0; row < rows(); ++row)
    for (int column = 0; column < columns(); ++column) {
      const auto box = cell(row, column);
      const auto& picture = m_pictures[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
      painter.fillRect(box, theme.raised);
      const auto size = picture.size().scaled(box.size(), Qt::KeepAspectRatio);
      // Small images show their pixels; larger ones are made smaller smoothly.
      painter.setRenderHint(QPainter::SmoothPixmapTransform, picture.width() > size.width());
      const QRect place(box.x() + (box.width() - size.width()) / 2, box.y() + (box.height() - size.height()) / 2,
                        size.width(), size.height());
      painter.drawPixmap(place, picture);
    }
}

QString AugmentGrid::describe(int row, int column) const {
  const auto at = static_cast<std::size_t>(row);
  const auto number = format::integer(static_cast<qint64>(m_rows[at]) + 1);
  if (column == 0) return tr("Row %1: %2").arg(number, m_labels[at]);
  return tr("Row %1: %2, at step %3")
      .arg(number, m_labels[at], format::integer(m_steps[static_cast<std::size_t>(column - 1)]));
}

bool AugmentGrid::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  for (int row = 0; row < rows(); ++row)
    for (int column = 0; column < columns(); ++column)
      if (cell(row, column).contains(help->pos())) {
        QToolTip::showText(help->globalPos(), describe(row, column), this);
        return true;
      }
  QToolTip::hideText();
  return true;
}

}  // namespace lathe::ui
