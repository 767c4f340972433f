// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_files.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QPdfWriter>
#include <QPicture>
#include <QStandardPaths>
#include <QSvgGenerator>

#include "ui/plots/curve_plot.h"
#include "ui/plots/qcustomplot_include.h"

namespace lathe::ui {

// QCustomPlot wants a painter of its own kind: it draws into a picture that is played back here.
void paintInto(QPainter& painter, QCustomPlot& plot, const QRect& place) {
  QCPPainter inner;
  QPicture picture;
  inner.begin(&picture);
  plot.toPainter(&inner, place.width(), place.height());
  inner.end();
  painter.save();
  painter.translate(place.topLeft());
  painter.drawPicture(0, 0, picture);
  painter.restore();
}

QPixmap pictureOf(const QSize& size, const PaintPlot& paint) {
  constexpr double scale = 2;
  QPixmap pixmap(size * scale);
  pixmap.setDevicePixelRatio(scale);
  QPainter painter(&pixmap);
  painter.setRenderHint(QPainter::Antialiasing);
  paint(painter, size);
  return pixmap;
}

bool savePicture(const QString& file, const QString& title, const QSize& size, const PaintPlot& paint) {
  const auto ending = QFileInfo(file).suffix().toLower();
  if (ending == QLatin1String("svg")) {
    QSvgGenerator generator;
    generator.setFileName(file);
    generator.setSize(size);
    generator.setViewBox(QRect(QPoint(0, 0), size));
    generator.setTitle(title);
    QPainter painter;
    if (!painter.begin(&generator)) return false;
    paint(painter, size);
    return painter.end();
  }
  if (ending == QLatin1String("pdf")) {
    QFile target(file);
    if (!target.open(QIODevice::WriteOnly)) return false;
    constexpr double pointsAPixel = 0.75;
    QPdfWriter writer(&target);
    writer.setTitle(title);
    writer.setResolution(96);
    writer.setPageSize(QPageSize(QSizeF(size) * pointsAPixel, QPageSize::Point));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    QPainter painter(&writer);
    paint(painter, size);
    return painter.end() && target.flush();
  }
  return pictureOf(size, paint).save(file, "PNG");
}

void askPlotFile(QWidget* parent, const QString& title, const QString& ending, const QString& filter,
                 const std::function<void(const QString& file)>& save) {
  auto* dialog = new QFileDialog(parent, CurvePlot::tr("Save plot"),
                                 QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation), filter);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(ending);
  dialog->selectFile(title + QLatin1Char('.') + ending);
  QObject::connect(dialog, &QFileDialog::fileSelected, parent, save);
  dialog->open();
}

}  // namespace lathe::ui
