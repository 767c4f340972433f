// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractListModel>
#include <QDateTime>
#include <vector>

#include "core/services/samples.h"

namespace lathe::ui {

/// Samples that come with Debian packages; those that are not installed say with which command they would be.
class SamplesModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum DataRole {
    IdRole = Qt::UserRole,
    DescriptionRole,
    InstalledRole,
    InstallCommandRole,
    PackageRole,
    NeedsWeightsRole
  };
  /// `samples`: services::samples(), looked up by the caller on a worker or given by a test.
  explicit SamplesModel(std::vector<services::Sample> samples = {}, QObject* parent = nullptr);
  void setSamples(std::vector<services::Sample> samples);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  void retranslate();

 private:
  std::vector<services::Sample> m_samples;
};

/// Projects opened lately, newest first, kept in QSettings ("recent/projects"); at most twelve; folders that are gone
/// are left out.
class RecentProjectsModel : public QAbstractListModel {
  Q_OBJECT
 public:
  enum DataRole { FolderRole = Qt::UserRole, OpenedRole };
  explicit RecentProjectsModel(QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  void add(const QString& folder);
  void remove(const QString& folder);

 private:
  struct Entry {
    QString folder;
    QDateTime opened;
  };
  void save() const;
  std::vector<Entry> m_entries;
};

}  // namespace lathe::ui
