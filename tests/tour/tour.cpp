// SPDX-License-Identifier: GPL-3.0-or-later
// Walks through every page with sample projects and saves a picture of each. See CMakeLists.txt.
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>
#include <QTextStream>
#include <algorithm>
#include <functional>

#include "app/composition/composition.h"
#include "core/services/samples.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/export_controller.h"
#include "ui/bridge/rate_finder.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/augment_panel.h"
#include "ui/pages/deploy_page.h"
#include "ui/pages/page.h"
#include "ui/pages/predictions_grid.h"
#include "ui/pages/predictions_panel.h"
#include "ui/pages/rate_dialog.h"
#include "ui/pages/train_tabs.h"
#include "ui/shell/close_dialog.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/theme_controller.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;

namespace {

constexpr int longWait = 180'000;
const char* const pages[] = {"home", "data", "model", "train", "deploy"};

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
    return loaded;
  };
  return bundle;
}

class Tour {
 public:
  explicit Tour(QString folder)
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

  int whole() {
    wait([this] { return m_workbench.engine() != nullptr; }, "engine");
    settle(1500);
    grab("first-start");
    if (!trainTable()) return 1;
    chooseRows();
    everyPage("light");
    floating("");
    failedRun();
    m_preferences.setTheme(ThemeChoice::Dark);
    everyPage("dark");
    m_preferences.setTheme(ThemeChoice::Light);
    m_preferences.setLanguage(QStringLiteral("zh_CN"));
    everyPage("chinese");
    floating("chinese-");
    m_preferences.setLanguage(QStringLiteral("en"));
    images();
    emptyProject();
    messyTable();
    m_window.saveWindow();
    return 0;
  }

  /// The table's project again, in a process that draws at another scale.
  int again(const QString& name) {
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

 private:
  static void say(const QString& text) { QTextStream(stderr) << text << '\n'; }

  static bool wait(const std::function<bool()>& done, const char* what, int ms = longWait) {
    if (QTest::qWaitFor(done, ms)) return true;
    say(QStringLiteral("Waited in vain for %1.").arg(QLatin1String(what)));
    return false;
  }
  static void settle(int ms = 500) { QTest::qWait(ms); }

  void grab(const QString& name) {
    settle();
    const auto picture = m_window.grab();
    if (!picture.save(QDir(m_folder).filePath(name + QStringLiteral(".png"))))
      say(QStringLiteral("Cannot save ") + name);
  }

  void everyPage(const QString& prefix) {
    for (const auto* id : pages) {
      m_window.showPage(QLatin1String(id));
      settle(600);
      grab(prefix + QLatin1Char('-') + QLatin1String(id));
    }
    plotTabs(prefix);
  }

  /// What lies below loss and metric of the Train page.
  void plotTabs(const QString& prefix) {
    m_window.showPage(QStringLiteral("train"));
    auto* tabs = m_window.findChild<TrainTabs*>();
    if (tabs == nullptr) return say(QStringLiteral("The Train page has no tabs."));
    const std::pair<TrainTabs::Tab, const char*> all[] = {{TrainTabs::Optimiser, "optimiser"},
                                                          {TrainTabs::Machine, "machine"},
                                                          {TrainTabs::Weights, "weights"},
                                                          {TrainTabs::Predictions, "predictions"}};
    for (const auto& [tab, name] : all) {
      tabs->showTab(tab);
      settle(600);
      grab(prefix + QStringLiteral("-train-") + QLatin1String(name));
    }
    tabs->showTab(TrainTabs::Overview);
  }

  /// Predictions and weights of images while the training runs, in both themes.
  void liveTabs() {
    auto* tabs = m_window.findChild<TrainTabs*>();
    if (tabs == nullptr) return;
    // A network whose epochs take a moment.
    for (const auto run : m_workbench.runs().active()) m_workbench.runs().pause(run);
    wait([this] { return m_workbench.runs().active().empty(); }, "the pause");
    m_workbench.experiment().setTemplate("mlp");
    if (!wait([this] { return !m_workbench.experiment().cannotTrain(); }, "a trainable experiment")) return;
    m_workbench.experiment().train();
    tabs->showTab(TrainTabs::Predictions);
    wait([tabs] { return tabs->predictions()->grid()->count() > 0; }, "predictions of images");
    grab(QStringLiteral("train-live-predictions"));
    m_preferences.setTheme(ThemeChoice::Dark);
    grab(QStringLiteral("train-live-predictions-dark"));
    tabs->showTab(TrainTabs::Weights);
    if (auto* log = m_window.findChild<QPushButton*>(QStringLiteral("logPill"))) {
      log->click();
      grab(QStringLiteral("train-live-weights-log-dark"));
      log->click();
    }
    m_preferences.setTheme(ThemeChoice::Light);
    tabs->showTab(TrainTabs::Machine);
    grab(QStringLiteral("train-live-machine"));
    tabs->showTab(TrainTabs::Overview);
    m_workbench.experiment().setTemplate("cnn");
  }

  bool trainOnce() {
    if (!wait([this] { return !m_workbench.experiment().cannotTrain(); }, "a trainable experiment")) return false;
    const auto before = m_workbench.runs().runs().size();
    m_workbench.experiment().train();
    return wait(
        [this, before] { return m_workbench.runs().runs().size() > before && m_workbench.runs().active().empty(); },
        "a run");
  }

  bool trainTable() {
    m_workbench.openSample(QStringLiteral("breast-cancer"), true);
    auto& experiment = m_workbench.experiment();
    if (!wait([this] { return !m_workbench.runs().runs().empty(); }, "the first run")) return false;
    if (!wait([this] { return m_workbench.runs().active().empty(); }, "its end")) return false;
    experiment.setField("training.optimizer.lr", "0.01", QStringLiteral("Change the learning rate"));
    experiment.setField("training.epochs", "30", QStringLiteral("Change the epochs"));
    if (!trainOnce()) return false;
    experiment.setTemplate("resmlp");
    if (!trainOnce()) return false;
    experiment.setField("training.optimizer.lr", "1000000", QStringLiteral("Change the learning rate"));
    if (!trainOnce()) return false;
    experiment.setField("training.optimizer.lr", "0.003", QStringLiteral("Change the learning rate"));
    m_workbench.runs().setShown({3, 2, 1});
    bool over = false;
    QObject context;
    QObject::connect(&m_workbench.exports(), &ExportController::exported, &context, [&over] { over = true; });
    QObject::connect(&m_workbench.exports(), &ExportController::failed, &context, [&over] { over = true; });
    m_window.showPage(QStringLiteral("deploy"));
    settle();
    if (auto* deploy = qobject_cast<DeployPage*>(m_window.page(QStringLiteral("deploy")))) deploy->chooseRun(2);
    if (auto* start = m_window.findChild<QPushButton*>(QStringLiteral("exportStart"))) start->click();
    wait([&over] { return over; }, "the export");
    return true;
  }

  void chooseRows() {
    m_window.page(QStringLiteral("model"));
    if (auto* layers = m_window.findChild<TableView*>(QStringLiteral("layerTable")))
      layers->setCurrentIndex(layers->model()->index(1, 0));
  }

  /// Why a run failed, and what can be done.
  void failedRun() {
    m_window.showPage(QStringLiteral("train"));
    const auto shown = m_workbench.runs().shown();
    m_workbench.runs().setShown({4, 2});
    grab(QStringLiteral("train-failed"));
    m_workbench.runs().setShown(shown);
  }

  void grabDialog(const char* actionName, const char* dialogName, const QString& picture) {
    m_window.action(QLatin1String(actionName))->trigger();
    settle(1000);
    auto* dialog = m_window.findChild<QDialog*>(QLatin1String(dialogName));
    if (dialog == nullptr) return say(QStringLiteral("There is no ") + QLatin1String(dialogName));
    dialog->grab().save(QDir(m_folder).filePath(picture + QStringLiteral(".png")));
    dialog->close();
    settle();
  }

  void floating(const QString& prefix) {
    m_window.showPage(QStringLiteral("train"));
    m_window.palettePopup().open(m_window.commands());
    QTest::keyClicks(&m_window.palettePopup().input(), QStringLiteral("tra"));
    grab(prefix + QStringLiteral("palette"));
    QTest::keyClick(&m_window.palettePopup().input(), Qt::Key_Escape);
    m_window.banner().showError({"data.empty_file",
                                 {"{file} is empty.", {{"file", "measurements.csv"}}},
                                 {"Choose a file with rows of values.", {}}});
    grab(prefix + QStringLiteral("banner"));
    m_window.banner().dismiss();
    grabDialog("preferences", "preferencesDialog", prefix + QStringLiteral("preferences"));
    grabDialog("shortcuts", "shortcutsDialog", prefix + QStringLiteral("shortcuts"));
    grabDialog("machine", "machineDialog", prefix + QStringLiteral("machine"));
    RateDialog rates(m_workbench, &m_window);
    rates.setAttribute(Qt::WA_DeleteOnClose, false);
    rates.show();
    wait([&rates] { return rates.finder()->state() != RateFinder::State::Running; }, "the range test");
    settle();
    rates.grab().save(QDir(m_folder).filePath(prefix + QStringLiteral("rates.png")));
    CloseDialog closing(1, &m_window);
    closing.setAttribute(Qt::WA_DeleteOnClose, false);
    closing.show();
    settle();
    closing.grab().save(QDir(m_folder).filePath(prefix + QStringLiteral("closing.png")));
  }

  void images() {
    const auto all = services::samples();
    const bool installed = std::any_of(
        all.begin(), all.end(), [](const auto& sample) { return sample.id == "fashion-mnist" && sample.installed; });
    if (!installed) return say(QStringLiteral("Fashion-MNIST is not installed: no pictures of images."));
    m_workbench.openSample(QStringLiteral("fashion-mnist"), true);
    if (!wait([this] { return m_workbench.experiment().hasData(); }, "the images")) return;
    m_window.showPage(QStringLiteral("train"));
    wait([this] { return !m_workbench.runs().runs().empty() && m_workbench.runs().runs().front().steps > 300; },
         "some steps");
    grab(QStringLiteral("train-live"));
    liveTabs();
    for (const auto run : m_workbench.runs().active()) m_workbench.runs().pause(run);
    m_window.showPage(QStringLiteral("data"));
    settle(1500);
    grab(QStringLiteral("data-images"));
    chooseRows();
    m_window.showPage(QStringLiteral("model"));
    grab(QStringLiteral("model-images"));
    augmentation(QString());
    wait([this] { return m_workbench.runs().active().empty(); }, "the pause");
  }

  /// What the network will see of images, in every theme and language.
  void augmentation(const QString& prefix) {
    auto& experiment = m_workbench.experiment();
    m_window.showPage(QStringLiteral("train"));
    auto* panel = m_window.findChild<AugmentPanel*>();
    if (panel == nullptr) return say(QStringLiteral("There is no augmentation panel."));
    QScrollArea* scroller = nullptr;
    for (QWidget* at = panel; at != nullptr && scroller == nullptr; at = at->parentWidget())
      scroller = qobject_cast<QScrollArea*>(at);
    if (scroller == nullptr) return say(QStringLiteral("The inspector does not scroll."));
    const auto show = [&](const QString& name) {
      wait([&] { return panel->previewer().state() == AugmentPreviewer::State::Ready; }, "a preview");
      settle();
      scroller->verticalScrollBar()->setValue(panel->mapTo(scroller->widget(), QPoint()).y() - 8);
      grab(prefix + QStringLiteral("augmentation") + name);
    };
    experiment.setField("training.augment.name", "standard", QStringLiteral("Change the augmentation"));
    experiment.setField("training.augment.erasing", "0.5", QStringLiteral("Change the augmentation"));
    show(QString());
    if (!prefix.isEmpty()) return;
    m_preferences.setTheme(ThemeChoice::Dark);
    experiment.setField("training.augment.name", "trivial", QStringLiteral("Change the augmentation"));
    show(QStringLiteral("-dark"));
    m_preferences.setTheme(ThemeChoice::Light);
    m_preferences.setLanguage(QStringLiteral("zh_CN"));
    experiment.setField("training.augment.cutmix", "1", QStringLiteral("Change the augmentation"));
    show(QStringLiteral("-chinese"));
    m_preferences.setLanguage(QStringLiteral("en"));
    experiment.setField("training.augment.name", "none", QStringLiteral("Change the augmentation"));
  }

  void emptyProject() {
    m_workbench.createProject(QDir::home().filePath(QStringLiteral("empty.lathe")));
    wait([this] { return m_workbench.project() && m_workbench.project()->name() == "empty"; }, "an empty project");
    everyPage(QStringLiteral("empty"));
  }

  /// A table with everything that deserves a warning, and a network that does not fit.
  void messyTable() {
    const auto file = QDir::home().filePath(QStringLiteral("customers.csv"));
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly)) return;
    out.write("customer_id,signed_up,tenure,monthly_charges,contract,country,cancelled_on_paper,churn\n");
    const char* const contracts[] = {"Month-to-month", "One year", "Two years"};
    for (int i = 0; i < 1200; ++i) {
      const bool leaves = i % 13 == 0;
      const auto charges = i % 29 == 0 ? QByteArray() : QByteArray::number(20 + i * 37 % 900 / 10.0);
      out.write("C" + QByteArray::number(10000 + i) + ",2023-" + QByteArray::number(1 + i % 12).rightJustified(2, '0') +
                '-' + QByteArray::number(1 + i % 28).rightJustified(2, '0') + ',' + QByteArray::number(i * 7 % 72) +
                ',' + charges + ',' + contracts[i * 5 % 3] + ",Norway," + (leaves ? "yes" : "no") + ',' +
                (leaves ? "Yes" : "No") + '\n');
    }
    out.close();
    m_window.openPath(file);
    auto& experiment = m_workbench.experiment();
    if (!wait([&] { return experiment.hasData() && !experiment.reading(); }, "the messy table")) return;
    m_window.showPage(QStringLiteral("data"));
    grab(QStringLiteral("messy-data"));
    auto graph = experiment.graph();
    if (graph.layers.size() > 1) graph.layers.back().attributes["out"] = 17;
    experiment.setGraph(std::move(graph), QStringLiteral("edit"));
    m_window.showPage(QStringLiteral("model"));
    grab(QStringLiteral("messy-model"));
    m_preferences.setLanguage(QStringLiteral("zh_CN"));
    grab(QStringLiteral("messy-model-chinese"));
    m_window.showPage(QStringLiteral("data"));
    grab(QStringLiteral("messy-data-chinese"));
    m_preferences.setLanguage(QStringLiteral("en"));
  }

  QString m_folder;
  Preferences m_preferences;
  LanguageController m_language{m_preferences};
  ThemeController m_theme{m_preferences};
  Workbench m_workbench;
  MainWindow m_window;
};

}  // namespace

int main(int argc, char** argv) {
  if (const auto code = app::runWorkerIfAsked(argc, argv)) return *code;
  const bool child = argc == 4 && qstrcmp(argv[2], "--again") == 0;
  if (argc != 2 && !child) {
    QTextStream(stderr) << "Usage: lathe-tour FOLDER\n";
    return 2;
  }
  if (!child) tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe"));
  QApplication::setOrganizationName(QStringLiteral("lathe"));
  QApplication::setQuitOnLastWindowClosed(false);
  const auto folder = QDir(QString::fromLocal8Bit(argv[1])).absolutePath();
  QDir().mkpath(folder);
  if (child) return Tour(folder).again(QString::fromLocal8Bit(argv[3]));
  if (const int code = Tour(folder).whole(); code != 0) return code;
  auto environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("QT_SCALE_FACTOR"), QStringLiteral("2"));
  QProcess larger;
  larger.setProcessEnvironment(environment);
  larger.setProcessChannelMode(QProcess::ForwardedChannels);
  larger.start(QApplication::applicationFilePath(), {folder, QStringLiteral("--again"), QStringLiteral("double")});
  larger.waitForFinished(longWait);
  return larger.exitCode();
}
