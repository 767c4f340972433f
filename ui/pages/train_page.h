// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "ui/pages/page.h"

namespace lathe::ui {

/// Runs at the left, four live plots in the middle, the settings of the next training in the inspector.
class TrainPage : public Page {
  Q_OBJECT
 public:
  explicit TrainPage(Workbench& workbench, QWidget* parent = nullptr);
  ~TrainPage() override;
  TrainPage(const TrainPage&) = delete;
  TrainPage& operator=(const TrainPage&) = delete;

  QWidget* inspector() override;
  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;

 Q_SIGNALS:
  /// The person asked to export this run: the shell shows the Deploy page.
  void exportRequested(qint64 run);

 private:
  struct Parts;
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
