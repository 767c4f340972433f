// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QTest>
#include <QToolButton>

#include "ui/widgets/card.h"
#include "ui/widgets/choice_delegate.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/form.h"
#include "ui/widgets/histogram_delegate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/progress_text.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/thin_progress.h"
#include "ui/widgets/value_editor.h"

using namespace lathe;
using namespace lathe::ui;

namespace {

ValueEditor::Description described(spec::AttributeType type, double low, double high) {
  ValueEditor::Description description;
  description.type = type;
  description.low = low;
  description.high = high;
  return description;
}

void type(QLineEdit* line, const QString& text) {
  line->selectAll();
  QTest::keyClicks(line, text);
}

}  // namespace

class TestUiWidgets : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aNumberIsTakenWhileTyping() {
    ValueEditor editor(described(spec::AttributeType::Integer, 1, 512));
    editor.show();
    editor.setValue(spec::Value(64));
    auto* line = editor.findChild<QLineEdit*>();
    QCOMPARE(line->text(), QStringLiteral("64"));
    std::vector<std::int64_t> seen;
    connect(&editor, &ValueEditor::edited, this, [&](const spec::Value& value) { seen.push_back(value.toInteger()); });
    type(line, QStringLiteral("128"));
    QCOMPARE(seen, (std::vector<std::int64_t>{1, 12, 128}));
    QVERIFY(editor.valid());
    QCOMPARE(editor.value().toInteger(), 128);
  }

  void aWrongNumberIsMarkedAndNotGiven() {
    ValueEditor editor(described(spec::AttributeType::Integer, 1, 512));
    editor.show();
    editor.setValue(spec::Value(64));
    auto* line = editor.findChild<QLineEdit*>();
    type(line, QStringLiteral("9999"));
    QVERIFY(!editor.valid());
    QVERIFY(line->property("invalid").toBool());
    QVERIFY(line->toolTip().contains(QStringLiteral("512")));
    QCOMPARE(editor.value().toInteger(), 99);
    type(line, QStringLiteral("2.5"));
    QVERIFY(!editor.valid());
    editor.setValue(spec::Value(32));
    QVERIFY(editor.valid());
    QCOMPARE(line->text(), QStringLiteral("32"));
  }

  void aFileIsTypedOrLookedFor() {
    ValueEditor::Description description;
    description.text = true;
    description.file = true;
    description.fileFilter = QStringLiteral("Weights (*.pth)");
    ValueEditor editor(description);
    editor.show();
    QString seen;
    connect(&editor, &ValueEditor::edited, this,
            [&](const spec::Value& value) { seen = QString::fromStdString(value.toText()); });
    type(editor.findChild<QLineEdit*>(), QStringLiteral("a.pth"));
    QCOMPARE(seen, QStringLiteral("a.pth"));
    QTest::mouseClick(editor.findChild<QPushButton*>(QStringLiteral("browse")), Qt::LeftButton);
    auto* dialog = editor.findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->nameFilters().first(), description.fileFilter);
    QVERIFY(QMetaObject::invokeMethod(dialog, "fileSelected", Q_ARG(QString, QStringLiteral("/weights/b.pth"))));
    QCOMPARE(seen, QStringLiteral("/weights/b.pth"));
    QCOMPARE(editor.value().toText(), std::string("/weights/b.pth"));
    dialog->reject();
  }

  void listsAreTypedInEveryUsualWay() {
    ValueEditor editor(described(spec::AttributeType::Integers, 1, 4096));
    editor.show();
    editor.setValue(spec::Value(std::vector<std::int64_t>{64, 64}));
    auto* line = editor.findChild<QLineEdit*>();
    QCOMPARE(line->text(), QStringLiteral("64, 64"));
    for (const char* text : {"3, 5", "3 5", "[3,5]", "3x5"}) {
      type(line, QLatin1String(text));
      QCOMPARE(editor.value().toIntegers(), (std::vector<std::int64_t>{3, 5}));
    }
    type(line, QStringLiteral("3, a"));
    QVERIFY(!editor.valid());
  }

  void aZeroThatMeansAutomaticIsAnEmptyLine() {
    auto description = described(spec::AttributeType::Integer, 0, 4096);
    description.emptyIsZero = true;
    description.placeholder = QStringLiteral("automatic");
    ValueEditor editor(description);
    editor.show();
    editor.setValue(spec::Value(0));
    auto* line = editor.findChild<QLineEdit*>();
    QVERIFY(line->text().isEmpty());
    QCOMPARE(line->placeholderText(), QStringLiteral("automatic"));
    type(line, QStringLiteral("32"));
    QCOMPARE(editor.value().toInteger(), std::int64_t{32});
    line->selectAll();
    QTest::keyClick(line, Qt::Key_Delete);
    QVERIFY(editor.valid());
    QCOMPARE(editor.value(), spec::Value(0));
  }

  void aValueWithAWordOfItsOwnIsTypedByIt() {
    auto description = described(spec::AttributeType::Integer, -1, 4096);
    description.word = QStringLiteral("measure");
    description.wordValue = -1;
    ValueEditor editor(description);
    editor.show();
    editor.setValue(spec::Value(-1));
    auto* line = editor.findChild<QLineEdit*>();
    QCOMPARE(line->text(), QStringLiteral("measure"));
    type(line, QStringLiteral("64"));
    QCOMPARE(editor.value().toInteger(), std::int64_t{64});
    type(line, QStringLiteral("Measure"));
    QVERIFY(editor.valid());
    QCOMPARE(editor.value().toInteger(), std::int64_t{-1});
    type(line, QStringLiteral("measur"));
    QVERIFY(!editor.valid());
    QVERIFY2(line->toolTip().contains(QStringLiteral("\"measure\"")), qPrintable(line->toolTip()));
  }

  void typingIsNotRewrittenUnderTheCursor() {
    ValueEditor editor(described(spec::AttributeType::Real, 0, 1));
    editor.show();
    editor.activateWindow();
    auto* line = editor.findChild<QLineEdit*>();
    line->setFocus();
    connect(&editor, &ValueEditor::edited, &editor, [&](const spec::Value& value) { editor.setValue(value); });
    type(line, QStringLiteral("0.50"));
    QCOMPARE(line->text(), QStringLiteral("0.50"));
    QCOMPARE(editor.value().toReal(), 0.5);
  }

  void choicesAndTicks() {
    auto description = described(spec::AttributeType::Choice, 0, 0);
    description.choices = {{"relu", QStringLiteral("ReLU")}, {"gelu", QStringLiteral("GELU")}};
    ValueEditor choice(description);
    choice.show();
    choice.setValue(spec::Value("gelu"));
    auto* combo = choice.findChild<QComboBox*>();
    QCOMPARE(combo->currentText(), QStringLiteral("GELU"));
    std::string chosen;
    connect(&choice, &ValueEditor::edited, this, [&](const spec::Value& value) { chosen = value.toText(); });
    QTest::keyClick(combo, Qt::Key_Up);
    QCOMPARE(chosen, std::string("relu"));
    ValueEditor tick(described(spec::AttributeType::Boolean, 0, 0));
    tick.show();
    tick.setValue(spec::Value(true));
    QTest::mouseClick(tick.findChild<QCheckBox*>(), Qt::LeftButton, Qt::NoModifier, QPoint(8, 8));
    QVERIFY(!tick.value().toBool(true));
  }

  void formsNameTheirFields() {
    Form form;
    auto* field = new QLineEdit;
    form.addRow(QStringLiteral("Learning rate"), field, QStringLiteral("How far each step goes"));
    QCOMPARE(field->accessibleName(), QStringLiteral("Learning rate"));
    QCOMPARE(field->whatsThis(), QStringLiteral("How far each step goes"));
    QCOMPARE(form.rows().size(), std::size_t{1});
    form.clear();
    QVERIFY(form.rows().empty());
  }

  void longTextIsElidedWithItsToolTip() {
    ElidedLabel label;
    label.setText(QStringLiteral("a rather long name of a project that does not fit"));
    label.resize(60, 20);
    label.show();
    QVERIFY(label.isElided());
    QCOMPARE(label.toolTip(), label.text());
    label.resize(900, 20);
    QVERIFY(label.toolTip().isEmpty());
  }

  void cardsFillRowsOfEqualHeight() {
    QWidget parent;
    auto* grid = new CardGrid(&parent, 200, 3);
    QList<Card*> cards;
    for (int i = 0; i < 4; ++i) {
      auto* card = new Card(&parent);
      card->body().addWidget(makeLabel(TextRole::Body, card, QStringLiteral("text")));
      if (i == 1) card->body().addWidget(makeLabel(TextRole::Body, card, QStringLiteral("more")));
      grid->addWidget(card);
      cards << card;
    }
    parent.resize(660, 400);
    parent.show();
    QCoreApplication::processEvents();
    QCOMPARE(cards[0]->y(), cards[2]->y());
    QCOMPARE(cards[0]->height(), cards[1]->height());
    QVERIFY(cards[3]->y() > cards[0]->y());
    parent.resize(300, 900);
    QCoreApplication::processEvents();
    QVERIFY(cards[1]->y() > cards[0]->y());
    QCOMPARE(cards[1]->x(), cards[0]->x());
  }

  void theEmptyStateOffersTheNextStep() {
    EmptyState state;
    state.showEmpty(QStringLiteral("No runs yet"), QStringLiteral("They will be here."), QStringLiteral("Train"));
    state.show();
    QSignalSpy clicked(&state, &EmptyState::clicked);
    QTest::mouseClick(state.button(), Qt::LeftButton);
    QCOMPARE(clicked.count(), 1);
    state.showBusy(QStringLiteral("Reading"), 0.25);
    QVERIFY(!state.button()->isVisible());
    QCOMPARE(state.findChild<ThinProgress*>()->fraction(), 0.25);
    state.showError(QStringLiteral("It is empty."), QStringLiteral("Choose another."));
    QCOMPARE(state.title(), QStringLiteral("It is empty."));
  }

  void theBannerSaysWhatHappenedAndWhatToDo() {
    ErrorBanner banner;
    banner.showError({"data.empty_file", {"{file} is empty.", {{"file", "a.csv"}}}, {"Choose another file.", {}}});
    QVERIFY(banner.isVisible());
    QCOMPARE(banner.sentence(), QStringLiteral("a.csv is empty."));
    QCOMPARE(banner.remedy(), QStringLiteral("Choose another file."));
    for (auto* button : banner.findChildren<QToolButton*>()) QVERIFY(!button->accessibleName().isEmpty());
    QTest::mouseClick(banner.findChildren<QToolButton*>().first(), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral("a.csv is empty.")));
    QTest::mouseClick(banner.findChildren<QToolButton*>().last(), Qt::LeftButton);
    QVERIFY(!banner.isVisible());
  }

  void tablesFindAndCopy() {
    QStandardItemModel model(50, 2);
    for (int row = 0; row < 50; ++row) {
      model.setItem(row, 0, new QStandardItem(QStringLiteral("row %1").arg(row)));
      model.setItem(row, 1, new QStandardItem(row % 10 == 7 ? QStringLiteral("seven") : QStringLiteral("x")));
    }
    TableView table;
    table.setModel(&model);
    table.show();
    QVERIFY(table.find(QStringLiteral("SEVEN")));
    QCOMPARE(table.currentIndex().row(), 7);
    QVERIFY(table.find(QStringLiteral("seven")));
    QCOMPARE(table.currentIndex().row(), 17);
    QVERIFY(table.find(QStringLiteral("seven"), true));
    QCOMPARE(table.currentIndex().row(), 7);
    QVERIFY(!table.find(QStringLiteral("nowhere")));
    QCOMPARE(table.selectionAsText(), QStringLiteral("row 7\tseven"));
    QTest::keyClick(&table, Qt::Key_F, Qt::ControlModifier);
    auto* finder = table.findChild<QLineEdit*>();
    QVERIFY(finder->isVisible());
    QTest::keyClick(finder, Qt::Key_Escape);
    QVERIFY(!finder->isVisible());
  }

  void aChoiceGoesToTheModel() {
    QStandardItemModel model(1, 1);
    auto* item = new QStandardItem(QStringLiteral("real"));
    item->setData(QStringList{QStringLiteral("real"), QStringLiteral("integer")}, Qt::UserRole + 9);
    model.setItem(0, 0, item);
    TableView table;
    table.setModel(&model);
    ChoiceDelegate delegate(Qt::UserRole + 9);
    table.setItemDelegate(&delegate);
    table.show();
    delegate.open(&table, table.visualRect(model.index(0, 0)), model.index(0, 0));
    auto* menu = table.findChild<QMenu*>();
    QVERIFY(menu != nullptr);
    QVERIFY(menu->actions()[0]->isChecked());
    menu->actions()[1]->trigger();
    QCOMPARE(item->data(Qt::EditRole).toString(), QStringLiteral("integer"));
  }

  void histogramsAreDescribedInWords() {
    spec::Histogram numbers{0, 10, {1, 2, 3}, {}};
    QCOMPARE(HistogramDelegate::describe(numbers, spec::ColumnKind::Real), QStringLiteral("0 to 10"));
    spec::Histogram words{0, 0, {7, 3}, {"yes", "no"}};
    QVERIFY(HistogramDelegate::describe(words, spec::ColumnKind::Category).startsWith(QStringLiteral("yes: 7")));
    QVERIFY(HistogramDelegate::describe({}, spec::ColumnKind::Real).isEmpty());
  }

  void factsAreSpoken() {
    FactList facts;
    facts.setFacts({{QStringLiteral("Threads"), QStringLiteral("2"), {}}});
    QCOMPARE(facts.accessibleName(), QStringLiteral("Threads: 2"));
    QVERIFY(facts.sizeHint().height() > 10);
  }

  void stagesHaveWordsAndFractions() {
    QVERIFY(progressWord({"verify", 0, 0, {}}) != progressWord({"something new", 0, 0, {}}));
    QCOMPARE(progressFraction({"read", 5, 10, {}}), 0.5);
    QCOMPARE(progressFraction({"read", 5, 0, {}}), -1.0);
  }

  void iconsTakeTheColourAskedFor() {
    const auto image = icon(QStringLiteral("stop"), QColor(Qt::red)).pixmap(QSize(24, 24)).toImage();
    QCOMPARE(image.pixelColor(12, 12), QColor(Qt::red));
    QVERIFY(!applicationIcon().isNull());
  }
};

QTEST_MAIN(TestUiWidgets)
#include "test_ui_widgets.moc"
