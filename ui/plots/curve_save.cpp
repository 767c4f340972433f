// SPDX-License-Identifier: GPL-3.0-or-later
// A plot as a picture, and its points as a table.
#include <QClipboard>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QPdfWriter>
#include <QStandardPaths>
#include <QSvgGenerator>
#include <cmath>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot_impl.h"

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
  painter.save();
  painter.translate(0, header);
  QCPPainter inner;
  // QCustomPlot wants a painter of its own kind: it draws into a picture that is played back here.
  QPicture picture;
  inner.begin(&picture);
  plot->toPainter(&inner, size.width(), size.height() - header);
  inner.end();
  painter.drawPicture(0, 0, picture);
  painter.restore();
}

QPixmap CurvePlot::Impl::picture() const {
  constexpr double scale = 2;
  QPixmap pixmap(q->size() * scale);
  pixmap.setDevicePixelRatio(scale);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  paintTo(painter, q->size());
  return pixmap;
}

void CurvePlot::copyPicture() const { QGuiApplication::clipboard()->setPixmap(m_impl->picture()); }

bool CurvePlot::Impl::save(const QString& file) {
  const auto ending = QFileInfo(file).suffix().toLower();
  if (ending == QLatin1String("csv")) return saveCsv(file);
  bool good = false;
  if (ending == QLatin1String("svg")) {
    QSvgGenerator generator;
    generator.setFileName(file);
    generator.setSize(q->size());
    generator.setViewBox(QRect(QPoint(0, 0), q->size()));
    generator.setTitle(title->text());
    QPainter painter;
    good = painter.begin(&generator);
    if (good) {
      paintTo(painter, q->size());
      good = painter.end();
    }
  } else if (ending == QLatin1String("pdf")) {
    QFile target(file);
    good = target.open(QIODevice::WriteOnly);
    if (good) {
      constexpr double pointsAPixel = 0.75;
      QPdfWriter writer(&target);
      writer.setTitle(title->text());
      writer.setResolution(96);
      writer.setPageSize(QPageSize(QSizeF(q->size()) * pointsAPixel, QPageSize::Point));
      writer.setPageMargins(QMarginsF(0, 0, 0, 0));
      QPainter painter(&writer);
      paintTo(painter, q->size());
      good = painter.end() && target.flush();
    }
  } else {
    good = picture().save(file, "PNG");
  }
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
  auto* dialog = new QFileDialog(q, CurvePlot::tr("Save plot"),
                                 QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation), filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(ending);
  dialog->selectFile(title->text() + QLatin1Char('.') + ending);
  QObject::connect(dialog, &QFileDialog::fileSelected, q, [this](const QString& file) { save(file); });
  dialog->open();
}

}  // namespace lathe::ui
