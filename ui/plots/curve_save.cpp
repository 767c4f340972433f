// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a picture, and its points as a table.
#include <cmath>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/plots/curve_plot_impl.h"
#include "ui/plots/plot_files.h"

namespace lathe::ui {

void CurvePlot::paintTo(QPainter& painter, const QSize& size) const { m_impl->paintTo(painter, size); }
bool CurvePlot::saveCsv(const QString& file) { return m_impl->saveCsv(file); }

void CurvePlot::Impl::paintTo(QPainter& painter, const QSize& size) const {
  const auto name = valueUnit.isEmpty() ? title->text() : QStringLiteral("%1 (%2)").arg(title->text(), valueUnit);
  const int header = paintHeader(painter, size, name);
  const double used = QFontMetricsF(title->font()).horizontalAdvance(name) + 36;
  painter.setFont(legend->font());
  paintLegend(painter, QRectF(used, 0, size.width() - used - 12, header), legend->entries(), legend->caption());
  paintInto(painter, *plot, QRect(0, header, size.width(), size.height() - header));
}

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
      [this, file](const Result<void>& result) { tellSaved(file, result); });
  return true;
}

}  // namespace lathe::ui
