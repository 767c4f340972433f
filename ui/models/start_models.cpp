// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/start_models.h"

#include <QDir>
#include <QFileInfo>
#include <QSettings>
#include <algorithm>

#include "ui/bridge/error_text.h"
#include "ui/models/format.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostRecent = 12;
const QString recentKey = QStringLiteral("recent/projects");

}  // namespace

SamplesModel::SamplesModel(std::vector<services::Sample> samples, QObject* parent)
    : QAbstractListModel(parent), m_samples(std::move(samples)) {}

void SamplesModel::setSamples(std::vector<services::Sample> samples) {
  beginResetModel();
  m_samples = std::move(samples);
  endResetModel();
}

int SamplesModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_samples.size());
}

QVariant SamplesModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& sample = m_samples[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return translated(sample.title, "samples");
    case Qt::ToolTipRole:
      if (!sample.installed)
        return tr("Not installed. Install it with: %1").arg(QString::fromStdString(sample.installCommand));
      return translated(sample.description, "samples");
    case IdRole:
      return QString::fromStdString(sample.id);
    case DescriptionRole:
      return translated(sample.description, "samples");
    case InstalledRole:
      return sample.installed;
    case InstallCommandRole:
      return QString::fromStdString(sample.installCommand);
    case NeedsWeightsRole:
      return sample.needsWeights;
    case PackageRole:
      return QString::fromStdString(sample.package);
    default:
      return {};
  }
}

void SamplesModel::retranslate() {
  if (!m_samples.empty()) Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

RecentProjectsModel::RecentProjectsModel(QObject* parent) : QAbstractListModel(parent) {
  const auto stored = QSettings().value(recentKey).toList();
  for (const auto& each : stored) {
    const auto pair = each.toList();
    if (pair.size() != 2 || m_entries.size() >= mostRecent) continue;
    Entry entry{pair[0].toString(), pair[1].toDateTime()};
    if (QFileInfo::exists(entry.folder + QStringLiteral("/store.sqlite3"))) m_entries.push_back(std::move(entry));
  }
}

int RecentProjectsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant RecentProjectsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const auto& entry = m_entries[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return QFileInfo(entry.folder).completeBaseName();
    case Qt::ToolTipRole:
      return QDir::toNativeSeparators(entry.folder);
    case Qt::AccessibleDescriptionRole:
      return format::when(entry.opened.toMSecsSinceEpoch() * 1000);
    case FolderRole:
      return entry.folder;
    case OpenedRole:
      return entry.opened;
    default:
      return {};
  }
}

void RecentProjectsModel::add(const QString& folder) {
  const auto clean = QDir::cleanPath(folder);
  beginResetModel();
  std::erase_if(m_entries, [&](const Entry& entry) { return entry.folder == clean; });
  m_entries.insert(m_entries.begin(), {clean, QDateTime::currentDateTime()});
  if (m_entries.size() > mostRecent) m_entries.resize(mostRecent);
  endResetModel();
  save();
}

void RecentProjectsModel::remove(const QString& folder) {
  const auto clean = QDir::cleanPath(folder);
  const auto found =
      std::find_if(m_entries.begin(), m_entries.end(), [&](const Entry& entry) { return entry.folder == clean; });
  if (found == m_entries.end()) return;
  const int row = static_cast<int>(found - m_entries.begin());
  beginRemoveRows({}, row, row);
  m_entries.erase(found);
  endRemoveRows();
  save();
}

void RecentProjectsModel::save() const {
  QVariantList list;
  for (const auto& entry : m_entries) list << QVariant(QVariantList{entry.folder, entry.opened});
  QSettings().setValue(recentKey, list);
}

}  // namespace lathe::ui
