// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/columns_model.h"

#include <algorithm>
#include <array>

#include "ui/bridge/experiment_controller.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

using spec::ColumnKind;
using spec::ColumnRole;

namespace {

constexpr std::array kinds{ColumnKind::Integer,  ColumnKind::Real, ColumnKind::Boolean, ColumnKind::Category,
                           ColumnKind::DateTime, ColumnKind::Text, ColumnKind::Id};
constexpr std::array roles{ColumnRole::Feature, ColumnRole::Target, ColumnRole::Weight,
                           ColumnRole::Group,   ColumnRole::Time,   ColumnRole::Ignore};

template <class Array, class Value>
int placeOf(const Array& array, Value value) {
  const auto found = std::find(array.begin(), array.end(), value);
  return found == array.end() ? -1 : static_cast<int>(found - array.begin());
}

bool sameNames(const std::vector<spec::ColumnProfile>& a, const std::vector<spec::ColumnProfile>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.name == y.name; });
}

QString rangeText(const spec::ColumnProfile& column) {
  const bool numeric = column.kind == ColumnKind::Integer || column.kind == ColumnKind::Real;
  if (!numeric) return {};
  return ColumnsModel::tr("%1 to %2, mean %3, standard deviation %4")
      .arg(format::number(column.min), format::number(column.max), format::number(column.mean),
           format::number(column.standardDeviation));
}

}  // namespace

ColumnsModel::ColumnsModel(ExperimentController& experiment, QObject* parent)
    : QAbstractTableModel(parent), m_experiment(experiment) {
  connect(&experiment, &ExperimentController::dataChanged, this, &ColumnsModel::follow);
  follow();
}

void ColumnsModel::follow() {
  const auto* data = m_experiment.data();
  auto now = data != nullptr ? data->profile.columns : std::vector<spec::ColumnProfile>();
  if (sameNames(now, m_columns)) {
    m_columns = std::move(now);
    if (!m_columns.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    return;
  }
  beginResetModel();
  m_columns = std::move(now);
  endResetModel();
}

int ColumnsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

int ColumnsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

const spec::ColumnProfile* ColumnsModel::column(int row) const {
  return row >= 0 && row < rowCount() ? &m_columns[static_cast<std::size_t>(row)] : nullptr;
}

QVariant ColumnsModel::data(const QModelIndex& index, int role) const {
  const auto* column = index.isValid() ? this->column(index.row()) : nullptr;
  if (column == nullptr) return {};
  const int at = index.column();
  switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
      switch (at) {
        case Name:
          return QString::fromStdString(column->name);
        case Kind:
          return format::kindWord(column->kind);
        case Role:
          return format::roleWord(column->role);
        case Missing:
          return format::integer(column->missing);
        case Distinct:
          if (column->kind == ColumnKind::Image) return QStringLiteral("\u2014");  // nobody compared the pictures
          return (column->distinctExact ? QString() : QStringLiteral("\u2248 ")) + format::integer(column->distinct);
        case Distribution:
          return role == Qt::AccessibleTextRole ? QVariant(rangeText(*column)) : QVariant();
        default:
          return {};
      }
    case Qt::EditRole:
      if (at == Kind) return placeOf(kinds, column->kind);
      if (at == Role) return placeOf(roles, column->role);
      return data(index, Qt::DisplayRole);
    case Qt::ToolTipRole:
      if (at == Kind && column->kind == ColumnKind::Text && column->role == ColumnRole::Feature)
        return tr("Text, used: read by its words and parts of words");
      if (at == Kind && column->kind != column->inferredKind)
        return tr("Chosen by hand; by looking: %1").arg(format::kindWord(column->inferredKind));
      if (at == Role && column->role != column->inferredRole)
        return tr("Chosen by hand; by looking: %1").arg(format::roleWord(column->inferredRole));
      if (at == Distribution) return rangeText(*column);
      return data(index, Qt::DisplayRole);
    case Qt::TextAlignmentRole:
      return QVariant(at == Missing || at == Distinct ? Qt::AlignRight | Qt::AlignVCenter
                                                      : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ForegroundRole:
      if (at == Role && column->role == ColumnRole::Ignore) return Theme::current().secondary;
      if (at == Role && column->role != ColumnRole::Feature) return Theme::current().accent;
      return {};
    case SortRole:
      if (at == Missing) return QVariant::fromValue<qint64>(column->missing);
      if (at == Distinct) return QVariant::fromValue<qint64>(column->distinct);
      return data(index, Qt::DisplayRole);
    case HistogramRole:
      return QVariant::fromValue(column->histogram);
    case ChoicesRole: {
      QStringList words;
      if (at == Kind)
        for (const auto kind : kinds) words << format::kindWord(kind);
      if (at == Role)
        for (const auto each : roles) words << format::roleWord(each);
      return words.isEmpty() ? QVariant() : QVariant(words);
    }
    case ColumnRoleRole:
      return static_cast<int>(column->role);
    case ColumnKindRole:
      return static_cast<int>(column->kind);
    default:
      return {};
  }
}

QVariant ColumnsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(section == Missing || section == Distinct ? Qt::AlignRight | Qt::AlignVCenter
                                                              : Qt::AlignLeft | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("column");
    case Kind:
      return tr("kind");
    case Role:
      return tr("role");
    case Missing:
      return tr("missing");
    case Distinct:
      return tr("distinct");
    case Distribution:
      return tr("distribution");
    default:
      return {};
  }
}

Qt::ItemFlags ColumnsModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  const auto* data = m_experiment.data();
  const bool table = data != nullptr && !data->profile.image && !data->profile.audio;
  const auto plain = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
  return table && (index.column() == Kind || index.column() == Role) ? plain | Qt::ItemIsEditable : plain;
}

bool ColumnsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
  bool isNumber = false;
  const int place = value.toInt(&isNumber);
  auto& column = m_columns[static_cast<std::size_t>(index.row())];
  // Shown at once; what follows from it comes when the data were looked at again.
  if (index.column() == Kind && isNumber && place >= 0 && place < static_cast<int>(kinds.size())) {
    column.kind = kinds[static_cast<std::size_t>(place)];
    Q_EMIT dataChanged(index, index);
    m_experiment.setColumnKind(std::string(column.name), column.kind);
    return true;
  }
  if (index.column() == Role && isNumber && place >= 0 && place < static_cast<int>(roles.size())) {
    const auto chosen = roles[static_cast<std::size_t>(place)];
    const auto name = column.name;
    if (chosen == ColumnRole::Target)
      for (auto& other : m_columns)
        if (other.role == ColumnRole::Target) other.role = ColumnRole::Feature;
    m_columns[static_cast<std::size_t>(index.row())].role = chosen;
    Q_EMIT dataChanged(this->index(0, Role), this->index(rowCount() - 1, Role));
    m_experiment.setColumnRole(name, chosen);
    return true;
  }
  return false;
}

void ColumnsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_columns.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

}  // namespace lathe::ui
