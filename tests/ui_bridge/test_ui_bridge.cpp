// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFileInfo>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QThread>
#include <atomic>
#include <thread>

#include "tests/support/plain_user.h"
#include "tests/ui_bridge/window_fixture.h"
#include "ui/bridge/curve_feed.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/gui_executor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::PlainUser;
using lathe::tests::TempFolder;
using lathe::tests::Window;
using spec::RunStatus;

class TestUiBridge : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  // GuiExecutor
  void aTaskOfAWorkerRunsOnTheThreadOfItsContext() {
    QObject context;
    GuiExecutor gui(&context);
    QThread* ranOn = nullptr;
    std::thread([&gui, &ranOn] { gui.post([&ranOn] { ranOn = QThread::currentThread(); }); }).join();
    QTRY_COMPARE(ranOn, QThread::currentThread());
  }

  void aTaskWhoseContextIsGoneIsDropped() {
    auto context = std::make_unique<QObject>();
    const GuiExecutor made(context.get());
    auto gui = std::make_shared<GuiExecutor>(context.get());
    bool ran = false;
    gui->post([&ran] { ran = true; });
    context.reset();
    gui->post([&ran] { ran = true; });
    QTest::qWait(20);
    QVERIFY(!ran);
  }

  void contextsMayDieWhileWorkersPost() {
    for (int i = 0; i < 50; ++i) {
      auto context = std::make_unique<QObject>();
      auto gui = std::make_shared<GuiExecutor>(context.get());
      std::atomic<bool> stop{false};
      std::thread poster([gui, &stop] {
        while (!stop) gui->post([] {});
      });
      QTest::qWait(1);
      context.reset();
      stop = true;
      poster.join();
    }
  }

  // error texts
  void anErrorReadsAsSentenceAndRemedy() {
    const Error error{"x", {"{file} is empty.", {{"file", "a.csv"}}}, {"Choose another one.", {}}};
    QCOMPARE(errorText(error), QStringLiteral("a.csv is empty. Choose another one."));
    QCOMPARE(errorText(Error{"x", {"Only this.", {}}, {}}), QStringLiteral("Only this."));
  }

  // opening
  void aDroppedFileMakesItsProjectBesideIt() {
    Window window;
    QSignalSpy pages(window.bench.get(), &Workbench::pageRequested);
    QVERIFY(window.open());
    QVERIFY(QFileInfo::exists(QString::fromStdString((window.folder / "clouds.lathe" / "store.sqlite3").string())));
    QCOMPARE(pages.last().first().toString(), QStringLiteral("data"));
    QCOMPARE(window.experiment().data()->profile.rows, 400);
    QCOMPARE(window.experiment().spec().name, std::string("clouds"));
    QTRY_VERIFY(window.experiment().saved());
    QVERIFY(window.experiment().id() > 0);
  }

  void theSameFileAgainOpensTheSameExperiment() {
    Window window;
    QVERIFY(window.open());
    window.experiment().setColumnRole("colour", spec::ColumnRole::Ignore);
    QTRY_VERIFY(window.experiment().saved());
    const auto id = window.experiment().id();
    window.bench->closeProject();
    QVERIFY(!window.bench->project());
    QVERIFY(!window.experiment().hasData());
    QVERIFY(window.open());
    QCOMPARE(window.experiment().id(), id);
    QCOMPARE(window.experiment().spec().data.roles.at("colour"), spec::ColumnRole::Ignore);
  }

  void aMissingFileIsSaidAndNothingIsMade() {
    Window window;
    QSignalSpy failed(window.bench.get(), &Workbench::failed);
    window.bench->openData(QString::fromStdString((window.folder / "nothing.csv").string()));
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(!errorText(failed.first().first().value<Error>()).isEmpty());
    QVERIFY(!QFileInfo::exists(QString::fromStdString((window.folder / "nothing.lathe").string())));
  }

  void dataInAFolderThatCannotBeWrittenGoToDocuments() {
    const TempFolder home;
    const auto homeBefore = qgetenv("HOME");
    qputenv("HOME", home.path().c_str());
    bool opened = false;
    Window window;
    std::filesystem::permissions(window.folder.path(), std::filesystem::perms(0555));
    {
      const PlainUser user({home.path()});
      if (!user.limited()) QSKIP("rights cannot be dropped here");
      opened = window.open();
    }
    std::filesystem::permissions(window.folder.path(), std::filesystem::perms(0755));
    qputenv("HOME", homeBefore);
    QVERIFY(opened);
    QVERIFY(QString::fromStdString(window.bench->project()->folder().string()).contains(QStringLiteral("Lathe")));
  }

  void anEmptyFileGivesASentence() {
    Window window;
    tests::writeText(window.folder / "empty.csv", "");
    QSignalSpy failed(&window.experiment(), &ExperimentController::dataFailed);
    window.bench->openData(QString::fromStdString((window.folder / "empty.csv").string()));
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(window.experiment().cannotTrain().has_value());
  }

  // experiment
  void everyEditCanBeUndoneAndIsSaved() {
    Window window;
    QVERIFY(window.open());
    auto& experiment = window.experiment();
    QVERIFY(experiment.setField("training.epochs", "7", QStringLiteral("Change epochs")));
    QCOMPARE(experiment.spec().training.epochs, 7);
    QVERIFY(!experiment.saved());
    QCOMPARE(experiment.undoText(), QStringLiteral("Change epochs"));
    experiment.undo();
    QCOMPARE(experiment.spec().training.epochs, spec::automaticTraining().epochs);
    QVERIFY(experiment.canRedo());
    experiment.redo();
    QCOMPARE(experiment.spec().training.epochs, 7);
    QTRY_VERIFY(experiment.saved());
    const auto stored = window.bench->project()->store().experiment(experiment.id());
    QVERIFY(stored && stored->specJson.find("\"epochs\":7") != std::string::npos);
  }

  void aValueThatDoesNotFitIsRefusedWithASentence() {
    Window window;
    QVERIFY(window.open());
    QSignalSpy failed(&window.experiment(), &ExperimentController::failed);
    QVERIFY(!window.experiment().setField("training.epochs", "\"many\"", QStringLiteral("x")));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(window.experiment().spec().training.epochs, spec::automaticTraining().epochs);
  }

  void anotherTargetChangesTheTask() {
    Window window;
    QVERIFY(window.open());
    QCOMPARE(window.experiment().data()->profile.task, spec::Task::Classification);
    window.experiment().setColumnRole("x", spec::ColumnRole::Target);
    QTRY_COMPARE(window.experiment().data()->profile.target, std::string("x"));
    QCOMPARE(window.experiment().data()->profile.task, spec::Task::Regression);
  }

  void theGraphFollowsTheTemplateAndMayBeEdited() {
    Window window;
    QVERIFY(window.open());
    auto& experiment = window.experiment();
    QVERIFY(!experiment.graph().layers.empty());
    QVERIFY(!experiment.graphReport().error);
    QVERIFY(experiment.graphReport().parameters > 0);
    experiment.setTemplate("resmlp");
    QVERIFY(experiment.graph().layers.size() > 3);
    auto graph = experiment.graph();
    graph.layers.pop_back();
    experiment.setGraph(graph, QStringLiteral("Remove the last layer"));
    QCOMPARE(experiment.spec().model.templateName, std::string("custom"));
    QVERIFY(experiment.graphReport().error.has_value());
    QVERIFY(experiment.cannotTrain().has_value());
    experiment.undo();
    QVERIFY(!experiment.cannotTrain());
  }

  // runs
  void aTrainingShowsUpLiveAndKeepsItsColour() {
    Window window;
    QVERIFY(window.open());
    QVERIFY(!window.experiment().cannotTrain());
    const auto run = window.train();
    QCOMPARE(run, 1);
    QVERIFY(window.runs().isShown(run));
    const int colour = window.runs().colourIndex(run);
    QVERIFY(window.waitForStatus(run, RunStatus::Completed));
    QTRY_VERIFY(window.runs().run(run)->metrics.count("val/loss") == 1);
    QCOMPARE(window.runs().colourIndex(run), colour);
    QVERIFY(window.runs().active().empty());
  }

  void aRunIsPausedResumedAndStopped() {
    Window window({.secondsPerStep = 0.01});
    QVERIFY(window.open());
    const auto run = window.train(100'000);
    QVERIFY(window.runs().can(spec::RunAction::Pause, run));
    QTRY_VERIFY(!window.runs().activeHere().empty());
    window.runs().pause(run);
    QVERIFY(window.waitForStatus(run, RunStatus::Paused));
    QVERIFY(!window.runs().can(spec::RunAction::Pause, run));
    window.runs().resume(run);
    QVERIFY(window.waitForStatus(run, RunStatus::Running));
    window.runs().cancel(run);
    QVERIFY(window.waitForStatus(run, RunStatus::Cancelled));
  }

  void aRemovedRunComesBack() {
    Window window;
    QVERIFY(window.open());
    const auto run = window.train(1);
    QVERIFY(window.waitForStatus(run, RunStatus::Completed));
    window.runs().remove(run);
    QTRY_VERIFY(window.runs().run(run) == nullptr);
    QVERIFY(!window.runs().isShown(run));
    window.runs().restore(run);
    QTRY_VERIFY(window.runs().run(run) != nullptr);
  }

  void namesNotesAndTagsAreKept() {
    Window window;
    QVERIFY(window.open());
    const auto run = window.train(1);
    QVERIFY(window.waitForStatus(run, RunStatus::Completed));
    window.runs().rename(run, QStringLiteral("first"));
    window.runs().setTags(run, {"good", "keep"});
    QTRY_COMPARE(window.runs().run(run)->name, std::string("first"));
    QTRY_COMPARE(window.runs().run(run)->tags.size(), std::size_t{2});
  }

  void aDivergedRunSaysWhy() {
    Window window({.divergeAtStep = 5});
    QVERIFY(window.open());
    const auto run = window.train();
    QVERIFY(window.waitForStatus(run, RunStatus::Failed));
    QTRY_VERIFY(window.runs().run(run)->error.has_value());
    QVERIFY(!errorText(*window.runs().run(run)->error).isEmpty());
  }

  void reopeningShowsTheSameRunsInTheSameColours() {
    Window window;
    QVERIFY(window.open());
    const auto first = window.train(1);
    QVERIFY(window.waitForStatus(first, RunStatus::Completed));
    const auto second = window.train(1);
    QVERIFY(window.waitForStatus(second, RunStatus::Completed));
    window.runs().setShown({second});
    const int colour = window.runs().colourIndex(second);
    window.bench->closeProject();
    QVERIFY(window.open());
    QTRY_VERIFY(window.runs().isShown(second));
    QVERIFY(!window.runs().isShown(first));
    QCOMPARE(window.runs().colourIndex(second), colour);
  }

  void aRunOfAnotherProcessShowsUpLive() {
    Window window;
    QVERIFY(window.open());
    // A second store on the same file stands for the other process.
    auto other =
        store::openSqliteStore(window.bench->project()->folder() / "store.sqlite3", store::OpenMode::ReadWrite);
    QVERIFY(other.has_value());
    store::NewRun fresh;
    fresh.name = "elsewhere";
    const auto number = (*other)->createRun(fresh, RunStatus::Running, thisProcess());
    QVERIFY(number.has_value());
    QTRY_VERIFY(window.runs().run(*number) != nullptr);
  }

  // curves
  void theFeedGivesEveryPointOfAShortCurve() {
    Window window;
    QVERIFY(window.open());
    const auto run = window.train(2);
    QVERIFY(window.waitForStatus(run, RunStatus::Completed));
    CurveFeed feed(*window.bench);
    feed.setQueries({{run, "train/loss", 0, 0, 1000}});
    const auto steps = window.runs().run(run)->steps;
    QTRY_VERIFY(!feed.data().empty() && feed.data().front().lastStep == steps);
    QCOMPARE(static_cast<std::int64_t>(feed.data().front().points.size()), steps);
  }

  void theFeedReducesALongCurveWithoutLosingItsExtremes() {
    Window window;
    QVERIFY(window.open());
    auto& store = window.bench->project()->store();
    const auto run = store.createRun({}, RunStatus::Running, thisProcess());
    QVERIFY(run.has_value());
    const auto series = store.seriesId(*run, "train/loss");
    QVERIFY(series.has_value());
    std::vector<store::Point> points(200000);
    for (std::size_t i = 0; i < points.size(); ++i)
      points[i] = {static_cast<std::int64_t>(i) + 1, i == 123456 ? 99.0 : 1.0 / static_cast<double>(i + 1)};
    store.append(*series, points);
    CurveFeed feed(*window.bench);
    feed.setQueries({{*run, "train/loss", 0, 0, 500}});
    QTRY_VERIFY(!feed.data().empty() && feed.data().front().lastStep == 200000);
    const auto& curve = feed.data().front();
    QVERIFY(curve.columns.size() <= 500 && curve.columns.size() > 100);
    double highest = 0;
    std::int64_t total = 0;
    for (const auto& column : curve.columns) {
      highest = std::max(highest, column.max);
      total += column.points;
    }
    QCOMPARE(highest, 99.0);
    QCOMPARE(total, 200000);
    feed.setQueries({{*run, "train/loss", 123400, 123500, 500}});
    QTRY_VERIFY(!feed.data().empty() && feed.data().front().query.fromStep == 123400);
    QCOMPARE(feed.data().front().points.size(), std::size_t{101});
  }

  // exports
  void anExportIsListedWithItsParity() {
    Window window;
    QVERIFY(window.open());
    const auto run = window.train(1);
    QVERIFY(window.waitForStatus(run, RunStatus::Completed));
    QTRY_VERIFY(window.runs().can(spec::RunAction::Export, run));
    QSignalSpy exported(&window.bench->exports(), &ExportController::exported);
    QSignalSpy failed(window.bench.get(), &Workbench::failed);
    window.bench->exports().exportRun({run, {"torchscript"}, window.folder / "out", "clouds"});
    QVERIFY(window.bench->exports().busy());
    QTRY_VERIFY_WITH_TIMEOUT(exported.count() == 1 || failed.count() > 0, 20000);
    if (failed.count() > 0) QFAIL(qPrintable(errorText(failed.first().first().value<Error>())));
    QTRY_VERIFY(!window.bench->exports().artefacts().empty());
    QVERIFY(QFileInfo::exists(window.bench->exports().pathOf(window.bench->exports().artefacts().front())));
  }

  void theEngineThatCannotBeLoadedIsSaid() {
    auto services = tests::fakeServices();
    services.loadEngine = []() -> Result<EngineServices> { return fail("engine.none", "No engine.", "Install it."); };
    Workbench bench(services);
    QSignalSpy failed(&bench, &Workbench::engineFailed);
    bench.loadEngine();
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(bench.engine() == nullptr);
  }
};

QTEST_GUILESS_MAIN(TestUiBridge)
#include "test_ui_bridge.moc"
