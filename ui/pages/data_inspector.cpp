// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/data_inspector.h"

#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>
#include <vector>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/spec_form.h"
#include "ui/models/theme.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/train_form.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/form.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {
namespace {

enum class Rows { Table, Images, Sound };

/// The data form without what has no meaning for the data: filling gaps and windows in images and sound, the size of
/// pictures for tables.
std::vector<FormGroupPlan> formPlan(Rows kind) {
  auto plan = dataFormPlan();
  for (auto& group : plan)
    std::erase_if(group.paths, [kind](const char* path) {
      const std::string_view name(path);
      const bool ofImages = name == "data.preprocessing.image_size" || name == "data.preprocessing.image_scaling";
      const bool ofSound = name == "data.preprocessing.sample_rate" || name == "data.preprocessing.clip_seconds";
      const bool ofSplit = name.rfind("data.split.", 0) == 0;
      if (ofSplit) return false;
      return kind != (ofImages ? Rows::Images : ofSound ? Rows::Sound : Rows::Table);
    });
  std::erase_if(plan, [](const auto& group) { return group.paths.empty(); });
  return plan;
}

constexpr std::array tasks{spec::Task::Auto,       spec::Task::Classification, spec::Task::Regression,
                           spec::Task::Multilabel, spec::Task::Quantile,       spec::Task::Anomaly,
                           spec::Task::Forecast};

}  // namespace

DataInspector::DataInspector(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_header(new PaneHeader(this)),
      m_content(new QWidget(this)),
      m_nothing(makeParagraph(TextRole::Caption, this)),
      m_sentence(makeParagraph(TextRole::Strong, m_content)),
      m_detail(makeParagraph(TextRole::Caption, m_content)),
      m_taskForm(new Form(m_content)),
      m_target(new QComboBox(m_content)),
      m_also(new PillButton({}, m_content)),
      m_task(new QComboBox(m_content)),
      m_tableForm(new SpecFormWidget(workbench, formPlan(Rows::Table), m_content)),
      m_imageForm(new SpecFormWidget(workbench, formPlan(Rows::Images), m_content)),
      m_soundForm(new SpecFormWidget(workbench, formPlan(Rows::Sound), m_content)),
      m_rows(new FactList(m_content)),
      m_warningsTitle(makeLabel(TextRole::Section, m_content)),
      m_warnings(new QVBoxLayout),
      m_model(makeButton(ButtonKind::Primary, m_content)) {
  setObjectName(QStringLiteral("dataInspector"));
  m_target->setObjectName(QStringLiteral("targetChoice"));
  m_also->setObjectName(QStringLiteral("moreTargets"));
  m_task->setObjectName(QStringLiteral("taskChoice"));
  m_model->setObjectName(QStringLiteral("chooseModel"));
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(m_header);
  auto* inner = new QVBoxLayout;
  inner->setContentsMargins(12, 12, 12, 12);
  inner->addWidget(m_nothing);
  inner->addWidget(m_content);
  inner->addStretch(1);
  outer->addLayout(inner, 1);
  auto* layout = new QVBoxLayout(m_content);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(4);
  layout->addWidget(m_sentence);
  layout->addWidget(m_detail);
  layout->addSpacing(4);
  for (auto* combo : {m_target, m_task}) {
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(6);
    m_taskForm->addRow(QString(), combo);
    if (combo == m_target) m_taskForm->addRow(QString(), m_also);
  }
  layout->addWidget(m_taskForm);
  layout->addSpacing(12);
  layout->addWidget(m_warningsTitle);
  m_warnings->setSpacing(8);
  layout->addLayout(m_warnings);
  layout->addSpacing(8);
  layout->addWidget(m_model, 0, Qt::AlignLeft);
  layout->addSpacing(16);
  layout->addWidget(m_tableForm);
  layout->addWidget(m_imageForm);
  layout->addWidget(m_soundForm);
  layout->addWidget(m_rows);

  for (const auto task : tasks) m_task->addItem(QString(), QString::fromLatin1(spec::name(task)));
  auto& experiment = workbench.experiment();
  connect(m_target, &QComboBox::activated, this, [this](int index) {
    m_workbench.experiment().setColumnRole(m_target->itemData(index).toString().toStdString(),
                                           spec::ColumnRole::Target);
  });
  m_also->setMenu(new QMenu(m_also));
  connect(m_also->menu(), &QMenu::aboutToShow, this, &DataInspector::fillMenu);
  connect(m_task, &QComboBox::activated, this, [this](int index) {
    const auto json = QLatin1Char('"') + m_task->itemData(index).toString() + QLatin1Char('"');
    m_workbench.experiment().setField("data.task", json.toStdString(), tr("Change the task"));
  });
  connect(m_model, &QPushButton::clicked, this, [this] { Q_EMIT m_workbench.pageRequested(QStringLiteral("model")); });
  connect(&experiment, &ExperimentController::dataChanged, this, &DataInspector::follow);
  connect(&experiment, &ExperimentController::specChanged, this, &DataInspector::followTask);
  retranslate();
}

void DataInspector::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
  if (event->type() == QEvent::PaletteChange) followWarnings();
}

void DataInspector::retranslate() {
  m_nothing->setText(tr("What can be predicted from the data, and how their rows are split, stands here."));
  m_header->setTitle(tr("Task"));
  m_warningsTitle->setText(tr("Worth a look"));
  m_model->setText(tr("Choose a model"));
  for (std::size_t i = 1; i < tasks.size(); ++i) m_task->setItemText(static_cast<int>(i), format::taskWord(tasks[i]));
  m_taskForm->rows()[0].setText(tr("Predict"), tr("The column that the model learns to predict"));
  m_taskForm->rows()[1].setText(QString(),
                                tr("Further columns to predict at once: numbers, or yes and no for several labels"));
  m_taskForm->rows()[2].setText(
      tr("Task"), tr("Classification predicts one of some classes, regression a number, several labels any of them at "
                     "once, quantiles the interval that a number will lie in, forecast the next values of a series"));
  follow();
}

void DataInspector::follow() {
  const auto* inspected = m_workbench.experiment().data();
  m_content->setVisible(inspected != nullptr);
  m_nothing->setVisible(inspected == nullptr);
  if (inspected == nullptr) return;
  followTask();
  followWarnings();
  const auto& profile = inspected->profile;
  m_tableForm->setVisible(!profile.image && !profile.audio);
  m_soundForm->setVisible(profile.audio);
  m_imageForm->setVisible(profile.image);
  const auto rows = [](std::int64_t count) { return format::integer(count); };
  m_rows->setFacts({{tr("Training rows"), rows(profile.trainRows), {}},
                    {tr("Validation rows"), rows(profile.validationRows), {}},
                    {tr("Test rows, looked at once"), rows(profile.heldOutRows), {}}});
}

void DataInspector::followTask() {
  const auto* inspected = m_workbench.experiment().data();
  if (inspected == nullptr) return;
  const auto& profile = inspected->profile;
  m_task->setItemText(0, format::taskWord(spec::Task::Auto));
  const auto target = QString::fromStdString(profile.target);
  const auto first = profile.targets.empty() ? target : QString::fromStdString(profile.targets.front());
  const auto further = target.mid(std::min(target.size(), first.size() + 2));
  m_also->setText(further.isEmpty() ? tr("Predict more columns") : tr("and %1", "further targets").arg(further));
  m_also->setAccessibleName(m_also->text());
  const bool table = !profile.image && !profile.audio;
  m_taskForm->rows()[0].setVisible(table);
  m_taskForm->rows()[1].setVisible(table && profile.columns.size() > 2);
  m_target->clear();
  for (const auto& column : profile.columns) {
    const auto name = QString::fromStdString(column.name);
    m_target->addItem(name, name);
  }
  m_target->setCurrentIndex(m_target->findData(first));
  m_task->setCurrentIndex(m_task->findData(QString::fromLatin1(spec::name(m_workbench.experiment().spec().data.task))));
  m_sentence->setText(profile.image   ? tr("Predict the class of an image")
                      : profile.audio ? tr("Predict the class of a clip of sound")
                                      : tr("Predict %1").arg(target));
  if (profile.task == spec::Task::Anomaly) m_sentence->setText(tr("Find unusual rows"));
  m_detail->setText(taskText(profile, m_workbench.experiment().spec().data.sequence.horizon));
}

QString DataInspector::taskText(const spec::DataProfile& profile, int horizon) {
  switch (profile.task) {
    case spec::Task::Regression:
      return profile.targets.size() > 1
                 ? tr("Regression: %n number(s)", nullptr, static_cast<int>(profile.targets.size()))
                 : tr("Regression: a number");
    case spec::Task::Quantile:
      return tr("Quantiles: an interval for a number");
    case spec::Task::Forecast:
      return tr("Forecast: the next %n row(s)", nullptr, std::max(1, horizon));
    case spec::Task::Anomaly:
      return profile.target.empty()
                 ? tr("Anomalies: a score, without any target")
                 : tr("Anomalies: a score; %1 only tells how good it is").arg(QString::fromStdString(profile.target));
    case spec::Task::Multilabel:
      return tr("Any of %n label(s)", nullptr, static_cast<int>(profile.classes.size()));
    default:
      break;
  }
  const auto classes = static_cast<int>(profile.classes.size());
  auto text = classes == 2 ? tr("Binary classification") : tr("Classification with %n class(es)", nullptr, classes);
  if (profile.classCounts.empty() || profile.classCounts.size() != profile.classes.size()) return text;
  const auto largest = std::max_element(profile.classCounts.begin(), profile.classCounts.end());
  const auto total = std::accumulate(profile.classCounts.begin(), profile.classCounts.end(), std::int64_t{0});
  const auto which = static_cast<std::size_t>(largest - profile.classCounts.begin());
  // Even classes need no word about the largest.
  const bool uneven = static_cast<double>(*largest) * classes > 1.2 * static_cast<double>(total);
  if (total > 0 && uneven)
    text = tr("%1, %2 of the rows are %3", "task, percentage, class")
               .arg(text, format::percent(static_cast<double>(*largest) / static_cast<double>(total)),
                    QString::fromStdString(profile.classes[which]));
  return text;
}

void DataInspector::fillMenu() {
  auto& menu = *m_also->menu();
  menu.clear();
  const auto* inspected = m_workbench.experiment().data();
  if (inspected == nullptr) return;
  const auto& targets = inspected->profile.targets;
  for (const auto& column : inspected->profile.columns) {
    const bool number = column.kind == spec::ColumnKind::Integer || column.kind == spec::ColumnKind::Real ||
                        column.kind == spec::ColumnKind::Boolean;
    if (!number || (!targets.empty() && column.name == targets.front())) continue;
    auto* action = menu.addAction(QString::fromStdString(column.name));
    action->setCheckable(true);
    action->setChecked(std::find(targets.begin(), targets.end(), column.name) != targets.end());
    connect(action, &QAction::triggered, this, [this, name = column.name, targets](bool on) {
      auto wanted = targets;
      std::erase(wanted, name);
      if (on) wanted.push_back(name);
      m_workbench.experiment().setTargets(wanted);
    });
  }
}

void DataInspector::followWarnings() {
  while (auto* item = m_warnings->takeAt(0)) {
    // Later: this may be called while the style goes through all widgets.
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  const auto* inspected = m_workbench.experiment().data();
  if (inspected == nullptr) return;
  const auto& theme = Theme::current();
  if (inspected->cannotTrain)
    addNote("error", theme.bad, translated(inspected->cannotTrain->message), translated(inspected->cannotTrain->hint));
  for (const auto& warning : inspected->profile.warnings)
    addNote("warning", theme.warning, translated(warning.message), translated(warning.hint));
  if (m_warnings->count() == 0) addNote("check", theme.good, tr("Nothing stands out"), {});
}

void DataInspector::addNote(const char* iconName, const QColor& colour, const QString& sentence,
                            const QString& remedy) {
  m_warnings->addWidget(makeNote(m_content, iconName, colour, sentence, remedy));
}

QWidget* DataInspector::makeNote(QWidget* parent, const char* iconName, const QColor& colour, const QString& sentence,
                                 const QString& remedy) {
  auto* note = new QWidget(parent);
  auto* layout = new QHBoxLayout(note);
  layout->setContentsMargins(0, 2, 0, 2);
  layout->setSpacing(8);
  auto* sign = new QLabel(note);
  sign->setPixmap(icon(QLatin1String(iconName), colour).pixmap(QSize(16, 16), parent->devicePixelRatioF()));
  layout->addWidget(sign, 0, Qt::AlignTop);
  auto* texts = new QVBoxLayout;
  texts->setSpacing(0);
  texts->addWidget(makeParagraph(TextRole::Body, note, sentence));
  if (!remedy.isEmpty()) texts->addWidget(makeParagraph(TextRole::Caption, note, remedy));
  layout->addLayout(texts, 1);
  return note;
}

}  // namespace lathe::ui
