// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/field_pin.h"

#include <QEvent>
#include <QPainter>
#include <QPainterPath>
#include <utility>

#include "core/services/open_field.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/study_words.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

// A drawing pin, upright, around the origin.
QPainterPath pinHead() {
  QPainterPath path;
  path.addRoundedRect(QRectF(-3.5, -6.5, 7, 2), 1, 1);
  path.addPolygon(QPolygonF({{-2, -4.5}, {2, -4.5}, {2.6, -1.2}, {4.2, 1}, {-4.2, 1}, {-2.6, -1.2}, {-2, -4.5}}));
  return path;
}

}  // namespace

FieldPin::FieldPin(Workbench& workbench, std::string path, QWidget* parent)
    : QToolButton(parent), m_workbench(workbench), m_path(std::move(path)) {
  setObjectName(QStringLiteral("pin_") + QString::fromStdString(m_path));
  setCheckable(true);
  setFocusPolicy(Qt::StrongFocus);
  connect(this, &QToolButton::clicked, this, &FieldPin::press);
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::searchChanged, this, &FieldPin::follow);
  connect(&experiment, &ExperimentController::dataChanged, this, &FieldPin::follow);
  follow();
}

QSize FieldPin::sizeHint() const { return {side, side}; }

void FieldPin::follow() {
  const auto& experiment = m_workbench.experiment();
  const auto& space = experiment.search().space;
  const auto opened = services::openedBy(space, m_path);
  setChecked(!opened.empty());
  QStringList ranges;
  for (const auto at : opened) ranges << rangeText(space.parameters[at]);
  const auto name = parameterWord(m_path);
  setAccessibleName(tr("Search %1").arg(name));
  setToolTip(opened.empty() ? tr("Open %1 for the search by its usual range").arg(name)
                            : tr("Open for the search: %1. Press to close it.").arg(ranges.join(QStringLiteral("; "))));
}

void FieldPin::press() {
  auto& experiment = m_workbench.experiment();
  auto draft = experiment.search();
  const auto opened = services::openedBy(draft.space, m_path);
  const auto name = parameterWord(m_path);
  if (!opened.empty()) {
    draft.space = services::without(draft.space, opened);
    experiment.setSearch(std::move(draft), tr("Close %1").arg(name));
  } else {
    for (auto& parameter : services::openedField(experiment.spec(), experiment.templateName(), m_path))
      if (!draft.space.find(parameter.name)) draft.space.parameters.push_back(std::move(parameter));
    experiment.setSearch(std::move(draft), tr("Open %1").arg(name));
  }
  follow();
}

void FieldPin::changeEvent(QEvent* event) {
  QToolButton::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) follow();
}

void FieldPin::paintEvent(QPaintEvent* event) {
  Q_UNUSED(event);
  const auto& theme = Theme::current();
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  if (hasFocus()) {
    painter.setPen(QPen(theme.accent, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 4, 4);
  }
  // Stuck in it stands upright and full; loose it leans.
  const QColor colour = isChecked() || underMouse() ? theme.accent : theme.secondary;
  painter.translate(QRectF(rect()).center());
  if (!isChecked()) painter.rotate(40);
  painter.setPen(QPen(colour, 1.3, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
  painter.drawLine(QPointF(0, 1), QPointF(0, 6.5));
  painter.setBrush(isChecked() ? QBrush(colour) : QBrush(theme.surface));
  painter.drawPath(pinHead());
}

}  // namespace lathe::ui
