// SPDX-License-Identifier: GPL-3.0-or-later
// What a space asks about: conditions and constraints.
#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>
#include <QTest>

#include "tests/support/qt_wait.h"
#include "tests/ui_search/search_fixture.h"
#include "ui/models/space_model.h"
#include "ui/pages/condition_dialog.h"
#include "ui/pages/constraint_dialog.h"
#include "ui/pages/space_panel.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using Fixture = lathe::tests::SearchFixture;

class TestSpaceDialogs : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { QStandardPaths::setTestModeEnabled(true); }

  void aConditionCanNameSeveralValuesOfSeveralSettings() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    fixture.page.space()->open("training.optimizer.name");
    fixture.page.space()->open("training.schedule.name");
    fixture.page.space()->open("training.optimizer.weight_decay");
    const auto settle = [] { QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete); };
    settle();  // the editors of the settings before
    auto* condition = fixture.child<QComboBox>("rangeCondition");
    QCOMPARE(condition->currentIndex(), 0);
    const auto dialog = [&] {
      return fixture.page.window()->findChild<ConditionDialog*>(QStringLiteral("conditionDialog"));
    };
    const auto choices = [&](std::size_t parameter) { return fixture.draft().space.parameters[parameter].choices; };
    QVERIFY(choices(0).size() >= 3);
    QVERIFY(choices(1).size() >= 2);
    Q_EMIT condition->activated(condition->count() - 1);
    QTRY_VERIFY(dialog() != nullptr);
    auto boxes = dialog()->findChildren<QCheckBox*>();
    QCOMPARE(static_cast<std::size_t>(boxes.size()), choices(0).size() + choices(1).size());
    boxes[0]->setChecked(true);
    boxes[2]->setChecked(true);
    boxes[static_cast<qsizetype>(choices(0).size())]->setChecked(true);
    dialog()->findChild<QPushButton*>(QStringLiteral("conditionAccept"))->click();
    const auto& own = fixture.draft().space.parameters[2].conditions;
    QCOMPARE(own.size(), std::size_t{2});
    QCOMPARE(own[0].in, (std::vector<double>{0, 2}));
    QCOMPARE(own[1].in, std::vector<double>{0});
    QVERIFY(fixture.page.space()->model()->good());
    // The list names what holds, and a simple one takes its place.
    settle();
    condition = fixture.child<QComboBox>("rangeCondition");
    QCOMPARE(condition->currentText(), conditionText(fixture.draft().space, 2));
    QTRY_VERIFY(dialog() == nullptr);
    // Ticking everything of a setting says nothing about it.
    Q_EMIT condition->activated(condition->count() - 1);
    QTRY_VERIFY(dialog() != nullptr);
    boxes = dialog()->findChildren<QCheckBox*>();
    QVERIFY(boxes[0]->isChecked() && !boxes[1]->isChecked() && boxes[2]->isChecked());
    for (std::size_t i = 0; i < choices(0).size(); ++i) boxes[static_cast<qsizetype>(i)]->setChecked(true);
    dialog()->findChild<QPushButton*>(QStringLiteral("conditionAccept"))->click();
    QCOMPARE(fixture.draft().space.parameters[2].conditions.size(), std::size_t{1});
    QCOMPARE(fixture.draft().space.parameters[2].conditions[0].parameter, std::size_t{1});
    settle();
    Q_EMIT fixture.child<QComboBox>("rangeCondition")->activated(0);
    QVERIFY(fixture.draft().space.parameters[2].conditions.empty());
  }

  void aConstraintIsAddedKeptToChangedAndRemoved() {
    Fixture fixture;
    QVERIFY(fixture.ready);
    auto* list = fixture.child<QWidget>("constraintList");
    QVERIFY(!list->isVisibleTo(&fixture.page));
    fixture.page.space()->open("training.optimizer.lr");
    fixture.page.space()->open("training.optimizer.weight_decay");
    QVERIFY(list->isVisibleTo(&fixture.page));
    const auto dialog = [&] {
      return fixture.page.window()->findChild<ConstraintDialog*>(QStringLiteral("constraintDialog"));
    };
    const auto type = [&](const char* name, const char* text) {
      auto* line = dialog()->findChild<QWidget*>(QLatin1String(name))->findChild<QLineEdit*>();
      line->clear();
      QTest::keyClicks(line, QLatin1String(text));
    };
    fixture.child<QPushButton>("addConstraint")->click();
    QTRY_VERIFY(dialog() != nullptr);
    auto* accept = dialog()->findChild<QPushButton*>(QStringLiteral("constraintAccept"));
    QVERIFY(!accept->isEnabled());
    type("weight_training.optimizer.lr", "1");
    type("weight_training.optimizer.weight_decay", "2");
    type("bound", "-1");
    QVERIFY(!accept->isEnabled());  // no values are below zero
    type("bound", "0.05");
    QVERIFY(accept->isEnabled());
    accept->click();
    QCOMPARE(fixture.draft().space.constraints.size(), std::size_t{1});
    QCOMPARE(constraintText(fixture.draft().space, fixture.draft().space.constraints[0]),
             QStringLiteral("Learning rate + 2\u00a0\u00d7\u00a0Weight decay \u2264 0.05"));
    QVERIFY(fixture.search(8));
    const auto table = fixture.studies().table();
    for (std::size_t i = 0; i < table->size(); ++i)
      QVERIFY(table->parameter(i, 0) + 2 * table->parameter(i, 1) <= 0.05 + 1e-9);
    QTRY_VERIFY(dialog() == nullptr);
    fixture.child<QPushButton>("changeConstraint0")->click();
    QTRY_VERIFY(dialog() != nullptr);
    dialog()->findChild<QComboBox*>(QStringLiteral("relation"))->setCurrentIndex(1);
    dialog()->findChild<QPushButton*>(QStringLiteral("constraintAccept"))->click();
    QCOMPARE(fixture.draft().space.constraints[0].bound, -0.05);
    QVERIFY(constraintText(fixture.draft().space, fixture.draft().space.constraints[0])
                .contains(QStringLiteral("\u2265 0.05")));
    fixture.child<QPushButton>("removeConstraint0")->click();
    QVERIFY(fixture.draft().space.constraints.empty());
    fixture.window.experiment().undo();
    QCOMPARE(fixture.draft().space.constraints.size(), std::size_t{1});
    // What closes a setting takes its constraints along.
    QTest::keyClick(fixture.page.space()->table(), Qt::Key_Delete);
    QVERIFY(fixture.draft().space.constraints.empty());
  }
};

QTEST_MAIN(TestSpaceDialogs)
#include "test_space_dialogs.moc"
