// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <memory>
#include <vector>

#include "core/services/data_service.h"

namespace lathe::ui {

class ExperimentController;

/// The cells of the data, read only when shown: a million rows cost nothing. Numbers are right-aligned.
class PreviewModel : public QAbstractTableModel {
  Q_OBJECT
 public:
  explicit PreviewModel(ExperimentController& experiment, QObject* parent = nullptr);
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
  /// For image data the preview itself, so that a page can show thumbnails; null without data.
  [[nodiscard]] std::shared_ptr<const services::DataPreview> preview() const { return m_preview; }

 private:
  void follow();
  ExperimentController& m_experiment;
  std::shared_ptr<const services::DataPreview> m_preview;
  std::vector<std::string> m_names;
  std::vector<bool> m_numeric;
  int m_rows = 0;
};

}  // namespace lathe::ui
