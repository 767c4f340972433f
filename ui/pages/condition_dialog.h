// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/spec/search_space.h"
#include "ui/widgets/form_dialog.h"

class QCheckBox;

namespace lathe::ui {

/// When a setting of the space counts: which values of earlier ones it goes with. Several of one setting are
/// alternatives; of several settings all have to agree.
class ConditionDialog : public FormDialog {
  Q_OBJECT
 public:
  ConditionDialog(spec::SearchSpace space, std::size_t place, QWidget* parent = nullptr);
  /// Whether an earlier setting has few enough values to ask about.
  [[nodiscard]] static bool canAsk(const spec::SearchSpace& space, std::size_t place);

 Q_SIGNALS:
  void chosen(const std::vector<lathe::spec::ParameterCondition>& conditions);

 protected:
  void take() override;

 private:
  struct Row {
    std::size_t parameter;
    std::vector<std::pair<double, QCheckBox*>> values;
  };
  void addRow(std::size_t parameter);
  void follow();
  [[nodiscard]] std::vector<spec::ParameterCondition> wanted() const;

  spec::SearchSpace m_space;
  std::size_t m_place;
  std::vector<Row> m_rows;
};

}  // namespace lathe::ui
