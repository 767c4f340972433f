// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong around a running window: rights, files and processes that are gone. Each is said in one sentence with
// a remedy, and nothing that was stored is lost.
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QTest>
#include <QThread>
#include <csignal>
#include <fstream>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "core/spec/spec_json.h"
#include "tests/support/plain_user.h"
#include "tests/ui_shell/world.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::PlainUser;
using lathe::tests::TempFolder;
using lathe::tests::World;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

QString text(const fs::path& path) { return QString::fromStdString(path.string()); }

void setRights(const fs::path& folder, unsigned files, unsigned folders) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    fs::permissions(entry.path(), fs::perms(entry.is_directory() ? folders : files));
  fs::permissions(folder, fs::perms(folders));
}

/// Steps of the training loss that the store holds, when they count from one without a gap; else -1.
std::int64_t storedSteps(const Workbench& workbench, qint64 run) {
  auto& store = workbench.project()->store();
  if (!store.flush()) return -1;
  const auto points = store.points(run, "train/loss");
  if (!points) return -1;
  std::int64_t step = 0;
  for (const auto& point : *points)
    if (point.step != ++step) return -1;
  return step;
}

/// Spawned by hand: after a QProcess, whose child runs in this memory until its exec, the thread sanitizer sees no
/// locks of this thread any more.
class OtherProcess {
 public:
  explicit OtherProcess(std::vector<std::string> command) {
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    m_started = ::posix_spawn(&m_process, arguments[0], nullptr, nullptr, arguments.data(), environ) == 0;
  }
  ~OtherProcess() { kill(); }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;
  [[nodiscard]] bool started() const { return m_started; }
  /// With SIGKILL; waits for its end.
  void kill() {
    if (!std::exchange(m_started, false)) return;
    ::kill(m_process, SIGKILL);
    ::waitpid(m_process, nullptr, 0);
  }

 private:
  pid_t m_process = 0;
  bool m_started = false;
};

/// The other process of the tests below: trains the newest experiment of a project until it is killed.
int trainHere(const fs::path& folder) {
  auto services = tests::makeFakeServices({.secondsPerStep = 0.002});
  auto project = services::Project::open(folder, services::Project::Mode::Write, services.openStore);
  auto engine = services.loadEngine();
  if (!project || !engine) return 2;
  const auto experiments = (*project)->store().experiments();
  if (!experiments || experiments->empty()) return 2;
  auto spec = spec::fromJson(experiments->front().specJson);
  if (!spec) return 2;
  const auto run = engine->training->start(*project, {*spec, experiments->front().id, 1, true});
  if (!run) return 2;
  (void)engine->training->wait(**project, *run);
  return 0;
}

}  // namespace

class TestWindowFaults : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void aRunWhoseProcessWasKilledIsOfferedToBeResumed() {
    TempFolder folder;
    World world({.secondsPerStep = 0.002});
    QVERIFY(world.opensTable(folder));
    world.workbench.experiment().setField("training.epochs", "100000", QStringLiteral("epochs"));
    world.workbench.experiment().setField("training.optimizer.lr", "0.05", QStringLiteral("rate"));
    QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().saved(), longWait);
    world.window.showPage(QStringLiteral("train"));
    world.window.showPage(QStringLiteral("data"));
    OtherProcess other({QApplication::applicationFilePath().toStdString(), "--train", folder / "table.lathe"});
    QVERIFY(other.started());
    auto& runs = world.workbench.runs();
    const auto trainsThere = [&] {
      return !runs.runs().empty() && runs.runs().front().status == RunStatus::Running &&
             runs.runs().front().epochs >= 2 && !runs.runs().front().lastCheckpoint.empty();
    };
    QTRY_VERIFY_WITH_TIMEOUT(trainsThere(), longWait);
    QVERIFY(runs.activeHere().empty());
    const auto steps = runs.runs().front().steps;
    other.kill();
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Interrupted, longWait);
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("run 1")) && world.said().contains(QStringLiteral("Resume")),
             qPrintable(world.said()));
    QTRY_VERIFY_WITH_TIMEOUT(runs.runs().front().steps >= steps, longWait);
    QVERIFY(storedSteps(world.workbench, 1) >= steps);

    world.window.showPage(QStringLiteral("train"));
    runs.setShown({1});
    auto* resume = world.child<QPushButton>("failureButton");
    QTRY_VERIFY_WITH_TIMEOUT(resume->isVisible(), longWait);
    QVERIFY(world.window.action(QStringLiteral("resume"))->isEnabled());
    QTest::mouseClick(resume, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(runs.activeHere().size(), std::size_t{1}, longWait);
    QVERIFY(world.waitsFor(1, RunStatus::Running));
    QTRY_VERIFY_WITH_TIMEOUT(!resume->isVisible(), longWait);
    runs.pause(1);
    QVERIFY(world.waitsFor(1, RunStatus::Paused));
    QVERIFY(storedSteps(world.workbench, 1) > 0);
  }

  void aProjectThatCanOnlyBeReadIsShownAndSaysSoWhenAskedToTrain() {
    TempFolder folder;
    {
      World world;
      QVERIFY(world.opensTable(folder));
      QVERIFY(world.trains(2) == 1);
      QVERIFY(world.waitsFor(1, RunStatus::Completed));
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().saved(), longWait);
    }
    const auto project = folder / "table.lathe";
    setRights(project, 0444, 0555);
    fs::permissions(folder.path(), fs::perms(0755));
    {
      const PlainUser user({tests::settingsFolder()});
      if (!user.limited()) QSKIP("rights cannot be dropped here");
      World world;
      world.window.openPath(text(project));
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.project() != nullptr && world.workbench.experiment().hasData(),
                               longWait);
      QVERIFY(world.workbench.project()->readOnly());
      QCOMPARE(world.child<QLabel>("savedLabel")->text(), QStringLiteral("read-only"));
      QTRY_COMPARE_WITH_TIMEOUT(world.workbench.runs().runs().size(), std::size_t{1}, longWait);
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.engine() != nullptr, longWait);
      world.click("trainButton");
      QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
      QVERIFY2(world.said().contains(QStringLiteral("can only be read")), qPrintable(world.said()));
      QVERIFY(!world.window.banner().remedy().isEmpty());
      QVERIFY(!world.workbench.runs().can(spec::RunAction::Remove, 1));
    }
    setRights(project, 0644, 0755);
    World world;
    world.window.openPath(text(project));
    QTRY_COMPARE_WITH_TIMEOUT(world.newestStatus(), RunStatus::Completed, longWait);
    QVERIFY(storedSteps(world.workbench, 1) > 0);
  }

  void aFileThatMayNotBeReadIsSaidAndWhatIsOpenStaysUsable() {
    TempFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    fs::create_directories(folder / "mine");
    (void)tests::writeTable(folder / "mine" / "secret.csv");
    fs::permissions(folder / "mine" / "secret.csv", fs::perms(0));
    fs::create_directories(folder / "open");
    (void)tests::writeTable(folder / "open" / "good.csv");
    const PlainUser user({tests::settingsFolder(), folder / "open"});
    if (!user.limited()) QSKIP("rights cannot be dropped here");
    World world;
    world.drop(folder / "mine" / "secret.csv");
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.window.banner().sentence().contains(QStringLiteral("secret.csv")), qPrintable(world.said()));
    QVERIFY2(world.window.banner().sentence().endsWith(QLatin1Char('.')), qPrintable(world.said()));
    QVERIFY2(!world.window.banner().remedy().isEmpty(), qPrintable(world.said()));
    QVERIFY(world.opensTable(folder / "open" / "good.csv"));
    QVERIFY(!world.window.banner().isVisible());
  }

  void aFileThatVanishesInMidTrainingEndsNothing() {
    TempFolder folder;
    World world({0.004});
    QVERIFY(world.opensTable(folder));
    const auto run = world.trains(3);
    QCOMPARE(run, 1);
    fs::rename(folder / "table.csv", folder / "gone.csv");
    QVERIFY(world.waitsFor(run, RunStatus::Completed));
    const auto steps = storedSteps(world.workbench, run);
    QCOMPARE(steps, world.workbench.runs().run(run)->totalSteps);
    // The next training needs the file: it is refused with the file's name, and the first run stays as it is.
    world.workbench.experiment().train();
    const auto said = [&] {
      QStringList texts{world.said()};
      const auto* page = world.window.findChild<QWidget*>(QStringLiteral("failureBox"));
      if (page != nullptr && page->isVisible())
        for (const auto* label : page->findChildren<QLabel*>()) texts << label->text();
      return texts.join(QLatin1Char(' '));
    };
    QTRY_VERIFY2_WITH_TIMEOUT(said().contains(QStringLiteral("table.csv")), qPrintable(said()), longWait);
    QCOMPARE(storedSteps(world.workbench, run), steps);
    // Back in its place, everything goes on.
    fs::rename(folder / "gone.csv", folder / "table.csv");
    const auto next = world.trains(1);
    QVERIFY(next > run);
    QVERIFY(world.waitsFor(next, RunStatus::Completed));
  }

  void aRunThatFailsBehindAnotherPageIsSaidInTheBanner() {
    TempFolder folder;
    World world({.secondsPerStep = 0.005, .divergeAtStep = 60});
    QVERIFY(world.opensTable(folder));
    QVERIFY(world.trains(50) == 1);
    world.window.showPage(QStringLiteral("model"));
    QVERIFY(world.waitsFor(1, RunStatus::Failed));
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("Run 1 failed")) && world.said().contains(QStringLiteral("60")),
             qPrintable(world.said()));
    QVERIFY(storedSteps(world.workbench, 1) > 0);
  }
};

int main(int argc, char** argv) {
  if (argc == 3 && qstrcmp(argv[1], "--train") == 0) return trainHere(argv[2]);
  tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  QApplication::setQuitOnLastWindowClosed(false);
  TestWindowFaults test;
  return QTest::qExec(&test, argc, argv);
}

#include "test_window_faults.moc"
