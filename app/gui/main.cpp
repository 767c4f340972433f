// SPDX-License-Identifier: GPL-3.0-or-later
// lathe: the window.
#include <QApplication>
#include <QCommandLineParser>
#include <QFileInfo>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <string_view>
#include <thread>

#include "app/composition/composition.h"
#include "app/gui/start_clock.h"
#include "core/base/log.h"
#include "core/base/machine.h"
#include "core/engine_trees/boosted_trees.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/shell/desktop.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/quit_signals.h"
#include "ui/shell/theme_controller.h"

namespace {

using namespace lathe;

QtMessageHandler shownByQt = nullptr;
constexpr int pausedCode = 3;  // a run was paused by a signal: lathe-cli's code for it

ui::ServicesBundle makeServices() {
  ui::ServicesBundle bundle;
  bundle.workers = makeThreadPool(std::max(2U, std::thread::hardware_concurrency()), true);
  bundle.data = services::makeDataService();
  bundle.openStore = app::storeOpener();
  bundle.loadEngine = []() -> Result<ui::EngineServices> {
    LATHE_ASSIGN(engine, app::loadEngine());
    ui::EngineServices loaded;
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

struct Arguments {
  QString sample;
  QString path;
  bool train = false;
  bool measureStart = false;
};

Arguments parse(const QCoreApplication& application) {
  QCommandLineParser parser;
  parser.setApplicationDescription(QCoreApplication::translate("main", "Workbench for training neural networks"));
  parser.addHelpOption();
  parser.addVersionOption();
  const QCommandLineOption sample(QStringLiteral("sample"),
                                  QCoreApplication::translate("main",
                                                              "Opens a sample: fashion-mnist, digits, wine, "
                                                              "breast-cancer, iris or diabetes."),
                                  QStringLiteral("ID"));
  const QCommandLineOption train(QStringLiteral("train"),
                                 QCoreApplication::translate("main", "Starts a training at once."));
  QCommandLineOption measure(QStringLiteral("measure-start"));
  measure.setFlags(QCommandLineOption::HiddenFromHelp);
  parser.addOption(measure);
  parser.addOption(sample);
  parser.addOption(train);
  parser.addPositionalArgument(QStringLiteral("path"),
                               QCoreApplication::translate("main", "A project, a data file or a folder of data."),
                               QStringLiteral("[FILE|PROJECT]"));
  parser.process(application);
  Arguments arguments;
  arguments.sample = parser.value(sample);
  arguments.train = parser.isSet(train);
  arguments.measureStart = parser.isSet(measure);
  if (!parser.positionalArguments().isEmpty()) arguments.path = parser.positionalArguments().first();
  return arguments;
}

bool asksOnly(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const char* argument) {
    const std::string_view word(argument);
    return word == "--help" || word == "-h" || word == "--version" || word == "-v" || word == "--help-all";
  });
}

/// Qt's own warnings go to the log as well.
void logQt(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  if (type != QtDebugMsg && type != QtInfoMsg) log(LogLevel::Warn, "Qt: " + text.toStdString());
  if (shownByQt != nullptr) shownByQt(type, context, text);
}

void startLog(const ui::Workbench& workbench) {
  const auto folder = logFolder();
  logToFile(folder.empty() ? folder : folder / "lathe.log");
  shownByQt = qInstallMessageHandler(logQt);
  log(LogLevel::Info, std::string("Lathe ") + latheVersion() + ", Qt " + qVersion());
  QObject::connect(&workbench, &ui::Workbench::failed, &workbench,
                   [](const Error& error) { log(LogLevel::Warn, error.code + ": " + error.sentence()); });
  QObject::connect(&workbench, &ui::Workbench::projectOpened, &workbench,
                   [&workbench] { log(LogLevel::Info, "project " + workbench.project()->folder().string()); });
  QObject::connect(&workbench, &ui::Workbench::engineReady, &workbench, [&workbench] {
    const auto& info = workbench.engineInfo();
    log(LogLevel::Info, "engine " + info.name + ", BLAS " + info.blas);
  });
  QObject::connect(&workbench, &ui::Workbench::engineFailed, &workbench,
                   [](const Error& error) { log(LogLevel::Failure, error.code + ": " + error.sentence()); });
}

/// Trains once, as soon as the data are read and the engine is there.
void trainWhenPossible(ui::Workbench& workbench) {
  auto* once = new QObject(&workbench);
  const auto tryNow = [&workbench, once] {
    if (workbench.experiment().cannotTrain()) return;
    once->deleteLater();
    once->disconnect();
    QObject::disconnect(&workbench, nullptr, once, nullptr);
    QObject::disconnect(&workbench.experiment(), nullptr, once, nullptr);
    workbench.experiment().train();
  };
  QObject::connect(&workbench, &ui::Workbench::engineReady, once, tryNow);
  QObject::connect(&workbench.experiment(), &ui::ExperimentController::graphChanged, once, tryNow);
}

void open(ui::MainWindow& window, ui::Workbench& workbench, const Arguments& arguments) {
  window.restore(arguments.sample.isEmpty() && arguments.path.isEmpty());
  if (!arguments.sample.isEmpty()) {
    workbench.openSample(arguments.sample, arguments.train);
  } else if (!arguments.path.isEmpty()) {
    if (arguments.train) trainWhenPossible(workbench);
    window.openPath(QFileInfo(arguments.path).absoluteFilePath());
  }
}

}  // namespace

int main(int argc, char** argv) {
  lathe::app::useFastBlas();
  if (const auto code = app::runWorkerIfAsked(argc, argv)) return *code;
  QCoreApplication::setApplicationName(QStringLiteral("lathe"));
  QCoreApplication::setOrganizationName(QStringLiteral("lathe"));
  QCoreApplication::setApplicationVersion(QString::fromLatin1(latheVersion()));
  if (asksOnly(argc, argv)) {
    // Answered without a display.
    const QCoreApplication application(argc, argv);
    parse(application);
    return 0;
  }
  QApplication application(argc, argv);
  QApplication::setApplicationDisplayName(QStringLiteral("Lathe"));
  QApplication::setDesktopFileName(QStringLiteral("org.lathe_workbench.Lathe"));
  // A window closed with "keep going" leaves the process working.
  QApplication::setQuitOnLastWindowClosed(false);
  const Arguments arguments = parse(application);

  ui::Preferences preferences;
  const ui::LanguageController language(preferences);
  const ui::ThemeController theme(preferences);
  ui::Workbench workbench(makeServices());
  if (!arguments.measureStart) startLog(workbench);
  ui::MainWindow window(workbench, preferences);
  const ui::DesktopHelper desktop(workbench);
  QObject::connect(&window, &ui::MainWindow::closed, &application, &QApplication::quit, Qt::QueuedConnection);
  // As lathe-cli: trainings stop with a checkpoint, and 3 says that a person stopped them.
  bool paused = false;
  const ui::QuitSignals quitSignals;
  QObject::connect(&quitSignals, &ui::QuitSignals::asked, &window, [&] { paused = window.pauseAndLeave(); });
  open(window, workbench, arguments);
  window.show();
  if (arguments.measureStart) {
    // For the benchmark: how long after the start of the process the first frame was there.
    window.repaint();
    std::printf("first window %.0f ms\n", app::millisecondsSinceStart());
    return 0;
  }
  // After the first frame, so that nothing competes with it.
  QTimer::singleShot(0, &workbench, [&workbench] { workbench.loadEngine(); });
  const int code = QApplication::exec();
  return code == 0 && paused ? pausedCode : code;
}
