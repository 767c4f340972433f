// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_widget.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>

#include "ui/models/theme.h"
#include "ui/plots/plot_files.h"
#include "ui/plots/plot_parts.h"

namespace lathe::ui {

void PlotWidget::use(PlotParts& parts) {
  m_parts = &parts;
  setFocusPolicy(Qt::StrongFocus);
  setMinimumSize(160, 120);
  parts.plot->installEventFilter(this);
}

void PlotWidget::setTitle(const QString& title) {
  m_parts->title->setText(title);
  setAccessibleName(title);
  titleChanged();
}

void PlotWidget::setEmptyText(const QString& text) {
  if (text == m_parts->emptyText) return;
  m_parts->emptyText = text;
  titleChanged();
}

bool PlotWidget::following() const { return m_parts->following; }

std::pair<double, double> PlotWidget::xRange() const {
  const auto range = m_parts->plot->xAxis->range();
  return {range.lower, range.upper};
}

void PlotWidget::setXRange(double low, double high) {
  if (low < high) m_parts->plot->xAxis->setRange(low, high);
}

void PlotWidget::changeEvent(QEvent* event) {
  if (m_parts != nullptr && event->type() == QEvent::PaletteChange) applyTheme();
  if (m_parts != nullptr && event->type() == QEvent::LanguageChange) retranslate();
  QWidget::changeEvent(event);
}

void PlotWidget::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  m_parts->hideCrosshair();
  resized();
}

void PlotWidget::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(hasFocus() ? theme.accent : theme.border, 1));
  painter.setBrush(theme.surface);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
}

void PlotWidget::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  update();
}

void PlotWidget::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  update();
}

bool PlotWidget::eventFilter(QObject* watched, QEvent* event) {
  if (m_parts != nullptr && watched == m_parts->plot && event->type() == QEvent::Leave) m_parts->hideCrosshair();
  return QWidget::eventFilter(watched, event);
}

void PlotWidget::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copyPicture();
  switch (event->key()) {
    case Qt::Key_Left:
      return m_parts->panX(-0.1);
    case Qt::Key_Right:
      return m_parts->panX(0.1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return m_parts->zoomX(0.8);
    case Qt::Key_Minus:
      return m_parts->zoomX(1.25);
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_0:
      return fit();
    default:
      QWidget::keyPressEvent(event);
  }
}

void PlotWidget::contextMenuEvent(QContextMenuEvent* event) { openMenu(event->globalPos()); }

void PlotWidget::openMenu(const QPoint& globalPosition) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, auto deed) {
    connect(menu->addAction(text), &QAction::triggered, this, deed);
  };
  const auto ask = [this](const QString& ending, const QString& filter) {
    askPlotFile(this, m_parts->title->text(), ending, filter, [this](const QString& file) { saveAs(file); });
  };
  add(tr("&Fit"), [this] { fit(); });
  auto* log = menu->addAction(tr("&Logarithmic values"));
  log->setCheckable(true);
  log->setChecked(logY());
  connect(log, &QAction::triggered, this, [this](bool on) { setLogY(on); });
  menu->addSeparator();
  add(tr("&Copy picture"), [this] { copyPicture(); });
  add(tr("Save as &PNG…"), [ask] { ask(QStringLiteral("png"), tr("PNG picture (*.png)")); });
  add(tr("Save as &SVG…"), [ask] { ask(QStringLiteral("svg"), tr("SVG drawing (*.svg)")); });
  add(tr("Save as P&DF…"), [ask] { ask(QStringLiteral("pdf"), tr("PDF document (*.pdf)")); });
  add(tr("Save points as CS&V…"), [ask] { ask(QStringLiteral("csv"), tr("CSV table (*.csv)")); });
  menu->popup(globalPosition);
}

void PlotWidget::copyPicture() const {
  QGuiApplication::clipboard()->setPixmap(
      pictureOf(size(), [this](QPainter& painter, const QSize& area) { paintTo(painter, area); }));
}

bool PlotWidget::saveAs(const QString& file) {
  if (QFileInfo(file).suffix().toLower() == QLatin1String("csv")) return saveCsv(file);
  const bool good = savePicture(file, m_parts->title->text(), size(),
                                [this](QPainter& painter, const QSize& area) { paintTo(painter, area); });
  if (good)
    Q_EMIT saved(file);
  else
    Q_EMIT failed(tr("%1 could not be written. Choose a folder that you may write to.").arg(file));
  return good;
}

}  // namespace lathe::ui
