// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_form.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <map>

#include "core/services/open_field.h"
#include "core/spec/metrics.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/outlook_text.h"
#include "ui/pages/field_pin.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

namespace {

ValueEditor::Description describe(const FormField& field, spec::Task task) {
  ValueEditor::Description description;
  const auto& info = *field.info;
  description.low = info.low;
  description.high = info.high;
  if (info.type == "integer") description.type = spec::AttributeType::Integer;
  if (info.type == "boolean") description.type = spec::AttributeType::Boolean;
  if (info.path == "training.monitor") {
    for (const auto& metric : spec::metricsFor(task))
      description.choices.push_back({"val/" + metric.name, choiceWord("val/" + metric.name)});
  }
  for (qsizetype i = 0; i < field.choiceWords.size(); ++i)
    description.choices.push_back(
        {info.choices[static_cast<std::size_t>(i)], field.choiceWords[i], field.choiceHelp.value(i)});
  if (!description.choices.empty()) description.type = spec::AttributeType::Choice;
  description.text = (info.type == "text" || info.type == "file") && description.choices.empty();
  description.file = info.type == "file";
  if (description.file) description.fileFilter = SpecFormWidget::tr("Weights (*.pth *.pt *.safetensors *.ckpt)");
  description.numbers = info.type == "numbers";
  description.nullable = !field.automaticText.isEmpty();
  description.placeholder = field.automaticText;
  if (info.path == "training.batch_size") {
    description.word = measureWord();
    description.wordValue = spec::findBatchSize;
  }
  return description;
}

/// Choices so different that the one taken is explained beneath its field; the others are explained by tool tips.
bool explains(const std::string& path) {
  const auto paths = {"training.optimizer.name", "training.schedule.name",      "training.loss.name",
                      "training.average.name",   "training.decision_threshold", "training.augment.name"};
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

/// What will be done with a setting that is left open, else when to take the choice that is taken; empty where there
/// is nothing to say.
QString explanation(const FormField& field, const spec::ExperimentSpec& spec, std::int64_t trainRows) {
  const auto& path = field.info->path;
  if (const auto text = outlookText(path, spec, trainRows); !text.isEmpty())
    return path == "training.optimizer.name" ? SpecFormWidget::tr("Automatic: %1").arg(text) : text;
  const auto value = spec::Value::parse(field.json).toText();
  const auto& choices = field.info->choices;
  const auto at = std::find(choices.begin(), choices.end(), value) - choices.begin();
  return field.choiceHelp.value(static_cast<qsizetype>(at));
}

/// "20 epochs" beside the label Epochs would say it twice.
bool unitIsNews(const FormField& field) {
  return !field.unit.isEmpty() && field.label.compare(field.unit, Qt::CaseInsensitive) != 0;
}

}  // namespace

struct SpecFormWidget::Impl {
  struct Row {
    std::string path;
    Form::Row row;
    ValueEditor* editor = nullptr;
    QLabel* unit = nullptr;
    QLabel* note = nullptr;  ///< when to take what is chosen
    QLabel* problem = nullptr;
    bool specialIsZero = false;
  };

  Impl(SpecFormWidget* owner, Workbench& bench, const std::vector<FormGroupPlan>& groups)
      : q(owner), workbench(bench), plan(groups), form(new Form(owner)) {}

  void build();
  void addField(const FormField& field);
  void follow();
  void edited(const Row& row, const spec::Value& value);
  [[nodiscard]] bool testIsBrought() const;
  [[nodiscard]] double validationShare() const;
  void showProblem(const Row& row, const QString& text) const;

  SpecFormWidget* q;
  Workbench& workbench;
  std::vector<FormGroupPlan> plan;
  Form* form;
  std::vector<QLabel*> headings;
  std::vector<Row> rows;
  std::map<std::string, QString> labels;
  spec::Task task = spec::Task::Auto;
  bool pins = false;  ///< some fields have one: the others end where those do
};

void SpecFormWidget::Impl::build() {
  form->clear();
  headings.clear();
  rows.clear();
  const auto& experiment = workbench.experiment();
  task = experiment.data() != nullptr ? experiment.data()->profile.task : experiment.spec().data.task;
  const auto groups = makeForm(plan, experiment.spec());
  pins = false;
  for (const auto& group : groups)
    for (const auto& field : group.fields)
      pins = pins || services::canOpen(experiment.templateName(), field.info->path);
  for (const auto& group : groups) {
    headings.push_back(form->addHeading(group.title));
    for (const auto& field : group.fields) addField(field);
  }
  for (const auto& row : rows) {
    QObject::connect(row.editor, &ValueEditor::edited, q, [this, path = row.path](const spec::Value& value) {
      for (const auto& each : rows)
        if (each.path == path) return edited(each, value);
    });
    // The editor keeps what does not fit to itself; its reason belongs under the field, not into a tool tip alone.
    if (auto* line = row.editor->findChild<QLineEdit*>()) {
      QObject::connect(line, &QLineEdit::textEdited, q, [this, line, path = row.path] {
        for (const auto& each : rows)
          if (each.path == path && !each.editor->valid()) showProblem(each, line->toolTip());
      });
    }
  }
  follow();
}

void SpecFormWidget::Impl::addField(const FormField& field) {
  Row row;
  row.path = field.info->path;
  row.specialIsZero = !field.automaticText.isEmpty();
  auto* holder = new QWidget(form);
  auto* column = new QVBoxLayout(holder);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  auto* line = new QHBoxLayout;
  line->setSpacing(6);
  row.editor = new ValueEditor(describe(field, task), holder);
  row.editor->setObjectName(QString::fromStdString(row.path));
  line->addWidget(row.editor, 1);
  if (unitIsNews(field)) {
    row.unit = makeLabel(TextRole::Caption, holder, field.unit);
    line->addWidget(row.unit);
  }
  if (services::canOpen(workbench.experiment().templateName(), row.path))
    line->addWidget(new FieldPin(workbench, row.path, holder));
  else if (pins)
    line->addSpacing(FieldPin::side + line->spacing());
  column->addLayout(line);
  if (explains(row.path) || hasOutlook(row.path)) {
    row.note = makeParagraph(TextRole::Caption, holder);
    column->addWidget(row.note);
  }
  row.problem = makeLabel(TextRole::Bad, holder);
  row.problem->setWordWrap(true);
  row.problem->hide();
  column->addWidget(row.problem);
  holder->setFocusProxy(row.editor);
  row.row = form->addRow(field.label, holder, field.help);
  row.editor->setAccessibleText(
      field.unit.isEmpty() ? field.label : QStringLiteral("%1 (%2)").arg(field.label, field.unit), field.help);
  row.editor->setToolTip(field.help);
  labels[row.path] = field.label;
  rows.push_back(row);
}

/// Data with a test part of their own are only cut into training and validation rows, by one share.
bool SpecFormWidget::Impl::testIsBrought() const {
  const auto* read = workbench.experiment().data();
  return read != nullptr && read->profile.testRows > 0;
}

/// Of the rows that are not test rows. While nobody set it: what the split that was made comes to.
double SpecFormWidget::Impl::validationShare() const {
  const auto& split = workbench.experiment().spec().data.split;
  const spec::SplitSpec usual;
  if (split.train != usual.train || split.validation != usual.validation)
    return split.train + split.validation > 0 ? split.validation / (split.train + split.validation) : 0;
  const auto& profile = workbench.experiment().data()->profile;
  const auto both = static_cast<double>(profile.trainRows + profile.validationRows);
  return both > 0 ? std::round(100 * static_cast<double>(profile.validationRows) / both) / 100 : 0;
}

void SpecFormWidget::Impl::showProblem(const Row& row, const QString& text) const {
  row.problem->setText(text);
  row.problem->setVisible(!text.isEmpty());
  row.editor->setAccessibleDescription(text);
}

void SpecFormWidget::Impl::follow() {
  const auto groups = makeForm(plan, workbench.experiment().spec());
  const bool brought = testIsBrought();
  const auto* read = workbench.experiment().data();
  const auto trainRows = read != nullptr ? read->profile.trainRows : 0;
  std::size_t at = 0;
  for (std::size_t g = 0; g < groups.size() && g < headings.size(); ++g) {
    for (const auto& field : groups[g].fields) {
      if (at >= rows.size()) return;
      auto& row = rows[at++];
      auto value = spec::Value::parse(field.json);
      if (row.specialIsZero && value.isNumber() && value.toReal() == 0) value = {};
      if (brought && row.path == "data.split.validation") value = spec::Value(validationShare());
      row.editor->setValue(value);
      const bool unused = brought && (row.path == "data.split.train" || row.path == "data.split.test");
      row.row.setVisible(field.visible && !unused);
      if (row.note != nullptr) {
        const auto why = explanation(field, workbench.experiment().spec(), trainRows);
        row.note->setText(why);
        row.note->setVisible(!why.isEmpty());
      }
      showProblem(row, field.error);
    }
  }
}

void SpecFormWidget::Impl::edited(const Row& row, const spec::Value& value) {
  auto& experiment = workbench.experiment();
  const auto what = SpecFormWidget::tr("Change %1").arg(labels[row.path]);
  const auto json = row.specialIsZero && value.isNull() ? std::string("0") : value.json();
  if (row.path == "training.monitor") {
    auto spec = experiment.spec();
    spec.training.monitor = value.toText();
    spec.training.monitorDirection = spec::largerIsBetter(spec.training.monitor) ? "maximize" : "minimize";
    experiment.setSpec(std::move(spec), what);
    return;
  }
  if (row.path == "data.split.validation" && testIsBrought()) {
    auto spec = experiment.spec();
    spec.data.split.validation = value.toReal();
    spec.data.split.train = 1 - value.toReal();
    experiment.setSpec(std::move(spec), what);
    return;
  }
  experiment.setField(row.path, json, what);
}

SpecFormWidget::SpecFormWidget(Workbench& workbench, const std::vector<FormGroupPlan>& plan, QWidget* parent)
    : QWidget(parent), m_impl(std::make_unique<Impl>(this, workbench, plan)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_impl->form);
  m_impl->build();
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::specChanged, this, [this] { m_impl->follow(); });
  connect(&experiment, &ExperimentController::dataChanged, this, [this] {
    const auto* read = m_impl->workbench.experiment().data();
    if (read != nullptr && read->profile.task != m_impl->task)
      m_impl->build();
    else
      m_impl->follow();
  });
}

SpecFormWidget::~SpecFormWidget() = default;

QWidget* SpecFormWidget::editor(const std::string& path) const {
  const auto found =
      std::find_if(m_impl->rows.begin(), m_impl->rows.end(), [&](const auto& row) { return row.path == path; });
  return found == m_impl->rows.end() ? nullptr : found->editor;
}

void SpecFormWidget::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) m_impl->build();
  QWidget::changeEvent(event);
}

}  // namespace lathe::ui
