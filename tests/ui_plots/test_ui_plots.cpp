// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QToolButton>
#include <QWheelEvent>
#include <cmath>
#include <numeric>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/models/theme.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/curve_shape.h"
#include "ui/plots/smoothing.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::Window;

namespace {

/// A project with one run whose curves are made up, and a plot on the screen.
struct ShownPlot {
  ShownPlot() : plot(*window.bench) {
    plot.resize(400, 300);
    plot.show();
    if (!window.open()) return;
    auto& store = window.bench->project()->store();
    run = store.createRun({}, spec::RunStatus::Running, thisProcess()).value_or(0);
    ready = run > 0;
  }
  void log(const std::string& name, std::int64_t from, std::int64_t to, double (*value)(std::int64_t)) const {
    auto& store = window.bench->project()->store();
    const auto series = store.seriesId(run, name).value_or(0);
    std::vector<store::Point> points;
    for (auto step = from; step <= to; ++step) points.push_back({step, value(step)});
    store.append(series, points);
  }
  /// Logs a training loss of so many steps and waits until it is all on the screen.
  [[nodiscard]] bool showsLoss(std::int64_t steps, double (*value)(std::int64_t)) {
    log("train/loss", 1, steps, value);
    CurveItem item;
    item.run = run;
    item.series = "train/loss";
    item.label = QStringLiteral("run 1");
    item.markBest = true;
    item.stepsPerEpoch = 100;
    plot.setItems({item});
    return QTest::qWaitFor([&] { return plot.lastShownStep(0) == steps && plot.xRange().second >= steps; }, 60000);
  }
  Window window;
  CurvePlot plot;
  store::RunNumber run = 0;
  bool ready = false;
};

double falling(std::int64_t step) { return 1.0 / static_cast<double>(step) + 0.001; }

CurveItem lossOf(store::RunNumber run) {
  CurveItem item;
  item.run = run;
  item.series = "train/loss";
  item.label = QStringLiteral("run 1");
  item.markBest = true;
  item.stepsPerEpoch = 100;
  return item;
}

QWidget* canvasOf(CurvePlot& plot) {
  for (auto* child : plot.findChildren<QWidget*>())
    if (QByteArray(child->metaObject()->className()) == "QCustomPlot") return child;
  return nullptr;
}

void wheel(QWidget* target, const QPoint& at, int delta) {
  QWheelEvent event(at, target->mapToGlobal(at), {}, {0, delta}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                    false);
  QApplication::sendEvent(target, &event);
}

void drag(QWidget* target, const QPoint& from, const QPoint& to, Qt::KeyboardModifiers modifiers = {}) {
  const auto send = [&](QEvent::Type type, const QPoint& at, Qt::MouseButton button, Qt::MouseButtons held) {
    QMouseEvent event(type, at, target->mapToGlobal(at), button, held, modifiers);
    QApplication::sendEvent(target, &event);
  };
  send(QEvent::MouseButtonPress, from, Qt::LeftButton, Qt::LeftButton);
  send(QEvent::MouseMove, (from + to) / 2, Qt::NoButton, Qt::LeftButton);
  send(QEvent::MouseMove, to, Qt::NoButton, Qt::LeftButton);
  send(QEvent::MouseButtonRelease, to, Qt::LeftButton, Qt::NoButton);
}

}  // namespace

class TestUiPlots : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void smoothingKeepsAConstantAndRemovesNoise() {
    std::vector<double> x(1000);
    std::iota(x.begin(), x.end(), 0.0);
    const std::vector<double> flat(1000, 3.0);
    for (const double value : smoothed(x, flat, 0.9, 1000)) QVERIFY(std::fabs(value - 3) < 1e-12);
    std::vector<double> noisy(1000);
    for (std::size_t i = 0; i < noisy.size(); ++i) noisy[i] = i % 2 == 0 ? 1 : -1;
    QVERIFY(std::fabs(smoothed(x, noisy, 0.9, 1000).back()) < 0.1);
    QCOMPARE(smoothed(x, noisy, 0, 1000), noisy);
  }

  void smoothingDoesNotDependOnHowOftenWasLogged() {
    std::vector<double> denseX, denseY, sparseX, sparseY;
    for (int i = 0; i < 10000; ++i) {
      denseX.push_back(i);
      denseY.push_back(i < 5000 ? 0 : 1);
      if (i % 10 == 0) {
        sparseX.push_back(i);
        sparseY.push_back(i < 5000 ? 0 : 1);
      }
    }
    const auto dense = smoothed(denseX, denseY, 0.9, 10000);
    const auto sparse = smoothed(sparseX, sparseY, 0.9, 10000);
    QVERIFY(std::fabs(dense[5500] - sparse[550]) < 0.02);
  }

  void smoothingPassesOverWhatIsNotANumber() {
    const std::vector<double> x{0, 1, 2};
    const std::vector<double> y{1, std::nan(""), 1};
    const auto soft = smoothed(x, y, 0.5, 2);
    QVERIFY(std::isnan(soft[1]));
    QCOMPARE(soft[2], 1.0);
  }

  void aReducedCurveKeepsItsExtremes() {
    CurveData data;
    data.columns.push_back({1, 10, 0.5, 0.4, 0.1, 0.9, 7, 3, 10, 0});
    const auto shape = makeShape(data, lossOf(1), XAxis::Step);
    QCOMPARE(shape.x, (std::vector<double>{1, 3, 7, 10}));
    QCOMPARE(shape.y, (std::vector<double>{0.5, 0.9, 0.1, 0.4}));
    QCOMPARE(shape.best, 0.1);
    QCOMPARE(shape.bestX, 7.0);
    QCOMPARE(makeShape(data, lossOf(1), XAxis::Epoch).x.back(), 0.1);
  }

  void anEmptyPlotSaysWhatWillBeHere() {
    Window window;
    CurvePlot plot(*window.bench);
    plot.resize(400, 300);
    plot.setTitle(QStringLiteral("Loss"));
    plot.setEmptyText(QStringLiteral("Train to see it."));
    plot.show();
    QCOMPARE(plot.accessibleName(), QStringLiteral("Loss"));
    QCOMPARE(plot.summary(), QStringLiteral("Train to see it."));
  }

  void aCurveIsShownWholeAndFollowed() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 500, falling);
    plot.setItems({lossOf(plotted.run)});
    QTRY_COMPARE(plot.lastShownStep(0), 500);
    QTRY_VERIFY(plot.xRange().second >= 500 && plot.xRange().second < 600);
    QVERIFY(plot.yRange().second >= 1.0);
    QVERIFY(std::fabs(plot.valueAt(0, 250) - falling(250)) < 1e-9);
    plotted.log("train/loss", 501, 900, falling);
    QTRY_COMPARE(plot.lastShownStep(0), 900);
    QTRY_VERIFY(plot.xRange().second >= 900);
    QVERIFY(plot.following());
    QVERIFY(plot.summary().contains(QStringLiteral("900")));
  }

  void theWheelZoomsAtThePointerAndADoubleClickFits() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    QVERIFY(plotted.showsLoss(1000, falling));
    auto* canvas = canvasOf(plot);
    QVERIFY(canvas != nullptr);
    const auto before = plot.xRange();
    wheel(canvas, canvas->rect().center(), 120);
    const auto after = plot.xRange();
    QVERIFY(after.second - after.first < before.second - before.first);
    QVERIFY(after.first > before.first && after.second < before.second);
    QTest::mouseDClick(canvas, Qt::LeftButton, {}, canvas->rect().center());
    QTRY_VERIFY(plot.xRange().second >= 1000 && plot.xRange().first <= 0);
  }

  void panningAwayStopsFollowingAndAButtonBringsItBack() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    QVERIFY(plotted.showsLoss(1000, falling));
    QSignalSpy changed(&plot, &CurvePlot::followingChanged);
    auto* canvas = canvasOf(plot);
    auto* button = plot.findChild<QToolButton*>();
    QVERIFY(!button->isVisible());
    drag(canvas, canvas->rect().center(), canvas->rect().center() + QPoint(150, 0));
    QVERIFY(!plot.following());
    QCOMPARE(changed.count(), 1);
    QVERIFY(button->isVisible());
    const auto range = plot.xRange();
    plotted.log("train/loss", 1001, 1200, falling);
    QTRY_COMPARE(plot.lastShownStep(0), 1200);
    QCOMPARE(plot.xRange(), range);
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(plot.following());
    QTRY_VERIFY(plot.xRange().second >= 1200);
  }

  void theCrosshairReadsEveryCurve() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 1000, [](std::int64_t) { return 0.25; });
    plotted.log("val/loss", 1, 1000, [](std::int64_t) { return 0.75; });
    auto validation = lossOf(plotted.run);
    validation.series = "val/loss";
    plot.setItems({lossOf(plotted.run), validation});
    QTRY_VERIFY(plot.lastShownStep(1) == 1000 && plot.xRange().second >= 1000);
    auto* canvas = canvasOf(plot);
    QMouseEvent move(QEvent::MouseMove, canvas->rect().center(), canvas->mapToGlobal(canvas->rect().center()),
                     Qt::NoButton, Qt::NoButton, {});
    QApplication::sendEvent(canvas, &move);
    const auto read = [&] {
      for (auto* label : canvas->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(QStringLiteral("0.2500"))) return label->text();
      return QString();
    };
    QVERIFY(read().contains(QStringLiteral("0.7500")));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(canvas, &leave);
    QVERIFY(read().isEmpty());
  }

  void aRubberBandZoomsARange() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    QVERIFY(plotted.showsLoss(1000, falling));
    auto* canvas = canvasOf(plot);
    drag(canvas, canvas->rect().center() - QPoint(40, 40), canvas->rect().center() + QPoint(40, 40), Qt::ShiftModifier);
    QTRY_VERIFY(plot.xRange().first > 100 && plot.xRange().second < 900);
    QVERIFY(plot.yRange().second < 1.0);
  }

  void zoomingReachesEverySingleStep() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 100000, falling);
    plot.setItems({lossOf(plotted.run)});
    QTRY_COMPARE_WITH_TIMEOUT(plot.lastShownStep(0), 100000, 10000);
    plot.setXRange(50000, 50020);
    QTRY_VERIFY(std::fabs(plot.valueAt(0, 50007) - falling(50007)) < 1e-12);
  }

  void aChosenViewCanBeTakenToAnotherPlot() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    QVERIFY(plotted.showsLoss(1000, falling));
    QVERIFY(!plot.view().has_value());
    plot.setXRange(200, 300);
    QVERIFY(plot.view().has_value());
    CurvePlot other(*plotted.window.bench);
    other.resize(400, 300);
    other.show();
    other.setView(*plot.view());
    other.setItems(plot.items());
    QTRY_COMPARE(other.lastShownStep(0), 1000);
    QCOMPARE(other.xRange(), plot.xRange());
    QVERIFY(!other.following());
    other.setView({5, 1, false, 0, 0, false});  // nonsense changes nothing
    QCOMPARE(other.xRange(), plot.xRange());
    other.fit();
    QVERIFY(!other.view().has_value());
  }

  void theKeyboardDoesWhatTheMouseDoes() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    QVERIFY(plotted.showsLoss(1000, falling));
    const auto whole = plot.xRange();
    QTest::keyClick(&plot, Qt::Key_Plus);
    QVERIFY(plot.xRange().first > whole.first);
    QTest::keyClick(&plot, Qt::Key_Left);
    QVERIFY(!plot.following());
    QTest::keyClick(&plot, Qt::Key_End);
    QVERIFY(plot.following());
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(&plot, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(!QGuiApplication::clipboard()->image().isNull());
  }

  void aLogarithmicAxisLeavesOutWhatIsNotPositive() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 100,
                [](std::int64_t step) { return step == 50 ? 0.0 : 1.0 / static_cast<double>(step); });
    plot.setItems({lossOf(plotted.run)});
    plot.setLogY(true);
    QTRY_COMPARE(plot.lastShownStep(0), 100);
    QTRY_VERIFY(plot.yRange().first > 0 && plot.yRange().first < 0.01);
  }

  void aValueThatExplodedDoesNotPressTheRestFlat() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 500,
                [](std::int64_t step) { return step == 499 ? 1e30 : 1.0 + 1.0 / static_cast<double>(step); });
    plot.setItems({lossOf(plotted.run)});
    QTRY_COMPARE(plot.lastShownStep(0), 500);
    QTRY_VERIFY(plot.yRange().second < 10);
    plot.setLogY(true);
    QTRY_VERIFY(plot.yRange().second > 1e29);
  }

  void theEpochAxisCountsEpochs() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plotted.log("train/loss", 1, 1000, falling);
    plot.setItems({lossOf(plotted.run)});
    plot.setXAxis(XAxis::Epoch);
    QTRY_VERIFY(plot.xRange().second >= 10 && plot.xRange().second < 11);
  }

  void picturesAndPointsAreSaved() {
    ShownPlot plotted;
    QVERIFY(plotted.ready);
    auto& plot = plotted.plot;
    plot.setTitle(QStringLiteral("Loss"));
    plotted.log("train/loss", 1, 100, falling);
    plot.setItems({lossOf(plotted.run)});
    QTRY_COMPARE(plot.lastShownStep(0), 100);
    QSignalSpy saved(&plot, &CurvePlot::saved);
    const auto path = [&](const char* name) { return QString::fromStdString((plotted.window.folder / name).string()); };
    QVERIFY(plot.saveAs(path("a.png")));
    QCOMPARE(QImage(path("a.png")).size(), QSize(800, 600));
    QVERIFY(plot.saveAs(path("a.svg")));
    QVERIFY(plot.saveAs(path("a.pdf")));
    for (const auto& [name, start] : {std::pair{"a.svg", "<?xml"}, std::pair{"a.pdf", "%PDF"}}) {
      QFile file(path(name));
      QVERIFY(file.open(QIODevice::ReadOnly));
      QVERIFY(file.readAll().startsWith(start));
    }
    QVERIFY(plot.saveAs(path("a.csv")));
    QTRY_COMPARE(saved.count(), 4);
    QFile table(path("a.csv"));
    QVERIFY(table.open(QIODevice::ReadOnly));
    const auto lines = table.readAll().trimmed().split('\n');
    QCOMPARE(lines.size(), 101);
    QCOMPARE(lines[0], QByteArray("run,series,step,value"));
    QSignalSpy failed(&plot, &CurvePlot::failed);
    QVERIFY(!plot.saveAs(path("no/such/folder/a.png")));
    QCOMPARE(failed.count(), 1);
  }

  void theDarkThemeIsDark() {
    Window window;
    CurvePlot plot(*window.bench);
    plot.resize(300, 200);
    plot.show();
    const auto becomes = [&plot](bool dark) {
      Theme::setDark(dark);
      QEvent change(QEvent::PaletteChange);
      QApplication::sendEvent(&plot, &change);
      return QTest::qWaitFor([&] { return (plot.grab().toImage().pixelColor(150, 150).lightness() < 60) == dark; },
                             60000);
    };
    const bool dark = becomes(true);
    const bool light = becomes(false);
    QVERIFY(dark && light);
  }
};

QTEST_MAIN(TestUiPlots)
#include "test_ui_plots.moc"
