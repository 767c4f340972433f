// SPDX-License-Identifier: GPL-3.0-or-later
// Zooming, panning, the crosshair and files of a heat map.
#include <QMouseEvent>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/curve_shape.h"
#include "ui/plots/heat_plot_impl.h"
#include "ui/plots/plot_files.h"

namespace lathe::ui {

void HeatPlot::Impl::pressed(const QMouseEvent& event) {
  Q_UNUSED(event);
  // A logarithmic axis shows all there is.
  plot->axisRect()->setRangeDrag(heatAxis.isLog() ? Qt::Orientations(Qt::Horizontal) : Qt::Horizontal | Qt::Vertical);
}

void HeatPlot::Impl::userMoved() {
  setFollowing(false);
  askReplot();
}

void HeatPlot::Impl::fit() {
  setFollowing(true);
  askReplot();
}

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
  const double x = plot->xAxis->pixelToCoord(position.x());
  const double value = heatAxis.toValue(plot->yAxis->pixelToCoord(position.y()));
  const bool inside = plot->axisRect()->rect().contains(position);
  crossAt(x, position, inside ? q->readout(x, value) : QString(), plot->width());
}

void HeatPlot::paintTo(QPainter& painter, const QSize& size) const { m_impl->paintTo(painter, size); }
bool HeatPlot::saveCsv(const QString& file) { return m_impl->saveCsv(file); }

void HeatPlot::Impl::paintTo(QPainter& painter, const QSize& size) const {
  const int header = paintHeader(painter, size, title->text());
  painter.setFont(caption->font());
  painter.setPen(Theme::current().secondary);
  painter.drawText(QRectF(12, 0, size.width() - 24, header), Qt::AlignRight | Qt::AlignVCenter, caption->text());
  paintInto(painter, *plot, QRect(0, header, size.width(), size.height() - header));
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
      [this, file](const Result<void>& result) { tellSaved(file, result); });
  return true;
}

}  // namespace lathe::ui
