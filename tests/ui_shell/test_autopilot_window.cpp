// SPDX-License-Identifier: GPL-3.0-or-later
// The Autopilot among the rest of the window: how one gets there, the strip of jobs, and closing in the middle of it.
#include <QAction>
#include <QLineEdit>
#include <QSignalSpy>

#include "tests/ui_shell/world.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/shell/close_dialog.h"
#include "ui/shell/jobs_strip.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;
using State = AutopilotController::State;

namespace {

engine::FakeEngineOptions slowly() {
  engine::FakeEngineOptions slow;
  slow.secondsPerStep = 0.001;
  return slow;
}

}  // namespace

class TestAutopilotWindow : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void homeLeadsToItAndDataChosenThereKeepThePage() {
    TempFolder folder;
    World world;
    QTest::mouseClick(world.child<QPushButton>("homeAutopilot"), Qt::LeftButton);
    QCOMPARE(world.window.currentPage(), QStringLiteral("autopilot"));
    QVERIFY(!world.window.action(QStringLiteral("autopilot"))->isEnabled());
    auto* data = world.child<QLineEdit>("autopilotData");
    data->setText(tests::writeTable(folder / "table.csv"));
    data->setFocus();
    QTest::keyClick(data, Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().hasData(), longWait);
    QCOMPARE(world.window.currentPage(), QStringLiteral("autopilot"));
    QVERIFY(world.window.action(QStringLiteral("autopilot"))->isEnabled());
  }

  void theStripShowsItAsOneJobThatCanBeStopped() {
    TempFolder folder;
    World world(slowly());
    QVERIFY(world.opensTable(folder));
    world.window.action(QStringLiteral("autopilot"))->trigger();
    auto& autopilot = world.workbench.autopilot();
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Running, longWait);
    QCOMPARE(world.window.currentPage(), QStringLiteral("autopilot"));
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.progress().tried >= 1, longWait);
    auto* stop = world.child<QPushButton>("jobStop");
    QTRY_VERIFY_WITH_TIMEOUT(stop->isVisible() && stop->isEnabled(), longWait);
    QVERIFY(!world.child<QPushButton>("jobPause")->isVisible());
    QCOMPARE(world.window.findChild<JobsStrip*>()->run(), store::RunNumber{0});
    QVERIFY(!world.child<QPushButton>("moreJobs")->isVisible());
    QTest::mouseClick(stop, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Done, longWait);
    QVERIFY(autopilot.outcome()->stopped);
    QTest::mouseClick(world.child<QPushButton>("autopilotRun"), Qt::LeftButton);
    QCOMPARE(world.window.currentPage(), QStringLiteral("train"));
    QVERIFY(world.workbench.runs().isShown(autopilot.outcome()->finalRun));
  }

  void closingInTheMiddleAsksAndStopsWithTheBest() {
    TempFolder folder;
    World world(slowly());
    QVERIFY(world.opensTable(folder));
    world.window.action(QStringLiteral("autopilot"))->trigger();
    auto& autopilot = world.workbench.autopilot();
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.progress().tried >= 1, longWait);
    QSignalSpy closed(&world.window, &MainWindow::closed);
    world.window.close();
    QVERIFY(world.window.isVisible());
    auto* dialog = world.window.findChild<CloseDialog*>();
    QVERIFY(dialog != nullptr);
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("stopAndSave")), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(closed.size(), 1, longWait);
    QVERIFY(!autopilot.working());
    QVERIFY(std::filesystem::exists(world.workbench.project()->folder() / "autopilot" / "1" / "report.html"));
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestAutopilotWindow>(argc, argv); }

#include "test_autopilot_window.moc"
