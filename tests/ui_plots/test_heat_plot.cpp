// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QMouseEvent>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QToolButton>
#include <cmath>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/models/theme.h"
#include "ui/plots/heat_plot.h"
#include "ui/plots/heat_raster.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::Window;

namespace {

SpreadFrame frame(std::int64_t step, std::vector<SpreadFrame::Bin> bins) { return {step, std::move(bins)}; }

/// Values that spread out: ten equal bins from -width to width.
SpreadFrame even(std::int64_t step, double width) {
  std::vector<SpreadFrame::Bin> bins;
  for (int i = -5; i < 5; ++i) bins.push_back({i * width / 5, (i + 1) * width / 5, 0.1});
  return frame(step, std::move(bins));
}

double sumOf(const HeatRaster& raster, int column) {
  double sum = 0;
  for (int row = 0; row < raster.rows; ++row) sum += raster.at(column, row);
  return sum;
}

QWidget* canvasOf(HeatPlot& plot) {
  for (auto* child : plot.findChildren<QWidget*>())
    if (QByteArray(child->metaObject()->className()) == "QCustomPlot") return child;
  return nullptr;
}

struct ShownHeat {
  ShownHeat() : plot(*window.bench) {
    plot.setTitle(QStringLiteral("Weights"));
    plot.setValueName(QStringLiteral("weight"));
    plot.setEmptyText(QStringLiteral("Nothing yet."));
    plot.resize(420, 280);
    plot.show();
  }
  [[nodiscard]] bool shows(const SpreadFrames& frames) {
    QSignalSpy painted(&plot, &HeatPlot::painted);
    plot.setFrames(frames);
    return painted.wait(5000);
  }
  Window window;
  HeatPlot plot;
};

}  // namespace

class TestHeatPlot : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void eachColumnHoldsAllValuesOfTheFrameBeforeIt() {
    const SpreadFrames frames{even(1, 1), even(100, 2), even(200, 4)};
    const auto axis = HeatAxis::fitting(frames, false);
    QVERIFY(axis.low() < -3.9 && axis.high() > 3.9 && axis.high() < 4.5);
    const auto raster = makeRaster(frames, axis, 0, 200, 20, 40);
    for (int column = 0; column < 20; ++column) QVERIFY(std::abs(sumOf(raster, column) - 1) < 1e-5);
    // Column 9 ends at step 100: from there on the second frame is seen, in the last one the third.
    const auto rowsUsed = [&](int column) {
      int used = 0;
      for (int row = 0; row < raster.rows; ++row) used += raster.at(column, row) > 1e-6 ? 1 : 0;
      return used;
    };
    QVERIFY(rowsUsed(8) < rowsUsed(9));
    QVERIFY(rowsUsed(18) < rowsUsed(19));
    QCOMPARE(rowsUsed(10), rowsUsed(18));
    QVERIFY(std::abs(shareBetween(frames[1], -1, 1) - 0.5) < 1e-12);
    QCOMPARE(frameAt(frames, 0), 0);
    QCOMPARE(frameAt(frames, 150), 1);
    QCOMPARE(frameAt({}, 1), -1);
  }

  void aLogarithmicAxisShowsEverySize() {
    // From 1e-6 to 10, positive and negative, and some zeros.
    SpreadFrame wide = frame(5, {});
    for (int power = 0; power >= -6; --power)
      wide.bins.push_back({-10 * std::pow(10.0, power), -std::pow(10.0, power), 0.06});
    wide.bins.push_back({-1e-13, 1e-13, 0.16});
    for (int power = -6; power <= 0; ++power)
      wide.bins.push_back({std::pow(10.0, power), 10 * std::pow(10.0, power), 0.06});
    const auto axis = HeatAxis::fitting({wide}, true);
    QVERIFY(axis.isLog());
    for (const double value : {-10.0, -1e-4, 0.0, 1e-6, 0.3, 10.0})
      QVERIFY(std::abs(axis.toValue(axis.toAxis(value)) - value) <= 1e-9 * std::max(1.0, std::abs(value)));
    QVERIFY(axis.toAxis(1) - axis.toAxis(0.1) > 0.999 && axis.toAxis(1) - axis.toAxis(0.1) < 1.001);
    const auto ticks = axis.logTicks();
    QVERIFY(ticks.size() >= 3 && ticks.size() <= 8);
    QVERIFY(std::find(ticks.begin(), ticks.end(), 0.0) != ticks.end());
    for (std::size_t i = 1; i < ticks.size(); ++i) QVERIFY(ticks[i - 1] < ticks[i]);
    const auto raster = makeRaster({wide}, axis, 0, 5, 3, 60);
    QVERIFY(std::abs(sumOf(raster, 0) - 1) < 0.01);
    int used = 0;
    for (int row = 0; row < raster.rows; ++row) used += raster.at(0, row) > 0 ? 1 : 0;
    QVERIFY(used > 50);
    // Nothing to take a logarithm of: a plain axis.
    QVERIFY(!HeatAxis::fitting({frame(1, {{-1e-13, 1e-13, 1}})}, true).isLog());
    QVERIFY(!HeatAxis::fitting({}, true).isLog());
  }

  void itFollowsUntilSomebodyMovesIt() {
    ShownHeat shown;
    auto& plot = shown.plot;
    QCOMPARE(plot.accessibleDescription(), QStringLiteral("Nothing yet."));
    QVERIFY(shown.shows({even(1, 1), even(100, 2)}));
    QCOMPARE(plot.xRange().second, 100.0);
    QVERIFY(shown.shows({even(1, 1), even(100, 2), even(300, 2)}));
    QCOMPARE(plot.xRange().second, 300.0);
    QVERIFY(plot.accessibleDescription().contains(QStringLiteral("300")));
    auto* follow = plot.findChild<QToolButton*>();
    QVERIFY(!follow->isVisibleTo(&plot));
    QTest::keyClick(&plot, Qt::Key_Plus);
    QVERIFY(!plot.following() && follow->isVisibleTo(&plot));
    const auto before = plot.xRange();
    QVERIFY(shown.shows({even(1, 1), even(100, 2), even(300, 2), even(900, 2)}));
    QCOMPARE(plot.xRange(), before);
    follow->click();
    QTRY_COMPARE(plot.xRange().second, 900.0);
    plot.setLogY(true);
    QVERIFY(plot.logY() && plot.following());
    CurveItem item;
    item.stepsPerEpoch = 100;
    plot.setXAxis(XAxis::Epoch, item);
    QTRY_COMPARE(plot.xRange().second, 9.0);
  }

  void theCrosshairSaysHowManyValuesAreThere() {
    ShownHeat shown;
    QVERIFY(shown.shows({even(10, 1), even(100, 1)}));
    const auto text = shown.plot.readout(50, 0.5);
    QVERIFY2(text.contains(QStringLiteral("step 10")), qPrintable(text));
    QVERIFY2(text.contains(QLatin1Char('%')), qPrintable(text));
    QVERIFY(shown.plot.readout(500, 0.5).isEmpty());
    auto* canvas = canvasOf(shown.plot);
    QVERIFY(canvas != nullptr);
    QMouseEvent move(QEvent::MouseMove, QPointF(150, 80), canvas->mapToGlobal(QPointF(150, 80)), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(canvas, &move);
    const auto labels = canvas->findChildren<QLabel*>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
      return label->isVisible() && label->text().contains(QStringLiteral("step"));
    }));
  }

  void pictureAndTableAreSaved() {
    ShownHeat shown;
    QVERIFY(shown.shows({even(1, 1), even(100, 2)}));
    QSignalSpy saved(&shown.plot, &HeatPlot::saved);
    for (const char* ending : {"png", "svg", "pdf", "csv"}) {
      const auto file = QString::fromStdString((shown.window.folder / (std::string("map.") + ending)).string());
      QVERIFY(shown.plot.saveAs(file));
      QTRY_VERIFY(!saved.isEmpty() && saved.last().first().toString() == file);
      QVERIFY(QFile(file).size() > 100);
    }
    QFile table(QString::fromStdString((shown.window.folder / "map.csv").string()));
    QVERIFY(table.open(QIODevice::ReadOnly));
    QCOMPARE(table.readAll().count('\n'), 21);
    QSignalSpy failed(&shown.plot, &HeatPlot::failed);
    QVERIFY(!shown.plot.saveAs(QStringLiteral("/nowhere/map.png")));
    QCOMPARE(failed.count(), 1);
    QGuiApplication::clipboard()->clear();
    QTest::keyClick(&shown.plot, Qt::Key_C, Qt::ControlModifier);
    QVERIFY(!QGuiApplication::clipboard()->pixmap().isNull());
  }

  void manyValuesStandOutInBothThemes() {
    for (const bool dark : {false, true}) {
      Theme::setDark(dark);
      ShownHeat shown;
      QVERIFY(shown.shows({frame(1, {{-1, -0.9, 0.02}, {-0.05, 0.05, 0.96}, {0.9, 1, 0.02}})}));
      const auto picture = shown.plot.grab().toImage();
      double most = 0;
      for (int y = 60; y < picture.height() - 60; ++y)
        most = std::max(most, contrast(picture.pixelColor(picture.width() / 2, y), Theme::current().surface));
      QVERIFY2(most > 4.5, qPrintable(QString::number(most)));
    }
    Theme::setDark(false);
  }
};

QTEST_MAIN(TestHeatPlot)
#include "test_heat_plot.moc"
