// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/autopilot_setup.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/services/project.h"
#include "core/spec/metrics.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/command_text.h"
#include "ui/models/format.h"
#include "ui/pages/data_inspector.h"
#include "ui/pages/format_boxes.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/server_fields.h"
#include "ui/widgets/form.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/scrolled_column.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

namespace {

constexpr int usualMinutes = 5;
constexpr double leastMinutes = 0.05, mostMinutes = 7 * 24 * 60;
constexpr double bytesInMegabyte = 1e6;
constexpr int scrollBarRoom = 12;

enum Row { Data, Target, Time, Goal, Latency, Size, Formats };

ValueEditor* numberField(const char* name, double low, double high, bool nullable) {
  ValueEditor::Description description;
  description.type = spec::AttributeType::Real;
  description.low = low;
  description.high = high;
  description.nullable = nullable;
  auto* editor = new ValueEditor(description);
  editor->setObjectName(QLatin1String(name));
  return editor;
}

std::optional<double> numberOf(const ValueEditor& editor) {
  if (!editor.valid() || !editor.value().isNumber()) return std::nullopt;
  return editor.value().toReal();
}

}  // namespace

AutopilotSetup::AutopilotSetup(Workbench& workbench, QWidget* parent) : QWidget(parent), m_workbench(workbench) {
  setObjectName(QStringLiteral("autopilotSetup"));
  setProperty("surface", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  m_header = new PaneHeader(this);
  outer->addWidget(m_header);
  m_scroller = new QScrollArea(this);
  m_scroller->setWidgetResizable(true);
  m_scroller->setFrameShape(QFrame::NoFrame);
  m_scroller->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroller->setFocusPolicy(Qt::NoFocus);
  m_scroller->setProperty("surface", true);
  m_fields = new ScrolledColumn(m_scroller);
  buildForm();
  m_scroller->setWidget(m_fields);
  outer->addWidget(m_scroller, 1);
  auto* bottom = new QVBoxLayout;
  bottom->setContentsMargins(12, 8, 12, 12);
  bottom->setSpacing(8);
  m_start = makeButton(ButtonKind::Primary, this);
  m_start->setObjectName(QStringLiteral("autopilotStart"));
  m_stop = makeButton(ButtonKind::Ordinary, this);
  m_stop->setObjectName(QStringLiteral("autopilotStop"));
  m_copy = makeButton(ButtonKind::Link, this);
  m_copy->setObjectName(QStringLiteral("autopilotCopy"));
  m_why = makeParagraph(TextRole::Caption, this);
  m_why->setObjectName(QStringLiteral("autopilotWhy"));
  bottom->addWidget(m_why);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  for (auto* button : {m_start, m_stop, m_copy}) buttons->addWidget(button);
  buttons->addStretch(1);
  bottom->addLayout(buttons);
  outer->addLayout(bottom);
  connectParts();
  setMinutes(usualMinutes);
  retranslate();
}

void AutopilotSetup::buildForm() {
  auto* column = new QVBoxLayout(m_fields);
  column->setContentsMargins(12, 12, 12, 12);
  m_form = new Form(m_fields);
  m_form->setShortLabels();
  m_form->addRow(QString(), buildData());
  m_target = new QComboBox(m_form);
  m_target->setObjectName(QStringLiteral("autopilotTarget"));
  m_goal = new QComboBox(m_form);
  m_goal->setObjectName(QStringLiteral("autopilotGoal"));
  for (auto* combo : {m_target, m_goal}) {
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(6);
  }
  m_form->addRow(QString(), m_target);
  m_task = makeParagraph(TextRole::Caption, m_form);
  m_form->addWide(m_task);
  m_form->addRow(QString(), buildTime());
  m_form->addRow(QString(), m_goal);
  m_latency = numberField("autopilotLatency", 0.001, 1e6, true);
  m_size = numberField("autopilotSize", 0.0001, 1e6, true);
  m_form->addRow(QString(), withUnit(m_latency, m_latencyUnit));
  m_form->addRow(QString(), withUnit(m_size, m_sizeUnit));
  m_formats = new FormatBoxes(QStringLiteral("autopilot-"), m_form);
  m_form->addRow(QString(), m_formats);
  m_server = new ServerFields(*m_form, QStringLiteral("autopilotServer"), true);
  column->addWidget(m_form);
  column->addStretch(1);
}

QWidget* AutopilotSetup::buildData() {
  auto* place = new QWidget(m_form);
  auto* row = new QHBoxLayout(place);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  m_data = new QLineEdit(place);
  m_data->setObjectName(QStringLiteral("autopilotData"));
  m_browse = new QToolButton(place);
  m_browse->setObjectName(QStringLiteral("autopilotBrowse"));
  m_browse->setIcon(icon(QStringLiteral("folder")));
  m_browse->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(m_browse);
  connect(menu->addAction(QString()), &QAction::triggered, this, &AutopilotSetup::fileWanted);
  connect(menu->addAction(QString()), &QAction::triggered, this, &AutopilotSetup::folderWanted);
  m_browse->setMenu(menu);
  row->addWidget(m_data, 1);
  row->addWidget(m_browse);
  place->setFocusProxy(m_data);
  return place;
}

QWidget* AutopilotSetup::buildTime() {
  auto* place = new QWidget(m_form);
  auto* row = new QHBoxLayout(place);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(4);
  for (const int minutes : {1, 5, 30}) {
    auto* pill = new PillButton({}, place);
    pill->setObjectName(QStringLiteral("autopilotMinutes%1").arg(minutes));
    pill->setCheckable(true);
    connect(pill, &QPushButton::clicked, this, [this, minutes] { setMinutes(minutes); });
    row->addWidget(pill);
    m_presets.emplace_back(minutes, pill);
  }
  m_minutes = numberField("autopilotMinutes", leastMinutes, mostMinutes, false);
  m_minutesUnit = makeLabel(TextRole::Caption, place);
  row->addWidget(m_minutes, 1);
  row->addWidget(m_minutesUnit);
  return place;
}

QWidget* AutopilotSetup::withUnit(ValueEditor* editor, QLabel*& unit) {
  auto* place = new QWidget(m_form);
  auto* row = new QHBoxLayout(place);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(8);
  unit = makeLabel(TextRole::Caption, place);
  row->addWidget(editor, 1);
  row->addWidget(unit);
  return place;
}

void AutopilotSetup::connectParts() {
  auto& experiment = m_workbench.experiment();
  auto& autopilot = m_workbench.autopilot();
  connect(m_data, &QLineEdit::returnPressed, this, [this] {
    if (const auto path = m_data->text().trimmed(); !path.isEmpty()) Q_EMIT dataChosen(path);
  });
  connect(m_target, &QComboBox::activated, this, [this](int index) {
    m_workbench.experiment().setColumnRole(m_target->itemData(index).toString().toStdString(),
                                           spec::ColumnRole::Target);
  });
  // Also what does not fit is worth a sentence, which the editors do not tell of.
  for (auto* editor : {m_minutes, m_latency, m_size})
    connect(editor->findChild<QLineEdit*>(), &QLineEdit::textChanged, this, &AutopilotSetup::followTime);
  connect(m_formats, &FormatBoxes::changed, this, &AutopilotSetup::follow);
  connect(m_server, &ServerFields::changed, this, &AutopilotSetup::follow);
  connect(m_start, &QPushButton::clicked, this, &AutopilotSetup::start);
  connect(m_copy, &QPushButton::clicked, this, &AutopilotSetup::copyCommand);
  connect(m_stop, &QPushButton::clicked, &autopilot, &AutopilotController::stop);
  connect(&autopilot, &AutopilotController::changed, this, &AutopilotSetup::follow);
  connect(&m_workbench, &Workbench::engineReady, this, &AutopilotSetup::follow);
  connect(&m_workbench, &Workbench::engineFailed, this, &AutopilotSetup::follow);
  for (const auto signal : {&Workbench::projectOpened, &Workbench::projectClosed})
    connect(&m_workbench, signal, this, &AutopilotSetup::followData);
  connect(&experiment, &ExperimentController::dataChanged, this, &AutopilotSetup::followData);
  connect(&experiment, &ExperimentController::specChanged, this, &AutopilotSetup::followData);
  connect(&experiment, &ExperimentController::inspecting, this, &AutopilotSetup::follow);
  connect(&experiment, &ExperimentController::dataFailed, this, &AutopilotSetup::follow);
}

void AutopilotSetup::followData() {
  const auto project = m_workbench.project();
  const auto& experiment = m_workbench.experiment();
  const auto& path = experiment.spec().data.path;
  if (project && !path.empty()) {
    const auto absolute = QString::fromStdU16String(project->absolute(path).lexically_normal().u16string());
    m_data->setText(absolute);
    m_data->setToolTip(absolute);
    m_data->setCursorPosition(static_cast<int>(absolute.size()));
  } else {
    m_data->clear();
  }
  const auto* inspected = experiment.data();
  const bool table = inspected != nullptr && !inspected->profile.image && !inspected->profile.audio;
  m_form->rows()[Target].setVisible(table);
  m_task->setVisible(inspected != nullptr);
  m_target->clear();
  if (inspected != nullptr) {
    const auto& profile = inspected->profile;
    m_task->setText(DataInspector::taskText(profile, experiment.spec().data.sequence.horizon));
    for (const auto& column : profile.columns) {
      const auto name = QString::fromStdString(column.name);
      m_target->addItem(name, name);
    }
    const auto& first = profile.targets.empty() ? profile.target : profile.targets.front();
    m_target->setCurrentIndex(m_target->findData(QString::fromStdString(first)));
  }
  followGoals();
  follow();
}

/// The metrics of the task; the usual one stays the choice until another is taken.
void AutopilotSetup::followGoals() {
  const auto* inspected = m_workbench.experiment().data();
  std::vector<std::string> goals;
  if (inspected != nullptr)
    for (const auto& metric : spec::metricsFor(inspected->profile.task)) goals.push_back(metric.name);
  if (goals == m_goals && m_goal->count() > 0) return;
  m_goals = goals;
  const auto chosen = m_goal->currentData();
  m_goal->clear();
  m_goal->addItem(inspected == nullptr
                      ? tr("as usual")
                      : tr("%1, as usual").arg(format::metricWord(services::usualGoal(inspected->profile.task))),
                  QString());
  for (const auto& goal : goals) m_goal->addItem(format::metricWord(goal), QString::fromStdString(goal));
  m_goal->setCurrentIndex(std::max(0, m_goal->findData(chosen)));
}

std::optional<double> AutopilotSetup::minutes() const { return numberOf(*m_minutes); }

void AutopilotSetup::setMinutes(double minutes) {
  m_minutes->setValue(spec::Value(minutes));
  followTime();
}

void AutopilotSetup::followTime() {
  const auto now = minutes();
  for (const auto& [preset, pill] : m_presets) pill->setChecked(now && *now == preset);
  follow();
}

QString AutopilotSetup::problem() const {
  const auto& experiment = m_workbench.experiment();
  if (!m_workbench.project() || experiment.spec().data.path.empty())
    return tr("Choose the data first: a file, or a folder of images or sound.");
  if (const auto why = m_workbench.autopilot().cannotStart()) return errorText(*why);
  if (!minutes()) return tr("Give the minutes that it may take.");
  if (!m_latency->valid() || !m_size->valid()) return tr("A limit is no number that it can be kept to.");
  if (m_formats->chosen().isEmpty()) return tr("Choose a format for the model.");
  return m_server->problem();
}

AutopilotController::Wish AutopilotSetup::wish() const {
  AutopilotController::Wish wish;
  wish.seconds = 60 * minutes().value_or(usualMinutes);
  wish.goal = m_goal->currentData().toString().toStdString();
  wish.mostMilliseconds = numberOf(*m_latency);
  if (const auto size = numberOf(*m_size)) wish.mostBytes = bytesInMegabyte * *size;
  for (const auto& format : m_formats->chosen()) wish.formats.push_back(format.toStdString());
  wish.serve = m_server->kind() == ServerFields::Kind::Own;
  if (m_server->kind() == ServerFields::Kind::Other) wish.deploy = m_server->request();
  return wish;
}

void AutopilotSetup::start() {
  if (problem().isEmpty()) m_workbench.autopilot().start(wish());
}

void AutopilotSetup::copyCommand() {
  const auto project = m_workbench.project();
  const auto* inspected = m_workbench.experiment().data();
  if (!project || inspected == nullptr) return;
  auto spec = m_workbench.experiment().spec();
  if (!inspected->profile.targets.empty()) spec::setTargets(spec.data, inspected->profile.targets);
  const auto folder = QDir::cleanPath(QString::fromStdU16String(project->folder().u16string()));
  QApplication::clipboard()->setText(
      autopilotCommand(spec, folder, wish(), QDir(folder).filePath(QStringLiteral("autopilot/cli"))));
}

void AutopilotSetup::follow() {
  const auto& autopilot = m_workbench.autopilot();
  const bool active = autopilot.active();
  // Before anything is asked: what is disabled counts as not chosen.
  m_fields->setEnabled(!active);
  const auto why = active ? QString() : problem();
  m_start->setVisible(!active);
  m_start->setEnabled(why.isEmpty());
  m_stop->setVisible(active);
  m_copy->setVisible(!active);
  m_copy->setEnabled(why.isEmpty());
  m_stop->setEnabled(autopilot.state() == AutopilotController::State::Running);
  m_why->setText(why);
  m_why->setVisible(!why.isEmpty());
}

void AutopilotSetup::retranslate() {
  m_header->setTitle(tr("Set up"));
  const auto& rows = m_form->rows();
  rows[Data].setText(tr("Data"), tr("A table, or a folder of images or sound; its project is made beside it"));
  m_data->setAccessibleName(tr("Data"));
  m_data->setPlaceholderText(tr("drop a file, or type its path"));
  m_browse->setToolTip(tr("Choose the data"));
  m_browse->setAccessibleName(m_browse->toolTip());
  const auto entries = m_browse->menu()->actions();
  entries[0]->setText(tr("A &file…"));
  entries[1]->setText(tr("A f&older…"));
  rows[Target].setText(tr("Predict"), tr("The column that the model learns to predict"));
  rows[Time].setText(tr("Time"), tr("For everything but the export; the best is better with more"));
  for (const auto& [minutes, pill] : m_presets) {
    pill->setText(tr("%1 min").arg(minutes));
    pill->setAccessibleName(tr("%n minute(s)", nullptr, minutes));
  }
  m_minutes->setAccessibleText(tr("Minutes"), rows[Time].field->toolTip());
  m_minutesUnit->setText(tr("min"));
  rows[Goal].setText(tr("Goal"), tr("What the models are compared by, on rows that they were not trained on"));
  rows[Latency].setText(tr("Latency"), tr("The longest that the exported model may take for a row; empty: no limit"));
  rows[Size].setText(tr("Size"), tr("The largest that the exported model may be; empty: no limit"));
  m_latency->setAccessibleText(tr("Latency"), rows[Latency].field->toolTip());
  m_size->setAccessibleText(tr("Size"), rows[Size].field->toolTip());
  for (auto* editor : {m_latency, m_size}) editor->setPlaceholder(tr("no limit"));
  m_latencyUnit->setText(tr("ms a row"));
  m_sizeUnit->setText(tr("MB"));
  rows[Formats].setText(tr("Formats"), tr("Each is checked in a fresh process before it is kept"));
  m_formats->retranslate();
  m_server->retranslate();
  m_start->setText(tr("Start the Autopilot"));
  m_start->setAccessibleName(m_start->text());
  m_copy->setText(tr("Copy as command"));
  m_copy->setToolTip(tr("Copies the lathe-cli command that does the same"));
  m_copy->setAccessibleName(m_copy->text());
  m_stop->setText(tr("Stop and keep the best"));
  m_stop->setAccessibleName(m_stop->text());
  m_goals = {"in another language"};
  followData();
  // The rows of its fields are as wide as they are: the pane is, too.
  m_scroller->setMinimumWidth(m_fields->minimumSizeHint().width() + scrollBarRoom);
}

}  // namespace lathe::ui
