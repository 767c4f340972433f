// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>

#include "core/base/machine.h"
#include "core/services/open_field.h"
#include "tests/support/qt_wait.h"
#include "tests/ui_search/search_fixture.h"
#include "ui/bridge/study_controller.h"
#include "ui/models/space_model.h"
#include "ui/pages/own_trial_dialog.h"
#include "ui/pages/search_best.h"
#include "ui/pages/search_page.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/space_panel.h"
#include "ui/pages/train_form.h"
#include "ui/pages/train_inspector.h"
#include "ui/pages/trials_panel.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using spec::RunStatus;

using Fixture = lathe::tests::SearchFixture;

class TestSearchPage : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void theUsualRangesAreOneClickAwayAndCanBeUndone() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    auto* usual = fixture.child<QPushButton>("usualRanges");
    QTRY_VERIFY(usual->isEnabled());
    QTest::mouseClick(usual, Qt::LeftButton);
    QVERIFY(fixture.draft().space.size() >= 4);
    QCOMPARE(fixture.page.space()->model()->rowCount(), static_cast<int>(fixture.draft().space.size()));
    QVERIFY(fixture.page.space()->model()->good());
    fixture.window.experiment().undo();
    QCOMPARE(fixture.draft().space.size(), std::size_t{0});
    fixture.window.experiment().redo();
    QVERIFY(fixture.draft().space.size() >= 4);
  }

  void aRangeIsEditedAndItsFaultIsSaidAtTheRow() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    auto* table = fixture.page.space()->table();
    QCOMPARE(table->currentIndex().row(), 0);
    auto* low = fixture.child<QWidget>("rangeLow")->findChild<QLineEdit*>();
    low->clear();
    QTest::keyClicks(low, QStringLiteral("5"));
    QCOMPARE(fixture.draft().space.parameters[0].low, 5.0);
    QVERIFY(!fixture.page.space()->model()->good());
    QVERIFY(!table->model()->index(0, 0).data(SpaceModel::ProblemRole).toString().isEmpty());
    QVERIFY(fixture.child<QLabel>("spaceProblem")->isVisible());
    QVERIFY(fixture.studies().cannotSearch().has_value());
    low->clear();
    QTest::keyClicks(low, QStringLiteral("0.001"));
    QVERIFY(fixture.page.space()->model()->good());
    QVERIFY(!fixture.child<QLabel>("spaceProblem")->isVisible());
    QTest::keyClick(table, Qt::Key_Delete);
    QCOMPARE(fixture.draft().space.size(), std::size_t{0});
  }

  void aNumberBecomesChoicesAndBack() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.weight_decay");
    auto* type = fixture.child<QComboBox>("rangeType");
    const int ordinal = type->findData(static_cast<int>(spec::ParameterType::Ordinal));
    QVERIFY(ordinal >= 0);
    Q_EMIT type->activated(ordinal);
    QVERIFY(fixture.draft().space.parameters[0].isChoice());
    QCOMPARE(fixture.draft().space.parameters[0].choices.size(), std::size_t{3});
    QVERIFY(fixture.page.space()->model()->good());
    type = fixture.child<QComboBox>("rangeType");
    QVERIFY(fixture.child<QWidget>("rangeChoices") != nullptr);
  }

  void theSearchRunsAndIsWatched() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.set(8);
    QSignalSpy started(&fixture.studies(), &StudyController::started);
    QTRY_VERIFY(!fixture.studies().cannotSearch());
    fixture.studies().start();  // with nothing open: the usual ranges are
    QTRY_COMPARE(started.size(), 1);
    QVERIFY(fixture.draft().space.size() >= 4);
    QVERIFY(fixture.waitFor(RunStatus::Completed));
    auto* trials = fixture.page.pictures()->trials();
    QTRY_COMPARE(trials->model()->rowCount(), 8);
    QTRY_VERIFY(fixture.page.pictures()->plot(SearchPictures::History)->scene() != nullptr);
    QTRY_COMPARE(fixture.page.pictures()->plot(SearchPictures::History)->scene()->points.size(), std::size_t{8});
    QTRY_COMPARE(fixture.page.pictures()->plot(SearchPictures::Reports)->scene()->curves.size(), std::size_t{8});
    // Choosing in a picture chooses in the table.
    fixture.page.pictures()->choose(5);
    QCOMPARE(trials->current().value_or(0), std::size_t{5});
    QVERIFY(fixture.page.findChild<SearchBest*>()->trial().has_value());
  }

  void aStudyIsPausedResumedExtendedAndStopped() {
    Fixture fixture({.secondsPerStep = 0.004});
    QVERIFY(fixture.ready);
    fixture.set(400);
    QTRY_VERIFY(!fixture.studies().cannotSearch());
    fixture.studies().start();
    auto* pause = fixture.child<QPushButton>("studyPause");
    QTRY_VERIFY(pause->isVisible());
    QTRY_VERIFY(fixture.studies().table() && fixture.studies().table()->size() > 1);
    QTest::mouseClick(pause, Qt::LeftButton);
    QVERIFY(fixture.waitFor(RunStatus::Paused));
    auto* resume = fixture.child<QPushButton>("studyResume");
    QTRY_VERIFY(resume->isVisible());
    QTest::mouseClick(resume, Qt::LeftButton);
    QVERIFY(fixture.waitFor(RunStatus::Running));
    services::StudyService::More more;
    more.trials = 500;
    fixture.studies().extend(fixture.studies().current(), more);
    QTRY_COMPARE(fixture.studies().table()->settings.trials, std::int64_t{500});
    auto* stop = fixture.child<QPushButton>("studyStop");
    QTRY_VERIFY(stop->isVisible());
    QTest::mouseClick(stop, Qt::LeftButton);
    QVERIFY(fixture.waitFor(RunStatus::Cancelled));
  }

  void aTrialBecomesTheExperiment() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    QVERIFY(fixture.search(4));
    QTRY_VERIFY(fixture.studies().base() != nullptr);
    fixture.page.pictures()->showTab(SearchPictures::Trials);
    fixture.page.pictures()->choose(2);
    const double rate = fixture.studies().table()->parameter(2, 0);
    const auto before = fixture.window.experiment().spec();
    auto* action = fixture.trialAction("experiment");
    QVERIFY(action != nullptr && action->isEnabled());
    action->trigger();
    QCOMPARE(fixture.window.experiment().spec().training.optimizer.lr, rate);
    QCOMPARE(fixture.window.experiment().spec().data.path, before.data.path);
    fixture.window.experiment().undo();
    QVERIFY(fixture.window.experiment().spec() == before);
    QGuiApplication::clipboard()->clear();
    fixture.trialAction("copyStudy")->trigger();
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("lathe-cli")));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral(" search ")));
    QSignalSpy opened(&fixture.page, &SearchPage::runOpened);
    fixture.trialAction("openRun")->trigger();
    QCOMPARE(opened.size(), 1);
    const auto run = opened.front().front().toLongLong();
    QTRY_VERIFY(fixture.window.runs().run(run) != nullptr);
    QVERIFY(fixture.window.runs().isShown(run));
  }

  void aPersonsOwnConfigurationIsTried() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    QVERIFY(fixture.search(3));
    fixture.page.pictures()->trials()->tryOwn(0);
    OwnTrialDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = qobject_cast<OwnTrialDialog*>(
                     fixture.page.window()->findChild<QDialog*>(QStringLiteral("ownTrialDialog")))) != nullptr);
    auto* line = dialog->findChild<QWidget*>(QStringLiteral("own_training.optimizer.lr"))->findChild<QLineEdit*>();
    line->clear();
    QTest::keyClicks(line, QStringLiteral("0.0123"));
    QTest::mouseClick(dialog->findChild<QPushButton*>(QStringLiteral("ownTrialAccept")), Qt::LeftButton);
    QTRY_COMPARE(fixture.studies().table()->size(), std::size_t{4});
    QCOMPARE(fixture.studies().table()->parameter(3, 0), 0.0123);
    QVERIFY(fixture.studies().table()->byPerson[3]);
  }

  void theBestAreConfirmedAndATieIsCalledOne() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    QVERIFY(fixture.search(6, 2));
    QTRY_VERIFY(fixture.studies().summary().winner.has_value());
    auto* best = fixture.page.findChild<SearchBest*>();
    QTRY_COMPARE(best->trial().value_or(99), static_cast<std::size_t>(*fixture.studies().summary().winner));
    services::StudySummary tie;
    tie.standings.resize(2);
    tie.standings[0].values = {0.1, 0.2, 0.3};
    tie.tied = {3, 5};
    QVERIFY(verdictText(tie).contains(QStringLiteral("3, 5 are tied")));
    tie.tied = {3};
    QVERIFY(verdictText(tie).contains(QStringLiteral("better")));
  }

  void anotherProcessIsSaidToWorkOnIt() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    QVERIFY(fixture.search(2));
    // As a second window has it: taken over while this one believes that it may.
    const auto project = fixture.window.bench->project();
    auto& store = project->store().studies();
    QVERIFY(store.takeOverStudy(1, thisProcess()).has_value());
    QSignalSpy failed(fixture.window.bench.get(), &Workbench::failed);
    services::StudyService::More more;
    more.trials = 9;
    fixture.studies().resume(1, more);
    QTRY_VERIFY(!failed.isEmpty());
    QCOMPARE(failed.front().front().value<Error>().code, std::string("study.already_running"));
  }

  void aPinOpensAFieldAndClosesIt() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    TrainInspector inspector(*fixture.window.bench);
    inspector.resize(320, 900);
    inspector.show();
    auto* pin = inspector.findChild<QToolButton*>(QStringLiteral("pin_training.optimizer.weight_decay"));
    QVERIFY(pin != nullptr && !pin->isChecked());
    QVERIFY(inspector.findChild<QToolButton*>(QStringLiteral("pin_training.seed")) == nullptr);
    QTest::mouseClick(pin, Qt::LeftButton);
    QCOMPARE(fixture.draft().space.size(), std::size_t{1});
    QVERIFY(pin->isChecked());
    QVERIFY(pin->toolTip().contains(QStringLiteral("log")));
    QTest::mouseClick(pin, Qt::LeftButton);
    QCOMPARE(fixture.draft().space.size(), std::size_t{0});
    QVERIFY(!pin->isChecked());
    fixture.window.experiment().undo();
    QVERIFY(pin->isChecked());
  }

  void whatIsSetUpIsThereAgainWhenTheProjectIsReopened() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    fixture.set(17, "asha");
    fixture.window.experiment().saveNow();
    QTRY_VERIFY(fixture.window.experiment().saved());
    const auto folder = QString::fromStdString(fixture.window.bench->project()->folder().string());
    fixture.window.bench->closeProject();
    QCOMPARE(fixture.draft().space.size(), std::size_t{0});
    fixture.window.bench->openProject(folder);
    QTRY_COMPARE(fixture.draft().space.size(), std::size_t{1});
    QCOMPARE(fixture.draft().settings.trials, std::int64_t{17});
    QCOMPARE(fixture.draft().settings.pruner, std::string("asha"));
  }

  void brushingFiltersTheTable() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.lr");
    QVERIFY(fixture.search(10));
    auto* parallel = fixture.page.pictures()->parallel();
    QTRY_VERIFY(parallel->scene() && parallel->scene()->trials.size() == 10);
    parallel->setBrush(0, std::pair(0.0, 0.5));
    auto* model = fixture.page.pictures()->trials()->model();
    QVERIFY(model->rowCount() < 10);
    QTest::mouseClick(fixture.child<QPushButton>("filterPill"), Qt::LeftButton);
    QCOMPARE(model->rowCount(), 10);
  }
};

QTEST_MAIN(TestSearchPage)
#include "test_search_page.moc"
