// SPDX-License-Identifier: GPL-3.0-or-later
// The walk: every page, in every theme and language.
#include "tests/tour/tour.h"

#include <QDir>
#include <QTextStream>

#include "app/composition/composition.h"
#include "core/engine_trees/boosted_trees.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/study_controller.h"
#include "ui/pages/page.h"
#include "ui/pages/train_tabs.h"
#include "ui/widgets/table_view.h"

namespace lathe::tests {

using namespace lathe::ui;

namespace {

const char* const pages[] = {"home", "data", "model", "train", "search", "deploy", "autopilot"};

ServicesBundle makeServices() {
  ServicesBundle bundle;
  bundle.workers = makeThreadPool(2, true);
  bundle.data = services::makeDataService();
  bundle.openStore = app::storeOpener();
  bundle.loadEngine = []() -> Result<EngineServices> {
    LATHE_ASSIGN(engine, app::loadEngine());
    EngineServices loaded;
    loaded.engine = engine;
    loaded.training = services::makeTrainingService(engine);
    loaded.models = services::makeModelService(engine, app::selfProcess());
    loaded.studies = services::makeStudyService(engine);
    loaded.deployments = services::makeDeploymentService(loaded.models, app::builtInServer(engine), loaded.training);
    loaded.autopilot = services::makeAutopilotService(engine, app::selfProcess(), engine::makeBoostedTrees());
    return loaded;
  };
  return bundle;
}

}  // namespace

Tour::Tour(QString folder)
    : m_folder(std::move(folder)), m_workbench(makeServices()), m_window(m_workbench, m_preferences) {
  QObject::connect(&m_workbench, &Workbench::failed, &m_window,
                   [](const Error& error) { say(QString::fromStdString(error.sentence())); });
  QObject::connect(&m_workbench, &Workbench::engineFailed, &m_window,
                   [](const Error& error) { say(QString::fromStdString(error.sentence())); });
  m_preferences.setLanguage(QStringLiteral("en"));
  m_preferences.setTheme(ThemeChoice::Light);
  m_window.resize(1280, 800);
  m_window.show();
  m_workbench.loadEngine();
}

int Tour::whole() {
  wait([this] { return m_workbench.engine() != nullptr; }, "engine");
  settle(1500);
  grab("first-start");
  if (!trainTable() || !chooseSettings()) return 1;
  chooseRows();
  search();
  everyPage("light");
  floating("");
  failedRun();
  foundRate();
  m_preferences.setTheme(ThemeChoice::Dark);
  everyPage("dark");
  m_preferences.setTheme(ThemeChoice::Light);
  m_preferences.setLanguage(QStringLiteral("zh_CN"));
  everyPage("chinese");
  floating("chinese-");
  m_preferences.setLanguage(QStringLiteral("en"));
  images();
  autopilot({});
  emptyProject();
  messyTable();
  m_window.saveWindow();
  return 0;
}

int Tour::again(const QString& name) {
  wait([this] { return m_workbench.engine() != nullptr; }, "engine");
  m_workbench.openSample(QStringLiteral("breast-cancer"), false);
  if (!wait([this] { return m_workbench.experiment().hasData(); }, "the data")) return 1;
  settle(1500);
  chooseRows();
  everyPage(name);
  m_workbench.openSample(QStringLiteral("fashion-mnist"), false);
  if (wait([this] { return m_workbench.experiment().hasData() && m_workbench.experiment().data()->profile.image; },
           "the images"))
    augmentation(name + QLatin1Char('-'));
  return 0;
}

int Tour::searchAlone(const QString& name) {
  wait([this] { return m_workbench.engine() != nullptr; }, "engine");
  m_workbench.openSample(QStringLiteral("breast-cancer"), false);
  if (!wait([this] { return m_workbench.experiment().hasData(); }, "the data")) return 1;
  settle(1500);
  if (name.isEmpty()) {
    search();
    architectures();
    m_workbench.studies().setCurrent(1);
    settle(1500);
  }
  const auto page = [&](const QString& prefix) {
    m_window.showPage(QStringLiteral("search"));
    settle(2500);
    grab(prefix + QStringLiteral("-search"));
    searchTabs(prefix);
    architectureTabs(prefix);
  };
  inEveryTheme(name, page);
  if (!name.isEmpty()) return 0;
  m_window.showPage(QStringLiteral("train"));
  grab(QStringLiteral("light-train-pins"));
  m_window.showPage(QStringLiteral("model"));
  grab(QStringLiteral("light-model-pins"));
  return 0;
}

int Tour::studiesAlone(const QString& project, const QString& name) {
  wait([this] { return m_workbench.engine() != nullptr; }, "engine");
  m_workbench.openProject(project);
  if (!wait([this] { return !m_workbench.studies().studies().empty(); }, "the studies of the project")) return 1;
  m_window.showPage(QStringLiteral("search"));
  inEveryTheme(name, [this](const QString& prefix) { studyTabs(prefix); });
  return 0;
}

void Tour::inEveryTheme(const QString& name, const std::function<void(const QString&)>& walk) {
  if (!name.isEmpty()) return walk(name);
  walk(QStringLiteral("light"));
  m_preferences.setTheme(ThemeChoice::Dark);
  walk(QStringLiteral("dark"));
  m_preferences.setTheme(ThemeChoice::Light);
  m_preferences.setLanguage(QStringLiteral("zh_CN"));
  walk(QStringLiteral("chinese"));
  m_preferences.setLanguage(QStringLiteral("en"));
}

void Tour::say(const QString& text) { QTextStream(stderr) << text << '\n'; }

bool Tour::wait(const std::function<bool()>& done, const char* what, int ms) {
  if (QTest::qWaitFor(done, ms)) return true;
  say(QStringLiteral("Waited in vain for %1.").arg(QLatin1String(what)));
  return false;
}

void Tour::grab(const QString& name) {
  settle();
  save(m_window, name);
}

void Tour::save(QWidget& widget, const QString& name) const {
  if (!widget.grab().save(QDir(m_folder).filePath(name + QStringLiteral(".png"))))
    say(QStringLiteral("Cannot save ") + name);
}

void Tour::everyPage(const QString& prefix) {
  for (const auto* id : pages) {
    m_window.showPage(QLatin1String(id));
    settle(600);
    grab(prefix + QLatin1Char('-') + QLatin1String(id));
  }
  plotTabs(prefix);
  searchTabs(prefix);
}

void Tour::plotTabs(const QString& prefix) {
  m_window.showPage(QStringLiteral("train"));
  auto* tabs = m_window.findChild<TrainTabs*>();
  if (tabs == nullptr) return say(QStringLiteral("The Train page has no tabs."));
  const std::pair<TrainTabs::Tab, const char*> all[] = {{TrainTabs::Optimiser, "optimiser"},
                                                        {TrainTabs::Machine, "machine"},
                                                        {TrainTabs::Weights, "weights"},
                                                        {TrainTabs::Predictions, "predictions"},
                                                        {TrainTabs::Choices, "choices"}};
  for (const auto& [tab, name] : all) {
    tabs->showTab(tab);
    settle(600);
    grab(prefix + QStringLiteral("-train-") + QLatin1String(name));
  }
  tabs->showTab(TrainTabs::Overview);
}

void Tour::chooseRows() {
  m_window.page(QStringLiteral("model"));
  if (auto* layers = m_window.findChild<TableView*>(QStringLiteral("layerTable")))
    layers->setCurrentIndex(layers->model()->index(1, 0));
}

void Tour::emptyProject() {
  m_workbench.createProject(QDir::home().filePath(QStringLiteral("empty.lathe")));
  wait([this] { return m_workbench.project() && m_workbench.project()->name() == "empty"; }, "an empty project");
  everyPage(QStringLiteral("empty"));
}

}  // namespace lathe::tests
