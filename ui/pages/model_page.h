// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ui/pages/page.h"

namespace lathe::ui {

/// The network: kinds of layers at the left, the layers as an editable table with shapes, parameters, work and errors
/// as one types; in the inspector the template with its settings, the chosen layer, and the whole network.
class ModelPage : public Page {
  Q_OBJECT
 public:
  explicit ModelPage(Workbench& workbench, QWidget* parent = nullptr);
  ~ModelPage() override;
  ModelPage(const ModelPage&) = delete;
  ModelPage& operator=(const ModelPage&) = delete;

  QWidget* inspector() override;
  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;

 private:
  struct Parts;
  void build();
  void connectParts();
  void follow();
  void widenColumns();
  void addLayer(const QString& kind);
  void removeLayer();
  void moveLayer(int by);
  [[nodiscard]] int currentRow() const;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
