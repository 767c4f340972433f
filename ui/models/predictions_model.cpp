// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/predictions_model.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

#include "core/spec/targets.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

namespace {

constexpr std::size_t valuesShown = 3;  ///< of several targets

QString joined(const std::vector<std::string>& words) {
  QStringList list;
  for (const auto& word : words) list << QString::fromStdString(word);
  return list.isEmpty() ? QStringLiteral("\u2014") : list.join(QStringLiteral(", "));
}

QString several(QStringList list, std::size_t count) {
  if (count > valuesShown) list << QStringLiteral("\u2026");
  return list.join(QStringLiteral("; "));
}

}  // namespace

void PredictionsModel::setPredictions(const std::optional<services::RunPredictions>& predictions) {
  const auto next = predictions.value_or(services::RunPredictions());
  const bool sameRows = next.rows.size() == m_shown.rows.size() && next.task == m_shown.task &&
                        std::equal(next.rows.begin(), next.rows.end(), m_shown.rows.begin(),
                                   [](const auto& a, const auto& b) { return a.row == b.row; });
  if (!sameRows) {
    beginResetModel();
    m_shown = next;
    endResetModel();
    return;
  }
  // The same rows after another epoch: selection and scrolling stay.
  m_shown = next;
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void PredictionsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (rowCount() > 0) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

bool PredictionsModel::numbers() const {
  return m_shown.task != spec::Task::Classification && m_shown.task != spec::Task::Multilabel;
}

std::size_t PredictionsModel::levels() const { return std::max<std::size_t>(1, m_shown.quantiles.size()); }

std::size_t PredictionsModel::middleOf(std::size_t target) const {
  return target * levels() + (m_shown.quantiles.empty() ? 0 : spec::middleLevel(m_shown.quantiles));
}

std::optional<bool> PredictionsModel::isRight(int row) const {
  const auto& each = at(row);
  if (!numbers()) {
    if (m_shown.task == spec::Task::Classification && each.actual.empty()) return std::nullopt;
    return each.right;
  }
  if (levels() < 2) return std::nullopt;
  for (std::size_t t = 0; t < each.actualValues.size() && (t + 1) * levels() <= each.values.size(); ++t) {
    const double low = each.values[t * levels()];
    const double high = each.values[(t + 1) * levels() - 1];
    if (!(each.actualValues[t] >= low && each.actualValues[t] <= high)) return false;
  }
  return true;
}

std::optional<int> PredictionsModel::right() const {
  int count = 0;
  for (int row = 0; row < rowCount(); ++row) {
    const auto is = isRight(row);
    if (!is) return std::nullopt;
    count += *is ? 1 : 0;
  }
  return count;
}

QString PredictionsModel::actual(int row) const {
  const auto& each = at(row);
  if (!numbers()) return joined(each.actual);
  QStringList list;
  for (std::size_t t = 0; t < std::min(each.actualValues.size(), valuesShown); ++t)
    list << format::aligned(each.actualValues[t]);
  return list.isEmpty() ? QStringLiteral("\u2014") : several(std::move(list), each.actualValues.size());
}

QString PredictionsModel::predicted(int row) const {
  const auto& each = at(row);
  if (m_shown.task == spec::Task::Classification)
    return each.guesses.empty() ? QStringLiteral("\u2014") : QString::fromStdString(each.guesses.front().label);
  if (m_shown.task == spec::Task::Multilabel) {
    std::vector<std::string> labels;
    for (const auto& guess : each.guesses) labels.push_back(guess.label);
    return joined(labels);
  }
  QStringList list;
  // What has no actual value, such as how unusual a row is, has a prediction all the same.
  const std::size_t count = each.values.size() / levels();
  for (std::size_t t = 0; t < std::min(count, valuesShown) && middleOf(t) < each.values.size(); ++t)
    list << format::aligned(each.values[middleOf(t)]);
  return several(std::move(list), count);
}

QString PredictionsModel::measure(int row) const {
  const auto& each = at(row);
  if (!numbers()) {
    QStringList list;
    for (std::size_t i = 0; i < each.guesses.size(); ++i)
      if (i == 0 || m_shown.task == spec::Task::Multilabel) list << format::aligned(each.guesses[i].probability, 3);
    return list.isEmpty() ? QStringLiteral("\u2014") : list.join(QStringLiteral(", "));
  }
  QStringList list;
  for (std::size_t t = 0; t < std::min(each.actualValues.size(), valuesShown) && middleOf(t) < each.values.size();
       ++t) {
    if (levels() > 1)
      list << tr("%1 to %2")
                  .arg(format::aligned(each.values[t * levels()]),
                       format::aligned(each.values[(t + 1) * levels() - 1]));
    else
      list << format::aligned(each.values[t] - each.actualValues[t]);
  }
  return several(std::move(list), each.actualValues.size());
}

QString PredictionsModel::sentence(int row) const {
  const auto& each = at(row);
  const auto number = format::integer(each.row + 1);
  if (m_shown.task != spec::Task::Classification)
    return tr("Row %1: %2, predicted %3 (%4)").arg(number, actual(row), predicted(row), measure(row));
  QStringList guesses;
  for (const auto& guess : each.guesses)
    guesses << QStringLiteral("%1 %2").arg(QString::fromStdString(guess.label), format::aligned(guess.probability, 3));
  return tr("Row %1: %2. The model says: %3.").arg(number, actual(row), guesses.join(QStringLiteral(", ")));
}

int PredictionsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_shown.rows.size());
}

int PredictionsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant PredictionsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const int row = index.row();
  const auto mark = isRight(row);
  if (role == Qt::ToolTipRole) return sentence(row);
  if (role == Qt::TextAlignmentRole) {
    const bool rightAligned = index.column() == Row || index.column() == Measure ||
                              (numbers() && (index.column() == Actual || index.column() == Predicted));
    return QVariant((rightAligned ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role == Qt::ForegroundRole && index.column() == Mark && mark)
    return QVariant(*mark ? Theme::current().good : Theme::current().bad);
  if (role == Qt::AccessibleTextRole && index.column() == Mark && mark) return *mark ? tr("right") : tr("wrong");
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case Mark:
      if (!mark) return {};
      return *mark ? QStringLiteral("\u2713") : QStringLiteral("\u2715");
    case Row:
      return format::integer(at(row).row + 1);
    case Actual:
      return actual(row);
    case Predicted:
      return predicted(row);
    default:
      return measure(row);
  }
}

QVariant PredictionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole) {
    const bool rightAligned =
        section == Row || section == Measure || (numbers() && (section == Actual || section == Predicted));
    return QVariant((rightAligned ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Mark:
      return QString();
    case Row:
      return tr("row");
    case Actual:
      return tr("actual");
    case Predicted:
      return tr("predicted");
    default:
      if (!numbers()) return tr("probability");
      return levels() > 1 ? tr("interval") : tr("difference");
  }
}

}  // namespace lathe::ui
