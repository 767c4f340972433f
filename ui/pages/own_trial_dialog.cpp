// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/own_trial_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <cmath>
#include <utility>

#include "ui/bridge/error_text.h"
#include "ui/models/study_words.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
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
    : QDialog(parent), m_space(std::move(space)), m_problem(makeParagraph(TextRole::Bad, this)) {
  setObjectName(QStringLiteral("ownTrialDialog"));
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Try your own configuration"));
  auto* scroller = new QScrollArea(this);
  scroller->setWidgetResizable(true);
  scroller->setFrameShape(QFrame::NoFrame);
  m_form = new Form(scroller);
  scroller->setWidget(m_form);
  scroller->setFocusPolicy(Qt::NoFocus);
  scroller->setAccessibleName(windowTitle());
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const auto& parameter = m_space.parameters[i];
    m_wanted.push_back(i < like.size() && !std::isnan(like[i]) ? like[i] : middleOf(parameter));
    auto* editor = new ValueEditor(describe(parameter), m_form);
    editor->setObjectName(QStringLiteral("own_") + QString::fromStdString(parameter.name));
    const bool whole = parameter.type == spec::ParameterType::Int;
    editor->setValue(parameter.isChoice() ? spec::Value(std::to_string(static_cast<int>(m_wanted[i])))
                     : whole              ? spec::Value(static_cast<std::int64_t>(m_wanted[i]))
                                          : spec::Value(m_wanted[i]));
    m_form->addRow(parameterWord(parameter.name), editor, rangeText(parameter));
    connect(editor, &ValueEditor::edited, this, [this, i](const spec::Value& value) {
      m_wanted[i] = value.isText() ? std::stod(value.toText("0")) : value.toReal();
      follow();
    });
    m_editors.push_back(editor);
  }
  auto* buttons = new QHBoxLayout;
  auto* cancel = makeButton(ButtonKind::Ordinary, this, tr("Cancel"));
  m_accept = makeButton(ButtonKind::Primary, this, tr("Try it next"));
  m_accept->setObjectName(QStringLiteral("ownTrialAccept"));
  m_accept->setDefault(true);
  buttons->addStretch(1);
  buttons->addWidget(cancel);
  buttons->addWidget(m_accept);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(24, 20, 24, 16);
  layout->setSpacing(12);
  layout->addWidget(scroller, 1);
  layout->addWidget(m_problem);
  layout->addLayout(buttons);
  connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_accept, &QPushButton::clicked, this, [this] {
    Q_EMIT chosen(m_configuration);
    accept();
  });
  resize(420, std::min(560, 160 + 40 * static_cast<int>(m_space.size())));
  follow();
}

void OwnTrialDialog::follow() {
  m_configuration = m_wanted;
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const bool active = spec::isActive(m_space, m_configuration, i);
    if (!active) m_configuration[i] = none;
    m_form->rows()[i].setVisible(active);
  }
  const auto good = spec::check(m_space, m_configuration);
  m_problem->setText(good ? QString() : errorText(good.error()));
  m_problem->setVisible(!good);
  m_accept->setEnabled(good.has_value());
}

}  // namespace lathe::ui
