// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming, panning, the crosshair and files of a heat map.
#include <QClipboard>
#include <QContextMenuEvent>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/curve_shape.h"
#include "ui/plots/heat_plot_impl.h"
#include "ui/plots/plot_files.h"

namespace lathe::ui {

void HeatPlot::Impl::setUpInteraction() {
  plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  auto* rect = plot->axisRect();
  rect->setRangeDrag(Qt::Horizontal | Qt::Vertical);
  rect->setRangeZoom(Qt::Horizontal);
  rect->setRangeZoomFactor(0.8);
  for (auto* each : {plot->xAxis, plot->yAxis})
    QObject::connect(each, qOverload<const QCPRange&>(&QCPAxis::rangeChanged), q, [this] {
      if (!ownChange) userMoved();
    });
  QObject::connect(plot, &QCustomPlot::mousePress, q, [this] {
    // A logarithmic axis shows all there is.
    plot->axisRect()->setRangeDrag(heatAxis.isLog() ? Qt::Orientations(Qt::Horizontal) : Qt::Horizontal | Qt::Vertical);
    hideCrosshair();
  });
  QObject::connect(plot, &QCustomPlot::mouseWheel, q, [this](QWheelEvent* event) {
    const bool overValues = event->position().x() < plot->axisRect()->left() && !heatAxis.isLog();
    plot->axisRect()->setRangeZoom(overValues ? Qt::Vertical : Qt::Horizontal);
  });
  QObject::connect(plot, &QCustomPlot::mouseDoubleClick, q, [this] { fit(); });
  QObject::connect(plot, &QCustomPlot::mouseMove, q, [this](QMouseEvent* event) {
    if (event->buttons() == Qt::NoButton) showCrosshair(event->pos());
  });
}

bool HeatPlot::eventFilter(QObject* watched, QEvent* event) {
  if (watched == m_impl->plot && event->type() == QEvent::Leave) m_impl->hideCrosshair();
  return QWidget::eventFilter(watched, event);
}

void HeatPlot::Impl::userMoved() {
  setFollowing(false);
  askReplot();
}

void HeatPlot::Impl::setFollowing(bool on) {
  following = on;
  followButton->setVisible(!on);
  followButton->adjustSize();
  const auto inner = plot->axisRect()->rect();
  followButton->move(inner.right() - followButton->width() - 8, inner.top() + 8);
}

void HeatPlot::Impl::fit() {
  setFollowing(true);
  askReplot();
}

void HeatPlot::Impl::zoom(double factor) { plot->xAxis->scaleRange(factor, plot->xAxis->range().center()); }

void HeatPlot::Impl::pan(double share) { plot->xAxis->moveRange(share * plot->xAxis->range().size()); }

QString HeatPlot::readout(double x, double value) const {
  const auto& m = *m_impl;
  if (m.frames.empty() || x < 0 || x > m.endOfData()) return {};
  const int index = frameAt(m.frames, stepAt(x, m.item, m.axis));
  if (index < 0) return {};
  const auto& frame = m.frames[static_cast<std::size_t>(index)];
  // A band a tenth of the axis high, around the pointer.
  const double at = m.heatAxis.toAxis(value);
  const double half = (m.plot->yAxis->range().size()) / 20;
  const double low = m.heatAxis.toValue(at - half);
  const double high = m.heatAxis.toValue(at + half);
  const auto position =
      m.axis == XAxis::Step ? format::integer(frame.step) : format::number(positionOf(frame.step, m.item, m.axis));
  const auto band = tr("%1 to %2").arg(format::number(low, 2), format::number(high, 2));
  return QStringLiteral("<b>%1 %2</b><br>%3: %4")
      .arg(m.xName().toHtmlEscaped(), position, band, format::percent(shareBetween(frame, low, high)));
}

void HeatPlot::Impl::showCrosshair(const QPoint& position) {
  const auto inner = plot->axisRect()->rect();
  const double x = plot->xAxis->pixelToCoord(position.x());
  const double value = heatAxis.toValue(plot->yAxis->pixelToCoord(position.y()));
  const auto text = inner.contains(position) ? q->readout(x, value) : QString();
  if (text.isEmpty()) return hideCrosshair();
  for (auto* each : {cross->start, cross->end}) {
    each->setTypeX(QCPItemPosition::ptPlotCoords);
    each->setTypeY(QCPItemPosition::ptAxisRectRatio);
  }
  cross->start->setCoords(x, 0);
  cross->end->setCoords(x, 1);
  cross->setVisible(true);
  crossLayer->replot();
  values->setText(text);
  values->adjustSize();
  const int space = 12;
  const bool right = position.x() + space + values->width() < plot->width();
  values->move(right ? position.x() + space : std::max(position.x() - space - values->width(), 0), inner.top() + 4);
  values->show();
}

void HeatPlot::Impl::hideCrosshair() {
  if (!cross->visible()) return;
  cross->setVisible(false);
  crossLayer->replot();
  values->hide();
}

void HeatPlot::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copyPicture();
  switch (event->key()) {
    case Qt::Key_Left:
      return m_impl->pan(-0.1);
    case Qt::Key_Right:
      return m_impl->pan(0.1);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return m_impl->zoom(0.8);
    case Qt::Key_Minus:
      return m_impl->zoom(1.25);
    case Qt::Key_Home:
    case Qt::Key_End:
    case Qt::Key_0:
      return fit();
    default:
      QWidget::keyPressEvent(event);
  }
}

void HeatPlot::contextMenuEvent(QContextMenuEvent* event) { m_impl->openMenu(event->globalPos()); }

void HeatPlot::Impl::openMenu(const QPoint& globalPosition) {
  auto* menu = new QMenu(q);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, auto deed) {
    QObject::connect(menu->addAction(text), &QAction::triggered, q, deed);
  };
  const auto ask = [this](const QString& ending, const QString& filter) {
    askPlotFile(q, title->text(), ending, filter, [this](const QString& file) { q->saveAs(file); });
  };
  add(CurvePlot::tr("&Fit"), [this] { fit(); });
  auto* log = menu->addAction(CurvePlot::tr("&Logarithmic values"));
  log->setCheckable(true);
  log->setChecked(logY);
  QObject::connect(log, &QAction::triggered, q, &HeatPlot::setLogY);
  menu->addSeparator();
  add(CurvePlot::tr("&Copy picture"), [this] { q->copyPicture(); });
  add(CurvePlot::tr("Save as &PNG…"), [ask] { ask(QStringLiteral("png"), CurvePlot::tr("PNG picture (*.png)")); });
  add(CurvePlot::tr("Save as &SVG…"), [ask] { ask(QStringLiteral("svg"), CurvePlot::tr("SVG drawing (*.svg)")); });
  add(CurvePlot::tr("Save as P&DF…"), [ask] { ask(QStringLiteral("pdf"), CurvePlot::tr("PDF document (*.pdf)")); });
  add(CurvePlot::tr("Save points as CS&V…"), [ask] { ask(QStringLiteral("csv"), CurvePlot::tr("CSV table (*.csv)")); });
  menu->popup(globalPosition);
}

void HeatPlot::Impl::paintTo(QPainter& painter, const QSize& size) const {
  const auto& theme = Theme::current();
  painter.fillRect(QRect(QPoint(0, 0), size), theme.surface);
  const int header = q->fontMetrics().height() + 12;
  painter.setFont(title->font());
  painter.setPen(theme.text);
  painter.drawText(QRectF(12, 0, size.width() - 24, header), Qt::AlignLeft | Qt::AlignVCenter, title->text());
  painter.setFont(caption->font());
  painter.setPen(theme.secondary);
  painter.drawText(QRectF(12, 0, size.width() - 24, header), Qt::AlignRight | Qt::AlignVCenter, caption->text());
  paintInto(painter, *plot, QRect(0, header, size.width(), size.height() - header));
}

void HeatPlot::copyPicture() const {
  QGuiApplication::clipboard()->setPixmap(
      pictureOf(size(), [this](QPainter& painter, const QSize& area) { m_impl->paintTo(painter, area); }));
}

bool HeatPlot::Impl::saveCsv(const QString& file) const {
  runAsync(
      *workbench.services().workers, q,
      [path = std::filesystem::path(file.toStdU16String()), frames = frames]() -> Result<void> {
        std::string text = "step,low,high,share\n";
        for (const auto& frame : frames)
          for (const auto& bin : frame.bins)
            text += fmt::format("{},{},{},{}\n", frame.step, bin.low, bin.high, bin.share);
        return writeFileAtomically(path, text);
      },
      [plot = q, file](const Result<void>& result) {
        if (result)
          Q_EMIT plot->saved(file);
        else
          Q_EMIT plot->failed(errorText(result.error()));
      });
  return true;
}

bool HeatPlot::saveAs(const QString& file) {
  if (QFileInfo(file).suffix().toLower() == QLatin1String("csv")) return m_impl->saveCsv(file);
  const bool good = savePicture(file, m_impl->title->text(), size(),
                                [this](QPainter& painter, const QSize& area) { m_impl->paintTo(painter, area); });
  if (good)
    Q_EMIT saved(file);
  else
    Q_EMIT failed(CurvePlot::tr("%1 could not be written. Choose a folder that you may write to.").arg(file));
  return good;
}

}  // namespace lathe::ui
