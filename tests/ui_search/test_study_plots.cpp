// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <limits>

#include "tests/support/qt_wait.h"
#include "tests/ui_bridge/window_fixture.h"
#include "tests/ui_search/study_samples.h"
#include "ui/pages/architecture_scenes.h"
#include "ui/pages/study_scenes.h"
#include "ui/plots/curve_crowd.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::studyTable;
using lathe::tests::Window;

namespace {

std::shared_ptr<const StudyScene> shared(StudyScene scene) {
  return std::make_shared<const StudyScene>(std::move(scene));
}

bool shown(StudyPlot& plot, StudyScene scene) {
  QSignalSpy painted(&plot, &PlotWidget::painted);
  plot.resize(500, 320);
  plot.show();
  plot.setScene(shared(std::move(scene)));
  return painted.wait(10000);
}

}  // namespace

class TestStudyPlots : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void historyShowsTheBestSoFar() {
    const auto table = studyTable(50);
    const auto scene = historyScene(*table, 0);
    QCOMPARE(scene.points.size(), std::size_t{50});
    QCOMPARE(scene.lines.size(), std::size_t{1});
    const auto best = table->best();
    QVERIFY(best.has_value());
    QCOMPARE(scene.lines.front().y.back(), table->value(*best));
    QVERIFY(scene.summary.contains(QString::number(*best)));
  }

  void everyPictureSaysWhatIsMissing() {
    const auto table = studyTable(0);
    for (const auto& scene :
         {historyScene(*table, 0), reportsScene(*table), importanceScene(*table, 0, services::ImportanceMethod::Fanova),
          sliceScene(*table, 0, 0), contourScene(*table, 0, 0, 1, search::ContourKind::Interpolated),
          rankScene(*table, 0, 0, 1), distributionScene(*table, 0), timelineScene(*table, 0)}) {
      QVERIFY(scene.empty());
      QVERIFY(!scene.emptyText.isEmpty());
    }
    QVERIFY(!parallelScene(*table, 0).emptyText.isEmpty());
  }

  void importanceNamesTheSettingsThatMatter() {
    const auto table = studyTable(300);
    for (const auto method : {services::ImportanceMethod::Fanova, services::ImportanceMethod::PedAnova}) {
      const auto scene = importanceScene(*table, 0, method);
      QCOMPARE(scene.bars.size(), std::size_t{3});
      QCOMPARE(scene.bars.front().name, QStringLiteral("Learning rate"));
      QVERIFY(scene.bars.front().length > scene.bars.back().length);
    }
  }

  void aContourHasAValueInEveryCell() {
    const auto table = studyTable(200);
    const auto scene = contourScene(*table, 0, 0, 1, search::ContourKind::Interpolated);
    QVERIFY(scene.grid.columns >= 40 && scene.grid.rows >= 40);
    QCOMPARE(scene.grid.values.size(), scene.grid.columns * scene.grid.rows);
    QVERIFY(scene.grid.low < scene.grid.high);
    QVERIFY(scene.x.log && scene.y.log);
    const auto choices = contourScene(*table, 0, 0, 2, search::ContourKind::Interpolated);
    QCOMPARE(choices.y.words.size(), std::size_t{2});
  }

  void severalGoalsHaveAFrontAndAVolume() {
    const auto table = studyTable(80, 2);
    const auto front = frontScene(*table, 0, 1);
    QVERIFY(!front.points.empty() && front.lines.size() == 1);
    const auto& line = front.lines.front();
    for (std::size_t i = 1; i < line.x.size(); ++i) QVERIFY(line.x[i] >= line.x[i - 1] && line.y[i] <= line.y[i - 1]);
    const auto volume = hypervolumeScene(*table);
    QVERIFY(!volume.lines.empty());
    for (std::size_t i = 1; i < volume.lines.front().y.size(); ++i)
      QVERIFY(volume.lines.front().y[i] >= volume.lines.front().y[i - 1]);
  }

  void ofThreeGoalsTheThirdIsTheColour() {
    const auto table = studyTable(80, 3);
    const auto scene = frontScene(*table, 0, 2);
    QVERIFY(scene.caption.contains(goalAxisName(*table, 1)));
    float least = 2, most = -2;
    for (const auto& point : scene.points) {
      QCOMPARE(point.y, table->value(point.trial, 2));
      if (point.tone != StudyScene::Tone::Good) {
        QVERIFY(point.shade < 0);
        continue;
      }
      least = std::min(least, point.shade);
      most = std::max(most, point.shade);
    }
    QCOMPARE(least, 0.F);
    QCOMPARE(most, 1.F);
  }

  void aTrialOfOneEpochIsAPointAmongTheCurves() {
    const auto table = studyTable(3);
    auto reports = std::make_shared<std::vector<services::TableReport>>();
    *reports = {{0, 1, 0.5}, {1, 1, 0.75}, {0, 2, 0.25}};
    auto changed = *table;
    changed.reports = {reports};
    const auto scene = reportsScene(changed);
    QCOMPARE(scene.curves.size(), std::size_t{2});
    QCOMPARE(scene.points.size(), std::size_t{1});
    QCOMPARE(scene.points[0].trial, 1U);
    QCOMPARE(scene.points[0].y, 0.75);
  }

  void aCrowdOfCurvesIsDrawnInPiecesAndAsASingleOne() {
    const auto table = studyTable(6000);
    const auto scene = shared(reportsScene(*table));
    PlotFrame frame{{1, 5, false, 0, 400}, {0, 1.2, false, 300, 0}, {400, 300}, 1, false};
    const auto toneOf = [](const StudyScene::Curve& curve) { return curve.tone; };
    CurveCrowd atOnce(scene, frame, toneOf);
    QVERIFY(atOnce.work(std::numeric_limits<double>::infinity()));
    CurveCrowd pieces(scene, frame, toneOf);
    int count = 1;
    while (!pieces.work(0)) ++count;
    QVERIFY(count > 10);
    QVERIFY(pieces.image() == atOnce.image());
    // Where a curve is, there is colour; beyond all curves there is none.
    const auto& curve = scene->curves[17];
    const auto place = frame
                           .place(static_cast<double>(scene->curveX[curve.first + 1]),
                                  static_cast<double>(scene->curveY[curve.first + 1]))
                           .toPoint();
    QVERIFY(qAlpha(atOnce.image().pixel(place - QPoint(1, 0))) > 0);
    QCOMPARE(qAlpha(atOnce.image().pixel(200, 299)), 0);
  }

  void aClickChoosesTheTrialUnderThePointer() {
    Window window;
    StudyPlot plot(*window.bench);
    QVERIFY(shown(plot, historyScene(*studyTable(40), 0)));
    QSignalSpy clicked(&plot, &StudyPlot::trialClicked);
    QTRY_COMPARE(plot.trialAt(plot.placeOf(7)).value_or(0), 7U);
    auto* canvas = plot.findChild<QWidget*>(QString(), Qt::FindDirectChildrenOnly);
    for (auto* child : plot.findChildren<QWidget*>())
      if (child->inherits("QCustomPlot")) canvas = child;
    QTest::mouseClick(canvas, Qt::LeftButton, {}, plot.placeOf(7));
    QCOMPARE(clicked.size(), 1);
    QCOMPARE(clicked.front().front().toUInt(), 7U);
    plot.setTrialText([](std::uint32_t trial) { return QStringLiteral("trial %1!").arg(trial); });
    QCOMPARE(plot.readout(plot.placeOf(7)), QStringLiteral("trial 7!"));
  }

  void aHundredThousandTrialsAreDrawnWithinAFrameOrTwo() {
    Window window;
    const auto table = studyTable(100'000);
    StudyPlot plot(*window.bench);
    QVERIFY(shown(plot, historyScene(*table, 0)));
    QTRY_VERIFY(plot.drawMs() > 0);
    // The quickest of some: other programs take their time too.
    double least = plot.drawMs();
    for (int i = 1; i <= 6; ++i) {
      QSignalSpy painted(&plot, &PlotWidget::painted);
      plot.setXRange(0, 100'000 + i);
      QVERIFY(painted.wait(10000));
      QTest::qWait(50);
      least = std::min(least, plot.drawMs());
    }
    qInfo("history of 100 000 trials: %.1f ms", least);
    QVERIFY(least < 500);
    StudyPlot curves(*window.bench);
    QVERIFY(shown(curves, reportsScene(*table)));
    QTRY_VERIFY(curves.drawMs() > 0);
    qInfo("intermediate values of 100 000 trials: %.1f ms, in pieces of at most %.1f ms", curves.drawMs(),
          curves.longestMs());
    // While it is zoomed the old picture stands where its values are now, and then comes a sharp one.
    const double before = curves.drawMs();
    curves.setXRange(2, 4);
    QTRY_VERIFY(curves.drawMs() != before);
    ParallelPlot parallel(*window.bench);
    parallel.resize(500, 320);
    parallel.show();
    parallel.setScene(std::make_shared<const ParallelScene>(parallelScene(*table, 0)));
    QTRY_VERIFY(parallel.drawMs() > 0);
    qInfo("parallel coordinates of 100 000 trials: %.1f ms", parallel.drawMs());
    QVERIFY(parallel.drawMs() < 1000);
  }

  void aBrushKeepsTheTrialsWithin() {
    Window window;
    ParallelPlot plot(*window.bench);
    plot.resize(600, 320);
    plot.show();
    const auto table = studyTable(60);
    const auto scene = std::make_shared<const ParallelScene>(parallelScene(*table, 0));
    plot.setScene(scene);
    QSignalSpy brushed(&plot, &ParallelPlot::brushed);
    QTest::mousePress(&plot, Qt::LeftButton, {}, plot.placeOn(0, 0.2));
    QTest::mouseMove(&plot, plot.placeOn(0, 0.6));
    QTest::mouseRelease(&plot, Qt::LeftButton, {}, plot.placeOn(0, 0.6));
    QVERIFY(!brushed.isEmpty());
    QVERIFY(plot.isBrushed());
    int within = 0;
    for (std::size_t line = 0; line < scene->trials.size(); ++line) {
      const auto position = scene->positions[line * scene->axes.size()];
      if (plot.within(line)) ++within;
      if (position > 0.25F && position < 0.55F) QVERIFY(plot.within(line));
      if (position < 0.15F || position > 0.65F) QVERIFY(!plot.within(line));
    }
    QVERIFY(within > 0 && within < static_cast<int>(scene->trials.size()));
    QTest::keyClick(&plot, Qt::Key_Escape);
    QVERIFY(!plot.isBrushed());
  }

  void theFamilyOfManyThousandsIsFluid() {
    Window window;
    constexpr std::size_t count = 50'000;
    auto table = studyTable(count);
    table->settings.architecture.method = "evolution";
    table->settings.architecture.space = "mlp";
    for (std::size_t i = 0; i < count; ++i)
      table->parents.push_back(i < 50 || i % 7 == 3 ? -1 : static_cast<std::int32_t>(i - 1 - i % 40));
    const auto scene = familyScene(*table, 0, 12345);
    QVERIFY(scene.links.size() > count / 2);
    for (const auto& link : scene.links) QVERIFY(scene.points[link.from].trial < scene.points[link.to].trial);
    QVERIFY(!scene.caption.isEmpty() && scene.summary.contains(QStringLiteral("12345")));
    StudyPlot plot(*window.bench);
    QVERIFY(shown(plot, scene));
    QTRY_VERIFY(plot.drawMs() > 0);
    double least = plot.drawMs();
    for (int i = 1; i <= 4; ++i) {
      QSignalSpy painted(&plot, &PlotWidget::painted);
      plot.setXRange(0, static_cast<double>(count) + i);
      QVERIFY(painted.wait(10000));
      QTest::qWait(50);
      least = std::min(least, plot.drawMs());
    }
    qInfo("family tree of 50 000 trials: %.1f ms", least);
    QVERIFY(least < 500);
    QSignalSpy saved(&plot, &PlotWidget::saved);
    const auto file = QString::fromStdString(window.folder.path().string()) + QStringLiteral("/family.csv");
    QVERIFY(plot.saveAs(file));
    QTRY_COMPARE(saved.size(), 1);
    QFile csv(file);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QVERIFY(csv.readLine().endsWith(",parent\n"));
  }

  void picturesAndDataAreSaved() {
    Window window;
    const auto folder = QString::fromStdString(window.folder.path().string());
    StudyPlot plot(*window.bench);
    QVERIFY(shown(plot, historyScene(*studyTable(20), 0)));
    for (const auto* ending : {"png", "svg"}) {
      const auto file = folder + QStringLiteral("/history.") + QLatin1String(ending);
      QVERIFY(plot.saveAs(file));
      QVERIFY(QFile(file).size() > 1000);
    }
    QSignalSpy saved(&plot, &PlotWidget::saved);
    const auto file = folder + QStringLiteral("/history.csv");
    QVERIFY(plot.saveAs(file));
    QTRY_COMPARE(saved.size(), 1);
    QFile csv(file);
    QVERIFY(csv.open(QIODevice::ReadOnly));
    QCOMPARE(csv.readAll().count('\n'), 21);
  }
};

QTEST_MAIN(TestStudyPlots)
#include "test_study_plots.moc"
