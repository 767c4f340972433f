// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "core/spec/graph.h"

namespace lathe::ui {

class ExperimentController;

/// The layers of the network as an editable table; shapes, counts and errors follow as one types. Every edit goes
/// through ExperimentController::setGraph and can be undone.
class LayersModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  enum Column { Name, Kind, Attributes, Inputs, Output, Parameters, Flops, Problem, ColumnCount };
  enum DataRole {
    SortRole = Qt::UserRole,
    ChoicesRole,  ///< column Kind: the names of all kinds
    ErrorRole     ///< bool: this layer has a problem
  };

  explicit LayersModel(ExperimentController& experiment, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
  /// Attributes are typed as "units=64, bias=true"; inputs as names with commas. False, and refused(), when that is
  /// not understood or a name is taken.
  bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;

  /// Adds a layer of a kind after `row` (-1: at the top) with a fresh name; gives its row.
  int addLayer(const QString& kind, int row);
  void removeLayer(int row);
  /// By one place up (-1) or down (+1); false at the ends.
  bool moveLayer(int row, int by);
  /// One attribute, as typed in an inspector.
  bool setAttribute(int row, const std::string& name, const spec::Value& value);
  [[nodiscard]] const spec::LayerNode* layer(int row) const;
  [[nodiscard]] const spec::LayerReport* report(int row) const;
  void retranslate();

 Q_SIGNALS:
  void refused(const QString& why);

 private:
  void follow();
  void store(spec::ModelGraph graph, const QString& what);
  ExperimentController& m_experiment;
  spec::ModelGraph m_graph;
  spec::GraphReport m_report;
};

}  // namespace lathe::ui
