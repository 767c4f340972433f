// SPDX-License-Identifier: GPL-3.0-or-later
// What the live view of the Autopilot says.
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>
#include <array>
#include <cmath>

#include "core/spec/metrics.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/workbench.h"
#include "ui/models/autopilot_model.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/pages/autopilot_live.h"
#include "ui/pages/data_inspector.h"
#include "ui/pages/pane_header.h"
#include "ui/plots/autopilot_plot.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

using services::AutopilotStage;
using State = AutopilotController::State;

namespace {

constexpr std::array stages{AutopilotStage::Reading, AutopilotStage::Baselines,  AutopilotStage::Portfolio,
                            AutopilotStage::Search,  AutopilotStage::Refinement, AutopilotStage::Joining,
                            AutopilotStage::Refit,   AutopilotStage::Testing,    AutopilotStage::Export,
                            AutopilotStage::Report};

QString budgetText(double seconds) {
  const double minutes = seconds / 60;
  return minutes >= 1 && minutes < 60 && minutes == std::floor(minutes)
             ? AutopilotLive::tr("%1 min").arg(format::integer(static_cast<std::int64_t>(minutes)))
             : format::duration(seconds);
}

void showText(QLabel& label, const QString& text) {
  label.setText(text);
  label.setVisible(!text.isEmpty());
}

}  // namespace

QString AutopilotLive::headline() const {
  const auto& autopilot = m_workbench.autopilot();
  const auto* outcome = autopilot.outcome();
  switch (autopilot.state()) {
    case State::Stopping:
      return tr("Stopping: the best so far is made into a model");
    case State::Deploying:
      return tr("Deploying and comparing the answers");
    case State::Failed:
      return autopilot.error() ? translated(autopilot.error()->message) : QString();
    case State::Done:
      break;
    default: {
      const auto doing = translated(autopilot.progress().doing, "events");
      return doing.isEmpty() ? tr("Starting") : doing;
    }
  }
  if (outcome == nullptr) return {};
  if (outcome->parity && !outcome->parity->ok) return tr("The exported model differs from the trained one");
  return outcome->stopped ? tr("Stopped: the best so far is exported and verified")
                          : tr("Done: the model is exported and verified");
}

QString AutopilotLive::baselines() const {
  QStringList parts;
  for (const auto& each : m_workbench.autopilot().contenders())
    if (each.baseline && each.value)
      parts << QStringLiteral("%1 %2").arg(QString::fromStdString(each.name), format::aligned(*each.value));
  return parts.isEmpty() ? QString() : tr("Baselines: %1").arg(parts.join(QStringLiteral(" \u00b7 ")));
}

QString AutopilotLive::served() const {
  const auto& autopilot = m_workbench.autopilot();
  if (autopilot.deployError()) return tr("Not deployed: %1").arg(errorText(*autopilot.deployError()));
  const auto& deployment = autopilot.deployment();
  if (!deployment) return {};
  if (!deployment->healthy)
    return tr("\u2715 Not healthy in the server: %1").arg(deployment->why ? errorText(*deployment->why) : QString());
  return tr("\u2713 Served at %1 with the same answers").arg(QString::fromStdString(deployment->endpoint));
}

void AutopilotLive::followNow() {
  const auto& autopilot = m_workbench.autopilot();
  const auto& progress = autopilot.progress();
  const bool active = autopilot.active();
  m_headline->setText(headline());
  setTextRole(*m_headline, autopilot.state() == State::Failed ? TextRole::Bad : TextRole::Section);
  m_progress->setVisible(active);
  const bool training = progress.stage < AutopilotStage::Joining && autopilot.state() == State::Running;
  m_progress->setFraction(!training ? -1 : progress.seconds > 0 ? std::min(1.0, progress.used / progress.seconds) : 0);
  QStringList time;
  if (active) {
    time << tr("%1 of %2 used").arg(format::duration(progress.used), budgetText(progress.seconds));
    if (training) time << tr("about %1 left").arg(format::duration(progress.secondsLeft));
    if (progress.tried > 0) time << tr("%n model(s) trained whole", nullptr, progress.tried);
  } else if (autopilot.state() == State::Failed && autopilot.error()) {
    time << translated(autopilot.error()->hint);
  } else if (const auto* outcome = autopilot.outcome()) {
    time << tr("%1 of %2 used").arg(format::duration(outcome->seconds), budgetText(progress.seconds))
         << tr("%n model(s) trained whole", nullptr, progress.tried);
  }
  showText(*m_time, time.join(QStringLiteral(" \u00b7 ")));
  const bool known = active && progress.value.has_value();
  showText(*m_best, known ? tr("Best so far: %1 %2 by \u201c%3\u201d", "metric, value, model")
                                .arg(format::metricWord(progress.metric), format::aligned(*progress.value),
                                     QString::fromStdString(progress.best))
                          : QString());
  showText(*m_against, baselines());
}

void AutopilotLive::followResult() {
  const auto& autopilot = m_workbench.autopilot();
  const auto* outcome = autopilot.state() == State::Done ? autopilot.outcome() : nullptr;
  showText(*m_why, outcome != nullptr ? whyThisOne(*outcome) : QString());
  m_metrics->setVisible(outcome != nullptr);
  QString check;
  if (outcome != nullptr && outcome->parity) {
    const auto& parity = *outcome->parity;
    const auto rows = tr("%n row(s)", nullptr, format::plural(parity.rows));
    check = (parity.ok ? tr("\u2713 Same predictions on %1, largest difference %2, checked by %3")
                       : tr("\u2715 Differs on %1 by up to %2, checked by %3"))
                .arg(rows, format::number(parity.maxDiff, 2), QString::fromStdString(parity.runtime));
    setTextRole(*m_check, parity.ok ? TextRole::Good : TextRole::Bad);
  }
  showText(*m_check, check);
  const bool well = !autopilot.deployError() && autopilot.deployment() && autopilot.deployment()->healthy;
  setTextRole(*m_served, well ? TextRole::Good : TextRole::Bad);
  showText(*m_served, outcome != nullptr ? served() : QString());
  if (outcome == nullptr) return;
  std::vector<FactList::Fact> facts;
  const auto add = [&](const std::string& metric) {
    const auto value = withInterval(*outcome, metric);
    const bool known = std::any_of(facts.begin(), facts.end(),
                                   [&](const auto& fact) { return fact.name == format::metricWord(metric); });
    if (value.isEmpty() || known) return;
    facts.push_back({format::metricWord(metric), value,
                     outcome->intervals.contains(metric)
                         ? tr("%1, with its 95 % interval").arg(format::fullNumber(outcome->metrics.at(metric)))
                         : format::fullNumber(outcome->metrics.at(metric))});
  };
  constexpr std::size_t mostFacts = 6;
  add("val/" + outcome->goal);
  add("test/" + outcome->goal);
  for (const auto& [name, interval] : outcome->intervals)
    if (facts.size() < mostFacts) add(name);
  if (outcome->milliseconds)
    facts.push_back({tr("Time of a row"), tr("%1 ms").arg(format::number(*outcome->milliseconds, 3)), {}});
  if (outcome->bytes) facts.push_back({tr("Size"), format::bytes(*outcome->bytes), {}});
  m_metrics->setFacts(std::move(facts));
}

void AutopilotLive::followWarnings() {
  while (auto* item = m_warnings->takeAt(0)) {
    item->widget()->hide();
    item->widget()->deleteLater();
    delete item;
  }
  const auto* outcome = m_workbench.autopilot().outcome();
  if (outcome == nullptr) return;
  for (const auto& warning : outcome->warnings)
    m_warnings->addWidget(DataInspector::makeNote(m_now, "warning", Theme::current().warning,
                                                  translated(warning.message), translated(warning.hint)));
}

void AutopilotLive::followStages() {
  const auto& autopilot = m_workbench.autopilot();
  const auto& progress = autopilot.progress();
  const auto& began = autopilot.began();
  const bool training = autopilot.state() == State::Running || autopilot.state() == State::Stopping;
  const bool over = !training;
  std::vector<FactList::Fact> facts;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const auto stage = stages[i];
    const auto start = began.find(stage);
    const bool now = training && stage == progress.stage;
    const bool beside =
        training && std::any_of(autopilot.contenders().begin(), autopilot.contenders().end(),
                                [stage](const auto& each) { return each.stage == stage && each.state == "running"; });
    QString word = tr("waiting");
    if (now || beside) {
      word = tr("\u25b6 now");
    } else if (start != began.end()) {
      auto next = began.upper_bound(stage);
      const double end = next != began.end() ? next->second : progress.used;
      const bool failed = over && autopilot.state() == State::Failed && next == began.end();
      word =
          failed ? tr("\u2715 ended here") : tr("\u2713 %1").arg(format::duration(std::max(0.0, end - start->second)));
    } else if (over || stage < progress.stage) {
      word = tr("left out");
    }
    facts.push_back({stageWord(stage), word, {}});
  }
  const auto& wish = autopilot.wish();
  if (wish.serve || wish.deploy) {
    const bool well = autopilot.deployment() && autopilot.deployment()->healthy;
    facts.push_back({tr("Deploy, check its health"),
                     autopilot.state() == State::Deploying               ? tr("\u25b6 now")
                     : autopilot.state() != State::Done                  ? (training ? tr("waiting") : tr("left out"))
                     : well                                              ? tr("\u2713 healthy")
                     : autopilot.deployment() || autopilot.deployError() ? tr("\u2715 failed")
                                                                         : tr("left out"),
                     {}});
  }
  m_stages->setFacts(std::move(facts));
}

void AutopilotLive::followPlot() {
  const auto& autopilot = m_workbench.autopilot();
  const auto& progress = autopilot.progress();
  const auto marks = [](const std::vector<AutopilotController::Point>& points) {
    std::vector<AutopilotPlot::Mark> result;
    for (const auto& point : points)
      result.push_back({point.seconds, point.value, QString::fromStdString(point.name), point.baseline});
    return result;
  };
  m_plot->setAxes(progress.metric.empty() ? QString() : format::metricWord(progress.metric), progress.larger,
                  progress.seconds);
  m_plot->setMarks(marks(autopilot.points()), marks(autopilot.best()), progress.used);
}

void AutopilotLive::followButtons() {
  const auto& autopilot = m_workbench.autopilot();
  const auto* outcome = autopilot.outcome();
  const bool done = autopilot.state() == State::Done && outcome != nullptr;
  const bool failed = autopilot.state() == State::Failed;
  // The newest that its folder has as unfinished is this one.
  const bool more = !autopilot.earlier().empty() && !autopilot.earlier().front().state.finished;
  m_buttons->setVisible(done || failed);
  m_report->setVisible(done && !outcome->report.empty());
  m_run->setVisible(done && outcome->finalRun > 0);
  m_folder->setVisible(done && !outcome->exported.empty());
  m_deploy->setVisible(done && outcome->finalRun > 0);
  m_goOn->setVisible((failed || (done && outcome->stopped)) && more);
  m_again->setVisible(done || failed);
  const bool run = chosenRun() > 0;
  m_show->setEnabled(run);
  m_take->setEnabled(run);
}

void AutopilotLive::follow() {
  const auto& autopilot = m_workbench.autopilot();
  if (autopilot.state() == State::Idle) return;
  const auto& progress = autopilot.progress();
  const auto file = QString::fromStdU16String(std::filesystem::path(autopilot.spec().data.path).filename().u16string());
  m_header->setTitle(file.isEmpty() ? tr("Autopilot") : tr("Autopilot on %1").arg(file));
  m_tableHeader->setNote(tr("%n begun, each is a run", nullptr, static_cast<int>(autopilot.contenders().size())));
  followNow();
  followResult();
  followStages();
  followPlot();
  followButtons();
  if (progress.contenders.empty() || autopilot.outcome() != nullptr || m_warnings->count() > 0) followWarnings();
}

void AutopilotLive::retranslate() {
  m_report->setText(tr("Open report"));
  m_run->setText(tr("Show the run"));
  m_folder->setText(tr("Export folder"));
  m_deploy->setText(tr("Deploy…"));
  m_goOn->setText(tr("Go on"));
  m_again->setText(tr("New Autopilot"));
  for (auto* button : {m_report, m_run, m_folder, m_deploy, m_goOn, m_again}) button->setAccessibleName(button->text());
  m_run->setToolTip(tr("The final model among the runs of the Train page"));
  m_deploy->setToolTip(tr("The Deploy page, with this model chosen"));
  m_stagesHeader->setTitle(tr("Stages"));
  m_plot->setTitle(tr("Best over time"));
  m_plot->setAccessibleName(tr("Best over time"));
  m_plot->setEmptyText(tr("The first model is not ready yet."));
  m_tableHeader->setTitle(tr("Models"));
  m_show->setText(tr("show run"));
  m_show->setToolTip(tr("Its curves on the Train page"));
  m_take->setText(tr("take over"));
  m_take->setToolTip(tr("Makes its model, training and preprocessing the experiment, to be changed by hand"));
  m_table->setAccessibleName(tr("Models"));
  m_model->retranslate();
  followTable();
  follow();
}

}  // namespace lathe::ui
