// SPDX-License-Identifier: GPL-3.0-or-later
// Three figures of the window:
//  - time from the start of the process to the first painted window, warm;
//  - how long the GUI thread keeps an event waiting while two trainings run at full speed and log every step,
//    99.9th percentile, against the event loop of an idle thread;
//  - from a logged point to its curve being painted, 95th percentile, while they run.
// usage: bench_window [SECONDS]
#include <QApplication>
#include <QDir>
#include <QEvent>
#include <QProcess>
#include <QStandardPaths>
#include <QTimer>
#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>

#include "app/composition/composition.h"
#include "core/base/machine.h"
#include "tests/benchmarks/window/watchdog.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/train_page.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/theme_controller.h"

namespace {

using namespace lathe;
using bench::Clock;

ui::ServicesBundle makeServices() {
  ui::ServicesBundle bundle;
  bundle.workers = makeThreadPool(2, true);
  bundle.data = services::makeDataService();
  bundle.openStore = app::storeOpener();
  bundle.loadEngine = []() -> Result<ui::EngineServices> {
    LATHE_ASSIGN(engine, app::loadEngine());
    return ui::EngineServices{engine, services::makeTrainingService(engine), nullptr, nullptr, nullptr, nullptr};
  };
  return bundle;
}

/// Calls back once after the first paint event of a widget.
class FirstPaint : public QObject {
 public:
  explicit FirstPaint(std::function<void()> then) : m_then(std::move(then)) {}
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Paint && m_then) QTimer::singleShot(0, watched, std::exchange(m_then, {}));
    return false;
  }

 private:
  std::function<void()> m_then;
};

bool waitFor(const std::function<bool()>& condition, double seconds) {
  const auto start = Clock::now();
  while (!condition()) {
    if (bench::millisecondsSince(start) > seconds * 1000) return false;
    QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 20);
  }
  return true;
}

void runFor(double seconds) {
  QEventLoop loop;
  QTimer::singleShot(static_cast<int>(seconds * 1000), &loop, &QEventLoop::quit);
  loop.exec();
}

/// The child of firstWindow(): shows the window and prints the time since `startNanos` of the steady clock.
int showOnce(int argc, char** argv, long long startNanos) {
  QApplication application(argc, argv);
  ui::Preferences preferences;
  const ui::LanguageController language(preferences);
  const ui::ThemeController theme(preferences);
  ui::Workbench workbench(makeServices());
  ui::MainWindow window(workbench, preferences);
  FirstPaint painted([&] {
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    std::printf("%.1f\n", static_cast<double>(now - startNanos) * 1e-6);
    std::fflush(stdout);
    QApplication::quit();
  });
  window.installEventFilter(&painted);
  window.show();
  return QApplication::exec();
}

void firstWindow() {
  std::vector<double> times;
  for (int i = 0; i < 8; ++i) {
    QProcess child;
    const auto now = std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch()).count();
    child.start(QCoreApplication::applicationFilePath(), {QStringLiteral("--show"), QString::number(now)});
    child.waitForFinished(20000);
    if (i > 0) times.push_back(child.readAllStandardOutput().trimmed().toDouble());  // the first one warms up
  }
  std::printf("first window, warm: median %.0f ms, slowest of %zu %.0f ms (wanted: at most 300)\n",
              bench::quantile(times, 0.5), times.size(), bench::quantile(times, 1));
}

/// Writes one point each two milliseconds and knows when.
class Logger {
 public:
  Logger(store::RunStore& store, store::RunNumber run)
      : m_store(store), m_series(store.seriesId(run, "train/loss").value_or(0)), m_thread([this] {
          std::int64_t step = 0;
          while (!m_stop) {
            ++step;
            const auto now = Clock::now();
            m_store.append(m_series, step, 1.0 / static_cast<double>(step));
            {
              const std::scoped_lock lock(m_mutex);
              m_logged.emplace_back(step, now);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  ~Logger() {
    m_stop = true;
    m_thread.join();
  }
  Logger(const Logger&) = delete;
  Logger& operator=(const Logger&) = delete;

  /// All points up to `step` are on screen now.
  void shown(std::int64_t step) {
    const std::scoped_lock lock(m_mutex);
    while (!m_logged.empty() && m_logged.front().first <= step) {
      delays.push_back(bench::millisecondsSince(m_logged.front().second));
      m_logged.pop_front();
    }
  }
  std::vector<double> delays;

 private:
  store::RunStore& m_store;
  std::int64_t m_series;
  std::mutex m_mutex;
  std::deque<std::pair<std::int64_t, Clock::time_point>> m_logged;
  std::atomic<bool> m_stop{false};
  std::thread m_thread;
};

/// Tells when the canvas of a plot was really painted.
class Painted : public QObject {
 public:
  explicit Painted(std::function<void()> then) : m_then(std::move(then)) {}
  bool eventFilter(QObject* watched, QEvent* event) override {
    if (event->type() == QEvent::Paint) QTimer::singleShot(0, watched, m_then);
    return false;
  }

 private:
  std::function<void()> m_then;
};

std::vector<store::RunNumber> startTwo(ui::Workbench& workbench) {
  std::vector<store::RunNumber> runs;
  QObject::connect(&workbench.experiment(), &ui::ExperimentController::trainingStarted, &workbench,
                   [&runs](qint64 run) { runs.push_back(run); });
  auto spec = workbench.experiment().spec();
  spec.training.epochs = 1000000;
  spec.training.threads = 1;
  spec.training.batchSize = 32;
  workbench.experiment().setSpec(spec, QStringLiteral("bench"));
  for (std::size_t i = 1; i <= 2; ++i) {
    workbench.experiment().train();
    if (!waitFor([&] { return runs.size() == i; }, 20)) return {};
  }
  const bool moving = waitFor(
      [&] {
        for (const auto run : runs) {
          const auto* record = workbench.runs().run(run);
          if (record == nullptr || record->steps < 10) return false;
        }
        return true;
      },
      30);
  return moving ? runs : std::vector<store::RunNumber>{};
}

int measure(double seconds) {
  const tests::TempFolder folder;
  tests::writeText(folder / "clouds.csv", tests::cloudsCsv(20000));
  ui::Preferences preferences;
  const ui::ThemeController theme(preferences);
  ui::Workbench workbench(makeServices());
  QObject::connect(&workbench, &ui::Workbench::failed, &workbench,
                   [](const Error& error) { std::fprintf(stderr, "%s\n", error.sentence().c_str()); });
  ui::MainWindow window(workbench, preferences);
  window.resize(1280, 800);
  window.show();
  workbench.loadEngine();
  workbench.openData(QString::fromStdString((folder / "clouds.csv").string()));
  if (!waitFor([&] { return workbench.experiment().hasData() && workbench.engine() != nullptr; }, 60)) return 1;
  window.showPage(QStringLiteral("train"));
  std::printf("engine: %s\n", workbench.engineInfo().name.c_str());

  const auto runs = startTwo(workbench);
  if (runs.empty()) {
    std::fprintf(stderr, "the trainings did not start\n");
    return 1;
  }
  runFor(3);
  const auto pointsBefore = workbench.project()->store().totalPoints();
  const auto stepsBefore = workbench.runs().run(runs[0])->steps + workbench.runs().run(runs[1])->steps;
  {
    bench::Watchdog watchdog(window);
    runFor(seconds);
    watchdog.stop();
    const auto steps = workbench.runs().run(runs[0])->steps + workbench.runs().run(runs[1])->steps - stepsBefore;
    std::printf("two trainings: %.0f steps/s, %.0f points/s stored\n", static_cast<double>(steps) / seconds,
                static_cast<double>(workbench.project()->store().totalPoints() - pointsBefore) / seconds);
    const double gui = bench::quantile(watchdog.guiDelays(), 0.999);
    const double control = bench::quantile(watchdog.controlDelays(), 0.999);
    std::printf(
        "GUI thread: 99.9th percentile %.1f ms of %zu, median %.2f, longest %.1f; idle control thread %.1f ms; "
        "beyond it %.1f ms (wanted: below 16)\n",
        gui, watchdog.guiDelays().size(), bench::quantile(watchdog.guiDelays(), 0.5),
        bench::quantile(watchdog.guiDelays(), 1), control, gui - control);
  }

  auto& store = workbench.project()->store();
  const auto logged = store.createRun({}, spec::RunStatus::Running, thisProcess());
  if (!logged) return 1;
  ui::CurvePlot plot(workbench);
  plot.resize(600, 400);
  ui::CurveItem item;
  item.run = *logged;
  item.series = "train/loss";
  plot.setItems({item});
  plot.show();
  Logger logger(store, *logged);
  Painted painted([&] { logger.shown(plot.lastShownStep(0)); });
  for (auto* child : plot.findChildren<QWidget*>())
    if (std::strcmp(child->metaObject()->className(), "QCustomPlot") == 0) child->installEventFilter(&painted);
  runFor(2);
  logger.delays.clear();
  runFor(seconds / 2);
  std::printf("logged point to screen: 95th percentile %.0f ms, median %.0f, of %zu points (wanted: at most 100)\n",
              bench::quantile(logger.delays, 0.95), bench::quantile(logger.delays, 0.5), logger.delays.size());
  for (const auto run : runs) workbench.runs().cancel(run);
  waitFor([&] { return workbench.runs().activeHere().empty(); }, 20);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QStandardPaths::setTestModeEnabled(true);
  QCoreApplication::setOrganizationName(QStringLiteral("lathe-bench"));
  QCoreApplication::setApplicationName(QStringLiteral("lathe-bench"));
  if (argc == 3 && std::strcmp(argv[1], "--show") == 0) return showOnce(argc, argv, std::atoll(argv[2]));
  QApplication application(argc, argv);
  const auto machine = machineInfo();
  std::printf("%s, %u threads\n", machine.processor.c_str(), machine.threads);
  firstWindow();
  return measure(argc > 1 ? std::atof(argv[1]) : 20);
}
