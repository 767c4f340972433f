// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>
#include <fstream>

#include "tests/support/temp_folder.h"
#include "tests/ui_pages/opened_page.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/columns_model.h"
#include "ui/models/layers_model.h"
#include "ui/models/start_models.h"
#include "ui/pages/data_page.h"
#include "ui/pages/home_page.h"
#include "ui/pages/image_grid.h"
#include "ui/pages/model_page.h"
#include "ui/pages/sample_card.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/fact_list.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/value_editor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::Opened;
using lathe::tests::TempFolder;

namespace {

/// Triggers an entry of the menu that a click opened.
void chooseFromMenu(QWidget* owner, int entry) {
  auto* menu = owner->findChild<QMenu*>();
  QVERIFY(menu != nullptr);
  menu->actions().at(entry)->trigger();
  menu->close();
}

QPoint centreOf(const TableView* table, int row, int column) {
  return table->visualRect(table->model()->index(row, column)).center();
}

/// Two classes of small grey pictures in the IDX format.
void writeIdx(const std::filesystem::path& folder, int count, const std::string& part = "train") {
  const auto big = [](std::ofstream& out, std::uint32_t value) {
    const char bytes[] = {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
                          static_cast<char>(value)};
    out.write(bytes, 4);
  };
  std::ofstream images(folder / (part + "-images-idx3-ubyte"), std::ios::binary);
  std::ofstream labels(folder / (part + "-labels-idx1-ubyte"), std::ios::binary);
  big(images, 0x803);
  big(images, static_cast<std::uint32_t>(count));
  big(images, 8);
  big(images, 8);
  big(labels, 0x801);
  big(labels, static_cast<std::uint32_t>(count));
  for (int i = 0; i < count; ++i) {
    for (int p = 0; p < 64; ++p) images.put(static_cast<char>((p % 8 < 4) == (i % 2 == 0) ? 220 : 20));
    labels.put(static_cast<char>(i % 2));
  }
}

}  // namespace

class TestUiPages : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void sampleCardsTrainInOneClickOrSayHowToInstall() {
    SamplesModel model({{"digits", "Digits", "Small pictures", "python3-sklearn", "apt install python3-sklearn", true},
                        {"fashion-mnist", "Fashion-MNIST", "Clothes", "dataset-fashion-mnist",
                         "apt install dataset-fashion-mnist", false}});
    SampleCard card;
    card.show(model.index(0));
    static_cast<QWidget&>(card).show();
    QString id;
    bool train = false;
    connect(&card, &SampleCard::wanted, this, [&](const QString& wanted, bool now) {
      id = wanted;
      train = now;
    });
    QTest::mouseClick(&card.mainButton(), Qt::LeftButton);
    QCOMPARE(id, QStringLiteral("digits"));
    QVERIFY(train);
    id.clear();
    card.show(model.index(1));
    QTest::mouseClick(&card.mainButton(), Qt::LeftButton);
    QVERIFY(id.isEmpty());
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("apt install dataset-fashion-mnist"));
  }

  void aSampleThatNeedsWeightsAsksForTheFileFirst() {
    SamplesModel model({{"few-images", "Few images", "Clothes", "dataset-fashion-mnist", "", true, true}});
    SampleCard card;
    card.show(model.index(0));
    static_cast<QWidget&>(card).show();
    QSignalSpy trains(&card, &SampleCard::wanted);
    QSignalSpy asks(&card, &SampleCard::weightsWanted);
    QTest::mouseClick(&card.mainButton(), Qt::LeftButton);
    QCOMPARE(trains.count(), 0);
    QCOMPARE(asks.count(), 1);
    QCOMPARE(asks.first().first().toString(), QStringLiteral("few-images"));

    Opened<HomePage> home;
    home.page.chooseWeights(QStringLiteral("few-images"));
    auto* dialog = home.page.findChild<QFileDialog*>();
    QVERIFY(dialog != nullptr);
    QCOMPARE(dialog->fileMode(), QFileDialog::ExistingFile);
    dialog->reject();
  }

  void homeListsSamplesAndRecentProjects() {
    Opened<HomePage> home;
    QTRY_VERIFY_WITH_TIMEOUT(home.page.samples().rowCount() >= 5, longWait);
    QTRY_VERIFY(home.page.findChildren<SampleCard*>().size() >= 5);
    QSignalSpy open(&home.page, &HomePage::openDataWanted);
    QTest::mouseClick(home.child<QPushButton>("homeOpenData"), Qt::LeftButton);
    QCOMPARE(open.count(), 1);
    home.page.recent().add(QString::fromStdString(home.folder.path().string()));
    QCOMPARE(home.page.recent().rowCount(), 1);
  }

  void samplesAreLookedForAgainWhenAPersonComesBack() {
    Opened<HomePage> home;
    QTRY_VERIFY(home.page.samples().rowCount() >= 5);
    QSignalSpy again(&home.page.samples(), &QAbstractItemModel::modelReset);
    QTRY_VERIFY2(
        [&] {
          QEvent activated(QEvent::WindowActivate);
          QApplication::sendEvent(&home.page, &activated);
          return again.count() > 0;
        }(),
        "installed meanwhile, a sample is offered for training");
  }

  void theDataPageSaysWhatIsMissing() {
    Opened<DataPage> data;
    auto* empty = data.page.findChild<EmptyState*>();
    QVERIFY(empty->isVisible());
    QSignalSpy open(&data.page, &DataPage::openDataWanted);
    QTest::mouseClick(empty->button(), Qt::LeftButton);
    QCOMPARE(open.count(), 1);
    data.openTable();
    QVERIFY(!empty->isVisible());
    QCOMPARE(data.child<TableView>("columnTable")->model()->rowCount(), 4);
    QCOMPARE(data.child<TableView>("rowTable")->model()->rowCount(), 300);
  }

  void rolesAreChangedByAClickAndAMenu() {
    Opened<DataPage> data;
    data.openTable();
    auto* table = data.child<TableView>("columnTable");
    QTest::mouseClick(table->viewport(), Qt::LeftButton, Qt::NoModifier, centreOf(table, 1, ColumnsModel::Role));
    const auto words = table->model()->index(1, ColumnsModel::Role).data(ColumnsModel::ChoicesRole).toStringList();
    chooseFromMenu(table, static_cast<int>(words.size()) - 1);
    QCOMPARE(data.workbench.experiment().spec().data.roles.at("weight"), spec::ColumnRole::Ignore);
  }

  void theTargetIsChosenInTheInspector() {
    Opened<DataPage> data;
    data.openTable();
    auto* target = data.child<QComboBox>("targetChoice");
    QCOMPARE(target->currentText(), QStringLiteral("sort"));
    target->setFocus();
    QTest::keyClick(target, Qt::Key_Home);
    QTRY_COMPARE_WITH_TIMEOUT(data.workbench.experiment().spec().data.target, std::string("size"), longWait);
    QTRY_VERIFY_WITH_TIMEOUT(data.workbench.experiment().hasData() &&
                                 data.workbench.experiment().data()->profile.task == spec::Task::Regression,
                             longWait);
    QString page;
    connect(&data.workbench, &Workbench::pageRequested, this, [&page](const QString& id) { page = id; });
    QTest::mouseClick(data.child<QPushButton>("chooseModel"), Qt::LeftButton);
    QCOMPARE(page, QStringLiteral("model"));
  }

  void imagesAreShownAsThumbnails() {
    Opened<DataPage> data;
    const auto folder = data.folder / "pictures";
    std::filesystem::create_directories(folder);
    writeIdx(folder, 500);
    data.workbench.openData(QString::fromStdString(folder.string()));
    QTRY_VERIFY_WITH_TIMEOUT(data.workbench.experiment().hasData(), longWait);
    auto* grid = data.child<ImageGrid>("imageGrid");
    QTRY_VERIFY_WITH_TIMEOUT(grid->isVisible() && grid->loadedCount() > 10, longWait);
    QVERIFY(grid->loadedCount() < 500);
  }

  void dataWithTestRowsOfTheirOwnOfferOneShare() {
    Opened<DataPage> data;
    const auto folder = data.folder / "pictures";
    std::filesystem::create_directories(folder);
    writeIdx(folder, 500);
    writeIdx(folder, 100, "t10k");
    data.workbench.openData(QString::fromStdString(folder.string()));
    auto& experiment = data.workbench.experiment();
    QTRY_VERIFY_WITH_TIMEOUT(experiment.hasData(), longWait);
    QCOMPARE(experiment.data()->profile.testRows, std::int64_t{100});
    const auto shownEditor = [&](const char* path) -> ValueEditor* {
      for (auto* editor : data.page.inspector()->findChildren<ValueEditor*>(QLatin1String(path)))
        if (editor->isVisible()) return editor;
      return nullptr;
    };
    QTRY_VERIFY(shownEditor("data.split.validation") != nullptr && shownEditor("data.split.train") == nullptr);
    QVERIFY(shownEditor("data.split.test") == nullptr);
    auto* line = shownEditor("data.split.validation")->findChild<QLineEdit*>();
    QCOMPARE(line->text(), QStringLiteral("0.1"));
    QCOMPARE(experiment.data()->profile.validationRows, std::int64_t{50});
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("0.2"));
    QTRY_COMPARE_WITH_TIMEOUT(experiment.data()->profile.validationRows, std::int64_t{100}, longWait);
    QCOMPARE(experiment.spec().data.split.train, 0.8);
    QCOMPARE(line->text(), QStringLiteral("0.2"));
  }

  void settingsThatAreAutomaticSaySoAndChoicesAreWords() {
    Opened<ModelPage> model;
    model.openTable();
    auto& experiment = model.workbench.experiment();
    experiment.setTemplate("resmlp");
    auto* width = model.child<ValueEditor>("setting_width");
    QVERIFY(width != nullptr);
    auto* line = width->findChild<QLineEdit*>();
    QVERIFY(line->text().isEmpty() && !line->placeholderText().isEmpty());
    const auto parameters = experiment.graphReport().parameters;
    QTest::keyClicks(line, QStringLiteral("8"));
    QVERIFY(experiment.graphReport().parameters < parameters);
    QTest::keyClick(line, Qt::Key_Backspace);
    QCOMPARE(experiment.graphReport().parameters, parameters);
    // What a training will take stands beside it before one is begun, and grows with the batch.
    const auto memory = [&] {
      for (const auto& fact : model.child<FactList>("networkFacts")->facts())
        if (fact.name == QStringLiteral("Memory in training")) return fact.value;
      return QString();
    };
    const auto small = memory();
    QVERIFY2(small.endsWith(QStringLiteral("MB")) || small.endsWith(QStringLiteral("kB")), qPrintable(small));
    QVERIFY(experiment.setField("training.batch_size", "100000", QString()));
    QVERIFY2(memory() != small, qPrintable(memory()));
    auto* activation = model.child<ValueEditor>("setting_activation")->findChild<QComboBox*>();
    QCOMPARE(activation->currentText(), QStringLiteral("ReLU"));
    QCOMPARE(activation->currentData().toString(), QStringLiteral("relu"));
  }

  void aBrokenFileIsExplainedOnThePage() {
    Opened<DataPage> data;
    const auto file = data.folder / "empty.csv";
    std::ofstream(file).close();
    data.workbench.openData(QString::fromStdString(file.string()));
    auto* empty = data.page.findChild<EmptyState*>();
    QTRY_VERIFY_WITH_TIMEOUT(empty->title().contains(QStringLiteral("empty.csv")), longWait);
  }

  void layersAreAddedEditedMovedAndRemoved() {
    Opened<ModelPage> model;
    model.openTable();
    auto& experiment = model.workbench.experiment();
    auto* table = model.child<TableView>("layerTable");
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() > 1, longWait);
    const int before = table->model()->rowCount();
    const auto parameters = experiment.graphReport().parameters;

    auto* search = model.child<QLineEdit>("layerSearch");
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClicks(search, QStringLiteral("dropout"));
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(table->model()->rowCount(), before + 1);
    QCOMPARE(experiment.spec().model.templateName, std::string("custom"));
    QCOMPARE(experiment.graph().layers[1].kind, std::string("dropout"));

    model.page.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&model.page));
    table->setFocus();
    QTest::keyClick(table, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(experiment.graph().layers[2].kind, std::string("dropout"));
    QTest::keyClick(table, Qt::Key_Delete);
    QCOMPARE(table->model()->rowCount(), before);
    QCOMPARE(experiment.graphReport().parameters, parameters);
    experiment.undo();
    QCOMPARE(table->model()->rowCount(), before + 1);
  }

  void anAttributeChangesTheCountsAsOneTypes() {
    Opened<ModelPage> model;
    model.openTable();
    auto& experiment = model.workbench.experiment();
    auto* table = model.child<TableView>("layerTable");
    QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() > 1, longWait);
    int row = 0;
    const auto& layers = experiment.graph().layers;
    while (row < static_cast<int>(layers.size()) && layers[static_cast<std::size_t>(row)].kind != "linear") ++row;
    QVERIFY(row < static_cast<int>(layers.size()));
    table->setCurrentIndex(table->model()->index(row, 0));
    const auto* kind = spec::findLayerKind("linear");
    const auto name = QStringLiteral("attribute_") + QString::fromStdString(kind->attributes().front().name);
    auto* editor = model.child<ValueEditor>(name.toLatin1().constData());
    QVERIFY(editor != nullptr);
    const auto before = experiment.graphReport().parameters;
    auto* line = editor->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("7"));
    QVERIFY(experiment.graphReport().parameters != before);
    auto* verdict = model.child<QLabel>("modelVerdict");
    QVERIFY(verdict->isVisible());
  }

  void aTemplateIsChosenWithItsSettings() {
    Opened<ModelPage> model;
    model.openTable();
    auto* choice = model.child<QComboBox>("templateChoice");
    const int resmlp = choice->findData(QStringLiteral("resmlp"));
    QVERIFY(resmlp > 0);
    choice->setCurrentIndex(resmlp);
    Q_EMIT choice->activated(resmlp);
    QCOMPARE(model.workbench.experiment().spec().model.templateName, std::string("resmlp"));
    QVERIFY(!model.page.inspector()->findChildren<ValueEditor*>().isEmpty());
    QVERIFY(model.workbench.experiment().graphReport().parameters > 0);
  }
};

int main(int argc, char** argv) {
  tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  TestUiPages test;
  return QTest::qExec(&test, argc, argv);
}

#include "test_ui_pages.moc"
