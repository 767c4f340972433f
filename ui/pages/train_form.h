// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <memory>
#include <vector>

#include "ui/models/spec_form.h"

namespace lathe::ui {

class Workbench;

/// A form over fields of the spec: right-aligned labels, units, help as tooltip and What's This, the sentence of a
/// wrong value under its field. Every change goes through ExperimentController::setField and can be undone; fields
/// follow undo, other pages and their only-when conditions. Used for training settings and for the split.
class SpecFormWidget : public QWidget {
  Q_OBJECT
 public:
  SpecFormWidget(Workbench& workbench, const std::vector<FormGroupPlan>& plan, QWidget* parent = nullptr);
  ~SpecFormWidget() override;
  SpecFormWidget(const SpecFormWidget&) = delete;
  SpecFormWidget& operator=(const SpecFormWidget&) = delete;

  /// The editor of a path, for tests and for moving the focus; null when there is none.
  [[nodiscard]] QWidget* editor(const std::string& path) const;

 protected:
  void changeEvent(QEvent* event) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> m_impl;
};

}  // namespace lathe::ui
