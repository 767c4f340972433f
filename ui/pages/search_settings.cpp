// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/search_settings.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/services/study_pictures.h"
#include "core/spec/metrics.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/study_words.h"
#include "ui/widgets/form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/value_editor.h"

namespace lathe::ui {

using spec::Value;

namespace {

constexpr std::size_t mostGoals = 4;
constexpr double largestTrials = 1e6;
constexpr double secondsAMinute = 60;

QComboBox* makeCombo(QWidget* parent, const char* name) {
  auto* combo = new QComboBox(parent);
  combo->setObjectName(QLatin1String(name));
  combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  combo->setMinimumContentsLength(8);
  combo->setMaxVisibleItems(20);
  return combo;
}

Value orNone(std::int64_t number) { return number > 0 ? Value(number) : Value(); }

}  // namespace

SearchSettings::SearchSettings(Workbench& workbench, QWidget* parent)
    : QWidget(parent), m_workbench(workbench), m_form(new Form(this)), m_title(makeLabel(TextRole::Section, this)) {
  setObjectName(QStringLiteral("searchSettings"));
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(8);
  column->addWidget(m_title);
  column->addWidget(m_form);
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::searchChanged, this, &SearchSettings::follow);
  connect(&experiment, &ExperimentController::dataChanged, this, [this] {
    fillGoals();
    follow();
  });
  retranslate();
}

void SearchSettings::retranslate() {
  m_title->setText(tr("How"));
  build();
  follow();
}

void SearchSettings::change(const QString& what, const std::function<void(services::StudySettings&)>& deed) {
  auto draft = m_workbench.experiment().search();
  deed(draft.settings);
  m_workbench.experiment().setSearch(std::move(draft), what);
}

std::vector<std::string> SearchSettings::metrics() const {
  const auto& experiment = m_workbench.experiment();
  const auto task = experiment.data() != nullptr ? experiment.data()->profile.task : experiment.spec().data.task;
  std::vector<std::string> names{"val/loss"};
  for (const auto& metric : spec::metricsFor(task))
    if (metric.shown && metric.name != "loss") names.push_back("val/" + metric.name);
  for (const auto& cost : services::costGoals()) names.push_back(cost);
  return names;
}

void SearchSettings::build() {
  m_form->clear();
  m_goals.clear();
  addKind();
  addGoals();
  addArchitecture();
  addNames();
  addPrunerOptions();
  addLimits();
  addArchitectureLimits();
  addTerminator();
  addConfirming();
}

void SearchSettings::addGoals() {
  for (std::size_t i = 0; i < mostGoals; ++i) {
    GoalRow row;
    row.holder = new QWidget(m_form);
    auto* line = new QHBoxLayout(row.holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(4);
    row.metric = makeCombo(row.holder, "goal");
    row.metric->setObjectName(QStringLiteral("goal%1").arg(i));
    row.direction = new QToolButton(row.holder);
    row.direction->setObjectName(QStringLiteral("direction%1").arg(i));
    line->addWidget(row.metric, 1);
    line->addWidget(row.direction);
    row.holder->setFocusProxy(row.metric);
    const auto label = i == 0 ? tr("Goal") : tr("Goal %1").arg(i + 1);
    const auto help = i == 0 ? tr("What the search makes as good as it can")
                             : tr("Several goals give a Pareto front: trials that nothing beats in all of them");
    m_form->addRow(label, row.holder, help);
    row.metric->setAccessibleName(label);
    row.metric->setToolTip(help);
    connect(row.metric, &QComboBox::activated, this,
            [this, i](int index) { setGoal(i, m_goals[i].metric->itemData(index).toString().toStdString()); });
    connect(row.direction, &QToolButton::clicked, this, [this, i] {
      change(tr("Change the direction"), [i](auto& settings) {
        if (i < settings.goals.size()) settings.goals[i].larger = !settings.goals[i].larger;
      });
    });
    m_goals.push_back(row);
  }
  fillGoals();
}

void SearchSettings::fillGoals() {
  const auto known = metrics();
  for (std::size_t i = 0; i < m_goals.size(); ++i) {
    auto* combo = m_goals[i].metric;
    combo->clear();
    if (i > 0) combo->addItem(tr("none"), QString());
    for (const auto& metric : known) combo->addItem(goalWord(metric), QString::fromStdString(metric));
  }
}

void SearchSettings::setGoal(std::size_t place, const std::string& metric) {
  change(tr("Change the goal"), [&](auto& settings) {
    auto& goals = settings.goals;
    if (metric.empty()) {
      if (place < goals.size()) goals.erase(goals.begin() + static_cast<std::ptrdiff_t>(place));
      return;
    }
    const auto goal = services::goalOf(metric);
    if (place < goals.size())
      goals[place] = goal;
    else
      goals.push_back(goal);
  });
}

QComboBox* SearchSettings::addNamed(const char* object, const QString& label, const QString& help, QLabel*& note) {
  auto* holder = new QWidget(m_form);
  auto* column = new QVBoxLayout(holder);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  auto* combo = makeCombo(holder, object);
  note = makeParagraph(TextRole::Caption, holder);
  column->addWidget(combo);
  column->addWidget(note);
  holder->setFocusProxy(combo);
  m_form->addRow(label, holder, help);
  combo->setAccessibleName(label);
  return combo;
}

void SearchSettings::addNames() {
  m_sampler = addNamed("sampler", tr("Sampler"), tr("Who proposes the next configuration"), m_samplerNote);
  for (const auto& name : services::samplerNames()) {
    m_sampler->addItem(samplerWord(name), QString::fromStdString(name));
    m_sampler->setItemData(m_sampler->count() - 1, samplerHelp(name), Qt::ToolTipRole);
  }
  m_pruner = addNamed("pruner", tr("Pruner"), tr("Who stops hopeless trials early"), m_prunerNote);
  for (const auto& name : services::prunerNames()) {
    m_pruner->addItem(prunerWord(name), QString::fromStdString(name));
    m_pruner->setItemData(m_pruner->count() - 1, prunerHelp(name), Qt::ToolTipRole);
  }
  connect(m_sampler, &QComboBox::activated, this, [this](int index) {
    change(tr("Change the sampler"),
           [&](auto& settings) { settings.sampler = m_sampler->itemData(index).toString().toStdString(); });
  });
  connect(m_pruner, &QComboBox::activated, this, [this](int index) {
    change(tr("Change the pruner"), [&](auto& settings) {
      // A pruner that goes with a sampler of its own brings it along, unless somebody chose another.
      const auto before = services::customarySampler(settings.pruner);
      settings.pruner = m_pruner->itemData(index).toString().toStdString();
      if (settings.architecture.method.empty() && settings.sampler == before)
        settings.sampler = services::customarySampler(settings.pruner);
    });
  });
}

ValueEditor* SearchSettings::addNumber(const char* object, const QString& label, const QString& help, double low,
                                       double high, const QString& placeholder, const QString& unit) {
  ValueEditor::Description description;
  description.type = unit.isEmpty() ? spec::AttributeType::Integer : spec::AttributeType::Real;
  description.low = low;
  description.high = high;
  description.nullable = !placeholder.isEmpty();
  description.placeholder = placeholder;
  auto* holder = new QWidget(m_form);
  auto* line = new QHBoxLayout(holder);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(6);
  auto* editor = new ValueEditor(description, holder);
  editor->setObjectName(QLatin1String(object));
  line->addWidget(editor, 1);
  if (!unit.isEmpty()) line->addWidget(makeLabel(TextRole::Caption, holder, unit));
  holder->setFocusProxy(editor);
  m_form->addRow(label, holder, help);
  editor->setAccessibleText(label, help);
  editor->setToolTip(help);
  return editor;
}

void SearchSettings::addLimits() {
  const auto number = [](const Value& value) { return value.isNull() ? std::int64_t{0} : value.toInteger(); };
  m_trials = addNumber("trials", tr("Trials"), tr("How many in all; empty: as many as the time allows"), 1,
                       largestTrials, tr("by the time"));
  connect(m_trials, &ValueEditor::edited, this, [this, number](const Value& value) {
    change(tr("Change the number of trials"), [&](auto& settings) { settings.trials = number(value); });
  });
  m_minutes = addNumber("minutes", tr("Time limit"), tr("The search stops by then; trials that run are paused"), 0.01,
                        100000, tr("none"), tr("min"));
  connect(m_minutes, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the time limit"),
           [&](auto& settings) { settings.seconds = value.isNull() ? 0 : secondsAMinute * value.toReal(); });
  });
  m_workers =
      addNumber("workers", tr("At a time"), tr("Trials that are trained side by side"), 1, 1024, tr("one a core"));
  connect(m_workers, &ValueEditor::edited, this, [this, number](const Value& value) {
    change(tr("Change the workers"), [&](auto& settings) { settings.workers = static_cast<int>(number(value)); });
  });
  m_minEpochs = addNumber("minEpochs", tr("First rung"),
                          tr("Epochs that every trial is given before it may be stopped"), 1, 100000, tr("automatic"));
  connect(m_minEpochs, &ValueEditor::edited, this, [this, number](const Value& value) {
    change(tr("Change the first rung"), [&](auto& settings) { settings.minEpochs = number(value); });
  });
}

void SearchSettings::addConfirming() {
  m_folds = addNumber("folds", tr("Folds"),
                      tr("Cross-validation: each trial is trained so many times, on other rows each, and judged by the "
                         "mean; empty: by the validation rows"),
                      2, 50, tr("none"));
  connect(m_folds, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the folds"),
           [&](auto& settings) { settings.folds = value.isNull() ? 0 : static_cast<int>(value.toInteger()); });
  });
  addSharedNetwork();
  addFinalTrainings();
  m_confirmTop = addNumber("confirmTop", tr("Confirm the best"),
                           tr("So many of the best are trained again with other seeds before one is called the winner"),
                           1, 100, {});
  connect(m_confirmTop, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change what is confirmed"),
           [&](auto& settings) { settings.confirmTop = static_cast<int>(value.toInteger()); });
  });
  m_confirmSeeds =
      addNumber("confirmSeeds", tr("With seeds"),
                tr("New seeds that each of them is trained with; 1: nothing is trained again"), 0, 100, {});
  connect(m_confirmSeeds, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change what is confirmed"),
           [&](auto& settings) { settings.confirmSeeds = static_cast<int>(value.toInteger()); });
  });
  m_seed = addNumber("studySeed", tr("Seed"), tr("The same seed gives the same proposals"), 0, 9e15, {});
  connect(m_seed, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change the seed"),
           [&](auto& settings) { settings.seed = static_cast<std::uint64_t>(value.toInteger()); });
  });
  m_deterministic =
      addCheck("deterministic", tr("Repeatable"),
               tr("The same study whatever the number of workers; proposals look a few trials behind for it"));
  connect(m_deterministic, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change how repeatable it is"), [&](auto& settings) { settings.deterministic = value.toBool(); });
  });
}

void SearchSettings::addTerminator() {
  m_terminator = addCheck("terminator", tr("End early"),
                          tr("Ends the study when its best can be beaten by less than the noise of one evaluation"));
  connect(m_terminator, &ValueEditor::edited, this, [this](const Value& value) {
    change(tr("Change when the study ends"), [&](auto& settings) { settings.terminator = value.toBool(); });
  });
}

void SearchSettings::follow() {
  const auto& settings = m_workbench.experiment().search().settings;
  for (std::size_t i = 0; i < m_goals.size(); ++i) {
    const auto& row = m_goals[i];
    const bool there = i < settings.goals.size();
    showRow(row.holder, i <= std::max<std::size_t>(settings.goals.size(), 1));
    row.direction->setVisible(there);
    if (!there) {
      row.metric->setCurrentIndex(0);
      continue;
    }
    const auto& goal = settings.goals[i];
    const auto name = QString::fromStdString(goal.metric);
    if (row.metric->findData(name) < 0) row.metric->addItem(goalWord(goal.metric), name);
    row.metric->setCurrentIndex(row.metric->findData(name));
    row.direction->setText(goal.larger ? QStringLiteral("\u2191") : QStringLiteral("\u2193"));
    const auto word = goal.larger ? tr("Larger is better") : tr("Smaller is better");
    row.direction->setToolTip(word);
    row.direction->setAccessibleName(word);
  }
  m_sampler->setCurrentIndex(m_sampler->findData(QString::fromStdString(settings.sampler)));
  m_pruner->setCurrentIndex(m_pruner->findData(QString::fromStdString(settings.pruner)));
  m_samplerNote->setText(samplerHelp(settings.sampler));
  m_samplerNote->setVisible(!m_samplerNote->text().isEmpty());
  m_prunerNote->setText(prunerHelp(settings.pruner));
  m_prunerNote->setVisible(!m_prunerNote->text().isEmpty());
  m_trials->setValue(orNone(settings.trials));
  m_minutes->setValue(settings.seconds > 0 ? Value(settings.seconds / secondsAMinute) : Value());
  m_workers->setValue(orNone(settings.workers));
  m_minEpochs->setValue(orNone(settings.minEpochs));
  m_folds->setValue(orNone(settings.folds));
  m_terminator->setValue(settings.terminator);
  m_seed->setValue(Value(static_cast<std::int64_t>(settings.seed)));
  m_deterministic->setValue(settings.deterministic);
  m_confirmTop->setValue(Value(settings.confirmTop));
  m_confirmSeeds->setValue(Value(settings.confirmSeeds));
  const bool architectures = m_workbench.experiment().search().architectures();
  showRow(m_sampler, !architectures);
  showRow(m_folds, !architectures);
  showRow(m_terminator, !architectures);
  const bool ownPruner = architectures && settings.architecture.method == "bohb";
  showRow(m_pruner, !ownPruner);
  followPruner();
  showRow(m_minEpochs, settings.pruner != "none" || ownPruner);
  for (const auto* each : {m_confirmTop, m_confirmSeeds}) showRow(each, settings.goals.size() < 2);
  followArchitecture();
}

/// The row of an editor, or of the holder that it is in.
void SearchSettings::showRow(const QWidget* editor, bool shown) const {
  for (const auto& row : m_form->rows())
    if (row.field == editor || row.field == editor->parentWidget()) row.setVisible(shown);
}

}  // namespace lathe::ui
