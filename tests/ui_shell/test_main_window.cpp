// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QTest>
#include <algorithm>
#include <csignal>
#include <memory>

#include "tests/ui_shell/world.h"
#include "ui/models/theme.h"
#include "ui/pages/page.h"
#include "ui/shell/close_dialog.h"
#include "ui/shell/header_bar.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/mode_bar.h"
#include "ui/shell/quit_signals.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;
using spec::RunStatus;

class TestMainWindow : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void aDroppedTableTrainsAfterOneClick() {
    TempFolder folder;
    World world;
    (void)tests::writeTable(folder / "table.csv");
    world.drop(folder / "table.csv");
    QTRY_COMPARE_WITH_TIMEOUT(world.window.currentPage(), QStringLiteral("data"), longWait);
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().hasData(), longWait);
    world.click("trainButton");
    QTRY_COMPARE_WITH_TIMEOUT(world.window.currentPage(), QStringLiteral("train"), longWait);
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Completed, longWait);
    QVERIFY(world.window.windowTitle().startsWith(QStringLiteral("table")));
  }

  void f5TrainsAndTheStripShowsTheRun() {
    TempFolder folder;
    World world({0.004});
    QVERIFY(world.opensTable(folder));
    world.workbench.experiment().setField("training.epochs", "100000", QStringLiteral("epochs"));
    world.workbench.experiment().setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
    QTest::keyClick(&world.window, Qt::Key_F5);
    auto* strip = world.child<JobsStrip>("jobsStrip");
    QTRY_COMPARE_WITH_TIMEOUT(strip->run(), 1, longWait);
    QTRY_VERIFY_WITH_TIMEOUT(world.child<QPushButton>("jobPause")->isEnabled(), longWait);
    world.click("jobPause");
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Paused, longWait);
    QTRY_COMPARE_WITH_TIMEOUT(strip->run(), 0, longWait);
    auto* resume = world.window.action(QStringLiteral("resume"));
    QTRY_VERIFY_WITH_TIMEOUT(resume->isEnabled(), longWait);
    QTest::keyClick(&world.window, Qt::Key_F7);
    QTRY_COMPARE_WITH_TIMEOUT(strip->run(), 1, longWait);
    world.click("jobStop");
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Cancelled, longWait);
  }

  void keysAndTheModeBarShowThePages() {
    World world;
    const char* const ids[] = {"home", "data", "model", "train", "search", "deploy", "autopilot"};
    for (int i = 0; i < 7; ++i) {
      QTest::keyClick(&world.window, static_cast<Qt::Key>(Qt::Key_1 + i), Qt::ControlModifier);
      QCOMPARE(world.window.currentPage(), QLatin1String(ids[i]));
    }
    const auto buttons = world.window.findChild<ModeBar*>()->buttons();
    QCOMPARE(buttons.size(), 7);
    QTest::mouseClick(buttons[1], Qt::LeftButton);
    QCOMPARE(world.window.currentPage(), QStringLiteral("data"));
    QVERIFY(buttons[1]->isChecked() && !buttons[4]->isChecked());
  }

  void everyControlOfEveryPageHasAName() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    world.click("trainButton");
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Completed, longWait);
    for (const char* id : {"home", "data", "model", "train", "search", "deploy", "autopilot"}) {
      world.window.showPage(QLatin1String(id));
      QCoreApplication::processEvents();
      const auto nameless = tests::namelessControls(&world.window);
      QVERIFY2(nameless.isEmpty(), qPrintable(QLatin1String(id) + QLatin1String(": ") + nameless.join(", ")));
    }
  }

  void thePaletteFindsAPageByAFewLetters() {
    World world;
    QTest::keyClick(&world.window, Qt::Key_K, Qt::ControlModifier);
    auto& palette = world.window.palettePopup();
    QVERIFY(palette.isVisible());
    QTest::keyClicks(&palette.input(), QStringLiteral("depl"));
    QVERIFY(palette.commands().rowCount() > 0);
    QTest::keyClick(&palette.input(), Qt::Key_Return);
    QVERIFY(!palette.isVisible());
    QCOMPARE(world.window.currentPage(), QStringLiteral("deploy"));
    QTest::keyClick(&world.window, Qt::Key_K, Qt::ControlModifier);
    QTest::keyClick(&palette.input(), Qt::Key_Escape);
    QVERIFY(!palette.isVisible());
  }

  void editsAreUndoneAndRedone() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    auto& experiment = world.workbench.experiment();
    experiment.setColumnRole("weight", spec::ColumnRole::Ignore);
    auto* undo = world.window.action(QStringLiteral("undo"));
    QVERIFY(undo->isEnabled());
    QVERIFY(undo->text().contains(QStringLiteral("weight")));
    QTest::keyClick(&world.window, Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(!experiment.spec().data.roles.contains("weight"));
    QTest::keyClick(&world.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(experiment.spec().data.roles.contains("weight"));
  }

  void aMissingFileIsSaidWithItsRemedy() {
    World world;
    world.window.openPath(QStringLiteral("/nowhere/at/all.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY(world.window.banner().sentence().contains(QStringLiteral("all.csv")));
    QVERIFY(!world.window.banner().remedy().isEmpty());
    QTest::keyClick(&world.window.banner(), Qt::Key_Escape);
    QVERIFY(!world.window.banner().isVisible());
  }

  void anEmptyFileKeepsTheWindowUsable() {
    TempFolder folder;
    World world;
    QFile file(QString::fromStdString((folder / "empty.csv").string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    world.window.openPath(file.fileName());
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY(world.opensTable(folder));
    QVERIFY(!world.window.banner().isVisible());
  }

  void languageAndThemeChangeWithoutARestart() {
    World world;
    world.window.showPage(QStringLiteral("data"));
    auto* first = world.window.menuBar()->actions().first();
    const auto english = first->text();
    world.preferences.setLanguage(QStringLiteral("zh_CN"));
    QCoreApplication::processEvents();
    QVERIFY(first->text() != english);
    world.preferences.setLanguage(QStringLiteral("en"));
    QCoreApplication::processEvents();
    QCOMPARE(first->text(), english);
    world.preferences.setTheme(ThemeChoice::Dark);
    QVERIFY(Theme::current().dark);
    QVERIFY(QApplication::palette().color(QPalette::Window).lightnessF() < 0.3);
    world.preferences.setTheme(ThemeChoice::Light);
    QVERIFY(!Theme::current().dark);
    QVERIFY(QApplication::palette().color(QPalette::Window).lightnessF() > 0.7);
  }

  void thePortalDecidesTheSystemTheme() {
    Preferences preferences;
    ThemeController controller(preferences);
    controller.systemSchemeChanged(1);
    QVERIFY(Theme::current().dark);
    controller.systemSchemeChanged(2);
    QVERIFY(!Theme::current().dark);
    preferences.setTheme(ThemeChoice::Dark);
    QVERIFY(Theme::current().dark);
    controller.systemSchemeChanged(2);
    QVERIFY(Theme::current().dark);
  }

  void closingInMidTrainingAsks() {
    TempFolder folder;
    World world({0.01});
    QVERIFY(world.opensTable(folder));
    world.workbench.experiment().setField("training.epochs", "100000", QStringLiteral("epochs"));
    world.workbench.experiment().setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
    world.click("trainButton");
    QTRY_COMPARE_WITH_TIMEOUT(world.workbench.runs().activeHere().size(), std::size_t{1}, longWait);
    int closed = 0;
    connect(&world.window, &MainWindow::closed, this, [&closed] { ++closed; });
    world.window.close();
    QVERIFY(world.child<CloseDialog>("closeDialog") != nullptr);
    world.click("cancelClose");
    QTRY_VERIFY(world.child<CloseDialog>("closeDialog") == nullptr);
    QVERIFY(world.window.isVisible());
    QCOMPARE(closed, 0);
    world.window.close();
    world.click("stopAndSave");
    QTRY_COMPARE_WITH_TIMEOUT(closed, 1, longWait);
    QCOMPARE(world.storedStatus(), RunStatus::Paused);
    QVERIFY(!world.window.isVisible());
  }

  void aSignalPausesWithACheckpointAndCloses() {
    TempFolder folder;
    World world({0.01});
    QVERIFY(world.opensTable(folder));
    world.workbench.experiment().setField("training.epochs", "100000", QStringLiteral("epochs"));
    world.workbench.experiment().setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
    world.click("trainButton");
    QTRY_VERIFY_WITH_TIMEOUT(!world.workbench.runs().runs().empty() && world.workbench.runs().runs().front().steps > 0,
                             longWait);
    const QuitSignals listener;
    int asked = 0;
    int closed = 0;
    connect(&listener, &QuitSignals::asked, &world.window, [&] {
      ++asked;
      QVERIFY(world.window.pauseAndLeave());
    });
    connect(&world.window, &MainWindow::closed, this, [&closed] { ++closed; });
    QCOMPARE(::raise(SIGTERM), 0);
    QTRY_COMPARE_WITH_TIMEOUT(closed, 1, longWait);
    QCOMPARE(asked, 1);
    QCOMPARE(world.storedStatus(), RunStatus::Paused);
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.runs().can(spec::RunAction::Resume, 1), longWait);
    QVERIFY(!world.window.isVisible());
  }

  void mnemonicsOfTheMenusDiffer() {
    World world;
    for (const char* language : {"en", "zh_CN"}) {
      world.preferences.setLanguage(QLatin1String(language));
      QCoreApplication::processEvents();
      QStringList letters;
      for (const auto* menu : world.window.menuBar()->actions())
        letters << menu->text().mid(menu->text().indexOf(QLatin1Char('&')) + 1, 1).toUpper();
      QCOMPARE(letters.size(), 5);
      QCOMPARE(letters.removeDuplicates(), 0);
      QVERIFY(!letters.contains(QString()));
    }
    world.preferences.setLanguage(QStringLiteral("en"));
  }

  void twoRunsTrainAtTheSameTime() {
    TempFolder folder;
    World world({.secondsPerStep = 0.003});
    QVERIFY(world.opensTable(folder));
    QCOMPARE(world.trains(100'000), 1);
    QCOMPARE(world.trains(100'000), 2);
    auto& runs = world.workbench.runs();
    QTRY_COMPARE_WITH_TIMEOUT(runs.activeHere().size(), std::size_t{2}, longWait);
    QCOMPARE(runs.shown(), (std::vector<store::RunNumber>{2, 1}));
    auto* more = world.child<QPushButton>("moreJobs");
    QTRY_VERIFY_WITH_TIMEOUT(more->isVisible() && more->text().startsWith(QStringLiteral("1 more")), longWait);
    const auto first = runs.run(1)->steps;
    const auto second = runs.run(2)->steps;
    QTRY_VERIFY_WITH_TIMEOUT(runs.run(1)->steps > first && runs.run(2)->steps > second, longWait);
    runs.pause(1);
    QVERIFY(world.waitsFor(1, RunStatus::Paused));
    const auto alone = runs.run(2)->steps;
    QTRY_VERIFY_WITH_TIMEOUT(runs.run(2)->steps > alone, longWait);
    runs.pause(2);
    QVERIFY(world.waitsFor(2, RunStatus::Paused));
  }

  void keepGoingTrainsOnWithoutAWindow() {
    TempFolder folder;
    World world({0.01});
    QVERIFY(world.opensTable(folder, 120));
    // Some seconds: long enough for a busy machine to close the window meanwhile.
    world.workbench.experiment().setField("training.epochs", "150", QStringLiteral("epochs"));
    world.workbench.experiment().setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
    world.click("trainButton");
    QTRY_COMPARE_WITH_TIMEOUT(world.workbench.runs().activeHere().size(), std::size_t{1}, longWait);
    int closed = 0;
    connect(&world.window, &MainWindow::closed, this, [&closed] { ++closed; });
    world.window.close();
    world.click("keepGoing");
    QVERIFY(!world.window.isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(closed, 1, longWait);
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Completed, longWait);
  }

  void preferredThreadsGoIntoANewProject() {
    TempFolder folder;
    World world;
    world.preferences.setThreads(1);
    QVERIFY(world.opensTable(folder));
    QCOMPARE(world.workbench.experiment().spec().training.threads, 1);
  }

  void thePreferencesSayWhereTheThreadsGo() {
    World world;
    world.window.action(QStringLiteral("preferences"))->trigger();
    auto* dialog = world.child<QDialog>("preferencesDialog");
    QVERIFY(dialog != nullptr && dialog->isVisible());
    const auto labels = dialog->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && label->text().contains(QStringLiteral("new projects"));
    }));
    QVERIFY2(dialog->height() < 400, "no empty space below the fields");
    QTest::keyClick(dialog, Qt::Key_Escape);
    QTRY_VERIFY(world.child<QDialog>("preferencesDialog") == nullptr);
  }

  void theTrainingIsCopiedAsACommand() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    world.workbench.experiment().setField("training.epochs", "7", QStringLiteral("epochs"));
    world.window.action(QStringLiteral("copyCommand"))->trigger();
    const auto command = QApplication::clipboard()->text();
    QVERIFY(command.startsWith(QStringLiteral("lathe-cli --project ")));
    QVERIFY(command.contains(QStringLiteral("table.csv")));
    QVERIFY(command.contains(QStringLiteral("--set training.epochs=7")));
    world.window.action(QStringLiteral("copyInspect"))->trigger();
    const auto look = QApplication::clipboard()->text();
    QVERIFY(look.startsWith(QStringLiteral("lathe-cli data inspect /")));
    QVERIFY(look.endsWith(QStringLiteral("/table.csv")));
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestMainWindow>(argc, argv); }

#include "test_main_window.moc"
