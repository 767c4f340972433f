// SPDX-License-Identifier: GPL-3.0-or-later
// Deployments on the Deploy page, in the server of the program: served, tried, watched, trained again. With
// LATHE_PICTURES=FOLDER it saves what the page looks like.
#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <fstream>
#include <httplib.h>

#include "app/composition/composition.h"
#include "tests/support/temp_folder.h"
#include "tests/ui_pages/opened_page.h"
#include "ui/bridge/deployment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/models/deployments_model.h"
#include "ui/models/drift_model.h"
#include "ui/pages/deploy_page.h"
#include "ui/pages/retrain_dialog.h"
#include "ui/pages/served_tabs.h"
#include "ui/pages/try_panel.h"
#include "ui/shell/preferences.h"
#include "ui/shell/theme_controller.h"
#include "ui/widgets/image_drop.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;

namespace {

/// The Deploy page with a server of its own on the FakeEngine.
struct Served {
  Served() : workbench(bundle()), page(workbench) {
    page.resize(1200, 760);
    page.show();
    workbench.loadEngine();
    workbench.openData(tests::writeTable(folder / "table.csv", 300));
    ready =
        QTest::qWaitFor([this] { return workbench.experiment().hasData() && workbench.engine() != nullptr; }, longWait);
  }

  ServicesBundle bundle() {
    auto services = tests::makeFakeServices();
    services.loadEngine = [this, load = services.loadEngine]() -> Result<EngineServices> {
      LATHE_ASSIGN(loaded, load());
      server = app::builtInServer(loaded.engine);
      loaded.deployments = services::makeDeploymentService(loaded.models, server, loaded.training);
      return std::move(loaded);
    };
    return services;
  }

  bool train(const char* epochs) {
    auto& experiment = workbench.experiment();
    experiment.setField("training.epochs", epochs, QStringLiteral("epochs"));
    const auto before = workbench.runs().runs().size();
    if (!QTest::qWaitFor([&] { return !experiment.cannotTrain(); }, longWait)) return false;
    experiment.train();
    return QTest::qWaitFor([&] { return workbench.runs().runs().size() > before && workbench.runs().active().empty(); },
                           longWait);
  }

  bool serve(store::RunNumber run) {
    page.chooseRun(run);
    const auto before = deployments().entries().size();
    deployments().serveRun(run);
    return QTest::qWaitFor(
        [&] {
          const auto& entries = deployments().entries();
          return entries.size() > before && entries.front().state.has_value() && !deployments().busy();
        },
        longWait);
  }

  DeploymentController& deployments() { return workbench.deployments(); }
  template <class T>
  T* child(const char* name) {
    return page.findChild<T*>(QLatin1String(name));
  }
  QString cell(int row, int column, int role = Qt::DisplayRole) {
    return child<TableView>("deploymentTable")->model()->index(row, column).data(role).toString();
  }
  void picture(const QString& name) {
    const auto place = qEnvironmentVariable("LATHE_PICTURES");
    if (place.isEmpty()) return;
    Preferences preferences;
    const ThemeController theme(preferences);
    for (const auto choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
      preferences.setTheme(choice);
      QTest::qWait(150);
      const bool dark = choice == ThemeChoice::Dark;
      page.grab().save(
          QStringLiteral("%1/%2-%3.png").arg(place, name, dark ? QStringLiteral("dark") : QStringLiteral("light")));
    }
    preferences.setTheme(ThemeChoice::Light);
  }

  tests::TempFolder folder;
  std::shared_ptr<services::BuiltInServer> server;
  Workbench workbench;
  DeployPage page;
  bool ready = false;
};

/// Rows unlike the training rows.
bool askOften(Served& served, const std::string& name, int rows) {
  std::string body;
  for (int i = 0; i < rows; ++i)
    body += std::string(i > 0 ? "," : "") + R"({"size":)" + std::to_string(20 + i % 10) + R"(,"weight":)" +
            std::to_string((i * 53 % 91) / 7.0) + R"(,"colour":")" + (i % 2 == 0 ? "red" : "blue") + "\"}";
  const auto answer = httplib::Client("http://" + served.server->address())
                          .Post("/predictions/" + name, "{\"instances\":[" + body + "]}", "application/json");
  return answer && answer->status == 200;
}

}  // namespace

class TestDeployments : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void aServedRunIsTriedCountedAndItsInputsAreCompared() {
    Served served;
    QVERIFY(served.ready && served.train("2") && served.serve(1));
    const QAbstractItemModelTester tester(served.child<TableView>("deploymentTable")->model());
    QVERIFY2(served.cell(0, DeploymentsModel::Health).contains(QStringLiteral("healthy")),
             qPrintable(served.cell(0, DeploymentsModel::Health)));
    QTRY_COMPARE_WITH_TIMEOUT(served.cell(0, DeploymentsModel::Requests), QStringLiteral("0"), longWait);
    QVERIFY(served.cell(0, DeploymentsModel::Health, Qt::ToolTipRole).contains(QStringLiteral("Watched until")));
    auto* send = served.child<QPushButton>("trySend");
    QTRY_VERIFY_WITH_TIMEOUT(send->isVisible(), longWait);
    QSignalSpy tried(&served.deployments(), &DeploymentController::tried);
    QTest::mouseClick(send, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!tried.isEmpty(), longWait);
    served.picture(QStringLiteral("deploy-try"));

    auto* tabs = served.page.findChild<ServedTabs*>();
    tabs->showTab(ServedTabs::Inputs);
    auto* table = served.child<TableView>("driftTable");
    QTest::qWait(300);
    QVERIFY(!table->isVisible());  // nothing but Lathe's own questions came
    served.picture(QStringLiteral("deploy-inputs-empty"));
    QVERIFY(askOften(served, served.deployments().entries().front().model.name, 150));
    served.deployments().checkAll();
    QTRY_COMPARE_WITH_TIMEOUT(served.cell(0, DeploymentsModel::Requests), QStringLiteral("1"), longWait);
    QTRY_VERIFY_WITH_TIMEOUT(table->isVisible(), longWait);
    QCOMPARE(table->model()->rowCount(), 3);
    auto* sentence = served.child<QLabel>("driftSentence");
    QVERIFY2(sentence->text().contains(QStringLiteral("size is higher than in training")),
             qPrintable(sentence->text()));
    QVERIFY(table->model()->index(0, DriftModel::State).data().toString().contains(QStringLiteral("different")));
    const QAbstractItemModelTester driftTester(table->model());
    served.picture(QStringLiteral("deploy-inputs"));
    tabs->showTab(ServedTabs::History);
    auto* history = served.child<QListWidget>("deploymentHistory");
    QVERIFY(history->isVisible() && history->count() == 1);
    QVERIFY(history->item(0)->text().contains(QStringLiteral("is served as version 1")));
    QCOMPARE(tests::namelessControls(&served.page), QStringList());
  }

  void aWatchedVersionThatAnswersDifferentlyIsShownAsRolledBack() {
    Served served;
    QVERIFY(served.ready && served.train("2") && served.train("60") && served.serve(1) && served.serve(2));
    const auto first = served.deployments().entries().back().model;
    const auto second = served.deployments().entries().front().model;
    QCOMPARE(second.previous, first.version);
    const auto export1 = exporting::findExport(served.workbench.project()->absolute(first.folder));
    QVERIFY(export1.has_value());
    QVERIFY(served.server->serve(export1->modelFile, second.name, 2).has_value());
    QSignalSpy rolledBack(&served.deployments(), &DeploymentController::rolledBack);
    QTRY_VERIFY_WITH_TIMEOUT((served.deployments().checkAll(), !rolledBack.isEmpty()), longWait);
    const auto health = served.cell(0, DeploymentsModel::Health);
    QVERIFY2(health.contains(QStringLiteral("rolled back to version 1")), qPrintable(health));
    const auto help = served.cell(0, DeploymentsModel::Health, Qt::ToolTipRole);
    QVERIFY2(help.contains(QStringLiteral("the server answers")) && help.contains(QStringLiteral("the trained model")),
             qPrintable(help));
    served.page.findChild<ServedTabs*>()->showTab(ServedTabs::History);
    QTRY_VERIFY(served.child<QListWidget>("deploymentHistory")->count() >= 2);
    served.picture(QStringLiteral("deploy-rolled-back"));
  }

  void aDeploymentIsTrainedOnNewDataAndServedWhereItIsNoWorse() {
    Served served;
    QVERIFY(served.ready && served.train("2") && served.serve(1));
    const auto fresh = tests::writeTable(served.folder / "fresh.csv", 500);
    auto* pill = served.child<QPushButton>("retrainDeployment");
    QTRY_VERIFY_WITH_TIMEOUT(pill->isEnabled(), longWait);
    QTest::mouseClick(pill, Qt::LeftButton);
    auto* dialog = served.page.findChild<RetrainDialog*>();
    QVERIFY(dialog != nullptr);
    auto* accept = dialog->findChild<QPushButton*>(QStringLiteral("retrainAccept"));
    auto* data = dialog->findChild<QLineEdit*>(QStringLiteral("retrainData"));
    auto* latency = dialog->findChild<QLineEdit*>(QStringLiteral("retrainLatency"));
    QVERIFY(!accept->isEnabled());
    data->setText(QStringLiteral("/no/such/file.csv"));
    QVERIFY(!accept->isEnabled());
    data->setText(fresh);
    QVERIFY(accept->isEnabled());
    latency->setText(QStringLiteral("soon"));
    QVERIFY(!accept->isEnabled());
    latency->clear();
    if (const auto place = qEnvironmentVariable("LATHE_PICTURES"); !place.isEmpty())
      dialog->grab().save(place + QStringLiteral("/retrain-dialog.png"));
    QSignalSpy retrained(&served.deployments(), &DeploymentController::retrained);
    QTest::mouseClick(accept, Qt::LeftButton);
    QVERIFY(served.deployments().busy());
    QTRY_VERIFY_WITH_TIMEOUT(!retrained.isEmpty(), longWait);
    const auto done = retrained.front().front().value<services::Retrained>();
    QVERIFY2(done.deployment.healthy,
             done.deployment.why ? done.deployment.why->sentence().c_str() : "no reason was given");
    QCOMPARE(done.run, store::RunNumber{2});
    QTRY_COMPARE_WITH_TIMEOUT(served.cell(0, DeploymentsModel::Version), QStringLiteral("2"), longWait);
    served.page.findChild<ServedTabs*>()->showTab(ServedTabs::History);
    auto* history = served.child<QListWidget>("deploymentHistory");
    QTRY_VERIFY_WITH_TIMEOUT(history->count() == 3, longWait);
    QVERIFY(history->item(1)->text().contains(QStringLiteral("Trained again on fresh.csv as run 2")));
  }

  void aPictureIsDroppedPreviewedAndSent() {
    const tests::TempFolder folder;
    const auto file = QString::fromStdString((folder / "seven.png").string());
    QImage picture(28, 28, QImage::Format_Grayscale8);
    picture.fill(40);
    QVERIFY(picture.save(file));
    TryPanel panel;
    panel.resize(700, 260);
    panel.show();
    services::RowForm form;
    form.image = {1, 28, 28};
    panel.setForm(form);
    auto* drop = panel.findChild<ImageDrop*>(QStringLiteral("tryImage"));
    auto* send = panel.findChild<QPushButton*>(QStringLiteral("trySend"));
    QVERIFY(drop->isVisible() && send->isVisible() && !send->isEnabled());
    QSignalSpy asked(&panel, &TryPanel::imageAsked);
    QMimeData data;
    data.setUrls({QUrl(QStringLiteral("https://example.org/seven.png"))});
    QDragEnterEvent foreign(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    foreign.ignore();
    QApplication::sendEvent(drop, &foreign);
    QVERIFY(!foreign.isAccepted());
    data.setUrls({QUrl::fromLocalFile(file)});
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(drop, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent dropped(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(drop, &dropped);
    QCOMPARE(asked.count(), 1);
    QCOMPARE(asked.front().front().toString(), file);
    QCOMPARE(drop->file(), file);
    QVERIFY(send->isEnabled());
    panel.showAnswer({{{"prediction", "7"}}, {{"1", 0.1}, {"7", 0.9}}, 1.5});
    if (const auto place = qEnvironmentVariable("LATHE_PICTURES"); !place.isEmpty())
      panel.grab().save(place + QStringLiteral("/try-picture.png"));
    QTest::mouseClick(send, Qt::LeftButton);
    QCOMPARE(asked.count(), 2);
    QCOMPARE(tests::namelessControls(&panel), QStringList());
    // A row again.
    form.image.clear();
    form.columns = {{"x", spec::ColumnKind::Real, 0, 1, {}}};
    panel.setForm(form);
    QVERIFY(!drop->isVisible() && send->isEnabled());
  }
};

int main(int argc, char** argv) {
  tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  TestDeployments test;
  return QTest::qExec(&test, argc, argv);
}

#include "test_deployments.moc"
