// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui_shell/ui_fixture.h"

#include <QAbstractScrollArea>
#include <QAccessible>
#include <QDir>
#include <QSettings>
#include <QStringList>
#include <QTemporaryDir>
#include <QWidget>
#include <cstdio>
#include <fstream>

#include "core/store/sqlite/sqlite_store.h"

namespace lathe::tests {
namespace {

/// Verifies without a second process: what a test of the window needs of it.
class SameProcess final : public services::FreshProcess {
 public:
  explicit SameProcess(std::shared_ptr<engine::Engine> engine) : m_engine(std::move(engine)) {}
  Result<engine::Predictions> predict(const std::filesystem::path& modelFile, const data::Dataset& rows,
                                      std::string& runtime, const JobContext& job) override {
    runtime = "test";
    LATHE_ASSIGN(model, m_engine->loadTorchScript(modelFile));
    return model->predict(rows, {}, job);
  }

 private:
  std::shared_ptr<engine::Engine> m_engine;
};

}  // namespace

std::filesystem::path settingsFolder() {
  static const QTemporaryDir folder;
  return folder.path().toStdString();
}

void isolateSettings() {
  const QDir folder(QString::fromStdString(settingsFolder().string()));
  const std::pair<const char*, const char*> places[] = {{"HOME", "home"},
                                                        {"XDG_CONFIG_HOME", "home/.config"},
                                                        {"XDG_DATA_HOME", "home/.local/share"},
                                                        {"XDG_CACHE_HOME", "home/.cache"}};
  for (const auto& [name, below] : places) {
    const auto place = folder.filePath(QLatin1String(below));
    QDir().mkpath(place);
    qputenv(name, place.toUtf8());
  }
  qunsetenv("DBUS_SESSION_BUS_ADDRESS");
  qunsetenv("XDG_RUNTIME_DIR");
  qputenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent");
}

void clearSettings() {
  QSettings settings;
  settings.clear();
  settings.sync();
}

ui::ServicesBundle makeFakeServices(const engine::FakeEngineOptions& options) {
  ui::ServicesBundle bundle;
  bundle.workers = makeThreadPool(2, false);
  bundle.data = services::makeDataService();
  bundle.openStore = [](const std::filesystem::path& file, bool create, bool readOnly) {
    return store::openSqliteStore(file, readOnly ? store::OpenMode::ReadOnly
                                        : create ? store::OpenMode::Create
                                                 : store::OpenMode::ReadWrite);
  };
  bundle.loadEngine = [options]() -> Result<ui::EngineServices> {
    ui::EngineServices loaded;
    loaded.engine = engine::makeFakeEngine(options);
    loaded.training = services::makeTrainingService(loaded.engine);
    loaded.models = services::makeModelService(loaded.engine, std::make_shared<SameProcess>(loaded.engine));
    loaded.studies = services::makeStudyService(loaded.engine);
    loaded.deployments = services::makeDeploymentService(loaded.models, nullptr, loaded.training);
    loaded.autopilot = services::makeAutopilotService(loaded.engine, std::make_shared<SameProcess>(loaded.engine));
    return loaded;
  };
  return bundle;
}

QString writeTable(const std::filesystem::path& file, int rows) {
  std::ofstream out(file);
  out << "size,weight,colour,sort\n";
  const char* const colours[] = {"red", "green", "blue"};
  for (int i = 0; i < rows; ++i) {
    const double size = (i * 37 % 100) / 10.0;
    const double weight = (i * 53 % 91) / 7.0;
    out << size << ',' << weight << ',' << colours[i % 3] << ',' << (size > 5 ? "large" : "small") << '\n';
  }
  return QString::fromStdString(file.string());
}

QStringList namelessControls(QWidget* root) {
  QStringList nameless;
  for (const auto* widget : root->findChildren<QWidget*>()) {
    if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy() != nullptr) continue;
    // Parts of a control speak through it.
    if (widget->objectName().startsWith(QLatin1String("qt_"))) continue;
    auto* spoken = QAccessible::queryAccessibleInterface(const_cast<QWidget*>(widget));
    const auto name = spoken != nullptr ? spoken->text(QAccessible::Name) : QString();
    if (name.isEmpty() && widget->accessibleName().isEmpty())
      nameless << QStringLiteral("%1 %2").arg(QLatin1String(widget->metaObject()->className()), widget->objectName());
  }
  return nameless;
}

}  // namespace lathe::tests
