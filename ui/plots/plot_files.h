// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>

class QCustomPlot;
class QPainter;
class QPixmap;
class QRect;
class QSize;
class QWidget;

/// What every plot does with its picture.
namespace lathe::ui {

using PaintPlot = std::function<void(QPainter& painter, const QSize& size)>;

/// A plot drawn into a part of another picture.
void paintInto(QPainter& painter, QCustomPlot& plot, const QRect& place);
/// Twice as fine as the screen.
[[nodiscard]] QPixmap pictureOf(const QSize& size, const PaintPlot& paint);
/// By the ending: svg, pdf, else png. False when the file cannot be written.
bool savePicture(const QString& file, const QString& title, const QSize& size, const PaintPlot& paint);
/// Asks for a file with that ending, named after the plot, and gives it to `save`; does not block.
void askPlotFile(QWidget* parent, const QString& title, const QString& ending, const QString& filter,
                 const std::function<void(const QString& file)>& save);

}  // namespace lathe::ui
