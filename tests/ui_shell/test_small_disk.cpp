// SPDX-License-Identifier: GPL-3.0-or-later
// A project on a disk that becomes full under the window. A program of its own: without the right to mount it asks for
// a name space, which is possible only before there are threads.
#include <QApplication>
#include <QLabel>
#include <QTest>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/ui_shell/world.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;
using spec::RunStatus;
namespace fs = std::filesystem;

namespace {

void writeOnce(const char* file, const std::string& content) {
  std::ofstream out(file);
  out << content;
}

/// A name space where this process may mount.
void takeNameSpace() {
  const auto user = std::to_string(geteuid());
  const auto group = std::to_string(getegid());
  if (geteuid() == 0) {
    if (unshare(CLONE_NEWNS) != 0) return;
  } else {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return;
    writeOnce("/proc/self/setgroups", "deny");
    writeOnce("/proc/self/uid_map", "0 " + user + " 1");
    writeOnce("/proc/self/gid_map", "0 " + group + " 1");
  }
  // Kept to this process where it is allowed; the disk is taken away at the end anyhow.
  (void)mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
}

class SmallDisk {
 public:
  SmallDisk() {
    fs::create_directory(path());
    m_mounted = mount("lathe-test", path().c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~SmallDisk() {
    if (m_mounted) umount2(path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  [[nodiscard]] bool mounted() const { return m_mounted; }
  [[nodiscard]] fs::path path() const { return m_folder / "disk"; }
  void fill(std::uintmax_t leave) const {
    const auto free = fs::space(path()).available;
    std::ofstream(path() / "filler") << std::string(free > leave ? free - leave : 0, 'x');
  }
  /// Takes what is left, to the last byte.
  void fillMore() const {
    std::ofstream out(path() / "filler", std::ios::app);
    const std::string page(4096, 'x');
    for (int i = 0; i < 256 && out; ++i) out << page << std::flush;
  }
  void freeAgain() const { fs::remove(path() / "filler"); }

 private:
  TempFolder m_folder;
  bool m_mounted = false;
};

std::int64_t countedSteps(const Workbench& workbench) {
  const auto points = workbench.project()->store().points(1, "train/loss");
  if (!points) return -1;
  std::int64_t step = 0;
  for (const auto& point : *points)
    if (point.step != ++step) return -1;
  return step;
}

}  // namespace

class TestSmallDisk : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void aFullDiskFailsTheRunInOneSentenceAndResumeGoesOnOnceThereIsSpace() {
    const SmallDisk disk;
    if (!disk.mounted()) QSKIP("no right to mount a small disk here");
    World world({.secondsPerStep = 0.0002});
    QVERIFY(world.opensTable(disk.path() / "table.csv", 120));
    QCOMPARE(world.trains(100'000, 200), 1);
    world.window.showPage(QStringLiteral("data"));
    disk.fill(40'000);
    QVERIFY2(world.waitsFor(1, RunStatus::Failed), qPrintable(QStringLiteral("%1 after %2 steps, %3 bytes free")
                                                                  .arg(static_cast<int>(world.newestStatus()))
                                                                  .arg(world.workbench.runs().run(1)->steps)
                                                                  .arg(fs::space(disk.path()).available)));
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("full")), qPrintable(world.said()));
    QVERIFY2(!world.window.banner().remedy().isEmpty(), qPrintable(world.said()));
    const auto kept = countedSteps(world.workbench);
    QVERIFY2(kept >= 200, qPrintable(QString::number(kept)));
    const auto trained = std::max<std::int64_t>(kept, world.workbench.runs().run(1)->steps);

    disk.freeAgain();
    world.window.showPage(QStringLiteral("train"));
    world.click("failureButton");
    // Beyond all that waited for space, which is written now and cut off when the run goes on from its checkpoint.
    QTRY_VERIFY_WITH_TIMEOUT(countedSteps(world.workbench) > trained + 20, longWait);
    world.workbench.runs().pause(1);
    QVERIFY2(world.waitsFor(1, RunStatus::Paused), qPrintable(world.said()));
    QVERIFY((world.workbench.project()->store().flush()).has_value());
    QVERIFY(countedSteps(world.workbench) > kept);
  }

  void aRunWhoseEndCannotBeWrittenIsShownAsFailedAllTheSame() {
    const SmallDisk disk;
    if (!disk.mounted()) QSKIP("no right to mount a small disk here");
    World world({.secondsPerStep = 0.0002});
    QVERIFY(world.opensTable(disk.path() / "table.csv", 120));
    QCOMPARE(world.trains(100'000, 100), 1);
    world.window.showPage(QStringLiteral("data"));
    auto& runs = world.workbench.runs();
    // Kept full, whatever is freed meanwhile.
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
          disk.fillMore();
          return runs.run(1)->status == RunStatus::Failed;
        }(),
        4 * longWait);
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible() && world.said().contains(QStringLiteral("full")),
                             longWait);
    QVERIFY(runs.active().empty());
    disk.freeAgain();
    QTRY_COMPARE_WITH_TIMEOUT(world.storedStatus(), RunStatus::Failed, longWait);
    QVERIFY(countedSteps(world.workbench) >= 100);
  }

  void anEditOnAFullDiskIsSaidOnceAndSavedAsSoonAsThereIsSpace() {
    const SmallDisk disk;
    if (!disk.mounted()) QSKIP("no right to mount a small disk here");
    World world;
    QVERIFY(world.opensTable(disk.path() / "table.csv", 120));
    auto& experiment = world.workbench.experiment();
    QTRY_VERIFY_WITH_TIMEOUT(experiment.saved(), longWait);
    disk.fill(0);
    // One page or two may still fit somewhere: edits until one does not.
    int epochs = 100;
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
          if (experiment.saved()) {
            ++epochs;
            experiment.setField("training.epochs", std::to_string(epochs), QString::number(epochs));
            experiment.saveNow();
          }
          return experiment.saveFailed();
        }(),
        longWait);
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("full")), qPrintable(world.said()));
    QCOMPARE(world.child<QLabel>("savedLabel")->text(), QStringLiteral("not saved"));
    QCOMPARE(experiment.spec().training.epochs, epochs);
    disk.freeAgain();
    QTRY_VERIFY_WITH_TIMEOUT(experiment.saved() && !experiment.saveFailed(), longWait);
    const auto stored = world.workbench.project()->store().experiment(experiment.id());
    QVERIFY(stored.has_value());
    QVERIFY(stored->specJson.find("\"epochs\":" + std::to_string(epochs)) != std::string::npos);
  }
};

int main(int argc, char** argv) {
  takeNameSpace();
  tests::isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  QApplication::setQuitOnLastWindowClosed(false);
  TestSmallDisk test;
  return QTest::qExec(&test, argc, argv);
}

#include "test_small_disk.moc"
