// SPDX-License-Identifier: GPL-3.0-or-later
// How parallel coordinates answer the person: brushes, readout, the context menu.
#include <QClipboard>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <cmath>
#include <filesystem>
#include <fmt/format.h>

#include "core/base/files.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/theme.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/plot_files.h"

namespace lathe::ui {

namespace {

constexpr int header = 30;
constexpr double leastBrush = 0.01;
constexpr double pictureScale = 2;

std::string csvOf(const ParallelScene& scene) {
  std::string text = "trial";
  for (const auto& axis : scene.axes) text += fmt::format(",\"{}\"", axis.name.toStdString());
  text += "\n";
  const auto count = scene.axes.size();
  for (std::size_t line = 0; line < scene.trials.size(); ++line) {
    text += std::to_string(scene.trials[line]);
    for (std::size_t axis = 0; axis < count; ++axis) {
      const float position = scene.positions[line * count + axis];
      text += std::isnan(position) ? std::string(",") : fmt::format(",{}", position);
    }
    text += "\n";
  }
  return text;
}

}  // namespace

QString ParallelPlot::summary() const {
  return m_scene ? (m_scene->trials.empty() ? m_scene->emptyText : m_scene->summary) : QString();
}

void ParallelPlot::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return QWidget::mousePressEvent(event);
  setFocus(Qt::MouseFocusReason);
  const auto axis = axisAt(event->pos());
  if (!axis) {
    if (const auto line = lineAt(event->pos())) Q_EMIT trialClicked(m_scene->trials[*line]);
    return;
  }
  Drag drag;
  drag.axis = *axis;
  drag.from = positionAt(event->pos());
  if (const auto& brush = m_brushes[*axis]; brush && drag.from >= brush->first && drag.from <= brush->second)
    drag.before = brush;
  m_drag = drag;
}

void ParallelPlot::mouseMoveEvent(QMouseEvent* event) {
  if (m_drag) {
    const double now = positionAt(event->pos());
    if (!m_drag->moved && std::fabs(now - m_drag->from) < leastBrush) return;
    m_drag->moved = true;
    if (m_drag->before) {
      const double length = m_drag->before->second - m_drag->before->first;
      const double low = std::clamp(m_drag->before->first + now - m_drag->from, 0.0, 1 - length);
      return setBrush(m_drag->axis, std::pair(low, low + length));
    }
    return setBrush(m_drag->axis, std::pair(std::min(now, m_drag->from), std::max(now, m_drag->from)));
  }
  setCursor(axisAt(event->pos()) ? Qt::SizeVerCursor : Qt::ArrowCursor);
  const auto line = axisAt(event->pos()) ? std::nullopt : lineAt(event->pos());
  const auto hovered = line ? std::optional(m_scene->trials[*line]) : std::nullopt;
  if (hovered == m_hovered) return;
  m_hovered = hovered;
  if (hovered)
    QToolTip::showText(event->globalPosition().toPoint(), tr("Trial %1").arg(*hovered), this);
  else
    QToolTip::hideText();
  update();
}

void ParallelPlot::mouseReleaseEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || !m_drag) return;
  const auto drag = *std::exchange(m_drag, std::nullopt);
  if (!drag.moved && !drag.before) setBrush(drag.axis, std::nullopt);
}

void ParallelPlot::leaveEvent(QEvent* event) {
  QWidget::leaveEvent(event);
  m_hovered.reset();
  update();
}

void ParallelPlot::keyPressEvent(QKeyEvent* event) {
  if (event->matches(QKeySequence::Copy)) return copyPicture();
  if (event->key() == Qt::Key_Escape && isBrushed()) return clearBrushes();
  QWidget::keyPressEvent(event);
}

void ParallelPlot::contextMenuEvent(QContextMenuEvent* event) {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  const auto add = [&](const QString& text, auto deed) {
    auto* action = menu->addAction(text);
    connect(action, &QAction::triggered, this, deed);
    return action;
  };
  const auto ask = [this](const QString& ending, const QString& filter) {
    askPlotFile(this, m_title, ending, filter, [this](const QString& file) { saveAs(file); });
  };
  add(tr("&Take the brushes away"), [this] { clearBrushes(); })->setEnabled(isBrushed());
  menu->addSeparator();
  add(tr("&Copy picture"), [this] { copyPicture(); });
  add(tr("Save as &PNG…"), [ask] { ask(QStringLiteral("png"), tr("PNG picture (*.png)")); });
  add(tr("Save as &SVG…"), [ask] { ask(QStringLiteral("svg"), tr("SVG drawing (*.svg)")); });
  add(tr("Save points as CS&V…"), [ask] { ask(QStringLiteral("csv"), tr("CSV table (*.csv)")); });
  menu->popup(event->globalPos());
}

void ParallelPlot::paintTo(QPainter& painter, const QSize& size) const {
  const auto& theme = Theme::current();
  painter.fillRect(QRect(QPoint(0, 0), size), theme.surface);
  auto bold = font();
  bold.setWeight(QFont::DemiBold);
  painter.setFont(bold);
  painter.setPen(theme.text);
  painter.drawText(QRect(12, 0, size.width() - 24, header), Qt::AlignLeft | Qt::AlignVCenter, m_title);
  if (m_scene && !m_scene->trials.empty()) drawAll(painter, size, lines(size, pictureScale));
}

void ParallelPlot::copyPicture() const {
  QGuiApplication::clipboard()->setPixmap(
      pictureOf(size(), [this](QPainter& painter, const QSize& area) { paintTo(painter, area); }));
}

bool ParallelPlot::saveAs(const QString& file) {
  if (QFileInfo(file).suffix().toLower() == QLatin1String("csv")) {
    if (!m_scene || m_scene->trials.empty()) return false;
    runAsync(
        *m_workbench.services().workers, this,
        [path = std::filesystem::path(file.toStdU16String()), scene = m_scene]() -> Result<void> {
          return writeFileAtomically(path, csvOf(*scene));
        },
        [this, file](const Result<void>& result) {
          if (result)
            Q_EMIT saved(file);
          else
            Q_EMIT failed(errorText(result.error()));
        });
    return true;
  }
  const bool good =
      savePicture(file, m_title, size(), [this](QPainter& painter, const QSize& area) { paintTo(painter, area); });
  if (good)
    Q_EMIT saved(file);
  else
    Q_EMIT failed(tr("%1 could not be written. Choose a folder that you may write to.").arg(file));
  return good;
}

}  // namespace lathe::ui
