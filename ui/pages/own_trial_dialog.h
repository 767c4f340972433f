// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/search_space.h"
#include "ui/widgets/form_dialog.h"

namespace lathe::ui {

class ValueEditor;

/// A configuration by hand, to be tried next. Settings whose condition does not hold are hidden.
class OwnTrialDialog : public FormDialog {
  Q_OBJECT
 public:
  /// Begins with `like`; what is NaN there begins in the middle of its range.
  OwnTrialDialog(spec::SearchSpace space, const spec::Configuration& like, QWidget* parent = nullptr);
  [[nodiscard]] const spec::Configuration& configuration() const { return m_configuration; }

 Q_SIGNALS:
  void chosen(const lathe::spec::Configuration& configuration);

 protected:
  void take() override;

 private:
  void follow();
  const spec::SearchSpace m_space;
  spec::Configuration m_wanted;         ///< of all, active or not
  spec::Configuration m_configuration;  ///< of those that are active
};

}  // namespace lathe::ui
