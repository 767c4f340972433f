// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/runs_model.h"

#include <QFont>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "core/spec/metrics.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/runs_controller.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"

namespace lathe::ui {

using store::RunRecord;

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

double metricOf(const RunRecord& run, const std::string& name) {
  const auto found = run.metrics.find(name);
  return found == run.metrics.end() ? unknown : found->second;
}

double lossOf(const RunRecord& run) {
  const auto validation = metricOf(run, "val/loss");
  return std::isnan(validation) ? metricOf(run, "train/loss") : validation;
}

/// "test/accuracy" for "val/accuracy".
std::string testOf(const std::string& metric) { return "test/" + metric.substr(metric.find('/') + 1); }

QColor stateColour(spec::RunStatus status) {
  const auto& theme = Theme::current();
  switch (status) {
    case spec::RunStatus::Running:
    case spec::RunStatus::Queued:
    case spec::RunStatus::Pausing:
      return theme.accent;
    case spec::RunStatus::Completed:
      return theme.good;
    case spec::RunStatus::Failed:
      return theme.bad;
    case spec::RunStatus::Interrupted:
    case spec::RunStatus::Pruned:
      return theme.warning;
    case spec::RunStatus::Paused:
    case spec::RunStatus::Cancelled:
      return theme.secondary;
  }
  return theme.text;
}

QString tagsOf(const RunRecord& run) {
  QStringList tags;
  for (const auto& tag : run.tags) tags << QString::fromStdString(tag);
  return tags.join(QStringLiteral(", "));
}

QString epochOf(const RunRecord& run) {
  if (run.totalEpochs <= 0) return format::integer(run.epochs);
  return format::integer(run.epochs) + QLatin1Char('/') + format::integer(run.totalEpochs);
}

QVariant sortValue(const RunRecord& run, int column, const std::string& metric) {
  switch (column) {
    case RunsModel::Run:
      return QVariant::fromValue<qint64>(run.number);
    case RunsModel::State:
      return static_cast<int>(run.status);
    case RunsModel::Metric:
      return metricOf(run, metric);
    case RunsModel::Epoch:
      return run.epochs;
    case RunsModel::Loss:
      return lossOf(run);
    case RunsModel::Duration:
      return run.seconds;
    case RunsModel::Created:
      return QVariant::fromValue<qint64>(run.createdMicros);
    case RunsModel::Tags:
      return tagsOf(run);
    case RunsModel::Test:
      return metricOf(run, testOf(metric));
    default:
      return {};
  }
}

QString display(const RunRecord& run, int column, const std::string& metric) {
  switch (column) {
    case RunsModel::State:
      return format::statusSign(run.status) + QLatin1Char(' ') + format::statusWord(run.status);
    case RunsModel::Metric:
      return format::aligned(metricOf(run, metric));
    case RunsModel::Epoch:
      return epochOf(run);
    case RunsModel::Loss:
      return format::aligned(lossOf(run));
    case RunsModel::Duration:
      return run.seconds > 0 ? format::duration(run.seconds) : QStringLiteral("\u2014");
    case RunsModel::Created:
      return format::when(run.createdMicros);
    case RunsModel::Tags:
      return tagsOf(run);
    case RunsModel::Test:
      return format::aligned(metricOf(run, testOf(metric)));
    default:
      return {};
  }
}

QString hover(const RunRecord& run, int column, const std::string& metric) {
  switch (column) {
    case RunsModel::State:
      return run.error ? errorText(*run.error) : format::statusWord(run.status);
    case RunsModel::Metric:
      return format::metricWord(metric) + QStringLiteral(": ") + format::fullNumber(metricOf(run, metric));
    case RunsModel::Loss:
      return format::fullNumber(lossOf(run));
    case RunsModel::Test:
      return format::metricWord(testOf(metric)) + QStringLiteral(": ") +
             format::fullNumber(metricOf(run, testOf(metric)));
    case RunsModel::Run: {
      auto text = QStringLiteral("%1 %2").arg(run.number).arg(QString::fromStdString(run.name));
      if (!run.model.empty()) text += QStringLiteral(" (%1)").arg(QString::fromStdString(run.model));
      if (!run.note.empty()) text += QLatin1Char('\n') + QString::fromStdString(run.note);
      return text;
    }
    default:
      return display(run, column, metric);
  }
}

QString everything(const RunRecord& run) {
  return QStringLiteral("%1 %2 %3 %4 %5 %6 %7")
      .arg(QString::number(run.number), QString::fromStdString(run.name), QString::fromStdString(run.model),
           format::statusWord(run.status), QString::fromLatin1(spec::name(run.status)), tagsOf(run),
           QString::fromStdString(run.note));
}

}  // namespace

QString RunsModel::choosingWord() { return tr("choosing"); }

std::string mainMetric(const std::string& task) {
  const auto read = spec::task(task);
  auto metrics = spec::metricsFor(read && *read != spec::Task::Auto ? *read : spec::Task::Classification);
  std::erase_if(metrics, [](const auto& metric) { return !metric.shown; });
  return "val/" + (metrics.size() > 1 ? metrics[1].name : std::string("loss"));
}

RunsModel::RunsModel(RunsController& runs, QObject* parent)
    : QAbstractTableModel(parent), m_runs(runs), m_rows(runs.runs()) {
  relabel();
  connect(&runs, &RunsController::runsReset, this, &RunsModel::follow);
  connect(&runs, &RunsController::runChanged, this, &RunsModel::changed);
  connect(&runs, &RunsController::shownChanged, this, [this] {
    if (!m_rows.empty() && !m_following)
      Q_EMIT dataChanged(index(0, Run), index(rowCount() - 1, Run), {ColourRole, Qt::DecorationRole});
  });
}

int RunsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RunsModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

std::string RunsModel::keyMetric() const { return mainMetric(m_rows.empty() ? std::string() : m_rows.front().task); }

std::string RunsModel::testMetric() const { return testOf(keyMetric()); }

/// "14 cnn", with the name where it tells this run from the others: by itself every run has its experiment's.
QString RunsModel::label(const RunRecord& run) const {
  const auto number = QString::number(run.number) + QLatin1Char(' ');
  const auto name = QString::fromStdString(run.name);
  if (run.model.empty()) return number + name;
  const auto text = number + QString::fromStdString(run.model);
  return m_named.count(run.number) == 0 || name.isEmpty() || run.name == m_runs.usualName()
             ? text
             : text + QStringLiteral(" \u00b7 ") + name;
}

/// Once rows are in place: labels must not change while they come and go.
void RunsModel::relabel() {
  std::map<std::string, int> uses;
  for (const auto& row : m_rows) ++uses[row.name];
  std::set<store::RunNumber> named;
  for (const auto& row : m_rows)
    if (uses[row.name] == 1) named.insert(row.number);
  m_named = std::move(named);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, Run), index(rowCount() - 1, Run));
}

QVariant RunsModel::data(const QModelIndex& index, int role) const {
  const auto* run = record(index);
  if (run == nullptr) return {};
  const int column = index.column();
  const auto* choosing = column == Epoch || column == State ? m_runs.choosing(run->number) : nullptr;
  if (choosing != nullptr && role == Qt::ToolTipRole) return translated(choosing->message(), "events");
  if (choosing != nullptr && column == Epoch && (role == Qt::DisplayRole || role == Qt::AccessibleTextRole))
    return choosingWord();
  switch (role) {
    case Qt::DisplayRole:
      return column == Run ? label(*run) : display(*run, column, keyMetric());
    case Qt::EditRole:
      return column == Run ? QVariant(QString::fromStdString(run->name)) : display(*run, column, keyMetric());
    case Qt::ToolTipRole:
      return hover(*run, column, keyMetric());
    case Qt::AccessibleTextRole:
      return column == State ? format::statusWord(run->status) : data(index, Qt::DisplayRole);
    case Qt::ForegroundRole:
      return column == State ? QVariant(stateColour(run->status)) : QVariant();
    case Qt::TextAlignmentRole:
      return QVariant(column == Run || column == State || column == Tags ? Qt::AlignLeft | Qt::AlignVCenter
                                                                         : Qt::AlignRight | Qt::AlignVCenter);
    case SortRole:
      return sortValue(*run, column, keyMetric());
    case RunNumberRole:
      return QVariant::fromValue<qint64>(run->number);
    case StatusRole:
      return static_cast<int>(run->status);
    case ColourRole:
      return m_runs.isShown(run->number) ? m_runs.colourIndex(run->number) : -1;
    case FilterRole:
      return everything(*run);
    default:
      return {};
  }
}

QVariant RunsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::TextAlignmentRole)
    return QVariant(section == Run || section == State || section == Tags ? Qt::AlignLeft | Qt::AlignVCenter
                                                                          : Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && section == Metric) return format::metricWord(keyMetric());
  if (role == Qt::ToolTipRole && section == Test) return format::metricWord(testMetric());
  if (role != Qt::DisplayRole) return {};
  switch (section) {
    case Run:
      return tr("run");
    case State:
      return tr("state");
    case Metric:
      return format::metricWord(keyMetric(), true);
    case Epoch:
      return tr("epoch");
    case Loss:
      return tr("loss");
    case Duration:
      return tr("time");
    case Created:
      return tr("started");
    case Tags:
      return tr("tags");
    case Test:
      return format::metricWord(testMetric(), true);
    default:
      return {};
  }
}

Qt::ItemFlags RunsModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  const auto plain = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
  return index.column() == Run ? plain | Qt::ItemIsEditable : plain;
}

bool RunsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  const auto* run = record(index);
  const auto name = value.toString().trimmed();
  if (run == nullptr || role != Qt::EditRole || index.column() != Run || name.isEmpty()) return false;
  if (name.toStdString() != run->name) m_runs.rename(run->number, name);
  return true;
}

const RunRecord* RunsModel::record(const QModelIndex& index) const {
  if (!index.isValid() || index.row() < 0 || index.row() >= rowCount()) return nullptr;
  return &m_rows[static_cast<std::size_t>(index.row())];
}

QModelIndex RunsModel::indexOf(store::RunNumber run) const {
  for (int row = 0; row < rowCount(); ++row)
    if (m_rows[static_cast<std::size_t>(row)].number == run) return index(row, 0);
  return {};
}

void RunsModel::retranslate() {
  Q_EMIT headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
  if (!m_rows.empty()) Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void RunsModel::changed(qint64 run) {
  const auto at = indexOf(run);
  const auto* record = m_runs.run(run);
  if (!at.isValid() || record == nullptr) return;
  auto& row = m_rows[static_cast<std::size_t>(at.row())];
  const bool renamed = row.name != record->name;
  row = *record;
  if (renamed) relabel();
  Q_EMIT dataChanged(at, at.siblingAtColumn(ColumnCount - 1));
}

/// Rows are ascending in nothing but "newest first", which never changes: taking away and putting in is enough.
void RunsModel::follow() {
  if (m_following) return;
  m_following = true;
  const auto metricBefore = keyMetric();
  const auto& now = m_runs.runs();
  const auto has = [](const std::vector<RunRecord>& rows, store::RunNumber number) {
    return std::any_of(rows.begin(), rows.end(), [number](const auto& row) { return row.number == number; });
  };
  if (now.empty() || m_rows.empty()) {
    beginResetModel();
    m_rows = now;
    endResetModel();
  } else {
    for (int row = rowCount() - 1; row >= 0; --row) {
      if (has(now, m_rows[static_cast<std::size_t>(row)].number)) continue;
      beginRemoveRows({}, row, row);
      m_rows.erase(m_rows.begin() + row);
      endRemoveRows();
    }
    for (std::size_t i = 0; i < now.size(); ++i) {
      if (i < m_rows.size() && m_rows[i].number == now[i].number) continue;
      beginInsertRows({}, static_cast<int>(i), static_cast<int>(i));
      m_rows.insert(m_rows.begin() + static_cast<std::ptrdiff_t>(i), now[i]);
      endInsertRows();
    }
  }
  m_following = false;
  relabel();
  if (keyMetric() != metricBefore) retranslate();
}

RunsFilter::RunsFilter(QObject* parent) : QSortFilterProxyModel(parent) {
  setSortRole(RunsModel::SortRole);
  setDynamicSortFilter(true);
}

void RunsFilter::setWords(const QString& text) {
  m_words = text.simplified().split(QLatin1Char(' '), Qt::SkipEmptyParts);
  invalidateFilter();
}

bool RunsFilter::filterAcceptsRow(int row, const QModelIndex& parent) const {
  if (m_words.isEmpty()) return true;
  const auto text = sourceModel()->index(row, 0, parent).data(RunsModel::FilterRole).toString();
  return std::all_of(m_words.begin(), m_words.end(),
                     [&](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

bool RunsFilter::lessThan(const QModelIndex& left, const QModelIndex& right) const {
  const auto a = left.data(RunsModel::SortRole);
  const auto b = right.data(RunsModel::SortRole);
  if (a.typeId() == QMetaType::Double) {
    const double x = a.toDouble();
    const double y = b.toDouble();
    if (std::isnan(x) != std::isnan(y)) {
      const bool ascending = sortOrder() == Qt::AscendingOrder;
      return std::isnan(x) ? !ascending : ascending;  // unknown ones last, either way
    }
    return x < y;
  }
  return QSortFilterProxyModel::lessThan(left, right);
}

}  // namespace lathe::ui
