// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui_shell/world.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QTest>

namespace lathe::tests {

using spec::RunStatus;

World::World(const engine::FakeEngineOptions& options)
    : workbench(makeFakeServices(options)), window(workbench, preferences) {
  window.show();
  window.activateWindow();
  (void)QTest::qWaitForWindowActive(&window);
  workbench.loadEngine();
}

void World::drop(const QList<QUrl>& urls) {
  QMimeData mime;
  mime.setUrls(urls);
  QDragEnterEvent enter(QPoint(500, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(QPointF(500, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &drop);
}

void World::drop(const std::filesystem::path& path) {
  drop({QUrl::fromLocalFile(QString::fromStdString(path.string()))});
}

void World::click(const char* name) {
  auto* button = child<QPushButton>(name);
  QVERIFY2(button != nullptr, name);
  QTRY_VERIFY2_WITH_TIMEOUT(button->isVisible() && button->isEnabled(), name, longWait);
  QTest::mouseClick(button, Qt::LeftButton);
}

bool World::opensTable(const TempFolder& folder, int rows) { return opensTable(folder / "table.csv", rows); }

bool World::opensTable(const std::filesystem::path& file, int rows) {
  window.openPath(writeTable(file, rows));
  const auto stem = file.stem().string();
  return QTest::qWaitFor(
      [&] {
        auto& experiment = workbench.experiment();
        return experiment.hasData() && experiment.spec().data.path.find(stem) != std::string::npos &&
               !experiment.cannotTrain();
      },
      longWait);
}

qint64 World::trains(int epochs, std::int64_t steps) {
  auto& experiment = workbench.experiment();
  experiment.setField("training.epochs", std::to_string(epochs), QStringLiteral("epochs"));
  experiment.setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
  qint64 started = 0;
  const auto connection = QObject::connect(&experiment, &ui::ExperimentController::trainingStarted, &window,
                                           [&started](qint64 run) { started = run; });
  if (!QTest::qWaitFor([&] { return !experiment.cannotTrain(); }, longWait)) return 0;
  experiment.train();
  const bool came = QTest::qWaitFor(
      [&] {
        const auto* run = started > 0 ? workbench.runs().run(started) : nullptr;
        return run != nullptr && run->steps >= steps;
      },
      longWait);
  QObject::disconnect(connection);
  return came ? started : 0;
}

bool World::waitsFor(qint64 run, RunStatus status) {
  return QTest::qWaitFor(
      [&] {
        const auto* record = workbench.runs().run(run);
        return record != nullptr && record->status == status;
      },
      longWait);
}

RunStatus World::newestStatus() const {
  const auto& runs = const_cast<ui::Workbench&>(workbench).runs().runs();
  return runs.empty() ? RunStatus::Queued : runs.front().status;
}

RunStatus World::storedStatus(qint64 run) const {
  const auto record = workbench.project()->store().run(run);
  return record ? record->status : RunStatus::Queued;
}

QString World::said() const { return window.banner().sentence() + QLatin1Char(' ') + window.banner().remedy(); }

}  // namespace lathe::tests
