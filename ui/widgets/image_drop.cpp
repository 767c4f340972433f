// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/image_drop.h"

#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QImageReader>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <algorithm>

#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr int margin = 8;
constexpr int largestEdge = 1024;  // of what is kept to be shown

/// The only local file of what is dragged; empty: there are none or several.
QString fileOf(const QMimeData* data) {
  const auto urls = data->urls();
  return urls.size() == 1 && urls.front().isLocalFile() ? urls.front().toLocalFile() : QString();
}

QPixmap pictureOf(const QString& file) {
  QImageReader reader(file);
  reader.setAutoTransform(true);
  const auto size = reader.size();
  if (size.isValid() && std::max(size.width(), size.height()) > largestEdge)
    reader.setScaledSize(size.scaled(largestEdge, largestEdge, Qt::KeepAspectRatio));
  return QPixmap::fromImage(reader.read());
}

}  // namespace

ImageDrop::ImageDrop(QWidget* parent) : QAbstractButton(parent) {
  setAcceptDrops(true);
  setFocusPolicy(Qt::StrongFocus);
  setCursor(Qt::PointingHandCursor);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
  connect(this, &QAbstractButton::clicked, this, &ImageDrop::choose);
  retranslate();
}

void ImageDrop::retranslate() {
  setAccessibleName(tr("Picture to try"));
  setToolTip(tr("PNG, JPEG, BMP or WebP"));
  update();
}

void ImageDrop::setFile(const QString& file) {
  m_file = file;
  m_picture = file.isEmpty() ? QPixmap() : pictureOf(file);
  update();
}

void ImageDrop::take(const QString& file) {
  setFile(file);
  Q_EMIT chosen(file);
}

void ImageDrop::choose() {
  const auto folder = m_file.isEmpty() ? QString() : QFileInfo(m_file).absolutePath();
  const auto file = QFileDialog::getOpenFileName(this, tr("Choose a picture"), folder,
                                                 tr("Pictures (*.png *.jpg *.jpeg *.bmp *.webp);;All files (*)"));
  if (!file.isEmpty()) take(file);
}

void ImageDrop::setOver(bool over) {
  if (m_over == over) return;
  m_over = over;
  update();
}

void ImageDrop::dragEnterEvent(QDragEnterEvent* event) {
  if (fileOf(event->mimeData()).isEmpty()) return;
  event->acceptProposedAction();
  setOver(true);
}

void ImageDrop::dragLeaveEvent(QDragLeaveEvent* event) {
  QAbstractButton::dragLeaveEvent(event);
  setOver(false);
}

void ImageDrop::dropEvent(QDropEvent* event) {
  setOver(false);
  const auto file = fileOf(event->mimeData());
  if (file.isEmpty()) return;
  event->acceptProposedAction();
  take(file);
}

void ImageDrop::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
    click();
  else
    QAbstractButton::keyPressEvent(event);
}

void ImageDrop::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  const auto& theme = Theme::current();
  const bool marked = m_over || hasFocus();
  QPen pen(marked ? theme.accent : theme.border, marked ? 2 : 1);
  if (m_picture.isNull()) pen.setStyle(Qt::DashLine);
  painter.setPen(pen);
  painter.setBrush(m_over ? theme.selection : theme.background);
  painter.drawRoundedRect(QRectF(rect()).adjusted(1.5, 1.5, -1.5, -1.5), 6, 6);
  const auto inner = rect().adjusted(margin, margin, -margin, -margin);
  if (m_picture.isNull()) {
    painter.setPen(theme.secondary);
    const auto text =
        m_file.isEmpty() ? tr("Drop a picture here, or click to choose one") : QFileInfo(m_file).fileName();
    painter.drawText(inner, Qt::AlignCenter | Qt::TextWordWrap, text);
    return;
  }
  auto size = m_picture.size().scaled(inner.size(), Qt::KeepAspectRatio);
  // Small pictures as they are: whole times larger, with clear pixels.
  if (size.width() > m_picture.width()) {
    const int times = std::max(1, size.width() / std::max(1, m_picture.width()));
    size = m_picture.size() * times;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
  }
  QRect place(QPoint(), size);
  place.moveCenter(inner.center());
  painter.drawPixmap(place, m_picture);
}

}  // namespace lathe::ui
