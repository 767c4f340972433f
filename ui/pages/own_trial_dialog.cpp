// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/own_trial_dialog.h"

#include <QPushButton>
#include <cmath>
#include <utility>

#include "ui/bridge/error_text.h"
#include "ui/models/study_words.h"
#include "ui/widgets/form.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double middleOf(const spec::SearchParameter& parameter) {
  if (parameter.fixed) return *parameter.fixed;
  if (parameter.isChoice()) return std::floor((static_cast<double>(parameter.choices.size()) - 1) / 2);
  const double middle = parameter.log && parameter.low > 0 ? std::sqrt(parameter.low * parameter.high)
                                                           : 0.5 * (parameter.low + parameter.high);
  if (parameter.step <= 0) return middle;
  return parameter.low + parameter.step * std::floor((middle - parameter.low) / parameter.step);
}

ValueEditor::Description describe(const spec::SearchParameter& parameter) {
  ValueEditor::Description description;
  if (parameter.isChoice()) {
    description.type = spec::AttributeType::Choice;
    for (std::size_t i = 0; i < parameter.choices.size(); ++i)
      description.choices.push_back({std::to_string(i), parameterText(parameter, static_cast<double>(i))});
    return description;
  }
  description.type =
      parameter.type == spec::ParameterType::Int ? spec::AttributeType::Integer : spec::AttributeType::Real;
  description.low = parameter.low;
  description.high = parameter.high;
  return description;
}

}  // namespace

OwnTrialDialog::OwnTrialDialog(spec::SearchSpace space, const spec::Configuration& like, QWidget* parent)
    : FormDialog(tr("Try your own configuration"), tr("Try it next"), parent), m_space(std::move(space)) {
  setObjectName(QStringLiteral("ownTrialDialog"));
  acceptButton().setObjectName(QStringLiteral("ownTrialAccept"));
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const auto& parameter = m_space.parameters[i];
    m_wanted.push_back(i < like.size() && !std::isnan(like[i]) ? like[i] : middleOf(parameter));
    auto* editor = new ValueEditor(describe(parameter), &form());
    editor->setObjectName(QStringLiteral("own_") + QString::fromStdString(parameter.name));
    const bool whole = parameter.type == spec::ParameterType::Int;
    editor->setValue(parameter.isChoice() ? spec::Value(std::to_string(static_cast<int>(m_wanted[i])))
                     : whole              ? spec::Value(static_cast<std::int64_t>(m_wanted[i]))
                                          : spec::Value(m_wanted[i]));
    form().addRow(parameterWord(parameter.name), editor, rangeText(parameter));
    connect(editor, &ValueEditor::edited, this, [this, i](const spec::Value& value) {
      m_wanted[i] = value.isText() ? std::stod(value.toText("0")) : value.toReal();
      follow();
    });
  }
  fitTo(static_cast<int>(m_space.size()));
  follow();
}

void OwnTrialDialog::take() { Q_EMIT chosen(m_configuration); }

void OwnTrialDialog::follow() {
  m_configuration = m_wanted;
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const bool active = spec::isActive(m_space, m_configuration, i);
    if (!active) m_configuration[i] = none;
    form().rows()[i].setVisible(active);
  }
  const auto good = spec::check(m_space, m_configuration);
  setProblem(good ? QString() : errorText(good.error()));
  acceptButton().setEnabled(good.has_value());
}

}  // namespace lathe::ui
