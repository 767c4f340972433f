// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QTest>

#include "core/services/open_field.h"
#include "tests/ui_search/study_samples.h"
#include "ui/models/command_text.h"
#include "ui/models/study_trials_model.h"
#include "ui/models/study_words.h"
#include "ui/pages/space_editor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::studyTable;

class TestStudyModels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void trialsAreRowsWithTheirSettings() {
    StudyTrialsModel model;
    QAbstractItemModelTester tester(&model);
    model.setTable(studyTable(20), true);
    QCOMPARE(model.rowCount(), 20);
    // number, state, value, epochs, three settings, time, note
    QCOMPARE(model.columnCount(), 9);
    QCOMPARE(model.index(3, StudyTrialsModel::Number).data().toString(), QStringLiteral("3"));
    QVERIFY(model.index(6, StudyTrialsModel::State).data().toString().contains(QStringLiteral("pruned")));
    QCOMPARE(model.index(6, StudyTrialsModel::FirstValue).data().toString(), QStringLiteral("\u2014"));
    QCOMPARE(model.headerData(4, Qt::Horizontal).toString(), QStringLiteral("Learning rate"));
    QCOMPARE(model.headerData(5, Qt::Horizontal).toString(), QStringLiteral("Width of hidden layers"));
  }

  void sortingPutsMissingValuesLastEitherWay() {
    StudyTrialsModel model;
    QAbstractItemModelTester tester(&model);
    const auto table = studyTable(30);
    model.setTable(table, true);
    for (const auto order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
      model.sort(StudyTrialsModel::FirstValue, order);
      double before = order == Qt::AscendingOrder ? 0 : 1e9;
      for (int row = 0; row < model.rowCount(); ++row) {
        const double value = table->value(*model.trialAt(row));
        if (std::isnan(value)) {
          QVERIFY(row >= 26);
          continue;
        }
        QVERIFY(order == Qt::AscendingOrder ? value >= before : value <= before);
        before = value;
      }
    }
  }

  void newTrialsJoinWithoutLosingTheSelection() {
    StudyTrialsModel model;
    QAbstractItemModelTester tester(&model);
    model.setTable(studyTable(30), true);
    model.sort(StudyTrialsModel::FirstValue, Qt::AscendingOrder);
    const QPersistentModelIndex kept(model.index(4, 0));
    const auto trial = kept.data(StudyTrialsModel::TrialRole).toLongLong();
    model.setTable(studyTable(60), false);
    QCOMPARE(model.rowCount(), 60);
    QVERIFY(kept.isValid());
    QCOMPARE(kept.data(StudyTrialsModel::TrialRole).toLongLong(), trial);
  }

  void aFilterHidesRows() {
    StudyTrialsModel model;
    QAbstractItemModelTester tester(&model);
    model.setTable(studyTable(70), true);
    model.setFilter(
        [](const auto& table, std::size_t trial) { return table.status[trial] == spec::RunStatus::Pruned; });
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.rowOf(0), -1);
    QCOMPARE(model.rowOf(13), 1);
    model.setFilter({});
    QCOMPARE(model.rowCount(), 70);
  }

  void aHundredThousandTrialsAreSortedInAMoment() {
    StudyTrialsModel model;
    model.setTable(studyTable(100'000), true);
    QElapsedTimer clock;
    clock.start();
    model.sort(StudyTrialsModel::FirstValue, Qt::AscendingOrder);
    qInfo("sorted 100 000 trials in %lld ms", clock.elapsed());
    QVERIFY(clock.elapsed() < 1000);
    QCOMPARE(model.rowCount(), 100'000);
  }

  void fieldsAreOpenedByTheirUsualRange() {
    const spec::ExperimentSpec spec;
    const auto lr = services::openedField(spec, "mlp", "training.optimizer.lr");
    QCOMPARE(lr.size(), std::size_t{1});
    QVERIFY(lr.front().log && lr.front().low > 0 && lr.front().high > lr.front().low);
    QVERIFY(services::openedField(spec, "mlp", "model.hidden").size() == 2);
    QVERIFY(services::openedField(spec, "mlp", "training.schedule.name").front().isChoice());
    QVERIFY(!services::canOpen("mlp", "training.seed"));
    QVERIFY(!services::canOpen("mlp", "data.target"));
    QVERIFY(!services::canOpen("mlp", "nonsense"));
  }

  void whatIsWrongWithASpaceIsSaidOfItsRow() {
    const spec::ExperimentSpec spec;
    auto space = studyTable(1)->space;
    QVERIFY(services::problemsOf(space, spec).empty());
    space.parameters[0].low = 1;
    space.parameters[2].choices.clear();
    const auto problems = services::problemsOf(space, spec);
    QCOMPARE(problems.size(), std::size_t{2});
    QCOMPARE(problems[0].parameter, std::optional<std::size_t>(0));
    QCOMPARE(problems[1].parameter, std::optional<std::size_t>(2));
  }

  void closingAFieldTakesItsConditionsAlong() {
    auto space = studyTable(1)->space;
    spec::SearchParameter momentum;
    momentum.name = "training.optimizer.momentum";
    momentum.conditions.push_back({2, {1.0}});
    space.parameters.push_back(momentum);
    const auto less = services::without(space, {0});
    QCOMPARE(less.size(), std::size_t{3});
    QCOMPARE(less.parameters[2].conditions.front().parameter, std::size_t{1});
    const auto least = services::without(space, {2});
    QVERIFY(least.parameters[2].conditions.empty());
  }

  void choicesAreReadAsTheyAreTyped() {
    const auto choices = choicesFromText(QStringLiteral("16, [64, 32], relu"));
    QCOMPARE(choices.size(), std::size_t{3});
    QVERIFY(choices[0].isInteger() && choices[1].isList() && choices[2].isText());
    QCOMPARE(choicesText(choices), QStringLiteral("16, [64,32], relu"));
  }

  void aSearchIsCopiedWithItsSpace() {
    spec::ExperimentSpec spec;
    spec.data.path = "a.csv";
    services::StudySettings settings;
    settings.goals = {services::goalOf("val/accuracy")};
    settings.trials = 12;
    settings.pruner = "asha";
    const auto text = searchCommand(spec, studyTable(1)->space, settings, QStringLiteral("/p.lathe"));
    QVERIFY(text.startsWith(QStringLiteral("printf '%s' '{\"parameters\":")));
    QVERIFY(text.contains(QStringLiteral("> space.json && lathe-cli --project /p.lathe search --data /a.csv")) ||
            text.contains(QStringLiteral("> space.json && lathe-cli --project /p.lathe search --data /p.lathe/a.csv")));
    QVERIFY(text.contains(QStringLiteral("--metric val/accuracy --direction maximize --space space.json")));
    QVERIFY(text.contains(QStringLiteral("--pruner asha --trials 12")));
  }
};

QTEST_MAIN(TestStudyModels)
#include "test_study_models.moc"
