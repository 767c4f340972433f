// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <algorithm>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/models/predictions_model.h"
#include "ui/pages/predictions_grid.h"
#include "ui/pages/predictions_panel.h"
#include "ui/pages/train_curves.h"
#include "ui/pages/train_tabs.h"
#include "ui/pages/weights_panel.h"
#include "ui/plots/heat_plot.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::Window;
using spec::RunStatus;

namespace {

struct Shown {
  explicit Shown(engine::FakeEngineOptions options = {}) : window(options), curves(*window.bench) {
    curves.resize(900, 680);
    curves.show();
    ready = window.open();
    tabs = curves.tabs();
  }
  [[nodiscard]] store::RunNumber trained(int epochs) const {
    const auto run = window.train(epochs);
    return window.waitForStatus(run, RunStatus::Completed) ? run : 0;
  }
  [[nodiscard]] bool emptyTextHas(const QWidget& widget, const QString& words) const {
    const auto labels = widget.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(),
                       [&](const QLabel* label) { return label->text().contains(words); });
  }
  Window window;
  TrainCurves curves;
  TrainTabs* tabs = nullptr;
  bool ready = false;
};

}  // namespace

class TestTrainTabs : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void everyTabHasItsPlots() {
    Shown shown;
    QVERIFY(shown.ready);
    const auto run = shown.trained(6);
    QVERIFY(run > 0);
    shown.window.runs().setShown({run});
    const std::pair<TrainCurves::Which, TrainTabs::Tab> places[] = {
        {TrainCurves::LearningRate, TrainTabs::Overview}, {TrainCurves::Throughput, TrainTabs::Overview},
        {TrainCurves::Momentum, TrainTabs::Optimiser},    {TrainCurves::GradientNorm, TrainTabs::Optimiser},
        {TrainCurves::Processor, TrainTabs::Machine},     {TrainCurves::Memory, TrainTabs::Machine},
        {TrainCurves::FreeMemory, TrainTabs::Machine}};
    for (const auto& [which, tab] : places) {
      auto* plot = shown.curves.plot(which);
      shown.tabs->showTab(tab);
      QVERIFY(plot->isVisible());
      QVERIFY(!plot->accessibleName().isEmpty());
      QVERIFY(!plot->items().empty());
      if (tab != TrainTabs::Machine) QTRY_VERIFY2(plot->lastShownStep(0) > 0, qPrintable(plot->accessibleName()));
    }
    // The processor of the machine, and of this program.
    QCOMPARE(shown.curves.plot(TrainCurves::Processor)->items().size(), std::size_t{2});
    const auto* bar = shown.curves.findChild<QTabBar*>();
    for (int i = 0; i < bar->count(); ++i) QVERIFY(!bar->tabText(i).isEmpty() && !bar->tabToolTip(i).isEmpty());
  }

  void weightsOfALayerAreShownWhileARunTrains() {
    Shown shown({.secondsPerStep = 0.002});
    QVERIFY(shown.ready);
    auto* panel = shown.tabs->weights();
    shown.tabs->showTab(TrainTabs::Weights);
    QVERIFY(shown.emptyTextHas(*panel, QStringLiteral("choose a run")));
    shown.window.experiment().setField("training.histograms", "every_epoch", QStringLiteral("x"));
    const auto run = shown.window.train(1000);
    QTRY_VERIFY_WITH_TIMEOUT(panel->weights()->frameCount() >= 3, 60000);
    QCOMPARE(shown.tabs->run(), run);
    QCOMPARE(panel->layer(), std::string("linear.weight"));
    const auto before = panel->gradients()->frameCount();
    QTRY_VERIFY_WITH_TIMEOUT(panel->gradients()->frameCount() > before, 60000);
    auto* pill = shown.curves.findChild<PillButton*>(QStringLiteral("layerPill"));
    QVERIFY(pill->isVisible() && pill->text().contains(QStringLiteral("linear.weight")));
    QTest::mouseClick(pill, Qt::LeftButton);
    auto* menu = shown.curves.findChild<QMenu*>(QStringLiteral("layerMenu"));
    QTRY_VERIFY(menu->isVisible());
    QCOMPARE(menu->actions().size(), 2);
    menu->actions().last()->trigger();
    menu->close();
    QTRY_COMPARE(panel->layer(), std::string("linear.bias"));
    QTRY_VERIFY(pill->text().contains(QStringLiteral("linear.bias")));
    QTRY_VERIFY(panel->weights()->frameCount() >= 3);
    QVERIFY(!panel->weights()->logY() && panel->gradients()->logY());
    shown.curves.setLogY(true);
    QVERIFY(panel->weights()->logY() && panel->gradients()->logY());
    shown.window.runs().cancel(run);
    QVERIFY(shown.window.waitForStatus(run, RunStatus::Cancelled));
  }

  void aRunWithoutHistogramsSaysHowToHaveThem() {
    Shown shown;
    QVERIFY(shown.ready);
    shown.window.experiment().setField("training.histograms", "off", QStringLiteral("x"));
    const auto run = shown.trained(2);
    QVERIFY(run > 0);
    shown.tabs->showTab(TrainTabs::Weights);
    QTRY_VERIFY(shown.emptyTextHas(*shown.tabs->weights(), QStringLiteral("kept no histograms")));
    QCOMPARE(shown.tabs->weights()->weights()->frameCount(), 0);
    QVERIFY(!shown.curves.findChild<PillButton*>(QStringLiteral("layerPill"))->isEnabled());
  }

  void predictionsOfAFinishedRunAreATable() {
    Shown shown;
    QVERIFY(shown.ready);
    const auto first = shown.trained(6);
    const auto second = shown.trained(1);
    QVERIFY(first > 0 && second > first);
    shown.window.runs().setShown({first, second});
    shown.tabs->showTab(TrainTabs::Predictions);
    auto* panel = shown.tabs->predictions();
    QTRY_VERIFY(panel->caption().contains(QStringLiteral("run %1").arg(second)));
    QVERIFY(panel->table()->isVisible());
    QCOMPARE(panel->table()->model()->rowCount(), 16);
    QVERIFY(!panel->grid()->isVisible());
    auto* pill = shown.curves.findChild<PillButton*>(QStringLiteral("insightRunPill"));
    QTest::mouseClick(pill, Qt::LeftButton);
    auto* menu = shown.curves.findChild<QMenu*>(QStringLiteral("insightRunMenu"));
    QTRY_VERIFY(menu->isVisible());
    QCOMPARE(menu->actions().size(), 2);
    menu->close();
    shown.tabs->chooseRun(first);
    QTRY_VERIFY(panel->caption().contains(QStringLiteral("after epoch 6")));
    int right = 0;
    const auto* model = panel->table()->model();
    for (int row = 0; row < 16; ++row) {
      const auto cell = [&](int column) { return model->index(row, column).data().toString(); };
      const bool same = cell(PredictionsModel::Actual) == cell(PredictionsModel::Predicted);
      QCOMPARE(cell(PredictionsModel::Mark), same ? QStringLiteral("\u2713") : QStringLiteral("\u2715"));
      QVERIFY(cell(PredictionsModel::Measure).startsWith(QLatin1Char('0')) ||
              cell(PredictionsModel::Measure).startsWith(QLatin1Char('1')));
      right += same ? 1 : 0;
    }
    QVERIFY(panel->caption().contains(QStringLiteral("%1 right").arg(right)));
    // A run that is no longer shown is not the one chosen.
    shown.window.runs().setShown({second});
    QTRY_COMPARE(shown.tabs->run(), second);
  }

  void predictionsOfImagesArePictures() {
    Shown shown;
    QVERIFY(shown.ready);
    const auto run = shown.trained(1);
    QVERIFY(run > 0);
    services::RunPredictions made;
    made.step = 1'000'000;
    made.epoch = 9;
    made.shape = {1, 4, 4};
    for (int i = 0; i < 5; ++i) {
      services::PredictedRow row;
      row.row = i;
      row.actual = {"boot"};
      row.guesses = {{i % 2 == 0 ? "boot" : "bag", 0.75}, {"hat", 0.2}};
      row.right = i % 2 == 0;
      made.rows.push_back(row);
    }
    std::vector<std::byte> pixels(5 * 16, std::byte{200});
    shown.window.bench->project()->store().putSnapshot(run, {made.step, services::toJson(made), pixels});
    shown.tabs->showTab(TrainTabs::Predictions);
    auto* panel = shown.tabs->predictions();
    QTRY_COMPARE(panel->grid()->count(), 5);
    QVERIFY(panel->grid()->isVisible());
    QCOMPARE(panel->grid()->picture(0).pixelColor(1, 1).red(), 200);
    QVERIFY(panel->caption().contains(QStringLiteral("3 right")));
    QVERIFY(panel->grid()->heightForWidth(600) <= panel->grid()->heightForWidth(200));
    QVERIFY(!panel->grid()->grab().isNull());
  }

  void theStateOfTheTabsComesBack() {
    Shown shown;
    QVERIFY(shown.ready);
    shown.tabs->showTab(TrainTabs::Machine);
    const auto state = shown.curves.saveState();
    TrainCurves other(*shown.window.bench);
    other.restoreState(state);
    QCOMPARE(other.tabs()->current(), TrainTabs::Machine);
    other.restoreState(QByteArray("nonsense"));
    other.tabs()->restoreState(QByteArray("nonsense"));
    QCOMPARE(other.tabs()->current(), TrainTabs::Machine);
  }

  void everyTabIsSeenWhereTheWindowIsNarrow() {
    Shown shown;
    QVERIFY(shown.ready);
    const auto run = shown.trained(3);
    QVERIFY(run > 0);
    shown.tabs->showTab(TrainTabs::Weights);
    const auto* pill = shown.tabs->weights()->layerPill();
    const auto* runPill = shown.tabs->findChild<PillButton*>(QStringLiteral("insightRunPill"));
    const auto* bar = shown.tabs->findChild<QTabBar*>(QStringLiteral("trainTabBar"));
    QTRY_VERIFY(pill->isVisible() && pill->text().startsWith(QStringLiteral("linear.weight")));
    const int margins = 2 * 8 + 3 * 8;
    const int names = bar->sizeHint().width() + runPill->sizeHint().width();
    shown.curves.resize(names + margins + 90, 680);
    QTRY_VERIFY(bar->width() >= bar->sizeHint().width());
    shown.tabs->weights()->setPillRoom(0);  // as beside longer names
    QVERIFY(!pill->text().startsWith(QStringLiteral("linear.weight")));
    shown.curves.resize(1400, 680);
    QTRY_VERIFY(pill->text().startsWith(QString::fromStdString(shown.tabs->weights()->layer())));
  }
};

QTEST_MAIN(TestTrainTabs)
#include "test_train_tabs.moc"
