// SPDX-License-Identifier: GPL-3.0-or-later
// Trainings, while they run and after.
#include <QPushButton>

#include "tests/tour/tour.h"
#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/rate_finder.h"
#include "ui/bridge/runs_controller.h"
#include "ui/pages/deploy_page.h"
#include "ui/pages/predictions_grid.h"
#include "ui/pages/predictions_panel.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/train_tabs.h"

namespace lathe::tests {

using namespace lathe::ui;

bool Tour::trainOnce() {
  if (!wait([this] { return !m_workbench.experiment().cannotTrain(); }, "a trainable experiment")) return false;
  const auto before = m_workbench.runs().runs().size();
  m_workbench.experiment().train();
  return wait(
      [this, before] { return m_workbench.runs().runs().size() > before && m_workbench.runs().active().empty(); },
      "a run");
}

bool Tour::trainTable() {
  m_workbench.openSample(QStringLiteral("breast-cancer"), true);
  auto& experiment = m_workbench.experiment();
  if (!wait([this] { return !m_workbench.runs().runs().empty(); }, "the first run")) return false;
  if (!wait([this] { return m_workbench.runs().active().empty(); }, "its end")) return false;
  experiment.setField("training.optimizer.lr", "0.01", QStringLiteral("Change the learning rate"));
  experiment.setField("training.epochs", "30", QStringLiteral("Change the epochs"));
  if (!trainOnce()) return false;
  experiment.setTemplate("resmlp");
  if (!trainOnce()) return false;
  experiment.setField("training.optimizer.lr", "1000000", QStringLiteral("Change the learning rate"));
  if (!trainOnce()) return false;
  experiment.setField("training.optimizer.lr", "0.003", QStringLiteral("Change the learning rate"));
  m_workbench.runs().setShown({3, 2, 1});
  bool over = false;
  QObject context;
  QObject::connect(&m_workbench.exports(), &ExportController::exported, &context, [&over] { over = true; });
  QObject::connect(&m_workbench.exports(), &ExportController::failed, &context, [&over] { over = true; });
  m_window.showPage(QStringLiteral("deploy"));
  settle();
  if (auto* deploy = qobject_cast<DeployPage*>(m_window.page(QStringLiteral("deploy")))) deploy->chooseRun(2);
  if (auto* start = m_window.findChild<QPushButton*>(QStringLiteral("exportStart"))) start->click();
  wait([&over] { return over; }, "the export");
  return serveRun();
}

/// A run in the server of the window, and a row that it answers.
bool Tour::serveRun() {
  auto& deployments = m_workbench.deployments();
  if (auto* serve = m_window.findChild<QPushButton*>(QStringLiteral("serveHere"))) serve->click();
  if (!wait([&] { return !deployments.busy() && !deployments.entries().empty(); }, "a served run")) return false;
  wait([&] { return deployments.entries().front().state.has_value(); }, "its health");
  bool answered = false;
  QObject context;
  QObject::connect(&deployments, &DeploymentController::tried, &context, [&answered] { answered = true; });
  QObject::connect(&deployments, &DeploymentController::tryFailed, &context, [&answered] { answered = true; });
  settle();
  if (auto* send = m_window.findChild<QPushButton*>(QStringLiteral("trySend"))) send->click();
  return wait([&answered] { return answered; }, "an answer");
}

bool Tour::chooseSettings() {
  auto& experiment = m_workbench.experiment();
  experiment.setTemplate("mlp");
  experiment.setField("training.optimizer.lr", "0", QStringLiteral("Change the learning rate"));
  experiment.setField("training.optimizer.name", "auto", QStringLiteral("Change the optimiser"));
  if (!wait([&] { return !experiment.cannotTrain(); }, "a trainable experiment")) return false;
  m_window.showPage(QStringLiteral("train"));
  auto* tabs = m_window.findChild<TrainTabs*>();
  const auto before = m_workbench.runs().runs().size();
  experiment.train();
  const auto chooses = [&] {
    const auto& all = m_workbench.runs().runs();
    if (all.size() <= before) return false;
    const auto* progress = m_workbench.runs().choosing(all.front().number);
    return progress != nullptr && progress->done > 4;
  };
  if (!wait(chooses, "a run that chooses", 20'000)) return false;
  save(m_window, QStringLiteral("train-choosing"));
  tabs->showTab(TrainTabs::Choices);
  settle(300);
  save(m_window, QStringLiteral("train-choosing-trials"));
  tabs->showTab(TrainTabs::Overview);
  return wait([this] { return m_workbench.runs().active().empty(); }, "its end");
}

void Tour::foundRate() {
  m_window.showPage(QStringLiteral("train"));
  const auto shown = m_workbench.runs().shown();
  {
    RateDialog rates(m_workbench, &m_window);
    rates.setAttribute(Qt::WA_DeleteOnClose, false);
    rates.show();
    wait([&rates] { return rates.finder()->state() == RateFinder::State::Done; }, "the kept curve");
    settle();
    save(rates, QStringLiteral("rates-kept"));
    if (auto* use = rates.findChild<QPushButton*>(QStringLiteral("useRate"))) use->click();
  }
  trainOnce();
  grab(QStringLiteral("train-found-rate"));
  m_workbench.runs().setShown(shown);
}

void Tour::failedRun() {
  m_window.showPage(QStringLiteral("train"));
  const auto shown = m_workbench.runs().shown();
  m_workbench.runs().setShown({4, 2});
  grab(QStringLiteral("train-failed"));
  m_workbench.runs().setShown(shown);
}

void Tour::liveTabs() {
  auto* tabs = m_window.findChild<TrainTabs*>();
  if (tabs == nullptr) return;
  // A network whose epochs take a moment.
  for (const auto run : m_workbench.runs().active()) m_workbench.runs().pause(run);
  wait([this] { return m_workbench.runs().active().empty(); }, "the pause");
  m_workbench.experiment().setTemplate("mlp");
  if (!wait([this] { return !m_workbench.experiment().cannotTrain(); }, "a trainable experiment")) return;
  m_workbench.experiment().train();
  tabs->showTab(TrainTabs::Predictions);
  wait([tabs] { return tabs->predictions()->grid()->count() > 0; }, "predictions of images");
  grab(QStringLiteral("train-live-predictions"));
  m_preferences.setTheme(ThemeChoice::Dark);
  grab(QStringLiteral("train-live-predictions-dark"));
  tabs->showTab(TrainTabs::Weights);
  if (auto* log = m_window.findChild<QPushButton*>(QStringLiteral("logPill"))) {
    log->click();
    grab(QStringLiteral("train-live-weights-log-dark"));
    log->click();
  }
  m_preferences.setTheme(ThemeChoice::Light);
  tabs->showTab(TrainTabs::Machine);
  grab(QStringLiteral("train-live-machine"));
  tabs->showTab(TrainTabs::Overview);
  m_workbench.experiment().setTemplate("cnn");
}

}  // namespace lathe::tests
