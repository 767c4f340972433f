// SPDX-License-Identifier: GPL-3.0-or-later
// What the machine has, and the report for a bug.
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QFile>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <algorithm>

#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/shell/machine_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/widgets/error_banner.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::TempFolder;

namespace {

constexpr int longWait = 20'000;

bool has(const MachineDialog& dialog, const char* code) {
  const auto& checks = dialog.checks();
  return std::any_of(checks.begin(), checks.end(), [code](const auto& check) { return check.code == code; });
}

}  // namespace

class TestMachine : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void theChecksOfTheDoctorAreShown() {
    Preferences preferences;
    Workbench workbench(tests::makeFakeServices());
    MainWindow window(workbench, preferences);
    window.show();
    workbench.loadEngine();
    window.action(QStringLiteral("machine"))->trigger();
    auto* dialog = window.findChild<MachineDialog*>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(has(*dialog, "doctor.engine") && has(*dialog, "doctor.disk"), longWait);
    const auto labels = dialog->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(),
                        [](const QLabel* label) { return label->text().contains(QLatin1String(" GB")); }));
    auto* copy = dialog->findChild<QPushButton*>(QStringLiteral("copyChecks"));
    QTRY_VERIFY(copy->isEnabled());
    copy->click();
    QVERIFY(QApplication::clipboard()->text().contains(QLatin1String("The processor is")));
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(window.findChild<MachineDialog*>() == nullptr);
  }

  void anEngineThatIsStillLoadingIsNotCalledMissing() {
    Preferences preferences;
    Workbench workbench(tests::makeFakeServices());
    MachineDialog dialog(workbench, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QTRY_VERIFY_WITH_TIMEOUT(has(dialog, "doctor.disk"), longWait);
    QVERIFY(!has(dialog, "doctor.engine"));
    workbench.loadEngine();
    QTRY_VERIFY_WITH_TIMEOUT(has(dialog, "doctor.engine"), longWait);
  }

  void anEngineThatCannotBeLoadedSaysWhy() {
    Preferences preferences;
    auto services = tests::makeFakeServices();
    services.loadEngine = []() -> Result<EngineServices> {
      return fail("engine.not_loaded", "The module is not there.", "Install Lathe again.");
    };
    Workbench workbench(std::move(services));
    MachineDialog dialog(workbench, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    workbench.loadEngine();
    QTRY_VERIFY_WITH_TIMEOUT(has(dialog, "engine.not_loaded"), longWait);
    QVERIFY(has(dialog, "doctor.disk"));
  }

  void aReportForABugIsSavedAndItsPlaceSaid() {
    TempFolder folder;
    Preferences preferences;
    Workbench workbench(tests::makeFakeServices());
    MainWindow window(workbench, preferences);
    window.show();
    workbench.loadEngine();
    window.openPath(tests::writeTable(folder / "table.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(workbench.experiment().hasData() && workbench.engine() != nullptr, longWait);
    workbench.experiment().train();
    QTRY_VERIFY_WITH_TIMEOUT(
        !workbench.runs().runs().empty() && workbench.runs().runs().front().status == spec::RunStatus::Completed,
        longWait);
    const auto path = QString::fromStdString((folder / "report.txt").string());
    window.saveReport(path);
    QTRY_VERIFY_WITH_TIMEOUT(window.findChild<QMessageBox*>(QStringLiteral("reportSaved")) != nullptr, longWait);
    QVERIFY(
        window.findChild<QMessageBox*>(QStringLiteral("reportSaved"))->text().contains(QLatin1String("report.txt")));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto text = QString::fromUtf8(file.readAll());
    QVERIFY(text.contains(QLatin1String("platform: offscreen")));
    QVERIFY(text.contains(QLatin1String("completed")));
  }

  void aReportThatCannotBeWrittenIsSaid() {
    Preferences preferences;
    Workbench workbench(tests::makeFakeServices());
    MainWindow window(workbench, preferences);
    window.show();
    window.saveReport(QStringLiteral("/nowhere/at/all/report.txt"));
    QTRY_VERIFY_WITH_TIMEOUT(window.banner().isVisible(), longWait);
    QVERIFY(!window.banner().remedy().isEmpty());
    QVERIFY(window.findChild<QMessageBox*>(QStringLiteral("reportSaved")) == nullptr);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestMachine>(argc, argv); }

#include "test_machine.moc"
