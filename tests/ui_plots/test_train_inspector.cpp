// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <algorithm>

#include "core/services/automatic_training.h"
#include "core/spec/customary.h"
#include "core/spec/spec_json.h"
#include "tests/ui_plots/train_page_fixture.h"
#include "ui/bridge/rate_finder.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/train_form.h"
#include "ui/pages/train_inspector.h"
#include "ui/plots/rate_plot.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::PageFixture;
using spec::RunStatus;

class TestTrainInspector : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void theFormEditsTheExperimentAndFollowsUndo() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = qobject_cast<TrainInspector*>(fixture.page.inspector());
    QVERIFY(inspector != nullptr);
    inspector->show();
    auto* epochs = inspector->form()->editor("training.epochs")->findChild<QLineEdit*>();
    QVERIFY(epochs != nullptr);
    epochs->selectAll();
    QTest::keyClicks(epochs, QStringLiteral("7"));
    QCOMPARE(fixture.window.experiment().spec().training.epochs, 7);
    fixture.window.experiment().undo();
    epochs->clearFocus();
    QVERIFY(epochs->text().isEmpty());  // automatic again, as its placeholder says
    QCOMPARE(epochs->placeholderText(), QStringLiteral("automatic"));
    auto* optimiser = inspector->form()->editor("training.optimizer.name")->findChild<QComboBox*>();
    auto* momentum = inspector->form()->editor("training.optimizer.momentum");
    QVERIFY(!momentum->isVisibleTo(inspector));
    fixture.window.experiment().setField("training.optimizer.name", "sgd", QStringLiteral("x"));
    QVERIFY(momentum->isVisibleTo(inspector));
    QCOMPARE(optimiser->currentText(), QStringLiteral("SGD"));
    for (auto* line : inspector->findChildren<QLineEdit*>()) QVERIFY(!line->accessibleName().isEmpty());
  }

  void theChosenOptimiserSaysWhenToTakeIt() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = qobject_cast<TrainInspector*>(fixture.page.inspector());
    inspector->show();
    auto* editor = inspector->form()->editor("training.optimizer.name");
    const auto says = [&](const QString& words) {
      const auto labels = editor->parentWidget()->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisibleTo(label->parentWidget()) && label->text().contains(words);
      });
    };
    fixture.window.experiment().setField("training.optimizer.name", "adamw", QStringLiteral("x"));
    QVERIFY(says(QStringLiteral("nearly always")));
    fixture.window.experiment().setField("training.optimizer.name", "lamb", QStringLiteral("x"));
    QVERIFY(says(QStringLiteral("thousands of rows")));
    const auto* combo = editor->findChild<QComboBox*>();
    for (int i = 0; i < combo->count(); ++i) QVERIFY(!combo->itemData(i, Qt::ToolTipRole).toString().isEmpty());
  }

  void aWrongValueSaysSoUnderItsField() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = qobject_cast<TrainInspector*>(fixture.page.inspector());
    inspector->show();
    auto* editor = inspector->form()->editor("training.epochs");
    auto* epochs = editor->findChild<QLineEdit*>();
    epochs->selectAll();
    QTest::keyClicks(epochs, QStringLiteral("-3"));
    const auto problems = editor->parentWidget()->findChildren<QLabel*>();
    const bool said = std::any_of(problems.begin(), problems.end(), [](const QLabel* label) {
      return label->property("textRole").toString() == QLatin1String("bad") && !label->text().isEmpty() &&
             label->isVisibleTo(label->parentWidget());
    });
    QVERIFY(said);
    QCOMPARE(fixture.window.experiment().spec().training.epochs, spec::automaticTraining().epochs);
  }

  void aClickKeepsWhatARunChose() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = fixture.page.inspector();
    inspector->show();
    auto& experiment = fixture.window.experiment();
    experiment.train();
    QTRY_VERIFY(!fixture.window.runs().shown().empty());
    QVERIFY(fixture.window.waitForStatus(fixture.window.runs().shown().front(), RunStatus::Completed));
    QVERIFY(services::needsTrying(experiment.spec().training));
    auto* keep = inspector->findChild<QPushButton*>(QStringLiteral("freezeChoices"));
    QVERIFY(keep != nullptr);
    QTRY_VERIFY(keep->isVisible());
    QTest::mouseClick(keep, Qt::LeftButton);
    QTRY_VERIFY(!services::needsTrying(experiment.spec().training));
    QVERIFY(experiment.spec().training.optimizer.lr > 0);
    QVERIFY(experiment.spec().training.batchSize > 0);
    QVERIFY(experiment.spec().training.epochs > 0);
    // All of it: training again is the same training.
    const auto json = fixture.window.bench->project()->store().runSpec(fixture.window.runs().shown().front());
    QVERIFY(json.has_value());
    const auto chosen = spec::fromJson(*json);
    QVERIFY(chosen.has_value());
    QVERIFY(experiment.spec().training == chosen->training);
    QCOMPARE(experiment.spec().data.split.method, chosen->data.split.method);
    experiment.undo();
    QVERIFY(services::needsTrying(experiment.spec().training));
  }

  void aLearningRateIsFoundOnACurveAndUsed() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = fixture.page.inspector();
    inspector->show();
    inspector->findChild<QPushButton*>(QStringLiteral("findRate"))->click();
    auto* dialog = inspector->window()->findChild<RateDialog*>();
    QVERIFY(dialog != nullptr);
    QTRY_COMPARE(dialog->finder()->state(), RateFinder::State::Done);
    QVERIFY(dialog->finder()->points().size() > 30);
    auto* plot = dialog->findChild<RatePlot*>();
    QVERIFY(plot->rate() > 0);
    QCOMPARE(plot->rate(), dialog->finder()->suggestion());
    QTest::keyClick(plot, Qt::Key_Left);  // a person may take another one
    QVERIFY(plot->rate() < dialog->finder()->suggestion());
    const double chosen = QString::number(plot->rate(), 'g', 2).toDouble();
    auto* use = dialog->findChild<QPushButton*>(QStringLiteral("useRate"));
    QVERIFY(use->isEnabled());
    QTest::mouseClick(use, Qt::LeftButton);
    QCOMPARE(fixture.window.experiment().spec().training.optimizer.lr, chosen);
  }

  void theReasonsForAutomaticValuesAreShown() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = fixture.page.inspector();
    inspector->show();
    const auto run = fixture.window.train(2);
    QVERIFY(fixture.window.waitForStatus(run, RunStatus::Completed));
    QTRY_VERIFY([&] {
      const auto labels = inspector->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains(QStringLiteral("run 1"));
      });
    }());
  }

  void theFormSaysWhatWillBeDoneWithOpenSettings() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = qobject_cast<TrainInspector*>(fixture.page.inspector());
    inspector->show();
    auto& experiment = fixture.window.experiment();
    const auto noteOf = [&](const char* path) {
      QString text;
      for (const auto* label : inspector->form()->editor(path)->parentWidget()->findChildren<QLabel*>())
        if (label->isVisibleTo(label->parentWidget()) && label->wordWrap()) text += label->text();
      return text;
    };
    constexpr auto name = "training.optimizer.name";
    constexpr auto rate = "training.optimizer.lr";
    constexpr auto batch = "training.batch_size";
    constexpr auto epochs = "training.epochs";
    const auto set = [&](const char* path, const char* json) {
      QVERIFY(experiment.setField(path, json, QStringLiteral("x")));
    };
    QVERIFY(noteOf(name).contains(QStringLiteral("Tries AdamW and SGD")));
    QVERIFY(noteOf(rate).contains(QStringLiteral("with the optimiser")));
    // 400 rows, 280 of which are for training.
    QVERIFY2(noteOf(batch).startsWith(QStringLiteral("32, for 280")), qPrintable(noteOf(batch)));
    QVERIFY2(noteOf(epochs).startsWith(QStringLiteral("100, as is usual")), qPrintable(noteOf(epochs)));

    set(rate, "0.02");
    QVERIFY2(noteOf(name).startsWith(QStringLiteral("Automatic: AdamW, because")), qPrintable(noteOf(name)));
    QVERIFY(noteOf(rate).isEmpty());
    set(rate, "0");
    set(name, "sgd");
    QVERIFY(noteOf(rate).contains(QStringLiteral("around 0.001, the usual rate of SGD")));
    QVERIFY(noteOf(rate).contains(QStringLiteral("momentum")));
    set(name, "prodigy");
    QVERIFY2(noteOf(rate).startsWith(QStringLiteral("1, since Prodigy")), qPrintable(noteOf(rate)));
    set(batch, "-1");
    QVERIFY(noteOf(batch).startsWith(QStringLiteral("Measured before")));
    auto* line = inspector->form()->editor(batch)->findChild<QLineEdit*>();
    QCOMPARE(line->text(), QStringLiteral("measure"));
    line->clear();
    QTest::keyClicks(line, QStringLiteral("0"));
    QCOMPARE(experiment.spec().training.batchSize, 0);
    line->clear();
    QTest::keyClicks(line, QStringLiteral("Measure"));
    QCOMPARE(experiment.spec().training.batchSize, spec::findBatchSize);
    set(batch, "64");
    QVERIFY(noteOf(batch).isEmpty());
    set("training.auto_epochs", "true");
    QVERIFY(noteOf(epochs).startsWith(QStringLiteral("At most 640")));
    set(epochs, "40");
    QVERIFY(noteOf(epochs).startsWith(QStringLiteral("At most 40")));
    set("training.auto_epochs", "false");
    QVERIFY(noteOf(epochs).isEmpty());

    experiment.setTemplate("realmlp");
    set(name, "auto");
    set(rate, "0");
    set(batch, "0");
    QVERIFY2(noteOf(name).startsWith(QStringLiteral("Automatic: AdamW, which realmlp")), qPrintable(noteOf(name)));
    QVERIFY(noteOf(rate).startsWith(QStringLiteral("0.005, as realmlp")));
    QVERIFY(noteOf(batch).startsWith(QStringLiteral("256, as realmlp")));
    set(epochs, "0");
    QVERIFY2(noteOf(rate).startsWith(QStringLiteral("Around 0.005, as realmlp")), qPrintable(noteOf(rate)));
    QVERIFY2(noteOf(epochs).startsWith(QStringLiteral("At most 256")), qPrintable(noteOf(epochs)));
  }

  void theLinkToTheFinderStandsAboveTheHeadings() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto* inspector = qobject_cast<TrainInspector*>(fixture.page.inspector());
    inspector->resize(320, 700);
    inspector->show();
    const auto* link = inspector->findChild<QPushButton*>(QStringLiteral("findRate"));
    const QLabel* heading = nullptr;
    for (const auto* label : inspector->form()->findChildren<QLabel*>())
      if (heading == nullptr && label->text() == QStringLiteral("Optimiser")) heading = label;
    QVERIFY(heading != nullptr);
    // A link has three pixels of padding and one of border before its text.
    QCOMPARE(link->mapTo(inspector, QPoint()).x() + 4, heading->mapTo(inspector, QPoint()).x());
  }

  void theCurveOfTheFinderIsThereAgain() {
    PageFixture fixture;
    QVERIFY(fixture.ready);
    auto& bench = *fixture.window.bench;
    std::vector<services::RatePoint> measured;
    double suggestion = 0;
    {
      RateDialog dialog(bench);
      dialog.setAttribute(Qt::WA_DeleteOnClose, false);
      dialog.show();
      QTRY_COMPARE(dialog.finder()->state(), RateFinder::State::Done);
      measured = dialog.finder()->points();
      suggestion = dialog.finder()->suggestion();
      QVERIFY(dialog.finder()->measuredMicros() > 0);
    }
    const auto says = [](const RateDialog& dialog, const QString& words) {
      const auto labels = dialog.findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(),
                         [&](const QLabel* label) { return label->isVisible() && label->text().contains(words); });
    };
    {
      RateDialog dialog(bench);
      dialog.setAttribute(Qt::WA_DeleteOnClose, false);
      dialog.show();
      QTRY_COMPARE(dialog.finder()->state(), RateFinder::State::Done);
      QCOMPARE(dialog.finder()->points().size(), measured.size());
      QCOMPARE(dialog.finder()->points().back().loss, measured.back().loss);
      QCOMPARE(dialog.findChild<RatePlot*>()->rate(), suggestion);
      QVERIFY(says(dialog, QStringLiteral("Measured ")));
      auto* again = dialog.findChild<QPushButton*>(QStringLiteral("runAgain"));
      QCOMPARE(again->text(), QStringLiteral("Run again"));
      const auto before = dialog.finder()->measuredMicros();
      QTest::mouseClick(again, Qt::LeftButton);
      QCOMPARE(dialog.finder()->state(), RateFinder::State::Running);
      QTRY_COMPARE(dialog.finder()->state(), RateFinder::State::Done);
      QVERIFY(dialog.finder()->measuredMicros() > before);
    }
    // Another optimiser has another curve: it is measured.
    fixture.window.experiment().setField("training.optimizer.name", "sgd", QStringLiteral("x"));
    RateDialog dialog(bench);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    QSignalSpy changed(dialog.finder(), &RateFinder::changed);
    dialog.show();
    QTRY_VERIFY(dialog.finder()->state() == RateFinder::State::Running && dialog.finder()->measuredMicros() == 0);
    QTRY_COMPARE(dialog.finder()->state(), RateFinder::State::Done);
    QVERIFY(changed.count() > 1);
  }
};

QTEST_MAIN(TestTrainInspector)
#include "test_train_inspector.moc"
