// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/study_trials_model.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "ui/bridge/error_text.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"

namespace lathe::ui {

using services::StudyTable;

namespace {

double keyOf(const StudyTable& table, std::size_t trial, StudyTrialsModel::Kind kind, std::size_t which) {
  using Kind = StudyTrialsModel::Kind;
  switch (kind) {
    case Kind::State:
      return static_cast<double>(table.status[trial]);
    case Kind::Value:
      return table.values[trial * table.goals() + which];
    case Kind::Parameter:
      return table.parameter(trial, which);
    case Kind::Epochs:
      return table.steps[trial];
    case Kind::Duration:
      return table.seconds[trial];
    case Kind::Reason:
      return table.errors.contains(static_cast<std::int64_t>(trial)) ? 0 : std::nan("");
    default:
      return static_cast<double>(trial);
  }
}

bool isText(StudyTrialsModel::Kind kind) {
  return kind == StudyTrialsModel::Kind::State || kind == StudyTrialsModel::Kind::Reason;
}

}  // namespace

std::pair<StudyTrialsModel::Kind, std::size_t> StudyTrialsModel::columnKind(int column) const {
  if (column <= Number || !m_table) return {Kind::Number, 0};
  if (column == State) return {Kind::State, 0};
  auto place = static_cast<std::size_t>(column - FirstValue);
  if (place < m_table->goals()) return {Kind::Value, place};
  place -= m_table->goals();
  if (place == 0) return {Kind::Epochs, 0};
  --place;
  if (place < m_table->space.size()) return {Kind::Parameter, place};
  return {place == m_table->space.size() ? Kind::Duration : Kind::Reason, 0};
}

int StudyTrialsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int StudyTrialsModel::columnCount(const QModelIndex& parent) const {
  if (parent.isValid()) return 0;
  return m_table ? static_cast<int>(FirstValue + m_table->goals() + 1 + m_table->space.size() + 2) : FirstValue;
}

/// Missing values last, either way; equal ones by number.
std::vector<std::uint32_t> StudyTrialsModel::ordered() const {
  std::vector<std::uint32_t> rows;
  if (!m_table) return rows;
  const auto& table = *m_table;
  if (m_filter) {
    for (std::size_t i = 0; i < table.size(); ++i)
      if (m_filter(table, i)) rows.push_back(static_cast<std::uint32_t>(i));
  } else {
    rows.resize(table.size());
    std::iota(rows.begin(), rows.end(), 0U);
  }
  const auto [kind, which] = columnKind(m_sortColumn);
  const bool descending = m_sortOrder == Qt::DescendingOrder;
  if (kind == Kind::Number) {
    if (descending) std::reverse(rows.begin(), rows.end());
    return rows;
  }
  std::vector<double> keys(table.size());
  for (const auto row : rows) keys[row] = keyOf(table, row, kind, which);
  const auto known = std::stable_partition(rows.begin(), rows.end(), [&](auto row) { return !std::isnan(keys[row]); });
  std::stable_sort(rows.begin(), known,
                   [&](auto a, auto b) { return descending ? keys[a] > keys[b] : keys[a] < keys[b]; });
  return rows;
}

void StudyTrialsModel::restart(std::vector<std::uint32_t> rows) {
  beginResetModel();
  m_rows = std::move(rows);
  endResetModel();
}

void StudyTrialsModel::setTable(std::shared_ptr<const StudyTable> table, bool anew) {
  anew = anew || !table || !m_table || m_table->study != table->study;
  if (anew) {
    beginResetModel();
    m_table = std::move(table);
    if (m_sortColumn >= columnCount()) m_sortColumn = Number;
    m_rows = ordered();
    endResetModel();
    return;
  }
  m_table = std::move(table);
  reorder();
}

/// New rows come where they belong; the others keep their selection.
void StudyTrialsModel::reorder() {
  auto rows = ordered();
  if (rows.size() < m_rows.size()) return restart(std::move(rows));
  if (rows.size() > m_rows.size()) {
    const bool appended = std::equal(m_rows.begin(), m_rows.end(), rows.begin());
    std::vector<std::uint32_t> longer = m_rows;
    if (appended) {
      longer = rows;
    } else {
      std::vector<bool> there(m_table->size());
      for (const auto row : m_rows) there[row] = true;
      for (const auto row : rows)
        if (!there[row]) longer.push_back(row);
      if (longer.size() != rows.size()) return restart(std::move(rows));
    }
    beginInsertRows({}, rowCount(), static_cast<int>(rows.size()) - 1);
    m_rows = std::move(longer);
    endInsertRows();
  }
  if (rows != m_rows) {
    Q_EMIT layoutAboutToBeChanged({}, QAbstractItemModel::VerticalSortHint);
    const auto before = persistentIndexList();
    std::vector<int> places(before.isEmpty() ? 0 : m_table->size(), -1);
    for (std::size_t i = 0; i < rows.size() && !before.isEmpty(); ++i) places[rows[i]] = static_cast<int>(i);
    QModelIndexList after;
    for (const auto& index : before) {
      const int place = places[m_rows[static_cast<std::size_t>(index.row())]];
      after << (place < 0 ? QModelIndex() : createIndex(place, index.column()));
    }
    m_rows = std::move(rows);
    changePersistentIndexList(before, after);
    Q_EMIT layoutChanged({}, QAbstractItemModel::VerticalSortHint);
  }
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void StudyTrialsModel::setFilter(Filter filter) {
  m_filter = std::move(filter);
  restart(ordered());
}

void StudyTrialsModel::sort(int column, Qt::SortOrder order) {
  m_sortColumn = column;
  m_sortOrder = order;
  if (m_table) reorder();
}

std::optional<std::size_t> StudyTrialsModel::trialAt(int row) const {
  if (row < 0 || row >= rowCount()) return std::nullopt;
  return m_rows[static_cast<std::size_t>(row)];
}

int StudyTrialsModel::rowOf(std::size_t trial) const {
  const auto found = std::find(m_rows.begin(), m_rows.end(), static_cast<std::uint32_t>(trial));
  return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

QString StudyTrialsModel::display(std::size_t trial, Kind kind, std::size_t which) const {
  const auto& table = *m_table;
  switch (kind) {
    case Kind::Number:
      return QString::number(trial);
    case Kind::State:
      return format::statusSign(table.status[trial]) + QLatin1Char(' ') + format::statusWord(table.status[trial]);
    case Kind::Value:
      return goalText(table.settings.goals[which].metric, table.values[trial * table.goals() + which]);
    case Kind::Parameter:
      return parameterText(table.space.parameters[which], table.parameter(trial, which));
    case Kind::Epochs: {
      const auto most = table.settings.maxEpochs;
      const auto done = format::integer(table.steps[trial]);
      return most > 0 ? done + QLatin1Char('/') + format::integer(most) : done;
    }
    case Kind::Duration:
      return table.seconds[trial] > 0 ? format::duration(table.seconds[trial]) : QStringLiteral("\u2014");
    case Kind::Reason: {
      const auto found = table.errors.find(static_cast<std::int64_t>(trial));
      if (found != table.errors.end()) return translated(found->second.message);
      return table.byPerson[trial] ? tr("your own configuration") : QString();
    }
  }
  return {};
}

QVariant StudyTrialsModel::data(const QModelIndex& index, int role) const {
  const auto trial = index.isValid() ? trialAt(index.row()) : std::nullopt;
  if (!trial || !m_table) return {};
  const auto [kind, which] = columnKind(index.column());
  switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
      return display(*trial, kind, which);
    case Qt::AccessibleTextRole:
      return kind == Kind::State ? format::statusWord(m_table->status[*trial]) : display(*trial, kind, which);
    case Qt::ToolTipRole: {
      const auto error = m_table->errors.find(static_cast<std::int64_t>(*trial));
      if (isText(kind) && error != m_table->errors.end()) return errorText(error->second);
      if (kind == Kind::Value || kind == Kind::Parameter) {
        const double value = keyOf(*m_table, *trial, kind, which);
        const bool number = kind == Kind::Value || !m_table->space.parameters[which].isChoice();
        const auto name = kind == Kind::Value ? goalWord(m_table->settings.goals[which].metric)
                                              : parameterWord(m_table->space.parameters[which].name);
        return QStringLiteral("%1: %2").arg(name, number ? format::fullNumber(value) : display(*trial, kind, which));
      }
      return display(*trial, kind, which);
    }
    case Qt::ForegroundRole:
      return kind == Kind::State ? QVariant(statusColour(m_table->status[*trial])) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant((isText(kind) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    case TrialRole:
      return QVariant::fromValue<qint64>(static_cast<qint64>(*trial));
    case StatusRole:
      return static_cast<int>(m_table->status[*trial]);
    default:
      return {};
  }
}

QVariant StudyTrialsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const auto [kind, which] = columnKind(section);
  if (role == Qt::TextAlignmentRole)
    return QVariant((isText(kind) ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && kind == Kind::Value) return goalWord(m_table->settings.goals[which].metric);
  if (role == Qt::ToolTipRole && kind == Kind::Parameter) return parameterHelp(m_table->space.parameters[which].name);
  if (role != Qt::DisplayRole) return {};
  switch (kind) {
    case Kind::Number:
      return tr("trial");
    case Kind::State:
      return tr("state");
    case Kind::Value:
      return goalWord(m_table->settings.goals[which].metric, true);
    case Kind::Parameter:
      return parameterWord(m_table->space.parameters[which].name);
    case Kind::Epochs:
      return m_table->settings.hasFolds() ? tr("folds") : tr("epochs");
    case Kind::Duration:
      return tr("time");
    case Kind::Reason:
      return tr("note");
  }
  return {};
}

void StudyTrialsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

}  // namespace lathe::ui
