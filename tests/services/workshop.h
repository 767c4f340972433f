// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "core/engine/fake_engine.h"
#include "core/services/training_service.h"
#include "core/store/sqlite/sqlite_store.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/support/testing.h"

namespace lathe::tests {

inline services::StoreOpener sqliteOpener() {
  return [](const std::filesystem::path& file, bool create, bool readOnly) {
    const auto mode = create     ? store::OpenMode::Create
                      : readOnly ? store::OpenMode::ReadOnly
                                 : store::OpenMode::ReadWrite;
    return store::openSqliteStore(file, mode);
  };
}

/// A project with a data file beside it, the fake engine and a training service.
struct Workshop {
  explicit Workshop(engine::FakeEngineOptions options = {}, int rows = 400)
      : engine(engine::makeFakeEngine(options)), trainings(services::makeTrainingService(engine)) {
    writeText(dataFile(), cloudsCsv(rows));
    project = open(services::Project::Mode::Create);
  }

  [[nodiscard]] std::filesystem::path dataFile() const { return folder / "clouds.csv"; }

  [[nodiscard]] std::shared_ptr<services::Project> open(services::Project::Mode mode) const {
    auto opened = services::Project::open(folder / "test.lathe", mode, sqliteOpener());
    REQUIRE_OK(opened);
    return *opened;
  }

  [[nodiscard]] services::StartRequest request(int epochs = 4) const {
    services::StartRequest result;
    result.spec.data.path = dataFile().string();
    result.spec.training.epochs = epochs;
    result.spec.training.optimizer.lr = 0.05;
    return result;
  }

  store::RunNumber start(const services::StartRequest& what, services::LiveSink sink = {}) {
    const auto run = trainings->start(project, what, std::move(sink));
    REQUIRE_OK(run);
    return *run;
  }

  store::RunRecord finished(store::RunNumber run) {
    auto record = trainings->wait(*project, run);
    REQUIRE_OK(record);
    return *record;
  }

  store::RunRecord train(const services::StartRequest& what) { return finished(start(what)); }

  std::vector<store::Point> curve(store::RunNumber run, const std::string& name) {
    REQUIRE_OK(project->store().flush());
    auto points = project->store().points(run, name);
    REQUIRE_OK(points);
    return *points;
  }

  TempFolder folder;
  std::shared_ptr<engine::Engine> engine;
  std::unique_ptr<services::TrainingService> trainings;
  std::shared_ptr<services::Project> project;
};

/// Waits until something holds, at most ten seconds.
inline bool eventually(const std::function<bool()>& holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

/// True when the steps of a curve are 1, 2, 3 ... without gap or repetition.
inline bool countsFromOne(const std::vector<store::Point>& points) {
  for (std::size_t i = 0; i < points.size(); ++i)
    if (points[i].step != static_cast<std::int64_t>(i) + 1) return false;
  return !points.empty();
}

inline bool samePoints(const std::vector<store::Point>& a, const std::vector<store::Point>& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].step != b[i].step || a[i].value != b[i].value) return false;
  return true;
}

}  // namespace lathe::tests
