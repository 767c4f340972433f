// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/jobs_strip.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <algorithm>

#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/progress_text.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

JobsStrip::JobsStrip(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      m_workbench(workbench),
      m_name(makeButton(ButtonKind::Link, this)),
      m_text(new ElidedLabel(this)),
      m_progress(new ThinProgress(this)),
      m_rate(new ElidedLabel(this)),
      m_pause(makeButton(ButtonKind::Ordinary, this)),
      m_stop(makeButton(ButtonKind::Ordinary, this)),
      m_more(makeButton(ButtonKind::Link, this)) {
  setProperty("strip", true);
  setObjectName(QStringLiteral("jobsStrip"));
  m_pause->setObjectName(QStringLiteral("jobPause"));
  m_stop->setObjectName(QStringLiteral("jobStop"));
  m_more->setObjectName(QStringLiteral("moreJobs"));
  setTextRole(*m_text, TextRole::Body);
  m_text->setProperty("formLabel", true);
  for (auto* label : {m_text, m_rate}) setTextRole(*label, TextRole::Caption);
  m_progress->setFixedWidth(200);

  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 6, 16, 6);
  layout->setSpacing(10);
  layout->addWidget(m_name);
  layout->addWidget(m_text);
  layout->addWidget(m_progress);
  layout->addWidget(m_rate);
  layout->addWidget(m_pause);
  layout->addWidget(m_stop);
  layout->addStretch(1);
  layout->addWidget(m_more);
  setFixedHeight(std::max(m_pause->sizeHint().height() + 13, 40));

  connect(m_name, &QPushButton::clicked, this, [this] {
    if (m_autopilot)
      Q_EMIT autopilotClicked();
    else if (m_study != 0)
      Q_EMIT studyClicked(m_study);
    else if (m_run != 0)
      Q_EMIT runClicked(m_run);
  });
  connect(m_pause, &QPushButton::clicked, this, [this] {
    if (m_study != 0)
      m_workbench.studies().pause(m_study);
    else
      m_workbench.runs().pause(m_run);
  });
  connect(m_stop, &QPushButton::clicked, this, [this] {
    if (m_autopilot)
      m_workbench.autopilot().stop();
    else if (m_study != 0)
      m_workbench.studies().cancel(m_study);
    else if (m_run != 0)
      m_workbench.runs().cancel(m_run);
    else
      m_workbench.exports().cancel();
  });
  connect(m_more, &QPushButton::clicked, this, &JobsStrip::openJobs);

  auto& runs = workbench.runs();
  connect(&runs, &RunsController::runsReset, this, &JobsStrip::follow);
  connect(&runs, &RunsController::runChanged, this, &JobsStrip::follow);
  auto& studies = workbench.studies();
  connect(&studies, &StudyController::studiesChanged, this, &JobsStrip::follow);
  connect(&studies, &StudyController::progressChanged, this, &JobsStrip::follow);
  connect(&studies, &StudyController::startingChanged, this, &JobsStrip::follow);
  connect(&workbench.autopilot(), &AutopilotController::changed, this, &JobsStrip::follow);
  connect(&workbench, &Workbench::busyChanged, this, [this](bool busy, const QString& what) {
    setWork(m_busy, busy ? std::optional<Work>({what, -1}) : std::nullopt);
  });
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::inspecting, this, [this](const Progress& progress) {
    setWork(m_reading, Work{progressWord(progress), progressFraction(progress)});
  });
  connect(&experiment, &ExperimentController::dataChanged, this, [this] { setWork(m_reading, {}); });
  connect(&experiment, &ExperimentController::dataFailed, this, [this] { setWork(m_reading, {}); });
  auto& exports = workbench.exports();
  connect(&exports, &ExportController::progress, this, [this](const Progress& progress) {
    setWork(m_exporting, Work{progressWord(progress), progressFraction(progress)});
  });
  connect(&exports, &ExportController::exported, this, [this] { setWork(m_exporting, {}); });
  connect(&exports, &ExportController::failed, this, [this] { setWork(m_exporting, {}); });
  follow();
}

void JobsStrip::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) follow();
}

std::vector<store::RunNumber> JobsStrip::jobs() const {
  auto active = m_workbench.runs().active();
  std::erase_if(active, [this](store::RunNumber run) { return m_workbench.autopilot().owns(run); });
  return active;
}

void JobsStrip::setWork(std::optional<Work>& work, std::optional<Work> value) {
  work = std::move(value);
  follow();
}

QString JobsStrip::progressText(const store::RunRecord& run) const {
  if (run.status == spec::RunStatus::Queued) return tr("waiting");
  if (run.status == spec::RunStatus::Pausing) return tr("saving a checkpoint");
  if (const auto* choosing = m_workbench.runs().choosing(run.number)) return translated(choosing->message(), "events");
  if (run.totalEpochs <= 0) return tr("preparing");
  return tr("epoch %1 of %2").arg(std::clamp(run.epochs + 1, 1, run.totalEpochs)).arg(run.totalEpochs);
}

void JobsStrip::showRun(const store::RunRecord& run, std::size_t others) {
  m_run = run.number;
  m_name->setText(tr("Run %1").arg(run.number));
  m_name->setToolTip(tr("Show this run on the Train page"));
  m_text->setText(progressText(run));
  double fraction = run.totalSteps > 0 ? static_cast<double>(run.steps) / static_cast<double>(run.totalSteps) : -1;
  if (const auto* choosing = m_workbench.runs().choosing(run.number); choosing != nullptr && choosing->total > 0)
    fraction = static_cast<double>(choosing->done) / choosing->total;
  m_progress->setFraction(fraction);
  m_progress->setAccessibleName(tr("Progress: %1").arg(format::percent(std::max(fraction, 0.0))));
  const auto* inspected = m_workbench.experiment().data();
  QStringList parts;
  const bool images = inspected != nullptr && inspected->profile.image;
  const bool clips = inspected != nullptr && inspected->profile.audio;
  if (run.samplesPerSecond > 0)
    parts << format::rate(run.samplesPerSecond, images ? tr("images") : clips ? tr("clips") : tr("rows"));
  if (run.secondsLeft >= 0) parts << tr("%1 left").arg(format::duration(run.secondsLeft));
  m_rate->setText(parts.join(QStringLiteral(" · ")));
  m_pause->setEnabled(m_workbench.runs().can(spec::RunAction::Pause, run.number));
  m_stop->setEnabled(m_workbench.runs().can(spec::RunAction::Cancel, run.number));
  m_more->setVisible(others > 0);
  m_more->setText(tr("%n more job(s)", nullptr, static_cast<int>(others)));
}

QString JobsStrip::studyText(store::StudyNumber study) const {
  const auto& studies = m_workbench.studies();
  const auto* record = studies.study(study);
  if (record == nullptr) return {};
  const auto* progress = studies.progress(study);
  if (progress != nullptr && progress->confirming) return tr("the best are trained again");
  const auto ended = record->completed + record->pruned + record->failed;
  const auto planned = progress != nullptr ? progress->planned : 0;
  return planned > 0 ? tr("%1 of %2 trials").arg(format::integer(ended), format::integer(planned))
                     : tr("%n trial(s)", nullptr, format::plural(ended));
}

void JobsStrip::showStudy(store::StudyNumber study, std::size_t others) {
  m_study = study;
  const auto& studies = m_workbench.studies();
  const auto* record = studies.study(study);
  const auto* progress = studies.progress(study);
  m_name->setText(tr("Study %1").arg(study));
  m_name->setToolTip(tr("Show this study on the Search page"));
  m_text->setText(studyText(study));
  double fraction = -1;
  if (progress != nullptr && progress->planned > 0)
    fraction = static_cast<double>(record->completed + record->pruned + record->failed) /
               static_cast<double>(progress->planned);
  m_progress->setFraction(std::min(fraction, 1.0));
  m_progress->setAccessibleName(tr("Progress: %1").arg(format::percent(std::max(fraction, 0.0))));
  m_rate->setText(progress != nullptr && progress->secondsLeft >= 0
                      ? tr("%1 left").arg(format::duration(progress->secondsLeft))
                      : QString());
  m_pause->setEnabled(studies.can(StudyController::Action::Pause, study));
  m_stop->setEnabled(studies.can(StudyController::Action::Cancel, study));
  m_more->setVisible(others > 0);
  m_more->setText(tr("%n more job(s)", nullptr, static_cast<int>(others)));
}

void JobsStrip::showAutopilot(std::size_t others) {
  m_autopilot = true;
  const auto& autopilot = m_workbench.autopilot();
  const auto& progress = autopilot.progress();
  const bool training =
      autopilot.state() == AutopilotController::State::Running && progress.stage < services::AutopilotStage::Joining;
  m_name->setText(tr("Autopilot"));
  m_name->setToolTip(tr("Show its page"));
  const auto doing = translated(progress.doing, "events");
  m_text->setText(autopilot.state() == AutopilotController::State::Deploying ? tr("deploying")
                  : doing.isEmpty()                                          ? tr("preparing")
                                                                             : doing);
  const double fraction = training && progress.seconds > 0 ? std::min(1.0, progress.used / progress.seconds) : -1;
  m_progress->setFraction(fraction);
  m_progress->setAccessibleName(tr("Progress: %1").arg(format::percent(std::max(fraction, 0.0))));
  m_rate->setText(training ? tr("%1 left").arg(format::duration(progress.secondsLeft)) : QString());
  m_stop->setToolTip(tr("Stop the Autopilot and keep the best"));
  m_pause->hide();
  m_stop->setEnabled(autopilot.state() == AutopilotController::State::Running);
  m_more->setVisible(others > 0);
  m_more->setText(tr("%n more job(s)", nullptr, static_cast<int>(others)));
}

void JobsStrip::follow() {
  m_pause->setText(tr("Pause"));
  m_stop->setText(tr("Stop"));
  m_pause->setToolTip(tr("Stop at the next step with a checkpoint; Resume goes on from there"));
  m_stop->setToolTip(tr("End this job; what was trained so far is kept"));
  const auto active = jobs();
  const store::RunRecord* run = nullptr;
  if (std::find(active.begin(), active.end(), m_run) != active.end()) run = m_workbench.runs().run(m_run);
  if (run == nullptr && !active.empty()) run = m_workbench.runs().run(active.front());
  const Work* work = m_exporting ? &*m_exporting : m_busy ? &*m_busy : m_reading ? &*m_reading : nullptr;
  std::optional<Work> preparing;
  if (const auto& all = m_workbench.studies(); work == nullptr && all.starting())
    work = &preparing.emplace(Work{tr("The search is made ready"), progressFraction(all.startProgress())});
  const auto studies = m_workbench.studies().active();
  const bool flying = m_workbench.autopilot().active();
  const bool searching = run == nullptr && !studies.empty();
  const bool training = run != nullptr || searching || flying;
  m_autopilot = false;
  // In line with the status below: a link button has some space of its own.
  m_text->setContentsMargins(training ? 0 : 4, 0, 0, 0);
  m_name->setVisible(training);
  m_progress->setVisible(training || work != nullptr);
  m_rate->setVisible(training);
  m_pause->setVisible(training);
  m_stop->setVisible(training || m_exporting.has_value());
  m_study = 0;
  const std::size_t beside = (work != nullptr ? 1 : 0) + (flying && (run != nullptr || searching) ? 1 : 0);
  if (run != nullptr) return showRun(*run, active.size() - 1 + studies.size() + beside);
  m_run = 0;
  if (searching) return showStudy(studies.front(), studies.size() - 1 + beside);
  if (flying) return showAutopilot(beside);
  m_more->hide();
  m_stop->setEnabled(true);
  m_text->setText(work != nullptr ? work->what : tr("Nothing is training"));
  m_progress->setFraction(work != nullptr ? work->fraction : 0);
}

void JobsStrip::openJobs() {
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  for (const auto number : jobs()) {
    const auto* run = m_workbench.runs().run(number);
    if (run == nullptr) continue;
    auto* action = menu->addAction(tr("Run %1, %2").arg(number).arg(progressText(*run)));
    action->setCheckable(true);
    action->setChecked(number == m_run);
    connect(action, &QAction::triggered, this, [this, number] {
      m_run = number;
      follow();
      Q_EMIT runClicked(number);
    });
  }
  for (const auto study : m_workbench.studies().active()) {
    auto* action = menu->addAction(tr("Study %1, %2").arg(study).arg(studyText(study)));
    connect(action, &QAction::triggered, this, [this, study] { Q_EMIT studyClicked(study); });
  }
  if (m_workbench.autopilot().active())
    connect(menu->addAction(tr("Autopilot")), &QAction::triggered, this, &JobsStrip::autopilotClicked);
  for (const auto* work : {&m_exporting, &m_busy, &m_reading})
    if (*work) menu->addAction((*work)->what)->setEnabled(false);
  const auto size = menu->sizeHint();
  menu->popup(m_more->mapToGlobal(QPoint(m_more->width() - size.width(), -size.height() - 2)));
}

}  // namespace lathe::ui
