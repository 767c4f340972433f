// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QDir>
#include <QString>
#include <memory>

#include "core/engine/fake_engine.h"
#include "core/services/training_service.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/fake_fresh_process.h"
#include "tests/support/qt_wait.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::tests {

inline ui::ServicesBundle fakeServices(engine::FakeEngineOptions options = {}) {
  ui::ServicesBundle bundle;
  bundle.workers = makeThreadPool(2, true);
  bundle.data = services::makeDataService();
  bundle.openStore = [](const std::filesystem::path& file, bool create, bool readOnly) {
    const auto mode = create     ? store::OpenMode::Create
                      : readOnly ? store::OpenMode::ReadOnly
                                 : store::OpenMode::ReadWrite;
    return store::openSqliteStore(file, mode);
  };
  bundle.loadEngine = [options]() -> Result<ui::EngineServices> {
    ui::EngineServices loaded;
    loaded.engine = engine::makeFakeEngine(options);
    loaded.training = services::makeTrainingService(loaded.engine);
    loaded.models = services::makeModelService(loaded.engine, std::make_shared<FakeFreshProcess>(loaded.engine));
    loaded.studies = services::makeStudyService(loaded.engine);
    loaded.autopilot = services::makeAutopilotService(loaded.engine, std::make_shared<FakeFreshProcess>(loaded.engine));
    return loaded;
  };
  return bundle;
}

/// A workbench on the fake engine and a real store, with a data file of 400 rows in a folder of its own.
struct Window {
  explicit Window(engine::FakeEngineOptions options = {}, int rows = 400)
      : bench(std::make_unique<ui::Workbench>(fakeServices(options))) {
    writeText(folder / "clouds.csv", cloudsCsv(rows));
  }

  [[nodiscard]] QString dataFile() const { return QString::fromStdString((folder / "clouds.csv").string()); }
  [[nodiscard]] ui::ExperimentController& experiment() const { return bench->experiment(); }
  [[nodiscard]] ui::RunsController& runs() const { return bench->runs(); }

  /// Data read, engine loaded, everything ready to train.
  [[nodiscard]] bool open() const {
    bench->loadEngine();
    bench->openData(dataFile());
    return QTest::qWaitFor([this] { return experiment().hasData() && bench->engine() != nullptr; }, 60000);
  }

  /// Starts a training of some epochs and gives its number once the table knows it.
  [[nodiscard]] store::RunNumber train(int epochs = 3) const {
    auto spec = experiment().spec();
    spec.training.epochs = epochs;
    spec.training.optimizer.lr = 0.05;
    experiment().setSpec(std::move(spec), QStringLiteral("test"));
    qint64 started = 0;
    const auto connection = QObject::connect(&experiment(), &ui::ExperimentController::trainingStarted, bench.get(),
                                             [&started](qint64 run) { started = run; });
    experiment().train();
    (void)QTest::qWaitFor([&] { return started > 0 && runs().run(started) != nullptr; }, 60000);
    QObject::disconnect(connection);
    return started;
  }

  [[nodiscard]] bool waitForStatus(store::RunNumber run, spec::RunStatus status) const {
    return QTest::qWaitFor(
        [&] {
          const auto* record = runs().run(run);
          return record != nullptr && record->status == status;
        },
        60000);
  }

  TempFolder folder;
  std::unique_ptr<ui::Workbench> bench;
};

}  // namespace lathe::tests
