// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/space_model.h"

#include <algorithm>
#include <cmath>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/models/theme.h"

namespace lathe::ui {

QString conditionText(const spec::SearchSpace& space, std::size_t parameter) {
  QStringList parts;
  for (const auto& condition : space.parameters[parameter].conditions) {
    const auto& parent = space.parameters[condition.parameter];
    QStringList values;
    for (const double value : condition.in) values << parameterText(parent, value);
    parts << SpaceModel::tr("if %1 is %2").arg(parameterWord(parent.name), values.join(QStringLiteral(", ")));
  }
  return parts.join(QStringLiteral("; "));
}

SpaceModel::SpaceModel(ExperimentController& experiment, QObject* parent)
    : QAbstractTableModel(parent), m_experiment(experiment) {
  connect(&experiment, &ExperimentController::searchChanged, this, &SpaceModel::follow);
  connect(&experiment, &ExperimentController::specChanged, this, &SpaceModel::follow);
  follow();
}

void SpaceModel::follow() {
  const auto& now = m_experiment.search().space;
  const bool sameRows = now.size() == m_space.size() &&
                        std::equal(now.parameters.begin(), now.parameters.end(), m_space.parameters.begin(),
                                   [](const auto& a, const auto& b) { return a.name == b.name; });
  if (!sameRows) beginResetModel();
  m_space = now;
  m_problems = services::problemsOf(m_space, m_experiment.spec());
  if (!sameRows)
    endResetModel();
  else if (rowCount() > 0)
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

QString SpaceModel::problemOf(int row) const {
  for (const auto& problem : m_problems)
    if (problem.parameter ? static_cast<int>(*problem.parameter) == row : row < 0) return errorText(problem.error);
  return {};
}

int SpaceModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_space.size());
}

int SpaceModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant SpaceModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto place = static_cast<std::size_t>(index.row());
  const auto& parameter = m_space.parameters[place];
  const auto problem = problemOf(index.row());
  const auto condition = conditionText(m_space, place);
  switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: {
      if (index.column() == Setting)
        return (problem.isEmpty() ? QString() : QStringLiteral("\u26a0 ")) + parameterWord(parameter.name);
      const auto range = rangeText(parameter);
      return condition.isEmpty() ? range : range + QStringLiteral(", ") + condition;
    }
    case Qt::ToolTipRole: {
      if (!problem.isEmpty()) return problem;
      if (index.column() == Setting) return parameterHelp(parameter.name);
      const auto text = typeWord(parameter.type) + QStringLiteral(": ") + rangeText(parameter);
      return condition.isEmpty() ? text : text + QLatin1Char('\n') + condition;
    }
    case Qt::ForegroundRole:
      if (!problem.isEmpty()) return Theme::current().bad;
      return index.column() == Range ? QVariant(Theme::current().secondary) : QVariant();
    case PathRole:
      return QString::fromStdString(parameter.name);
    case ProblemRole:
      return problem;
    default:
      return {};
  }
}

QVariant SpaceModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Setting ? tr("setting") : tr("range");
}

void SpaceModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  follow();
}

QString constraintText(const spec::SearchSpace& space, const spec::LinearConstraint& constraint) {
  // What is at least something is kept as at most its negative.
  const bool least = !constraint.terms.empty() && constraint.terms.front().weight < 0;
  const double sign = least ? -1 : 1;
  QString text;
  for (const auto& term : constraint.terms) {
    if (term.parameter >= space.size()) continue;
    const double weight = sign * term.weight;
    if (!text.isEmpty())
      text += weight < 0 ? QStringLiteral(" \u2212 ") : QStringLiteral(" + ");
    else if (weight < 0)
      text += QChar(0x2212);
    const double size = std::abs(weight);
    if (size != 1) text += format::number(size) + QStringLiteral("\u00a0\u00d7\u00a0");
    text += parameterWord(space.parameters[term.parameter].name);
  }
  return text + (least ? QStringLiteral(" \u2265 ") : QStringLiteral(" \u2264 ")) +
         format::number(sign * constraint.bound, 6);
}

}  // namespace lathe::ui
