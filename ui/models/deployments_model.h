// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

namespace lathe::ui {

class DeploymentController;

/// Models in servers, newest first, and how they are now.
class DeploymentsModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Model, Server, Version, Run, Health, Latency, Requests, PerSecond, ColumnCount };
  enum DataRole { EndpointRole = Qt::UserRole };

  explicit DeploymentsModel(DeploymentController& deployments, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  void retranslate();

 private:
  void follow();
  DeploymentController& m_deployments;
  int m_rows = 0;
};

/// What people call a kind of server, by its name on the command line.
[[nodiscard]] QString serverWord(const QString& target);

}  // namespace lathe::ui
