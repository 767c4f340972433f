// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/train_inspector.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "core/services/automatic_training.h"
#include "core/spec/spec_json.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/augment_panel.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/train_form.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

namespace {

constexpr int margin = 12;
constexpr int linkSpace = 4;

}  // namespace

TrainInspector::TrainInspector(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_header(new PaneHeader(this)),
      m_form(new SpecFormWidget(workbench, trainFormPlan(), this)),
      m_findRate(makeButton(ButtonKind::Link, this)),
      m_reasonsTitle(makeLabel(TextRole::Strong, this)),
      m_reasons(makeParagraph(TextRole::Caption, this)),
      m_freeze(makeButton(ButtonKind::Ordinary, this)) {
  setObjectName(QStringLiteral("trainInspector"));
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->setSpacing(0);
  outer->addWidget(m_header);
  m_findRate->setObjectName(QStringLiteral("findRate"));
  // A link button has some space of its own: its text stands above the headings.
  auto* link = new QHBoxLayout;
  link->setContentsMargins(margin - linkSpace, margin, margin, 0);
  link->addWidget(m_findRate, 0, Qt::AlignLeft);
  outer->addLayout(link);
  auto* layout = new QVBoxLayout;
  layout->setContentsMargins(margin, 8, margin, margin);
  layout->setSpacing(8);
  layout->addWidget(m_form);
  layout->addSpacing(8);
  layout->addWidget(new AugmentPanel(workbench, this));
  layout->addSpacing(8);
  layout->addWidget(m_reasonsTitle);
  layout->addWidget(m_reasons);
  m_freeze->setObjectName(QStringLiteral("freezeChoices"));
  layout->addWidget(m_freeze, 0, Qt::AlignLeft);
  layout->addStretch(1);
  outer->addLayout(layout, 1);
  m_reasons->setTextInteractionFlags(Qt::TextSelectableByMouse);
  connect(&workbench.experiment(), &ExperimentController::specChanged, this, &TrainInspector::retranslate);
  connect(m_findRate, &QPushButton::clicked, this, [this] {
    auto* dialog = new RateDialog(m_workbench, window());
    dialog->open();
  });
  connect(m_freeze, &QPushButton::clicked, this, &TrainInspector::freeze);
  connect(&workbench.runs(), &RunsController::shownChanged, this, &TrainInspector::followReasons);
  // The reasons are written before the first step; until then every commit may bring them.
  connect(&workbench.runs(), &RunsController::runChanged, this, [this](qint64 run) {
    if (run == m_reasonsOf && !m_complete) followReasons();
  });
  // A short run may be over before the table knows it: then it appears finished and never changes.
  connect(&workbench.runs(), &RunsController::runsReset, this, [this] {
    if (!m_complete) followReasons();
  });
  retranslate();
  followReasons();
}

void TrainInspector::retranslate() {
  const auto name = QString::fromStdString(m_workbench.experiment().spec().name);
  m_findRate->setText(tr("Find a learning rate…"));
  m_findRate->setToolTip(
      tr("Trains for a moment with a growing learning rate, shows the loss over it and marks a good one."));
  m_freeze->setText(tr("Keep these values"));
  m_freeze->setToolTip(
      tr("Writes the optimiser, learning rate, batch size and epochs that this run chose into the experiment, so that "
         "the next training does not choose again. Undo brings the automatic ones back."));
  m_header->setTitle(name.isEmpty() ? tr("Experiment") : tr("Experiment: %1").arg(name));
}

void TrainInspector::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    retranslate();
    m_complete = false;
    followReasons();
  }
  QWidget::changeEvent(event);
}

void TrainInspector::followReasons() {
  const auto& shown = m_workbench.runs().shown();
  const auto project = m_workbench.project();
  const auto run = shown.empty() ? store::RunNumber{0} : shown.front();
  if (run != m_reasonsOf) m_complete = false;
  m_reasonsOf = run;
  if (run == 0 || !project) {
    showReasons(0, {});
    return;
  }
  if (m_complete) return;
  // As it was when asked: what is read now holds the reasons only if the first step was over before.
  const auto* record = m_workbench.runs().run(run);
  const bool started = record != nullptr && record->steps > 0;
  runAsync(
      m_workbench.readers(), this, [project, run] { return project->store().events(run); },
      [this, run, started](const Result<std::vector<store::Event>>& events) {
        if (run != m_reasonsOf || !events) return;
        showReasons(run, *events);
        m_complete = started;
      });
}

void TrainInspector::showReasons(store::RunNumber run, const std::vector<store::Event>& events) {
  QStringList sentences;
  for (const auto& event : events)
    if (event.kind == "choice" || event.kind == "executor") sentences << translated(event.message, "events");
  m_reasonsTitle->setText(tr("Why run %1 has these values").arg(run));
  m_reasons->setText(sentences.join(QLatin1Char('\n')));
  m_reasonsTitle->setVisible(!sentences.isEmpty());
  m_reasons->setVisible(!sentences.isEmpty());
  m_freeze->setVisible(!sentences.isEmpty());
}

void TrainInspector::freeze() {
  const auto project = m_workbench.project();
  if (!project || m_reasonsOf == 0) return;
  runAsync(
      m_workbench.readers(), this, [project, run = m_reasonsOf] { return project->store().runSpec(run); },
      [this, run = m_reasonsOf](const Result<std::string>& json) {
        const auto chosen = json ? spec::fromJson(*json) : Result<spec::ExperimentSpec>(tl::unexpected(json.error()));
        auto& experiment = m_workbench.experiment();
        if (!chosen) return Q_EMIT experiment.failed(chosen.error());
        // A run that is still choosing has nothing to keep yet.
        if (services::needsTrying(chosen->training)) return;
        auto spec = experiment.spec();
        const auto seed = spec.training.seed;
        spec.training = chosen->training;
        spec.training.seed = seed;
        // What was chosen for other data says nothing of these.
        if (chosen->data.path == spec.data.path) {
          spec.data.split.method = chosen->data.split.method;
          spec.data.preprocessing = chosen->data.preprocessing;
        }
        experiment.setSpec(std::move(spec), tr("Keep the values of run %1").arg(run));
      });
}

}  // namespace lathe::ui
