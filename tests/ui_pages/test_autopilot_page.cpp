// SPDX-License-Identifier: GPL-3.0-or-later
// The Autopilot page: a real small Autopilot on the FakeEngine, from the file to the report.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <fstream>

#include "tests/ui_pages/opened_page.h"
#include "ui/bridge/autopilot_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/models/autopilot_model.h"
#include "ui/pages/autopilot_page.h"
#include "ui/plots/autopilot_plot.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::Opened;
using State = AutopilotController::State;

namespace {

constexpr int flightWait = 60'000;

QString why(Opened<AutopilotPage>& opened) { return opened.child<QLabel>("autopilotWhy")->text(); }

void setTime(Opened<AutopilotPage>& opened, const char* minutes) {
  auto* line = opened.page.findChild<QWidget*>(QStringLiteral("autopilotMinutes"))->findChild<QLineEdit*>();
  line->setFocus();
  line->selectAll();
  QTest::keyClicks(line, QLatin1String(minutes));
}

void quickly(Opened<AutopilotPage>& opened) {
  setTime(opened, "0.05");
  opened.child<QCheckBox>("autopilot-torchscript")->setChecked(false);
}

QString fact(const FactList& list, const QString& name) {
  for (const auto& each : list.facts())
    if (each.name == name) return each.value;
  return {};
}

}  // namespace

class TestAutopilotPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aDisabledStartSaysWhy() {
    Opened<AutopilotPage> opened;
    auto* start = opened.child<QPushButton>("autopilotStart");
    QVERIFY(!start->isEnabled());
    QVERIFY2(why(opened).contains(QStringLiteral("Choose the data first")), qPrintable(why(opened)));
    QVERIFY(opened.child<QWidget>("autopilotZone")->isVisible());
    opened.openTable();
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), longWait);
    QVERIFY(!opened.child<QLabel>("autopilotWhy")->isVisible());
    QVERIFY(!opened.child<QWidget>("autopilotZone")->isVisible());
    auto* target = opened.child<QComboBox>("autopilotTarget");
    QCOMPARE(target->currentText(), QStringLiteral("sort"));
    // What is typed wrong is said, one thing at a time.
    setTime(opened, "soon");
    QVERIFY(!start->isEnabled());
    QVERIFY2(why(opened).contains(QStringLiteral("minutes")), qPrintable(why(opened)));
    QTest::mouseClick(opened.child<QPushButton>("autopilotMinutes1"), Qt::LeftButton);
    QVERIFY(start->isEnabled());
    auto* latency = opened.page.findChild<QWidget*>(QStringLiteral("autopilotLatency"))->findChild<QLineEdit*>();
    latency->setFocus();
    QTest::keyClicks(latency, QStringLiteral("-3"));
    QVERIFY(!start->isEnabled());
    latency->selectAll();
    QTest::keyClick(latency, Qt::Key_Delete);
    QVERIFY(start->isEnabled());
    QTest::mouseClick(opened.child<QPushButton>("autopilotCopy"), Qt::LeftButton);
    const auto command = QApplication::clipboard()->text();
    QVERIFY2(command.contains(QStringLiteral(" autopilot --data ")), qPrintable(command));
    QVERIFY2(command.contains(QStringLiteral(" --target sort --budget 60s --export onnx,torchscript --out ")),
             qPrintable(command));
    for (const char* name : {"autopilot-onnx", "autopilot-torchscript"})
      opened.child<QCheckBox>(name)->setChecked(false);
    QVERIFY(!start->isEnabled());
    QVERIFY2(why(opened).contains(QStringLiteral("format")), qPrintable(why(opened)));
    opened.child<QCheckBox>("autopilot-onnx")->setChecked(true);
    auto* server = opened.child<QComboBox>("autopilotServerTarget");
    server->setCurrentIndex(server->findText(QStringLiteral("Triton")));
    QVERIFY(!start->isEnabled());
    QVERIFY2(why(opened).contains(QStringLiteral("folder")), qPrintable(why(opened)));
    server->setCurrentIndex(0);
    QVERIFY(start->isEnabled());
    QVERIFY(tests::namelessControls(&opened.page).isEmpty());
  }

  void anotherTargetChangesTheTaskAndItsGoals() {
    Opened<AutopilotPage> opened;
    opened.openTable();
    auto* target = opened.child<QComboBox>("autopilotTarget");
    auto* goal = opened.child<QComboBox>("autopilotGoal");
    QVERIFY(goal->findData(QStringLiteral("accuracy")) > 0);
    const int index = target->findText(QStringLiteral("weight"));
    target->setCurrentIndex(index);
    Q_EMIT target->activated(index);
    QTRY_VERIFY_WITH_TIMEOUT(opened.workbench.experiment().hasData() &&
                                 opened.workbench.experiment().data()->profile.task == spec::Task::Regression,
                             longWait);
    QVERIFY(goal->findData(QStringLiteral("rmse")) > 0);
    QVERIFY(goal->findData(QStringLiteral("accuracy")) < 0);
  }

  void aBadFileIsSaidInASentence() {
    Opened<AutopilotPage> opened;
    std::ofstream(opened.folder / "empty.csv").close();
    QSignalSpy failed(&opened.workbench.experiment(), &ExperimentController::dataFailed);
    opened.workbench.openData(QString::fromStdString((opened.folder / "empty.csv").string()),
                              QStringLiteral("autopilot"));
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, longWait);
    QTRY_VERIFY_WITH_TIMEOUT(opened.workbench.engine() != nullptr, longWait);
    QVERIFY(!opened.child<QPushButton>("autopilotStart")->isEnabled());
    QTRY_VERIFY2_WITH_TIMEOUT(why(opened).contains(QStringLiteral("could not be read")), qPrintable(why(opened)),
                              longWait);
  }

  void fromATableToAVerifiedModelWithAReport() {
    Opened<AutopilotPage> opened;
    opened.openTable();
    quickly(opened);
    auto& autopilot = opened.workbench.autopilot();
    auto* model = qobject_cast<AutopilotModel*>(opened.child<TableView>("autopilotTable")->model());
    QVERIFY(model != nullptr);
    const QAbstractItemModelTester tester(model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    auto* start = opened.child<QPushButton>("autopilotStart");
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), longWait);
    QTest::mouseClick(start, Qt::LeftButton);
    QCOMPARE(autopilot.state(), State::Running);
    QVERIFY(opened.child<QPushButton>("autopilotStop")->isVisible());
    QVERIFY(!start->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(model->rowCount() > 1, flightWait);
    auto* stages = opened.child<FactList>("autopilotStages");
    QVERIFY(stages->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(opened.child<QLabel>("autopilotBest")->isVisible() || autopilot.outcome() != nullptr,
                             flightWait);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Done, flightWait);
    const auto* outcome = autopilot.outcome();
    QVERIFY(outcome != nullptr && outcome->parity && outcome->parity->ok);
    QVERIFY(std::filesystem::exists(outcome->report));
    QVERIFY(std::filesystem::exists(outcome->exported / "lathe-export.json"));
    QCOMPARE(QString::fromStdString(outcome->report.parent_path().filename().string()), QStringLiteral("1"));
    const auto headline = opened.child<QLabel>("autopilotHeadline")->text();
    QVERIFY2(headline.startsWith(QStringLiteral("Done")), qPrintable(headline));
    QVERIFY(!opened.child<QLabel>("autopilotWhyThis")->text().isEmpty());
    const auto test = fact(*opened.child<FactList>("autopilotMetrics"), QStringLiteral("Test log loss"));
    QVERIFY2(test.contains(QStringLiteral("\u2026")), qPrintable(test));  // with an interval
    QVERIFY(fact(*stages, QStringLiteral("Baselines")).startsWith(QStringLiteral("\u2713")));
    QVERIFY(fact(*stages, QStringLiteral("Export and verify")).startsWith(QStringLiteral("\u2713")));
    for (const char* name : {"autopilotReport", "autopilotRun", "autopilotFolder", "autopilotDeploy"})
      QVERIFY2(opened.child<QPushButton>(name)->isVisible(), name);
    QVERIFY(!opened.child<QPushButton>("autopilotContinue")->isVisible());
    QVERIFY(opened.child<AutopilotPlot>("autopilotPlot")->marks().size() >= 2);
    QVERIFY(tests::namelessControls(&opened.page).isEmpty());

    // The best first, the parts of the final model add up.
    QVERIFY(model->index(0, AutopilotModel::Rank).data().toString() == QStringLiteral("1"));
    double weights = 0;
    for (const auto& each : autopilot.contenders()) weights += each.weight;
    QVERIFY(std::abs(weights - 1) < 1e-6);

    QSignalSpy shown(&opened.page, &AutopilotPage::runWanted);
    QTest::mouseClick(opened.child<QPushButton>("autopilotRun"), Qt::LeftButton);
    QCOMPARE(shown.takeFirst().front().toLongLong(), outcome->finalRun);
    QSignalSpy deployed(&opened.page, &AutopilotPage::deployWanted);
    QTest::mouseClick(opened.child<QPushButton>("autopilotDeploy"), Qt::LeftButton);
    QCOMPARE(deployed.size(), 1);

    QTRY_COMPARE_WITH_TIMEOUT(autopilot.earlier().size(), std::size_t{1}, longWait);
    QVERIFY(autopilot.earlier().front().state.finished);
    QTest::mouseClick(opened.child<QPushButton>("autopilotAgain"), Qt::LeftButton);
    QCOMPARE(autopilot.state(), State::Idle);
    QVERIFY(opened.child<QPushButton>("autopilotGoOn") == nullptr);
    QVERIFY(start->isVisible() && start->isEnabled());
  }

  void aModelIsTakenOverByHand() {
    Opened<AutopilotPage> opened;
    opened.openTable();
    quickly(opened);
    auto& autopilot = opened.workbench.autopilot();
    QTRY_VERIFY_WITH_TIMEOUT(opened.child<QPushButton>("autopilotStart")->isEnabled(), longWait);
    QTest::mouseClick(opened.child<QPushButton>("autopilotStart"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Done, flightWait);
    auto* table = opened.child<TableView>("autopilotTable");
    auto* take = opened.child<QPushButton>("autopilotTakeOver");
    table->clearSelection();
    int row = 0;
    while (row < table->model()->rowCount() &&
           table->model()->index(row, AutopilotModel::Model).data().toString().contains(QStringLiteral("constant")))
      ++row;
    table->selectRow(row);
    QVERIFY(take->isEnabled());
    const auto before = opened.workbench.experiment().spec();
    QSignalSpy taken(&autopilot, &AutopilotController::takenOver);
    QSignalSpy page(&opened.workbench, &Workbench::pageRequested);
    QTest::mouseClick(take, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(taken.size(), 1, longWait);
    QCOMPARE(page.takeLast().front().toString(), QStringLiteral("model"));
    const auto& after = opened.workbench.experiment().spec();
    QVERIFY(!after.model.templateName.empty());
    QVERIFY(!(after.model == before.model));
    QCOMPARE(after.data.path, before.data.path);
    opened.workbench.experiment().undo();
    QVERIFY(opened.workbench.experiment().spec().model == before.model);
  }

  void stoppingKeepsTheBestAndItGoesOnFromThere() {
    engine::FakeEngineOptions slow;
    slow.secondsPerStep = 0.001;
    Opened<AutopilotPage> opened(slow);
    opened.openTable();
    quickly(opened);
    QTest::mouseClick(opened.child<QPushButton>("autopilotMinutes5"), Qt::LeftButton);
    auto& autopilot = opened.workbench.autopilot();
    QTRY_VERIFY_WITH_TIMEOUT(opened.child<QPushButton>("autopilotStart")->isEnabled(), longWait);
    QTest::mouseClick(opened.child<QPushButton>("autopilotStart"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.progress().tried >= 1, flightWait);
    const auto mine = autopilot.contenders().front().run;
    QTRY_VERIFY_WITH_TIMEOUT(opened.workbench.runs().run(mine) != nullptr, longWait);
    // Its runs are its own: they are not paused one by one.
    for (const auto run : opened.workbench.runs().active())
      QVERIFY(!opened.workbench.runs().can(spec::RunAction::Pause, run));
    QTest::mouseClick(opened.child<QPushButton>("autopilotStop"), Qt::LeftButton);
    QCOMPARE(autopilot.state(), State::Stopping);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Done, flightWait);
    QVERIFY(autopilot.outcome()->stopped);
    QVERIFY(std::filesystem::exists(autopilot.outcome()->exported / "lathe-export.json"));
    QTRY_VERIFY_WITH_TIMEOUT(opened.child<QPushButton>("autopilotContinue")->isVisible(), longWait);
    const auto first = autopilot.contenders().size();

    // As after a kill -9: the page offers what the folder holds.
    autopilot.clear();
    auto* more = opened.child<QPushButton>("autopilotGoOn");
    QVERIFY(more != nullptr && more->isVisible() && more->isEnabled());
    QTest::mouseClick(more, Qt::LeftButton);
    QCOMPARE(autopilot.state(), State::Running);
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.contenders().size() + 1 >= first && autopilot.progress().tried >= 1, flightWait);
    autopilot.stop();
    QTRY_VERIFY_WITH_TIMEOUT(autopilot.state() == State::Done, flightWait);
    QCOMPARE(autopilot.earlier().size(), std::size_t{1});
  }

  void closingTheProjectStopsItAndForgetsIt() {
    engine::FakeEngineOptions slow;
    slow.secondsPerStep = 0.001;
    Opened<AutopilotPage> opened(slow);
    opened.openTable();
    quickly(opened);
    QTest::mouseClick(opened.child<QPushButton>("autopilotMinutes5"), Qt::LeftButton);
    auto& autopilot = opened.workbench.autopilot();
    QTRY_VERIFY_WITH_TIMEOUT(opened.child<QPushButton>("autopilotStart")->isEnabled(), longWait);
    QTest::mouseClick(opened.child<QPushButton>("autopilotStart"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!autopilot.contenders().empty(), flightWait);
    opened.workbench.closeProject();
    QCOMPARE(autopilot.state(), State::Idle);
    QVERIFY(autopilot.contenders().empty());
    QTRY_VERIFY_WITH_TIMEOUT(!autopilot.working(), flightWait);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestAutopilotPage>(argc, argv); }

#include "test_autopilot_page.moc"
