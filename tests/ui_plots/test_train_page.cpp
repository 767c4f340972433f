// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>

#include "tests/ui_plots/train_page_fixture.h"
#include "ui/plots/curve_plot.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/pill_button.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::PageFixture;
using lathe::tests::Window;
using spec::RunStatus;

class TestTrainPage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void theFirstTrainingIsOneClickAway() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* empty = fixture.page.findChild<EmptyState*>();
    QVERIFY(empty != nullptr && empty->button()->isVisible());
    QTest::mouseClick(empty->button(), Qt::LeftButton);
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    QVERIFY(fixture.table->isVisible());
    QTRY_COMPARE(fixture.table->selectionModel()->selectedRows().size(), 1);
    auto* plot = fixture.curves->plot(TrainCurves::Loss);
    QTRY_VERIFY(plot->lastShownStep(0) > 0);
    QCOMPARE(plot->items().size(), std::size_t{2});
    QVERIFY(plot->items().front().thin);
  }

  void selectedRowsAreTheCurvesShown() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    for (int i = 0; i < 3; ++i) {
      const auto run = fixture.window.train(1);
      QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    }
    QTRY_COMPARE(fixture.table->model()->rowCount(), 3);
    fixture.clickRow(1);
    QCOMPARE(fixture.window.runs().shown(), std::vector<store::RunNumber>{2});
    QVERIFY(fixture.table->model()->index(1, RunsModel::Run).data().toString().startsWith(QStringLiteral("2 mlp")));
    fixture.clickRow(2, Qt::ControlModifier);
    QCOMPARE(fixture.window.runs().shown(), (std::vector<store::RunNumber>{2, 1}));
    QCOMPARE(fixture.curves->plot(TrainCurves::Loss)->items().size(), std::size_t{4});
    QVERIFY(fixture.window.runs().colourIndex(1) != fixture.window.runs().colourIndex(2));
    const auto index = fixture.table->model()->index(0, RunsModel::Run);
    QCOMPARE(index.data(RunsModel::ColourRole).toInt(), -1);
    auto* filter = fixture.page.findChild<QLineEdit*>(QStringLiteral("runsFilter"));
    QTest::keyClicks(filter, QStringLiteral("nothing like it"));
    QCOMPARE(fixture.table->model()->rowCount(), 0);
    QCOMPARE(fixture.window.runs().shown().size(), std::size_t{2});  // hidden, not taken away
    filter->clear();
    QCOMPARE(fixture.table->selectionModel()->selectedRows().size(), 2);
  }

  void theMenuPausesResumesAndStops() {
    PageFixture fixture({.secondsPerStep = 0.01});
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(100'000);
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    fixture.clickRow(0);
    QTRY_VERIFY(fixture.runs->current() == run);
    auto* pause = fixture.menuAction("pause");
    QVERIFY(pause != nullptr && pause->isEnabled());
    pause->trigger();
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Paused));
    auto* resume = fixture.menuAction("resume");
    QVERIFY(resume != nullptr);
    fixture.page.findChildren<QMenu*>(QStringLiteral("runMenu"))
        .last()
        ->findChild<QAction*>(QStringLiteral("resume"))
        ->trigger();
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Running));
    fixture.window.runs().cancel(run);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Cancelled));
  }

  void removingCanBeUndone() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    fixture.clickRow(0);
    QTest::keyClick(fixture.table, Qt::Key_Delete);
    QTRY_COMPARE(fixture.table->model()->rowCount(), 0);
    auto* undo = fixture.page.findChild<QPushButton*>(QStringLiteral("undoRemove"));
    QVERIFY(undo->isVisible());
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
  }

  void aDivergedRunOffersASmallerLearningRate() {
    PageFixture fixture({.divergeAtStep = 3});
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Failed));
    auto* button = fixture.page.findChild<QPushButton*>(QStringLiteral("failureButton"));
    QTRY_VERIFY(button->isVisible() && button->text().contains(QStringLiteral("0.005")));
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(fixture.table->model()->rowCount(), 2);
    QCOMPARE(fixture.window.experiment().spec().training.optimizer.lr, 0.005);
  }

  void aRunIsCopiedAsACommand() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    fixture.clickRow(0);
    QGuiApplication::clipboard()->clear();
    auto* copy = fixture.menuAction("copyCommand");
    QVERIFY(copy != nullptr);
    copy->trigger();
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("lathe-cli")));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("training.epochs=1")));
  }

  void thePillsChangeAllPlots() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* log = fixture.page.findChild<PillButton*>(QStringLiteral("logPill"));
    QTest::mouseClick(log, Qt::LeftButton);
    QVERIFY(fixture.curves->plot(TrainCurves::Loss)->logY());
    QTest::mouseClick(log, Qt::LeftButton);
    QVERIFY(!fixture.curves->plot(TrainCurves::Loss)->logY());
    fixture.curves->setXAxis(XAxis::Epoch);
    const auto* pill = fixture.page.findChild<PillButton*>(QStringLiteral("xAxisPill"));
    QVERIFY(pill->text().contains(QStringLiteral("epoch")));
  }

  void anyMetricOfTheTaskIsShown() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(2);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    auto* plot = fixture.curves->plot(TrainCurves::Metric);
    QTRY_VERIFY(!plot->items().empty() && plot->items().front().series == "val/accuracy");
    auto* pill = fixture.page.findChild<PillButton*>(QStringLiteral("metricPill"));
    QTest::mouseClick(pill, Qt::LeftButton);
    auto* menu = fixture.page.findChild<QMenu*>(QStringLiteral("metricMenu"));
    QVERIFY(menu != nullptr && menu->isVisible());
    QStringList offered;
    for (auto* action : menu->actions()) offered << action->data().toString();
    for (const char* series :
         {"val/accuracy", "val/balanced_accuracy", "val/f1_macro", "val/roc_auc", "val/log_loss", "train/accuracy"})
      QVERIFY2(offered.contains(QLatin1String(series)), series);
    for (const auto& series : offered) {
      fixture.curves->setMetric(series.toStdString());
      QCOMPARE(plot->items().front().series, series.toStdString());
      QTRY_VERIFY2(plot->lastShownStep(0) > 0, qPrintable(series));
      QVERIFY(!plot->accessibleName().isEmpty());
    }
    menu->close();
    fixture.curves->setMetric("val/rmse");  // not of this task
    QCOMPARE(plot->items().front().series, std::string("val/accuracy"));
  }

  void theColumnsOfTheTableAreChosen() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(2);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    QVERIFY(fixture.table->isColumnHidden(RunsModel::Test));
    QTest::mouseClick(fixture.page.findChild<PillButton*>(QStringLiteral("columnsPill")), Qt::LeftButton);
    auto* menu = fixture.page.findChild<QMenu*>(QStringLiteral("columnMenu"));
    QVERIFY(menu != nullptr && menu->isVisible());
    for (auto* action : menu->actions())
      if (!action->isChecked()) action->trigger();
    menu->close();
    for (int column = 0; column < RunsModel::ColumnCount; ++column) QVERIFY(!fixture.table->isColumnHidden(column));
    const auto cell = fixture.table->model()->index(0, RunsModel::Test);
    QTRY_VERIFY(cell.data().toString().startsWith(QLatin1Char('0')) ||
                cell.data().toString().startsWith(QLatin1Char('1')));
    QVERIFY(cell.data(Qt::ToolTipRole).toString().startsWith(QStringLiteral("Test")));
  }

  void withoutDataTheTableLeadsToThem() {
    Window window;
    TrainPage page(*window.bench);
    page.show();
    auto* empty = page.findChild<EmptyState*>();
    QSignalSpy wanted(window.bench.get(), &Workbench::pageRequested);
    QTest::mouseClick(empty->button(), Qt::LeftButton);
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted.first().first().toString(), QStringLiteral("data"));
  }

  void everyEntryOfTheRunMenuHasAMnemonicOfItsOwn() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QTRY_COMPARE(fixture.table->model()->rowCount(), 1);
    fixture.clickRow(0);
    QVERIFY(fixture.menuAction("pause") != nullptr);
    QStringList letters;
    for (const auto* action : fixture.page.findChild<QMenu*>(QStringLiteral("runMenu"))->actions()) {
      if (action->isSeparator()) continue;
      const auto at = action->text().indexOf(QLatin1Char('&'));
      QVERIFY2(at >= 0, qPrintable(action->text()));
      letters << action->text().mid(at + 1, 1).toUpper();
    }
    QCOMPARE(letters.removeDuplicates(), 0);
  }

  void theNameOfARunIsNotCut() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.resize(922, 680);  // what a window of 1280 pixels leaves
    fixture.window.experiment().setTemplate("resmlp");
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, spec::RunStatus::Completed));
    QTRY_VERIFY(fixture.table->isVisible());
    const auto cell = fixture.table->model()->index(0, RunsModel::Run);
    QTRY_COMPARE(cell.data().toString(), QStringLiteral("1 resmlp"));
    const int markAndMargins = 14 + 24;
    const QFontMetrics metrics(fixture.table->font());
    for (const auto& text : {cell.data().toString(), QStringLiteral("12 resmlp")})
      QVERIFY(fixture.table->columnWidth(RunsModel::Run) >= metrics.horizontalAdvance(text) + markAndMargins);
    QVERIFY(cell.data(Qt::ToolTipRole).toString().contains(QStringLiteral("resmlp")));
    const auto state = cell.siblingAtColumn(RunsModel::State);
    QVERIFY(fixture.table->columnWidth(RunsModel::State) > metrics.horizontalAdvance(state.data().toString()));
  }

  void theStateOfThePageComesBack() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    fixture.curves->setXAxis(XAxis::Epoch);
    fixture.curves->setSmoothing(0.9);
    const auto state = fixture.page.saveState();
    TrainPage other(*fixture.window.bench);
    other.restoreState(state);
    const auto* pill = other.findChild<PillButton*>(QStringLiteral("smoothingPill"));
    QVERIFY(pill->text().contains(QStringLiteral("0.9")));
    other.restoreState(QByteArray("nonsense"));
  }

  void everyControlHasAnAccessibleName() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    for (auto* plot : fixture.page.findChildren<CurvePlot*>()) QVERIFY(!plot->accessibleName().isEmpty());
    for (auto* pill : fixture.page.findChildren<PillButton*>()) QVERIFY(!pill->accessibleName().isEmpty());
    QVERIFY(!fixture.table->accessibleName().isEmpty());
  }
};

QTEST_MAIN(TestTrainPage)
#include "test_train_page.moc"
