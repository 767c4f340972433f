// SPDX-License-Identifier: GPL-3.0-or-later
// The Autopilot: before it starts, in the middle, and when it is done.
#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>

#include "tests/tour/tour.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/widgets/table_view.h"

namespace lathe::tests {

using namespace lathe::ui;

void Tour::autopilot(const QString& name) {
  constexpr double liveShare = 0.6;
  const auto prefix = name.isEmpty() ? QStringLiteral("light") : name;
  m_workbench.openSample(QStringLiteral("wine"), false);
  const auto& experiment = m_workbench.experiment();
  if (!wait([&] { return experiment.hasData() && experiment.spec().name.find("ine") != std::string::npos; },
            "the data of the Autopilot"))
    return;
  m_window.showPage(QStringLiteral("autopilot"));
  grab(prefix + QStringLiteral("-autopilot-ready"));
  auto* server = m_window.findChild<QComboBox*>(QStringLiteral("autopilotServerTarget"));
  auto* start = m_window.findChild<QPushButton*>(QStringLiteral("autopilotStart"));
  auto* minute = m_window.findChild<QPushButton*>(QStringLiteral("autopilotMinutes1"));
  if (server == nullptr || start == nullptr || minute == nullptr)
    return say(QStringLiteral("The Autopilot page lacks its controls."));
  server->setCurrentIndex(1);
  minute->click();
  if (!wait([&] { return start->isEnabled(); }, "a start")) return;
  start->click();
  auto& autopilot = m_workbench.autopilot();
  wait([&] { return autopilot.progress().used > liveShare * autopilot.wish().seconds; }, "the middle");
  if (auto* table = m_window.findChild<TableView*>(QStringLiteral("autopilotTable"))) table->selectRow(0);
  grab(prefix + QStringLiteral("-autopilot-live"));
  if (!wait([&] { return autopilot.state() == AutopilotController::State::Done; }, "the end")) return;
  inEveryTheme(name, [this](const QString& each) { grab(each + QStringLiteral("-autopilot-done")); });
  m_window.showPage(QStringLiteral("home"));
  autopilot.clear();
  m_window.showPage(QStringLiteral("autopilot"));
  inEveryTheme(name, [this](const QString& each) { grab(each + QStringLiteral("-autopilot-earlier")); });
}

int Tour::autopilotAlone(const QString& name) {
  wait([this] { return m_workbench.engine() != nullptr; }, "engine");
  m_window.showPage(QStringLiteral("home"));
  if (name.isEmpty()) grab(QStringLiteral("light-home"));
  m_window.showPage(QStringLiteral("autopilot"));
  inEveryTheme(name, [this](const QString& each) { grab(each + QStringLiteral("-autopilot-empty")); });
  autopilot(name);
  return 0;
}

}  // namespace lathe::tests
