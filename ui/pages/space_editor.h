// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <optional>

#include "core/spec/search_space.h"
#include "core/spec/value.h"

class QComboBox;
class QLabel;

namespace lathe::ui {

class Form;
class ValueEditor;
class Workbench;

/// One parameter of the next search: what kind it is, from where to where, when it applies. Every change goes into the
/// experiment's draft and can be undone.
class SpaceEditor : public QWidget {
  Q_OBJECT
 public:
  explicit SpaceEditor(Workbench& workbench, QWidget* parent = nullptr);
  /// The parameter of that name; empty: nothing is edited and the editor is hidden.
  void edit(const std::string& name);
  [[nodiscard]] const std::string& name() const { return m_name; }
  /// What is wrong with it, shown beneath.
  void setProblem(const QString& problem);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void rebuild();
  void follow();
  void addChoiceRows(const spec::SearchParameter& parameter);
  void addNumberRows(const spec::SearchParameter& parameter);
  void addCondition(std::size_t place);
  void askCondition();
  void change(const std::function<void(spec::SearchParameter&)>& deed);
  [[nodiscard]] std::optional<std::size_t> place() const;
  ValueEditor* addNumber(const char* object, const QString& label, const QString& help, bool whole, bool nullable);

  Workbench& m_workbench;
  std::string m_name;
  std::string m_shape;  ///< of what the rows were built for
  Form* m_form;
  QLabel* m_problem;
  QComboBox* m_type = nullptr;
  ValueEditor* m_low = nullptr;
  ValueEditor* m_high = nullptr;
  ValueEditor* m_step = nullptr;
  ValueEditor* m_log = nullptr;
  ValueEditor* m_choices = nullptr;
  ValueEditor* m_fixed = nullptr;
  QComboBox* m_condition = nullptr;
};

/// "16, 32, [64, 32], relu" as values: commas within brackets belong to a list.
[[nodiscard]] std::vector<spec::Value> choicesFromText(const QString& text);
[[nodiscard]] QString choicesText(const std::vector<spec::Value>& choices);

}  // namespace lathe::ui
