// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <ctime>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/models/artefacts_model.h"
#include "ui/models/columns_model.h"
#include "ui/models/layers_model.h"
#include "ui/models/preview_model.h"
#include "ui/models/runs_model.h"
#include "ui/models/start_models.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::Window;
using Tester = QAbstractItemModelTester;
constexpr auto strict = QAbstractItemModelTester::FailureReportingMode::QtTest;

class TestUiModels : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("lathe-test"));
    QCoreApplication::setApplicationName(QStringLiteral("lathe-test"));
  }

  void runsComeAndGoWithoutLosingTheSelection() {
    Window window;
    QVERIFY(window.open());
    RunsModel model(window.runs());
    const Tester tester(&model, strict);
    const auto first = window.train(1);
    QVERIFY(window.waitForStatus(first, spec::RunStatus::Completed));
    QTRY_COMPARE(model.rowCount(), 1);
    QItemSelectionModel selection(&model);
    selection.select(model.index(0, 0), QItemSelectionModel::Select | QItemSelectionModel::Rows);
    const auto second = window.train(1);
    QTRY_COMPARE(model.rowCount(), 2);
    QVERIFY(window.waitForStatus(second, spec::RunStatus::Completed));
    QCOMPARE(selection.selectedRows().size(), 1);
    QCOMPARE(selection.selectedRows().first().data(RunsModel::RunNumberRole).toLongLong(), first);
    QCOMPARE(model.keyMetric(), std::string("val/accuracy"));
    QTRY_VERIFY(model.index(0, RunsModel::Metric).data().toString().startsWith(QLatin1Char('0')) ||
                model.index(0, RunsModel::Metric).data().toString().startsWith(QLatin1Char('1')));
    QCOMPARE(model.index(0, RunsModel::Epoch).data().toString(), QStringLiteral("1/1"));
    QVERIFY(model.index(0, RunsModel::State).data().toString().contains(QStringLiteral("completed")));
    window.runs().remove(second);
    QTRY_COMPARE(model.rowCount(), 1);
    QCOMPARE(selection.selectedRows().size(), 1);
  }

  void renamingInTheTableReachesTheStore() {
    Window window;
    QVERIFY(window.open());
    RunsModel model(window.runs());
    const auto run = window.train(1);
    QVERIFY(window.waitForStatus(run, spec::RunStatus::Completed));
    QVERIFY(model.setData(model.index(0, RunsModel::Run), QStringLiteral("baseline")));
    QTRY_VERIFY(model.index(0, RunsModel::Run).data().toString().contains(QStringLiteral("baseline")));
    QVERIFY(!model.setData(model.index(0, RunsModel::Run), QStringLiteral("  ")));
  }

  void theFilterFindsWordsAndSortsNumbers() {
    Window window;
    QVERIFY(window.open());
    RunsModel model(window.runs());
    RunsFilter filter;
    filter.setSourceModel(&model);
    const Tester tester(&filter, strict);
    for (int i = 0; i < 2; ++i) QVERIFY(window.waitForStatus(window.train(1), spec::RunStatus::Completed));
    QTRY_COMPARE(filter.rowCount(), 2);
    window.runs().setTags(1, {"keep"});
    QTRY_COMPARE(window.runs().run(1)->tags.size(), std::size_t{1});
    filter.setWords(QStringLiteral("KEEP completed"));
    QCOMPARE(filter.rowCount(), 1);
    filter.setWords({});
    filter.sort(RunsModel::Run, Qt::AscendingOrder);
    QCOMPARE(filter.index(0, 0).data(RunsModel::RunNumberRole).toLongLong(), 1);
    filter.sort(RunsModel::Run, Qt::DescendingOrder);
    QCOMPARE(filter.index(0, 0).data(RunsModel::RunNumberRole).toLongLong(), 2);
  }

  void rowsThatComeAreNotShownTwice() {
    Window window;
    QVERIFY(window.open());
    RunsModel model(window.runs());
    RunsFilter filter;
    filter.setSourceModel(&model);
    filter.sort(RunsModel::Run, Qt::DescendingOrder);
    QItemSelectionModel selection(&filter);
    // What the Train page does: selected rows become the runs that are shown, while rows come.
    connect(&selection, &QItemSelectionModel::selectionChanged, this, [&] {
      std::vector<store::RunNumber> shown;
      for (const auto& index : selection.selectedRows())
        shown.push_back(index.data(RunsModel::RunNumberRole).toLongLong());
      window.runs().setShown(shown);
    });
    for (int i = 1; i <= 3; ++i) {
      QVERIFY(window.waitForStatus(window.train(1), spec::RunStatus::Completed));
      QTRY_COMPARE(filter.rowCount(), i);
      selection.select(filter.index(0, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    }
    QCOMPARE(filter.index(0, 0).data(RunsModel::RunNumberRole).toLongLong(), 3);
    QCOMPARE(filter.index(1, 0).data(RunsModel::RunNumberRole).toLongLong(), 2);
  }

  void columnsShowWhatIsInTheDataAndTakeARole() {
    Window window;
    ColumnsModel model(window.experiment());
    const Tester tester(&model, strict);
    QVERIFY(window.open());
    QCOMPARE(model.rowCount(), 4);
    QCOMPARE(model.index(2, ColumnsModel::Name).data().toString(), QStringLiteral("colour"));
    QCOMPARE(model.index(3, ColumnsModel::Role).data().toString(), QStringLiteral("target"));
    const auto histogram = model.index(0, ColumnsModel::Distribution).data(ColumnsModel::HistogramRole);
    QVERIFY(!histogram.value<spec::Histogram>().counts.empty());
    const auto roles = model.index(0, ColumnsModel::Role).data(ColumnsModel::ChoicesRole).toStringList();
    QVERIFY(model.setData(model.index(2, ColumnsModel::Role), roles.indexOf(QStringLiteral("ignore"))));
    QCOMPARE(model.index(2, ColumnsModel::Role).data().toString(), QStringLiteral("ignore"));
    QCOMPARE(window.experiment().spec().data.roles.at("colour"), spec::ColumnRole::Ignore);
    QTRY_VERIFY(!window.experiment().reading());
    QCOMPARE(model.index(2, ColumnsModel::Role).data().toString(), QStringLiteral("ignore"));
    QVERIFY(!(model.flags(model.index(0, ColumnsModel::Missing)) & Qt::ItemIsEditable));
  }

  void anyCellOfManyRowsIsThereAtOnce() {
    Window window({}, 200000);
    PreviewModel model(window.experiment());
    QVERIFY(window.open());
    QTRY_COMPARE(model.rowCount(), 200000);
    const auto start = std::clock();
    for (int row = 0; row < 200000; row += 4001)
      for (int column = 0; column < model.columnCount(); ++column)
        QVERIFY(!model.index(row, column).data().toString().isEmpty());
    // Of processor time, so that other work on the machine does not count: a look at the whole file would take longer.
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    QVERIFY2(seconds < 1, qPrintable(QString::number(seconds)));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("x"));
  }

  void layersAreEditedAsText() {
    Window window;
    LayersModel model(window.experiment());
    const Tester tester(&model, strict);
    QVERIFY(window.open());
    QVERIFY(model.rowCount() > 1);
    const auto parameters = window.experiment().graphReport().parameters;
    QVERIFY(parameters > 0);
    int linear = -1;
    for (int row = 0; row < model.rowCount() && linear < 0; ++row)
      if (model.layer(row)->kind == "linear") linear = row;
    QVERIFY(linear >= 0);
    const auto before = model.rowCount();
    QVERIFY(model.setAttribute(linear, "out", spec::Value(7)));
    QCOMPARE(model.report(linear)->output.back(), 7);
    QVERIFY(model.setData(model.index(linear, LayersModel::Attributes), QStringLiteral("out=9, bias=false")));
    QCOMPARE(model.index(linear, LayersModel::Attributes).data().toString(), QStringLiteral("out=9, bias=false"));
    window.experiment().undo();
    QCOMPARE(model.report(linear)->output.back(), 7);
    const int added = model.addLayer(QStringLiteral("dropout"), linear);
    QCOMPARE(model.rowCount(), before + 1);
    QCOMPARE(model.layer(added)->kind, std::string("dropout"));
    model.removeLayer(added);
    QCOMPARE(model.rowCount(), before);
    QVERIFY(model.moveLayer(linear, 1));
    QVERIFY(!model.moveLayer(0, -1));
  }

  void whatIsNotUnderstoodInALayerIsRefusedWithASentence() {
    Window window;
    LayersModel model(window.experiment());
    QVERIFY(window.open());
    int linear = 0;
    while (linear < model.rowCount() && model.layer(linear)->kind != "linear") ++linear;
    QVERIFY(linear < model.rowCount());
    QSignalSpy refused(&model, &LayersModel::refused);
    QVERIFY(!model.setData(model.index(linear, LayersModel::Attributes), QStringLiteral("outt=9")));
    QVERIFY(refused.last().first().toString().contains(QStringLiteral("out")));
    QVERIFY(!model.setData(model.index(linear, LayersModel::Attributes), QStringLiteral("nonsense")));
    QVERIFY(!model.setData(model.index(linear, LayersModel::Name), QStringLiteral("two words")));
    QVERIFY(!model.setData(model.index(linear, LayersModel::Kind), QStringLiteral("conv9d")));
    QCOMPARE(refused.count(), 4);
    QCOMPARE(window.experiment().spec().model.templateName, std::string());
  }

  void aLayerThatDoesNotFitNamesItsProblem() {
    Window window;
    LayersModel model(window.experiment());
    QVERIFY(window.open());
    const int row = model.addLayer(QStringLiteral("conv2d"), -1);
    QVERIFY(model.index(row, 0).data(LayersModel::ErrorRole).toBool());
    QVERIFY(!model.index(row, LayersModel::Problem).data().toString().isEmpty());
  }

  void artefactsShowTheirDifference() {
    Window window;
    QVERIFY(window.open());
    ArtefactsModel model(window.bench->exports());
    const Tester tester(&model, strict);
    const auto run = window.train(1);
    QVERIFY(window.waitForStatus(run, spec::RunStatus::Completed));
    QTRY_VERIFY(window.runs().can(spec::RunAction::Export, run));
    window.bench->exports().exportRun({run, {"torchscript"}, window.folder / "out", "clouds"});
    QTRY_VERIFY_WITH_TIMEOUT(model.rowCount() > 0, 20000);
    QCOMPARE(model.index(0, ArtefactsModel::Format).data().toString(), QStringLiteral("TorchScript"));
    QVERIFY(model.index(0, 0).data(ArtefactsModel::ParityOkRole).toBool());
    QVERIFY(!model.index(0, ArtefactsModel::Parity).data(Qt::ToolTipRole).toString().isEmpty());
  }

  void recentProjectsRememberTheirOrder() {
    QSettings().clear();
    Window window;
    QVERIFY(window.open());
    const auto folder = QString::fromStdString(window.bench->project()->folder().string());
    {
      RecentProjectsModel model;
      const Tester tester(&model, strict);
      QCOMPARE(model.rowCount(), 0);
      model.add(folder);
      model.add(QStringLiteral("/gone/away.lathe"));
      model.add(folder);
      QCOMPARE(model.rowCount(), 2);
      QCOMPARE(model.index(0).data(RecentProjectsModel::FolderRole).toString(), folder);
    }
    RecentProjectsModel again;
    QCOMPARE(again.rowCount(), 1);  // what is gone is left out
    QCOMPARE(again.index(0).data().toString(), QStringLiteral("clouds"));
    again.remove(folder);
    QCOMPARE(again.rowCount(), 0);
  }

  void samplesSayHowToInstallThem() {
    services::Sample sample;
    sample.id = "digits";
    sample.title = "Digits";
    sample.installCommand = "sudo apt install python3-sklearn";
    SamplesModel model({sample});
    const Tester tester(&model, strict);
    QCOMPARE(model.rowCount(), 1);
    QVERIFY(!model.index(0).data(SamplesModel::InstalledRole).toBool());
    QVERIFY(model.index(0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("apt install")));
  }
};

QTEST_MAIN(TestUiModels)
#include "test_ui_models.moc"
