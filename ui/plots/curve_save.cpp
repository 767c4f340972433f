// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a picture, and its points as a table.
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <cmath>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot_impl.h"
#include "ui/plots/plot_files.h"

namespace lathe::ui {

void CurvePlot::Impl::paintTo(QPainter& painter, const QSize& size) const {
  const auto& theme = Theme::current();
  painter.fillRect(QRect(QPoint(0, 0), size), theme.surface);
  const int header = q->fontMetrics().height() + 12;
  painter.setFont(title->font());
  painter.setPen(theme.text);
  const auto name = valueUnit.isEmpty() ? title->text() : QStringLiteral("%1 (%2)").arg(title->text(), valueUnit);
  painter.drawText(QRectF(12, 0, size.width() - 24, header), Qt::AlignLeft | Qt::AlignVCenter, name);
  const double used = QFontMetricsF(title->font()).horizontalAdvance(name) + 36;
  painter.setFont(legend->font());
  paintLegend(painter, QRectF(used, 0, size.width() - used - 12, header), legend->entries(), legend->caption());
  paintInto(painter, *plot, QRect(0, header, size.width(), size.height() - header));
}

QPixmap CurvePlot::Impl::picture() const {
  return pictureOf(q->size(), [this](QPainter& painter, const QSize& size) { paintTo(painter, size); });
}

void CurvePlot::copyPicture() const { QGuiApplication::clipboard()->setPixmap(m_impl->picture()); }

bool CurvePlot::Impl::save(const QString& file) {
  if (QFileInfo(file).suffix().toLower() == QLatin1String("csv")) return saveCsv(file);
  const bool good = savePicture(file, title->text(), q->size(),
                                [this](QPainter& painter, const QSize& size) { paintTo(painter, size); });
  if (good)
    Q_EMIT q->saved(file);
  else
    Q_EMIT q->failed(CurvePlot::tr("%1 could not be written. Choose a folder that you may write to.").arg(file));
  return good;
}

bool CurvePlot::saveAs(const QString& file) { return m_impl->save(file); }

bool CurvePlot::Impl::saveCsv(const QString& file) {
  const auto project = workbench.project();
  if (!project) return false;
  runAsync(
      *workbench.services().workers, q,
      [project, path = std::filesystem::path(file.toStdU16String()), curves = items]() -> Result<void> {
        std::string text = "run,series,step,value\n";
        for (const auto& curve : curves) {
          auto points = project->store().points(curve.run, curve.series);
          if (!points) return passOn(points);
          for (const auto& point : *points)
            text += std::isfinite(point.value)
                        ? fmt::format("{},{},{},{}\n", curve.run, curve.series, point.step, point.value)
                        : fmt::format("{},{},{},\n", curve.run, curve.series, point.step);
        }
        return writeFileAtomically(path, text);
      },
      [this, file](const Result<void>& result) {
        if (result)
          Q_EMIT q->saved(file);
        else
          Q_EMIT q->failed(errorText(result.error()));
      });
  return true;
}

void CurvePlot::Impl::askFile(const QString& ending, const QString& filter) {
  askPlotFile(q, title->text(), ending, filter, [this](const QString& file) { save(file); });
}

}  // namespace lathe::ui
