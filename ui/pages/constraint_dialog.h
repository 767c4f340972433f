// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "core/spec/search_space.h"
#include "ui/widgets/form_dialog.h"

class QComboBox;

namespace lathe::ui {

class ValueEditor;

/// A bound on a weighted sum of the numbers that are open: their weights, at most or at least, the bound.
class ConstraintDialog : public FormDialog {
  Q_OBJECT
 public:
  /// Changes constraint `place` of the space; nothing: makes a new one.
  ConstraintDialog(spec::SearchSpace space, std::optional<std::size_t> place, QWidget* parent = nullptr);

 Q_SIGNALS:
  void chosen(const lathe::spec::LinearConstraint& constraint);

 protected:
  void take() override;

 private:
  void follow();
  /// As it stands; nothing while something is missing.
  [[nodiscard]] std::optional<spec::LinearConstraint> wanted() const;

  spec::SearchSpace m_space;  ///< without the constraint
  std::vector<std::pair<std::size_t, ValueEditor*>> m_weights;
  QComboBox* m_relation;
  ValueEditor* m_bound;
};

/// Whether a space has numbers that a constraint could be about.
[[nodiscard]] bool canConstrain(const spec::SearchSpace& space);

}  // namespace lathe::ui
