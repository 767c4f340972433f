// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/constraint_dialog.h"

#include <QComboBox>
#include <QPushButton>
#include <algorithm>
#include <utility>

#include "ui/models/space_model.h"
#include "ui/models/study_words.h"
#include "ui/widgets/form.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

namespace {

ValueEditor* makeNumber(QWidget* parent, const QString& placeholder) {
  ValueEditor::Description description;
  description.type = spec::AttributeType::Real;
  description.low = -1e12;
  description.high = 1e12;
  description.nullable = true;
  description.placeholder = placeholder;
  return new ValueEditor(description, parent);
}

}  // namespace

bool canConstrain(const spec::SearchSpace& space) {
  return std::any_of(space.parameters.begin(), space.parameters.end(),
                     [](const auto& parameter) { return !parameter.isChoice(); });
}

ConstraintDialog::ConstraintDialog(spec::SearchSpace space, std::optional<std::size_t> place, QWidget* parent)
    : FormDialog(place ? tr("Change the constraint") : tr("Add a constraint"), place ? tr("Change") : tr("Add"),
                 parent),
      m_space(std::move(space)),
      m_relation(new QComboBox(this)),
      m_bound(makeNumber(this, tr("a number"))) {
  setObjectName(QStringLiteral("constraintDialog"));
  acceptButton().setObjectName(QStringLiteral("constraintAccept"));
  setIntroduction(
      tr("Trials are proposed within the bound only. A setting that is not active in a trial counts "
         "nothing."));
  std::optional<spec::LinearConstraint> old;
  if (place && *place < m_space.constraints.size()) {
    old = m_space.constraints[*place];
    m_space.constraints.erase(m_space.constraints.begin() + static_cast<std::ptrdiff_t>(*place));
  }
  const bool least = old && !old->terms.empty() && old->terms.front().weight < 0;
  const double sign = least ? -1 : 1;
  for (std::size_t i = 0; i < m_space.size(); ++i) {
    const auto& parameter = m_space.parameters[i];
    if (parameter.isChoice()) continue;
    auto* editor = makeNumber(&form(), tr("not in it"));
    editor->setObjectName(QStringLiteral("weight_") + QString::fromStdString(parameter.name));
    form().addRow(
        parameterWord(parameter.name), editor,
        tr("What it is multiplied with in the sum; empty: it is not part of it. Range: %1").arg(rangeText(parameter)));
    if (old)
      for (const auto& term : old->terms)
        if (term.parameter == i) editor->setValue(spec::Value(sign * term.weight));
    connect(editor, &ValueEditor::edited, this, &ConstraintDialog::follow);
    m_weights.emplace_back(i, editor);
  }
  m_relation->setObjectName(QStringLiteral("relation"));
  m_relation->addItem(tr("at most"), 1);
  m_relation->addItem(tr("at least"), -1);
  m_relation->setCurrentIndex(least ? 1 : 0);
  form().addRow(tr("The sum is"), m_relation, tr("Which side of the bound is allowed"));
  m_bound->setObjectName(QStringLiteral("bound"));
  form().addRow(tr("Bound"), m_bound, tr("The sum never passes it"));
  if (old) m_bound->setValue(spec::Value(sign * old->bound));
  connect(m_relation, &QComboBox::currentIndexChanged, this, &ConstraintDialog::follow);
  connect(m_bound, &ValueEditor::edited, this, &ConstraintDialog::follow);
  setSentence(tr("Give at least one weight and the bound."));
  fitTo(static_cast<int>(m_weights.size()) + 2);
  follow();
}

void ConstraintDialog::take() {
  if (const auto constraint = wanted()) Q_EMIT chosen(*constraint);
}

std::optional<spec::LinearConstraint> ConstraintDialog::wanted() const {
  const double sign = m_relation->currentData().toInt();
  spec::LinearConstraint constraint;
  for (const auto& [parameter, editor] : m_weights)
    if (const auto weight = editor->value(); !weight.isNull() && weight.toReal() != 0)
      constraint.terms.push_back({parameter, sign * weight.toReal()});
  const auto bound = m_bound->value();
  if (constraint.terms.empty() || bound.isNull()) return std::nullopt;
  constraint.bound = sign * bound.toReal();
  return constraint;
}

void ConstraintDialog::follow() {
  const auto constraint = wanted();
  QString problem;
  if (constraint) {
    auto space = m_space;
    space.constraints.push_back(*constraint);
    // What is wrong with the rest of the space is said beside it.
    if (const auto read = spec::searchSpaceFromJson(spec::toJson(space));
        !read && spec::searchSpaceFromJson(spec::toJson(m_space)))
      problem = tr("No values of the open settings fulfil it.");
    setSentence(constraintText(m_space, *constraint));
  } else {
    setSentence(tr("Give at least one weight and the bound."));
  }
  setProblem(problem);
  acceptButton().setEnabled(constraint.has_value() && problem.isEmpty());
}

}  // namespace lathe::ui
