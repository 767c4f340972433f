// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/space_editor.h"

#include <QComboBox>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/space_model.h"
#include "ui/models/study_words.h"
#include "ui/pages/condition_dialog.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

using spec::ParameterType;
using spec::SearchParameter;
using spec::Value;

namespace {

/// What the last line of the conditions holds.
constexpr int askOthers = -1;

bool allNumbers(const std::vector<Value>& choices) {
  return std::all_of(choices.begin(), choices.end(), [](const auto& each) { return each.isNumber(); });
}

/// The same parameter as another kind, with as much of it as can stay.
void turnInto(SearchParameter& parameter, ParameterType type) {
  const bool choices = type == ParameterType::Categorical || type == ParameterType::Ordinal;
  if (choices && !parameter.isChoice()) {
    const bool whole = parameter.type == ParameterType::Int;
    const double middle = parameter.log && parameter.low > 0 ? std::sqrt(parameter.low * parameter.high)
                                                             : 0.5 * (parameter.low + parameter.high);
    for (const double number : {parameter.low, middle, parameter.high}) {
      const Value value = whole ? Value(static_cast<std::int64_t>(std::llround(number))) : Value(number);
      if (std::find(parameter.choices.begin(), parameter.choices.end(), value) == parameter.choices.end())
        parameter.choices.push_back(value);
    }
    parameter.low = 0;
    parameter.high = static_cast<double>(parameter.choices.size() - 1);
    parameter.log = false;
    parameter.step = 0;
  } else if (!choices && parameter.isChoice()) {
    double low = 0;
    double high = 1;
    if (allNumbers(parameter.choices) && !parameter.choices.empty()) {
      const auto less = [](const Value& a, const Value& b) { return a.toReal() < b.toReal(); };
      low = std::min_element(parameter.choices.begin(), parameter.choices.end(), less)->toReal();
      high = std::max_element(parameter.choices.begin(), parameter.choices.end(), less)->toReal();
    }
    parameter.low = low;
    parameter.high = high;
    parameter.choices.clear();
  }
  parameter.type = type;
  parameter.fixed.reset();
  if (type == ParameterType::Int) {
    parameter.low = std::round(parameter.low);
    parameter.high = std::round(parameter.high);
    parameter.step = 1;
  } else if (type == ParameterType::Float) {
    parameter.step = 0;
  }
}

}  // namespace

std::vector<Value> choicesFromText(const QString& text) {
  std::vector<Value> choices;
  QString part;
  int depth = 0;
  const auto take = [&] {
    const auto word = part.trimmed();
    part.clear();
    if (!word.isEmpty()) choices.push_back(Value::parse(word.toStdString()));
  };
  for (const auto each : text) {
    if (each == QLatin1Char('[')) ++depth;
    if (each == QLatin1Char(']')) --depth;
    if (depth == 0 && (each == QLatin1Char(',') || each == QLatin1Char(';')))
      take();
    else
      part += each;
  }
  take();
  return choices;
}

QString choicesText(const std::vector<Value>& choices) {
  QStringList words;
  for (const auto& each : choices) words << QString::fromStdString(each.isText() ? each.toText() : each.json());
  return words.join(QStringLiteral(", "));
}

SpaceEditor::SpaceEditor(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_form(new Form(this)), m_problem(makeParagraph(TextRole::Bad, this)) {
  setObjectName(QStringLiteral("spaceEditor"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(6);
  layout->addWidget(m_form);
  layout->addWidget(m_problem);
  m_problem->setObjectName(QStringLiteral("spaceProblem"));
  m_problem->hide();
  connect(&workbench.experiment(), &ExperimentController::searchChanged, this, &SpaceEditor::follow);
  hide();
}

std::optional<std::size_t> SpaceEditor::place() const { return m_workbench.experiment().search().space.find(m_name); }

void SpaceEditor::edit(const std::string& name) {
  m_name = name;
  follow();
}

void SpaceEditor::setProblem(const QString& problem) {
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
}

void SpaceEditor::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() != QEvent::LanguageChange) return;
  m_shape.clear();
  follow();
}

void SpaceEditor::change(const std::function<void(SearchParameter&)>& deed) {
  const auto at = place();
  if (!at) return;
  auto draft = m_workbench.experiment().search();
  deed(draft.space.parameters[*at]);
  m_workbench.experiment().setSearch(std::move(draft), tr("Change the range of %1").arg(parameterWord(m_name)));
}

ValueEditor* SpaceEditor::addNumber(const char* object, const QString& label, const QString& help, bool whole,
                                    bool nullable) {
  ValueEditor::Description description;
  description.type = whole ? spec::AttributeType::Integer : spec::AttributeType::Real;
  description.nullable = nullable;
  if (nullable) description.placeholder = tr("none");
  auto* editor = new ValueEditor(description, m_form);
  editor->setObjectName(QLatin1String(object));
  m_form->addRow(label, editor, help);
  return editor;
}

void SpaceEditor::addNumberRows(const SearchParameter& parameter) {
  const bool whole = parameter.type == ParameterType::Int;
  m_low = addNumber("rangeLow", tr("Lowest"), tr("The smallest value that is tried"), whole, false);
  m_high = addNumber("rangeHigh", tr("Highest"), tr("The largest value that is tried"), whole, false);
  connect(m_low, &ValueEditor::edited, this,
          [this](const Value& value) { change([&](auto& p) { p.low = value.toReal(); }); });
  connect(m_high, &ValueEditor::edited, this,
          [this](const Value& value) { change([&](auto& p) { p.high = value.toReal(); }); });
  ValueEditor::Description check;
  check.type = spec::AttributeType::Boolean;
  m_log = new ValueEditor(check, m_form);
  m_log->setObjectName(QStringLiteral("rangeLog"));
  m_form->addRow(tr("Logarithmic"), m_log,
                 tr("Spread evenly by factors: for values whose size is what matters, such as a learning rate"));
  connect(m_log, &ValueEditor::edited, this,
          [this](const Value& value) { change([&](auto& p) { p.log = value.toBool(); }); });
  m_step = addNumber("rangeStep", tr("Step"), tr("Only every so much from the lowest value on"), whole, true);
  connect(m_step, &ValueEditor::edited, this, [this, whole](const Value& value) {
    change([&](auto& p) { p.step = value.isNull() ? (whole ? 1 : 0) : value.toReal(); });
  });
  m_fixed =
      addNumber("rangeFixed", tr("Keep at"), tr("Holds this value for now without closing the setting"), whole, true);
  connect(m_fixed, &ValueEditor::edited, this, [this](const Value& value) {
    change([&](auto& p) { p.fixed = value.isNull() ? std::nullopt : std::optional(value.toReal()); });
  });
}

void SpaceEditor::addChoiceRows(const SearchParameter& parameter) {
  ValueEditor::Description text;
  text.text = true;
  m_choices = new ValueEditor(text, m_form);
  m_choices->setObjectName(QStringLiteral("rangeChoices"));
  m_form->addRow(tr("Choices"), m_choices, tr("Separated by commas; a list stands in brackets: [64, 32]"));
  connect(m_choices, &ValueEditor::edited, this, [this](const Value& value) {
    change([&](auto& p) {
      p.choices = choicesFromText(QString::fromStdString(value.toText()));
      p.high = std::max(0.0, static_cast<double>(p.choices.size()) - 1);
      if (p.fixed && *p.fixed > p.high) p.fixed.reset();
    });
  });
  ValueEditor::Description fixed;
  fixed.type = spec::AttributeType::Choice;
  fixed.choices.push_back({"-1", tr("no")});
  for (std::size_t i = 0; i < parameter.choices.size(); ++i)
    fixed.choices.push_back({std::to_string(i), choiceText(parameter.choices[i])});
  m_fixed = new ValueEditor(fixed, m_form);
  m_fixed->setObjectName(QStringLiteral("rangeFixed"));
  m_form->addRow(tr("Keep at"), m_fixed, tr("Holds this choice for now without closing the setting"));
  connect(m_fixed, &ValueEditor::edited, this, [this](const Value& value) {
    const int code = std::stoi(value.toText("-1"));
    change([&](auto& p) { p.fixed = code < 0 ? std::nullopt : std::optional<double>(code); });
  });
}

/// Earlier choices with one of their values each: what a condition mostly is. The last line asks for others.
void SpaceEditor::addCondition(std::size_t place) {
  const auto& space = m_workbench.experiment().search().space;
  m_condition = new QComboBox(m_form);
  m_condition->setObjectName(QStringLiteral("rangeCondition"));
  m_condition->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_condition->setMinimumContentsLength(8);
  m_condition->addItem(tr("always"), QVariantList());
  for (std::size_t i = 0; i < place; ++i)
    for (std::size_t c = 0; space.parameters[i].isChoice() && c < space.parameters[i].choices.size(); ++c)
      m_condition->addItem(
          tr("if %1 is %2").arg(parameterWord(space.parameters[i].name), choiceText(space.parameters[i].choices[c])),
          QVariantList{static_cast<int>(i), static_cast<int>(c)});
  const auto& own = space.parameters[place].conditions;
  int current = 0;
  if (own.size() == 1 && own.front().in.size() == 1)
    current = m_condition->findData(
        QVariantList{static_cast<int>(own.front().parameter), static_cast<int>(own.front().in.front())});
  else if (!own.empty())
    current = -1;
  if (current < 0) {
    m_condition->addItem(conditionText(space, place), QVariant());
    current = m_condition->count() - 1;
  }
  if (ConditionDialog::canAsk(space, place)) m_condition->addItem(tr("several values \u2026"), askOthers);
  m_condition->setCurrentIndex(current);
  m_form->addRow(tr("Applies"), m_condition, tr("Only while earlier settings of the space have these values"));
  connect(m_condition, &QComboBox::activated, this, [this, current](int index) {
    const auto value = m_condition->itemData(index);
    if (!value.isValid()) return;
    if (value == QVariant(askOthers)) {
      m_condition->setCurrentIndex(current);
      askCondition();
      return;
    }
    const auto chosen = value.toList();
    change([&](auto& p) {
      p.conditions.clear();
      if (chosen.size() == 2)
        p.conditions.push_back({static_cast<std::size_t>(chosen[0].toInt()), {chosen[1].toDouble()}});
    });
  });
  m_form->rows().back().label->setVisible(m_condition->count() > 1);
  m_condition->setVisible(m_condition->count() > 1);
}

void SpaceEditor::askCondition() {
  const auto at = place();
  if (!at) return;
  auto* dialog = new ConditionDialog(m_workbench.experiment().search().space, *at, window());
  connect(dialog, &ConditionDialog::chosen, this, [this](const std::vector<spec::ParameterCondition>& conditions) {
    change([&](auto& p) { p.conditions = conditions; });
  });
  dialog->open();
}

void SpaceEditor::rebuild() {
  const auto at = place();
  m_form->clear();
  m_low = m_high = m_step = m_log = m_choices = m_fixed = nullptr;
  m_type = m_condition = nullptr;
  if (!at) return;
  const auto& parameter = m_workbench.experiment().search().space.parameters[*at];
  m_type = new QComboBox(m_form);
  m_type->setObjectName(QStringLiteral("rangeType"));
  const bool words = parameter.isChoice() && !allNumbers(parameter.choices);
  for (const auto type : {ParameterType::Float, ParameterType::Int, ParameterType::Categorical, ParameterType::Ordinal})
    if (!words || type == ParameterType::Categorical || type == ParameterType::Ordinal)
      m_type->addItem(typeWord(type), static_cast<int>(type));
  m_type->setCurrentIndex(m_type->findData(static_cast<int>(parameter.type)));
  m_form->addRow(tr("Kind"), m_type, tr("Ordered choices have neighbours; categories have none"));
  connect(m_type, &QComboBox::activated, this, [this](int index) {
    const auto type = static_cast<ParameterType>(m_type->itemData(index).toInt());
    change([&](auto& p) { turnInto(p, type); });
  });
  if (parameter.isChoice())
    addChoiceRows(parameter);
  else
    addNumberRows(parameter);
  addCondition(*at);
}

void SpaceEditor::follow() {
  const auto at = place();
  setVisible(at.has_value());
  if (!at) {
    m_shape.clear();
    return;
  }
  const auto& space = m_workbench.experiment().search().space;
  const auto& parameter = space.parameters[*at];
  // The rows stay while a person types into them; only another kind of parameter needs others.
  auto shape = parameter.name + spec::name(parameter.type) + std::to_string(*at);
  if (parameter.isChoice() && (m_choices == nullptr || !m_choices->isAncestorOf(focusWidget())))
    shape += choicesText(parameter.choices).toStdString();
  else if (parameter.isChoice())
    shape = m_shape;
  for (const auto& condition : parameter.conditions) {
    shape += "?" + std::to_string(condition.parameter);
    for (const double value : condition.in) shape += "," + std::to_string(value);
  }
  if (shape != m_shape) {
    m_shape = shape;
    rebuild();
  }
  if (m_low != nullptr) {
    const bool whole = parameter.type == ParameterType::Int;
    const auto number = [whole](double value) {
      return whole ? Value(static_cast<std::int64_t>(std::llround(value))) : Value(value);
    };
    m_low->setValue(number(parameter.low));
    m_high->setValue(number(parameter.high));
    m_log->setValue(parameter.log);
    m_step->setValue(parameter.step == (whole ? 1 : 0) ? Value() : number(parameter.step));
    m_fixed->setValue(parameter.fixed ? number(*parameter.fixed) : Value());
  } else if (m_choices != nullptr) {
    // A comma that was just typed has no choice behind it yet.
    if (const auto* line = m_choices->findChild<QLineEdit*>(); line == nullptr || !line->hasFocus())
      m_choices->setValue(Value(choicesText(parameter.choices).toStdString()));
    m_fixed->setValue(Value(std::to_string(parameter.fixed ? static_cast<int>(*parameter.fixed) : -1)));
  }
}

}  // namespace lathe::ui
