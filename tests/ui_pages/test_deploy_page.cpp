// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>

#include "tests/ui_pages/opened_page.h"
#include "ui/bridge/runs_controller.h"
#include "ui/models/artefacts_model.h"
#include "ui/pages/deploy_page.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::Opened;

class TestDeployPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aRunIsExportedAndVerified() {
    Opened<DeployPage> deploy;
    deploy.openTable();
    auto* start = deploy.child<QPushButton>("exportStart");
    QVERIFY(!start->isEnabled());
    auto& experiment = deploy.workbench.experiment();
    experiment.setField("training.epochs", "2", QStringLiteral("epochs"));
    QTRY_VERIFY_WITH_TIMEOUT(!experiment.cannotTrain(), longWait);
    experiment.train();
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), longWait);
    QTRY_VERIFY_WITH_TIMEOUT(deploy.workbench.runs().active().empty(), longWait);
    QTest::mouseClick(deploy.child<QPushButton>("copyExportCommand"), Qt::LeftButton);
    const auto command = QApplication::clipboard()->text();
    QVERIFY2(command.startsWith(QStringLiteral("lathe-cli --project ")), qPrintable(command));
    QVERIFY2(command.contains(QStringLiteral(" export 1 --format onnx,torchscript --out ")), qPrintable(command));
    QTest::mouseClick(start, Qt::LeftButton);
    auto* result = deploy.child<QLabel>("exportResult");
    QTRY_VERIFY_WITH_TIMEOUT(result->isVisible(), longWait);
    QVERIFY2(result->property("textRole").toString() == QLatin1String("good"), qPrintable(result->text()));
    auto* table = deploy.child<TableView>("artefactTable");
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible() && table->model()->rowCount() == 2, longWait);
    // With fewer bits: only formats that can have them, and the result beside float32.
    auto* precision = deploy.child<QComboBox>("exportPrecision");
    precision->setCurrentIndex(precision->findData(QStringLiteral("int8")));
    QVERIFY(!deploy.child<QCheckBox>("export-c")->isEnabled());
    QVERIFY(deploy.child<QCheckBox>("export-onnx")->isEnabled());
    QTest::mouseClick(deploy.child<QPushButton>("copyExportCommand"), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().endsWith(QStringLiteral(" --quantize int8")));
    QTest::mouseClick(start, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() == 4, longWait);
    QTRY_VERIFY_WITH_TIMEOUT(result->isVisible() && result->text().contains(QStringLiteral("ONNX int8")), longWait);
    QVERIFY2(result->text().contains(QStringLiteral("instead of")), qPrintable(result->text()));
    QCOMPARE(table->model()->index(0, ArtefactsModel::Format).data().toString(), QStringLiteral("TorchScript int8"));
    precision->setCurrentIndex(0);
    QVERIFY(deploy.child<QCheckBox>("export-c")->isEnabled());
    // Without a format there is nothing to export.
    for (const char* name : {"export-onnx", "export-torchscript"}) {
      QVERIFY(start->isEnabled());
      deploy.child<QCheckBox>(name)->setChecked(false);
    }
    QVERIFY(!start->isEnabled());
    deploy.child<QCheckBox>("export-torchscript")->setChecked(true);
    QTest::mouseClick(deploy.child<QPushButton>("copyExportCommand"), Qt::LeftButton);
    QVERIFY(QApplication::clipboard()->text().contains(QStringLiteral(" --format torchscript --out ")));
  }
};

int main(int argc, char** argv) {
  tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  TestDeployPage test;
  return QTest::qExec(&test, argc, argv);
}

#include "test_deploy_page.moc"
