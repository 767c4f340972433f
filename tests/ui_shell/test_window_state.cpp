// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers, and its texts in another language and number.
#include <QApplication>
#include <QLabel>
#include <QTest>
#include <fmt/format.h>

#include "tests/support/sample_data.h"
#include "tests/ui_shell/world.h"
#include "ui/bridge/error_text.h"
#include "ui/pages/train_curves.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/close_dialog.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;
using spec::RunStatus;

class TestWindowState : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void warningsAboutTheDataFollowTheLanguage() {
    TempFolder folder;
    World world;
    std::string table = "customer,kept,country,churn\n";
    for (int i = 0; i < 200; ++i)
      table += fmt::format("C{},{},Norway,{}\n", 1000 + i, i % 7, i % 10 == 0 ? "yes" : "no");
    tests::writeText(folder / "messy.csv", table);
    world.window.openPath(QString::fromStdString((folder / "messy.csv").string()));
    QTRY_VERIFY(world.workbench.experiment().hasData());
    const auto& warnings = world.workbench.experiment().data()->profile.warnings;
    QVERIFY(warnings.size() >= 3);
    for (const auto& warning : warnings) {
      QVERIFY(translated(warning.message) == QString::fromStdString(warning.message.render()));
      world.preferences.setLanguage(QStringLiteral("zh_CN"));
      QVERIFY2(translated(warning.message) != QString::fromStdString(warning.message.render()),
               warning.message.text.c_str());
      world.preferences.setLanguage(QStringLiteral("en"));
    }
  }

  void oneIsNotWrittenAsMany() {
    World world;
    world.preferences.setLanguage(QStringLiteral("en"));
    const auto text = [](const char* context, const char* source, int count) {
      return QCoreApplication::translate(context, source, nullptr, count);
    };
    QCOMPARE(text("lathe::ui::DataPage", "%1 row(s)", 1), QStringLiteral("%1 row"));
    QCOMPARE(text("lathe::ui::DataPage", "%1 row(s)", 2), QStringLiteral("%1 rows"));
    QCOMPARE(text("lathe::ui::StatusStrip", "Store: %1 point(s)", 1), QStringLiteral("Store: %1 point"));
    QCOMPARE(text("lathe::ui::ModelPage", "%n layer(s)", 1), QStringLiteral("1 layer"));
    const CloseDialog one(1, &world.window);
    const CloseDialog two(2, &world.window);
    QStringList texts;
    for (const auto* dialog : {&one, &two})
      for (const auto* label : dialog->findChildren<QLabel*>()) texts << label->text();
    const auto all = texts.join(QLatin1Char('\n'));
    QVERIFY2(all.contains(QStringLiteral("1 run is done")) && all.contains(QStringLiteral("2 runs are done")),
             qPrintable(all));
    QVERIFY(!all.contains(QStringLiteral("(s)")));
  }

  void reopeningShowsWhatWasThere() {
    TempFolder folder;
    QSize size;
    {
      World world;
      QVERIFY(world.opensTable(folder));
      world.window.showPage(QStringLiteral("model"));
      world.window.resize(world.window.minimumSizeHint());
      // Newer Qt fits a remembered window to the screen, and the offscreen one is 800 x 800.
      world.window.resize(world.window.width(), 701);
      size = world.window.size();
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().saved(), longWait);
      world.window.close();
    }
    World world;
    world.window.restore(true);
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().hasData(), longWait);
    QCOMPARE(world.window.currentPage(), QStringLiteral("model"));
    QCOMPARE(world.window.size(), size);
    QCOMPARE(world.workbench.experiment().spec().name, "table");
  }

  void reopeningShowsThePlotsAsTheyWere() {
    TempFolder folder;
    std::pair<double, double> range;
    {
      World world;
      QVERIFY(world.opensTable(folder));
      QCOMPARE(world.trains(3), 1);
      QVERIFY(world.waitsFor(1, RunStatus::Completed));
      QCOMPARE(world.trains(3), 2);
      QVERIFY(world.waitsFor(2, RunStatus::Completed));
      auto* curves = world.window.findChild<TrainCurves*>();
      QVERIFY(curves != nullptr);
      auto* loss = curves->plot(TrainCurves::Loss);
      QTRY_VERIFY_WITH_TIMEOUT(loss->items().size() == 4 && loss->lastShownStep(0) > 4, longWait);
      world.workbench.runs().setShown({1});
      curves->setXAxis(XAxis::Epoch);
      curves->setSmoothing(0.8);
      curves->setLogY(true);
      curves->setMetric("val/log_loss");
      loss->setXRange(0.5, 1.5);
      range = loss->xRange();
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().saved(), longWait);
      // Which runs are shown is written by the readers' thread.
      QTRY_COMPARE_WITH_TIMEOUT(world.workbench.project()->store().setting("window.shown_runs").value_or("").front(),
                                '1', longWait);
      world.window.close();
    }
    World world;
    world.window.restore(true);
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().hasData(), longWait);
    QCOMPARE(world.window.currentPage(), QStringLiteral("train"));
    QTRY_COMPARE_WITH_TIMEOUT(world.workbench.runs().shown(), std::vector<store::RunNumber>{1}, longWait);
    auto* curves = world.window.findChild<TrainCurves*>();
    auto* loss = curves->plot(TrainCurves::Loss);
    QTRY_VERIFY_WITH_TIMEOUT(loss->lastShownStep(0) > 0, longWait);
    QCOMPARE(loss->xRange(), range);
    QVERIFY(!loss->following());
    QVERIFY(loss->logY());
    QCOMPARE(curves->plot(TrainCurves::Metric)->items().front().series, std::string("val/log_loss"));
    QVERIFY(world.child<QPushButton>("smoothingPill")->text().contains(QStringLiteral("0.8")));
    QVERIFY(world.child<QPushButton>("xAxisPill")->text().contains(QStringLiteral("epoch")));
    // Another project starts with everything in view.
    QVERIFY(world.opensTable(folder / "other.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(loss->following(), longWait);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestWindowState>(argc, argv); }

#include "test_window_state.moc"
