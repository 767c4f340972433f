// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/condition_dialog.h"

#include <QCheckBox>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/models/space_model.h"
#include "ui/models/study_words.h"
#include "ui/widgets/form.h"

namespace lathe::ui {

namespace {

constexpr std::size_t mostValues = 24;  // boxes in a row of the form

/// The coded values of a choice or of a whole number; empty: too many to tick.
std::vector<double> valuesOf(const spec::SearchParameter& parameter) {
  const auto count = parameter.count();
  if (count == 0 || count > mostValues || (!parameter.isChoice() && parameter.log)) return {};
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(parameter.isChoice() ? static_cast<double>(i)
                                          : parameter.low + static_cast<double>(i) * std::max(parameter.step, 1e-300));
  return values;
}

}  // namespace

bool ConditionDialog::canAsk(const spec::SearchSpace& space, std::size_t place) {
  const auto last = space.parameters.begin() + static_cast<std::ptrdiff_t>(std::min(place, space.size()));
  return std::any_of(space.parameters.begin(), last,
                     [](const auto& parameter) { return !valuesOf(parameter).empty(); });
}

ConditionDialog::ConditionDialog(spec::SearchSpace space, std::size_t place, QWidget* parent)
    : FormDialog(tr("When it applies"), tr("Apply"), parent), m_space(std::move(space)), m_place(place) {
  setObjectName(QStringLiteral("conditionDialog"));
  acceptButton().setObjectName(QStringLiteral("conditionAccept"));
  setIntroduction(
      tr("%1 is part of a trial only while the earlier settings have values that are ticked here. A setting "
         "without a tick does not matter.")
          .arg(parameterWord(m_space.parameters[place].name)));
  int lines = 0;
  for (std::size_t i = 0; i < place; ++i)
    if (!valuesOf(m_space.parameters[i]).empty()) {
      addRow(i);
      lines += static_cast<int>(m_rows.back().values.size());
    }
  setSentence(tr("Always"));
  constexpr double boxHeight = 0.75;  // of a row
  fitTo(static_cast<int>(std::ceil(boxHeight * lines)));
  follow();
}

void ConditionDialog::addRow(std::size_t parameter) {
  const auto& its = m_space.parameters[parameter];
  auto* column = new QWidget(&form());
  auto* layout = new QVBoxLayout(column);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  Row row{parameter, {}};
  for (const double value : valuesOf(its)) {
    auto* box = new QCheckBox(parameterText(its, value), column);
    box->setObjectName(QString::fromStdString(its.name) + QLatin1Char('=') + parameterText(its, value));
    for (const auto& condition : m_space.parameters[m_place].conditions)
      if (condition.parameter == parameter &&
          std::find(condition.in.begin(), condition.in.end(), value) != condition.in.end())
        box->setChecked(true);
    connect(box, &QCheckBox::toggled, this, &ConditionDialog::follow);
    layout->addWidget(box);
    row.values.emplace_back(value, box);
  }
  form().addRow(parameterWord(its.name), column, tr("Any one of these that are ticked"));
  m_rows.push_back(std::move(row));
}

std::vector<spec::ParameterCondition> ConditionDialog::wanted() const {
  std::vector<spec::ParameterCondition> conditions;
  // What cannot be ticked stays as it is.
  for (const auto& condition : m_space.parameters[m_place].conditions)
    if (valuesOf(m_space.parameters[condition.parameter]).empty()) conditions.push_back(condition);
  for (const auto& row : m_rows) {
    spec::ParameterCondition condition{row.parameter, {}};
    for (const auto& [value, box] : row.values)
      if (box->isChecked()) condition.in.push_back(value);
    if (!condition.in.empty() && condition.in.size() < row.values.size()) conditions.push_back(std::move(condition));
  }
  return conditions;
}

void ConditionDialog::follow() {
  auto space = m_space;
  space.parameters[m_place].conditions = wanted();
  const auto text = conditionText(space, m_place);
  setSentence(text.isEmpty() ? tr("Always") : text);
}

void ConditionDialog::take() { Q_EMIT chosen(wanted()); }

}  // namespace lathe::ui
