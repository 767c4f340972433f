// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/base/progress.h"
#include "core/base/result.h"
#include "ui/pages/page.h"

namespace lathe::ui {

/// What is in the data: a line about the file, its columns with kinds and roles to change, the rows (or the images),
/// and in the inspector the task, the split and what is worth a look.
class DataPage : public Page {
  Q_OBJECT
 public:
  explicit DataPage(Workbench& workbench, QWidget* parent = nullptr);
  ~DataPage() override;
  DataPage(const DataPage&) = delete;
  DataPage& operator=(const DataPage&) = delete;

  QWidget* inspector() override;
  void retranslate() override;
  [[nodiscard]] QByteArray saveState() const override;
  void restoreState(const QByteArray& state) override;

 Q_SIGNALS:
  void openDataWanted();

 private:
  struct Parts;
  void build();
  void follow();
  void followState();
  std::unique_ptr<Parts> m_parts;
};

}  // namespace lathe::ui
