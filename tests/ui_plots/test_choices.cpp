// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QFile>
#include <QFont>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <algorithm>
#include <cmath>

#include "tests/ui_plots/train_page_fixture.h"
#include "ui/bridge/rate_finder.h"
#include "ui/models/trials_model.h"
#include "ui/pages/choice_panel.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/run_note.h"
#include "ui/pages/train_tabs.h"
#include "ui/plots/choice_plot.h"
#include "ui/plots/rate_plot.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/thin_progress.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::PageFixture;
using lathe::tests::Window;
using services::ChoosingStage;
using spec::RunStatus;

namespace {

/// Starts what the experiment says, with everything open.
store::RunNumber trainAutomatic(const PageFixture& fixture) {
  auto& experiment = fixture.window.experiment();
  experiment.setField("training.epochs", "10", QStringLiteral("x"));
  QSignalSpy started(&experiment, &ExperimentController::trainingStarted);
  experiment.train();
  return started.wait(20000) ? started.first().first().toLongLong() : 0;
}

services::TriedSetting tried(int candidate, int round, double rate, double value) {
  services::TriedSetting result;
  result.candidate = candidate;
  result.round = round;
  result.optimizer.name = candidate % 2 == 0 ? "adamw" : "sgd";
  result.optimizer.lr = rate;
  result.number = rate;
  result.metric = "val/loss";
  result.value = value;
  return result;
}

}  // namespace

class TestChoices : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void whileARunChoosesThePageSaysHowFarItIs() {
    PageFixture fixture({.secondsPerStep = 0.0005});
    QVERIFY(fixture.ready);
    const auto run = trainAutomatic(fixture);
    QVERIFY(run > 0);
    auto* note = fixture.curves->note();
    QTRY_VERIFY(fixture.window.runs().choosing(run) != nullptr && note->isVisible());
    QTRY_VERIFY(fixture.window.runs().choosing(run) != nullptr && fixture.window.runs().choosing(run)->done > 0);
    QVERIFY2(note->text().startsWith(QStringLiteral("Choosing optimiser and learning rate: ")),
             qPrintable(note->text()));
    QVERIFY(note->progress()->isVisible());
    const auto epoch = fixture.table->model()->index(0, RunsModel::Epoch);
    QCOMPARE(epoch.data().toString(), QStringLiteral("choosing"));
    QVERIFY(epoch.data(Qt::ToolTipRole).toString().contains(QStringLiteral("short trainings")));
    QTRY_VERIFY(note->progress()->fraction() > 0);
    const auto labels = fixture.curves->plot(TrainCurves::Loss)->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->text().contains(QStringLiteral("chooses its settings first"));
    }));

    // The trials are one click away and come in while it goes on.
    auto* panel = fixture.curves->tabs()->choices();
    QTRY_VERIFY(note->link()->isVisible());
    QTest::mouseClick(note->link(), Qt::LeftButton);
    QCOMPARE(fixture.curves->tabs()->current(), TrainTabs::Choices);
    QTRY_VERIFY(!panel->plot()->marks().empty());
    const auto early = panel->plot()->marks().size();
    QTRY_VERIFY_WITH_TIMEOUT(panel->plot()->marks().size() > early, 20000);

    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QVERIFY(fixture.window.runs().choosing(run) == nullptr);
    QTRY_VERIFY(!note->progress()->isVisible());
    QTRY_VERIFY2(note->text().contains(QStringLiteral("the best of 19 setting")), qPrintable(note->text()));
    QTRY_COMPARE(panel->table()->model()->rowCount(), 19);
    QTRY_VERIFY(std::any_of(panel->plot()->marks().begin(), panel->plot()->marks().end(),
                            [](const auto& mark) { return mark.chosen; }));
    QVERIFY(panel->table()->model()->index(0, TrialsModel::Setting).data().toString().startsWith(QChar(0x2713)));
    QVERIFY(epoch.data().toString().endsWith(QStringLiteral("10/10")));
  }

  void aRunThatWasToldEverythingSaysThatNothingWasTried() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto& experiment = fixture.window.experiment();
    experiment.setField("training.optimizer.name", "adamw", QStringLiteral("x"));
    const auto run = fixture.window.train(1);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    fixture.curves->tabs()->showTab(TrainTabs::Choices);
    QVERIFY(!fixture.curves->note()->isVisible());
    auto* panel = fixture.curves->tabs()->choices();
    const auto labels = panel->plot()->findChildren<QLabel*>();
    QTRY_VERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && label->text().contains(QStringLiteral("Run 1 tried nothing"));
    }));
    QVERIFY(!panel->stagePill()->isVisible());
  }

  void batchSizeAndEpochsHaveTheirOwnPictures() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto& experiment = fixture.window.experiment();
    experiment.setField("training.batch_size", "-1", QStringLiteral("x"));
    experiment.setField("training.auto_epochs", "true", QStringLiteral("x"));
    const auto run = fixture.window.train(20);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    auto* tabs = fixture.curves->tabs();
    tabs->showTab(TrainTabs::Choices);
    auto* panel = tabs->choices();
    QTRY_VERIFY(panel->stagePill()->isVisible());
    QCOMPARE(panel->stage(), ChoosingStage::Epochs);
    QVERIFY(panel->plot()->marks().size() >= 2);
    QCOMPARE(panel->plot()->marks().front().number, 5.0);
    QVERIFY(panel->table()->isColumnHidden(TrialsModel::Round));
    panel->setStage(ChoosingStage::Batch);
    QCOMPARE(panel->plot()->marks().front().number, 16.0);
    QTRY_VERIFY2(fixture.curves->note()->text().contains(QStringLiteral("epoch(s): the best of")),
                 qPrintable(fixture.curves->note()->text()));
  }

  void aRunAtAFoundRateLeadsToItsCurve() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    double used = 0;
    {
      RateDialog dialog(*fixture.window.bench);
      dialog.setAttribute(Qt::WA_DeleteOnClose, false);
      dialog.show();
      QTRY_COMPARE(dialog.finder()->state(), RateFinder::State::Done);
      QTest::mouseClick(dialog.findChild<QPushButton*>(QStringLiteral("useRate")), Qt::LeftButton);
      used = fixture.window.experiment().spec().training.optimizer.lr;
      QVERIFY(used > 0);
    }
    const auto run = trainAutomatic(fixture);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    auto* note = fixture.curves->note();
    QTRY_VERIFY2(note->isVisible() && note->text().contains(QStringLiteral("was found on a curve")),
                 qPrintable(note->text()));
    QCOMPARE(note->link()->text(), QStringLiteral("Show the curve"));
    QTest::mouseClick(note->link(), Qt::LeftButton);
    auto* dialog = fixture.curves->window()->findChild<RateDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->finder()->state(), RateFinder::State::Done);
    QCOMPARE(dialog->findChild<RatePlot*>()->rate(), used);
    QVERIFY(dialog->windowTitle().contains(QStringLiteral("run 1")));
    QVERIFY(!dialog->findChild<QPushButton*>(QStringLiteral("runAgain"))->isVisible());
    dialog->close();
  }

  void theTableHasTheChosenOneFirstAndThenTheBetterOnes() {
    services::Choosing choosing;
    choosing.tried = {tried(0, 1, 1e-3, 0.5), tried(1, 1, 1e-1, std::nan("")), tried(2, 1, 1e-2, 0.4),
                      tried(3, 1, 3e-2, 0.6), tried(0, 2, 1e-3, 0.3),          tried(2, 2, 1e-2, 0.31)};
    TrialsModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setTrials(choosing, ChoosingStage::Optimizer);
    QCOMPARE(model.rowCount(), 4);
    const auto text = [&](int row, int column) { return model.index(row, column).data().toString(); };
    QCOMPARE(text(0, TrialsModel::Number), QStringLiteral("0.001"));
    QCOMPARE(text(0, TrialsModel::Round), QStringLiteral("2"));
    QCOMPARE(text(2, TrialsModel::Setting), QStringLiteral("SGD 0.9"));
    QCOMPARE(model.index(2, 0).data(TrialsModel::ColourRole).toInt(), 1);
    QCOMPARE(text(3, TrialsModel::Value), QStringLiteral("diverged"));
    QCOMPARE(model.headerData(TrialsModel::Value, Qt::Horizontal, Qt::DisplayRole).toString(),
             QStringLiteral("val loss"));
    for (auto& each : choosing.tried) each.chosen = each.candidate == 2;  // by a hair, as a person would say
    model.setTrials(choosing, ChoosingStage::Optimizer);
    QCOMPARE(text(0, TrialsModel::Setting), QString(QChar(0x2713)) + QStringLiteral(" AdamW"));
    QCOMPARE(text(0, TrialsModel::Number), QStringLiteral("0.01"));
    QVERIFY(model.index(0, 0).data(Qt::FontRole).value<QFont>().weight() > QFont::Normal);
    choosing.tried.push_back(tried(4, 1, 0.2, 0.2));
    model.setTrials(choosing, ChoosingStage::Optimizer);
    QCOMPARE(model.rowCount(), 5);
  }

  void oneMarkASettingAndRoundAndTheWorstDoNotPressTheOthersFlat() {
    Window window;
    ChoicePlot plot(*window.bench);
    plot.setTitle(QStringLiteral("Trials"));
    plot.setAxes(QStringLiteral("learning rate"), QStringLiteral("val loss"), false, false);
    plot.resize(420, 280);
    plot.show();
    std::vector<ChoicePlot::Mark> marks;
    for (int i = 0; i < 8; ++i) {
      const auto value = i < 6 ? 0.5 + 0.02 * i : i == 6 ? 1e6 : std::nan("");
      marks.push_back({0.001 * std::pow(2, i), value, i, 1, i % 2, i == 2, QStringLiteral("setting %1").arg(i),
                       QString::number(value)});
    }
    QSignalSpy painted(&plot, &ChoicePlot::painted);
    plot.setMarks(marks, {{QStringLiteral("AdamW"), 0}, {QStringLiteral("SGD"), 1}});
    QVERIFY(painted.wait(5000));
    QVERIFY(plot.yRange().first < 0.5 && plot.yRange().second < 1.5);
    QVERIFY(plot.xRange().first < 0.001 && plot.xRange().second > marks.back().number);
    QVERIFY(plot.summary().contains(QStringLiteral("8 setting")));
    QVERIFY(plot.summary().contains(QStringLiteral("setting 2")));
    const auto place = plot.placeOf(2);
    QVERIFY(plot.readout(place).contains(QStringLiteral("(chosen)")));
    QVERIFY(plot.readout(place + QPoint(0, 200)).isEmpty());
    QVERIFY(plot.placeOf(7).y() < plot.placeOf(5).y());  // a loss that diverged is drawn above all others

    QTest::keyClick(&plot, Qt::Key_Plus);
    QVERIFY(!plot.following());
    const auto zoomed = plot.xRange();
    QTest::keyClick(&plot, Qt::Key_Right);
    QVERIFY(plot.xRange().first > zoomed.first);
    QVERIFY(std::abs(plot.xRange().second / plot.xRange().first - zoomed.second / zoomed.first) <
            1e-6 * zoomed.second / zoomed.first);
    QTest::keyClick(&plot, Qt::Key_0);
    QVERIFY(plot.following());

    const auto file = QString::fromStdString((window.folder / "trials.csv").string());
    QSignalSpy saved(&plot, &ChoicePlot::saved);
    QVERIFY(plot.saveAs(file));
    QVERIFY(saved.wait(5000));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    const auto lines = QString::fromUtf8(written.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 9);
    QCOMPARE(lines.at(3), QStringLiteral("\"setting 2\",%1,1,0.54,1").arg(marks[2].number));
    QVERIFY(lines.at(8).endsWith(QStringLiteral(",1,,0")));
  }
};

QTEST_MAIN(TestChoices)
#include "test_choices.moc"
