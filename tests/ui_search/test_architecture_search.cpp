// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>

#include "core/search/architectures/architecture.h"
#include "tests/support/qt_wait.h"
#include "tests/ui_search/search_fixture.h"
#include "ui/bridge/study_controller.h"
#include "ui/pages/architecture_panel.h"
#include "ui/pages/search_page.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/space_panel.h"
#include "ui/pages/trials_panel.h"
#include "ui/plots/parallel_plot.h"
#include "ui/plots/study_plot.h"
#include "ui/widgets/graph_view.h"

using namespace lathe;
using namespace lathe::ui;
using spec::RunStatus;

namespace {

struct Fixture : lathe::tests::SearchFixture {
  Fixture() : SearchFixture({}, 2, 900) {}
  [[nodiscard]] const search::ArchitectureStudy& study() const { return draft().settings.architecture; }
  /// As a person does it.
  void pick(const char* combo, const QVariant& value) const {
    auto* box = child<QComboBox>(combo);
    const int index = box->findData(value);
    QVERIFY2(index >= 0, combo);
    box->setCurrentIndex(index);
    Q_EMIT box->activated(index);
  }
  void type(const char* editor, const QString& text) const {
    auto* line = child<QWidget>(editor)->findChild<QLineEdit*>();
    line->clear();
    QTest::keyClicks(line, text);
  }
  /// Searches for architectures and waits for the end.
  [[nodiscard]] bool search(int trials, const char* method = "evolution") const {
    pick("searchFor", true);
    pick("architectureMethod", QString::fromLatin1(method));
    auto draft = window.experiment().search();
    draft.settings.trials = trials;
    draft.settings.workers = 2;
    draft.settings.population = 4;
    draft.settings.confirmSeeds = 0;
    window.experiment().setSearch(std::move(draft), QStringLiteral("test"));
    return run(trials);
  }
};

}  // namespace

class TestArchitectureSearch : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void theSettingsShowWhatBelongsToArchitectures() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    auto* space = fixture.child<QComboBox>("architectureSpace");
    QVERIFY(!space->isVisibleTo(&fixture.page));
    QVERIFY(fixture.child<QComboBox>("sampler")->isVisibleTo(&fixture.page));
    QVERIFY(fixture.page.space()->isVisibleTo(&fixture.page));
    fixture.pick("searchFor", true);
    QCOMPARE(fixture.study().method, std::string("evolution"));
    QCOMPARE(fixture.study().space, std::string("auto"));
    QVERIFY(space->isVisibleTo(&fixture.page));
    for (const char* hidden : {"sampler", "folds", "terminator", "superEpochs"})
      QVERIFY2(!fixture.child<QWidget>(hidden)->isVisibleTo(&fixture.page), hidden);
    for (const char* shown : {"architectureMethod", "maxParameters", "maxFlops", "maxLatency", "inherits", "proxies",
                              "finalEpochs", "pruner", "confirmTop"})
      QVERIFY2(fixture.child<QWidget>(shown)->isVisibleTo(&fixture.page), shown);
    QVERIFY(!fixture.page.space()->isVisibleTo(&fixture.page));
    fixture.pick("architectureMethod", QStringLiteral("spos"));
    QVERIFY(fixture.child<QWidget>("superEpochs")->isVisibleTo(&fixture.page));
    QVERIFY(!fixture.child<QWidget>("inherits")->isVisibleTo(&fixture.page));
    QCOMPARE(fixture.draft().settings.trials, std::int64_t{0});  // by the method
    fixture.pick("architectureMethod", QStringLiteral("bohb"));
    QVERIFY(!fixture.child<QWidget>("pruner")->isVisibleTo(&fixture.page));
    QCOMPARE(fixture.draft().settings.trials, std::int64_t{50});
    fixture.type("maxParameters", QStringLiteral("50000"));
    QCOMPARE(fixture.study().limits.parameters, 50000.0);
    fixture.type("maxFlops", QStringLiteral("1.5"));
    QCOMPARE(fixture.study().limits.flops, 1.5e6);
  }

  void theChoiceIsUndone() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.pick("searchFor", true);
    fixture.pick("architectureSpace", QStringLiteral("free"));
    fixture.window.experiment().undo();
    QCOMPARE(fixture.study().space, std::string("auto"));
    fixture.window.experiment().undo();
    QVERIFY(!fixture.draft().architectures());
    QVERIFY(fixture.child<QComboBox>("sampler")->isVisibleTo(&fixture.page));
    fixture.window.experiment().redo();
    QVERIFY(fixture.draft().architectures());
  }

  void theDraftIsThereAgainWhenTheProjectIsReopened() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.pick("searchFor", true);
    fixture.pick("architectureSpace", QStringLiteral("mlp"));
    fixture.type("finalEpochs", QStringLiteral("7"));
    fixture.window.experiment().saveNow();
    QTRY_VERIFY(fixture.window.experiment().saved());
    const auto folder = QString::fromStdString(fixture.window.bench->project()->folder().string());
    fixture.window.bench->closeProject();
    QVERIFY(!fixture.draft().architectures());
    fixture.window.bench->openProject(folder);
    QTRY_VERIFY(fixture.draft().architectures());
    QCOMPARE(fixture.study().space, std::string("mlp"));
    QCOMPARE(fixture.study().finalEpochs, 7);
  }

  void theSearchRunsAndItsPicturesAppear() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    QVERIFY(fixture.search(16));
    QCOMPARE(fixture.draft().space.size(), std::size_t{0});  // no usual ranges
    const auto table = fixture.studies().table();
    QCOMPARE(table->settings.architecture.space, std::string("resmlp"));
    auto* pictures = fixture.page.pictures();
    QTRY_COMPARE(pictures->trials()->model()->rowCount(), 16);
    QTRY_VERIFY(pictures->parallel()->scene() && !pictures->parallel()->scene()->axes.empty());
    QVERIFY(pictures->parallel()->scene()->axes.size() <= 7);
    QVERIFY(fixture.child<QTabBar>("searchTabBar")->isTabVisible(SearchPictures::Architectures));
    pictures->showTab(SearchPictures::Architectures);
    auto* family = pictures->plot(SearchPictures::Family);
    QTRY_VERIFY(family->scene() && family->scene()->points.size() == 16);
    std::size_t children = 0;
    for (std::size_t trial = 0; trial < table->size(); ++trial)
      if (table->parent(trial)) ++children;
    QVERIFY(children >= 4);
    QCOMPARE(family->scene()->links.size(), children);
    for (const auto& link : family->scene()->links)
      QCOMPARE(std::optional<std::size_t>(family->scene()->points[link.from].trial),
               table->parent(family->scene()->points[link.to].trial));
    // The best is shown until somebody chooses another.
    auto* panel = pictures->architecture();
    QCOMPARE(panel->trial(), table->best());
    QVERIFY(!panel->graph()->graph().boxes.empty());
    std::size_t child = 0;
    while (!table->parent(child)) ++child;
    pictures->choose(child);
    QCOMPARE(panel->trial(), std::optional(child));
    QVERIFY(!panel->changes().isEmpty());
    QTRY_VERIFY(!family->scene()->lines.empty());
    QCOMPARE(family->scene()->lines.front().x.back(), static_cast<double>(child));
    auto* scores = pictures->plot(SearchPictures::Scores);
    QTRY_VERIFY(scores->scene() && scores->scene()->points.size() == 16);
    QVERIFY(!scores->scene()->caption.isEmpty());
    // Pictures that are made when the study has been there for long: the page is, when it is first looked at.
    SearchPictures late(*fixture.window.bench);
    late.resize(900, 600);
    late.show();
    late.showTab(SearchPictures::Architectures);
    QTRY_VERIFY(late.plot(SearchPictures::Scores)->scene() &&
                late.plot(SearchPictures::Scores)->scene()->points.size() == 16);
    QCOMPARE(late.slices().size(), pictures->slices().size());
  }

  void anArchitectureBecomesTheExperiment() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    QVERIFY(fixture.search(5, "random"));
    QTRY_VERIFY(fixture.studies().base() != nullptr);
    auto* pictures = fixture.page.pictures();
    pictures->showTab(SearchPictures::Architectures);
    QTRY_VERIFY(pictures->plot(SearchPictures::Family)->scene());
    QVERIFY(pictures->plot(SearchPictures::Family)->scene()->links.empty());
    QVERIFY(!pictures->plot(SearchPictures::Family)->scene()->caption.isEmpty());
    pictures->choose(3);
    const auto before = fixture.window.experiment().spec();
    QSignalSpy shown(&fixture.page, &SearchPage::networkMade);
    QTest::mouseClick(fixture.child<QPushButton>("makeArchitecture"), Qt::LeftButton);
    QCOMPARE(shown.size(), 1);
    const auto& made = fixture.window.experiment().spec();
    QCOMPARE(made.model.templateName, std::string("custom"));
    const auto wanted = services::architectureOf(*fixture.studies().table(), 3);
    QVERIFY(wanted && made.model.graph.layers == wanted->graph.layers);
    QTRY_VERIFY(!fixture.window.experiment().graphReport().error);
    QVERIFY(!fixture.window.experiment().graphReport().layers.empty());
    fixture.window.experiment().undo();
    QVERIFY(fixture.window.experiment().spec() == before);
  }

  void aRefusalIsASentence() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.pick("searchFor", true);
    fixture.pick("architectureSpace", QStringLiteral("cells"));
    QSignalSpy failed(&fixture.studies(), &StudyController::failed);
    QTRY_VERIFY(!fixture.studies().cannotSearch());
    fixture.studies().start();
    QTRY_COMPARE(failed.size(), 1);
    const auto error = failed.front().front().value<Error>();
    QCOMPARE(error.code, std::string("nas.space_data"));
    QVERIFY(QString::fromStdString(error.sentence()).contains(QStringLiteral("images")));
    QVERIFY(!fixture.studies().starting());
  }

  void theSearchIsCopiedAsACommand() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.pick("searchFor", true);
    fixture.pick("architectureSpace", QStringLiteral("free"));
    fixture.pick("architectureMethod", QStringLiteral("spos"));
    fixture.type("maxParameters", QStringLiteral("20000"));
    fixture.type("superEpochs", QStringLiteral("9"));
    fixture.page.copyCommand();
    const auto text = QGuiApplication::clipboard()->text();
    QVERIFY2(text.contains(QStringLiteral(" nas --data ")), qPrintable(text));
    for (const char* part :
         {" --method spos --space free --max-parameters 20000 --super-epochs 9", " --metric val/loss"})
      QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
    for (const char* part : {"--sampler", "--folds", "--model", "space.json"})
      QVERIFY2(!text.contains(QLatin1String(part)), qPrintable(text));
  }

  void theCopiedCommandMakesTheSameStudy() {
    const auto program = QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("lathe-cli"));
    if (!QFile::exists(program)) QSKIP("lathe-cli is not built");
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.pick("searchFor", true);
    fixture.pick("architectureSpace", QStringLiteral("free"));
    fixture.type("trials", QStringLiteral("3"));
    fixture.type("workers", QStringLiteral("1"));
    fixture.type("maxParameters", QStringLiteral("20000"));
    fixture.type("maxFlops", QStringLiteral("0.5"));
    fixture.type("finalEpochs", QStringLiteral("4"));
    fixture.type("confirmSeeds", QStringLiteral("0"));
    fixture.type("studySeed", QStringLiteral("11"));
    auto wanted = fixture.draft().wanted();
    fixture.page.copyCommand();
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PATH"), QCoreApplication::applicationDirPath() + QLatin1Char(':') +
                                                   environment.value(QStringLiteral("PATH")));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral("sh"), {QStringLiteral("-c"), QGuiApplication::clipboard()->text()});
    QVERIFY(QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 100000));
    const auto said = process.readAllStandardError();
    if (said.contains("LibTorch")) QSKIP("lathe-cli has no engine");
    QVERIFY2(process.exitCode() == 0, said.constData());
    // The window shows what another process has made.
    QTRY_VERIFY(fixture.studies().table() && fixture.studies().table()->count(RunStatus::Completed) == 3);
    const auto& made = fixture.studies().table()->settings;
    QCOMPARE(made.architecture.method, wanted.architecture.method);
    QCOMPARE(made.architecture.space, wanted.architecture.space);
    QVERIFY(made.architecture.limits == wanted.architecture.limits);
    QCOMPARE(made.architecture.finalEpochs, 4);
    QCOMPARE(made.architecture.inherits, wanted.architecture.inherits);
    QVERIFY(made.goals == wanted.goals);
    QCOMPARE(made.trials, wanted.trials);
    QCOMPARE(made.workers, wanted.workers);
    QCOMPARE(made.confirmSeeds, wanted.confirmSeeds);
    QCOMPARE(made.seed, wanted.seed);
  }

  void aPersonsOwnArchitectureIsTried() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    QVERIFY(fixture.search(4, "random"));
    fixture.page.pictures()->trials()->tryOwn(1);
    QPushButton* accept = nullptr;
    QTRY_VERIFY((accept = fixture.page.window()->findChild<QPushButton*>(QStringLiteral("ownTrialAccept"))) != nullptr);
    QVERIFY(accept->isEnabled());
    accept->click();
    QTRY_COMPARE(fixture.studies().table()->size(), std::size_t{5});
    QVERIFY(fixture.studies().table()->byPerson[4]);
    QVERIFY(spec::same(fixture.studies().table()->configuration(4), fixture.studies().table()->configuration(1)));
  }
};

QTEST_MAIN(TestArchitectureSearch)
#include "test_architecture_search.moc"
