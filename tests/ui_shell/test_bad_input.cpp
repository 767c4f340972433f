// SPDX-License-Identifier: GPL-3.0-or-later
// Bad input in the window: one sentence with a remedy each, and nothing that was there is lost.
#include <QApplication>
#include <QTest>
#include <fstream>

#include "tests/ui_shell/world.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;

namespace {

void write(const std::filesystem::path& file, const std::string& content) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << content;
}

std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

std::string distinctTexts() {
  std::string text = "size,target\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i * i % 17) + ",name" + std::to_string(i) + "x\n";
  return text;
}

std::string constantTarget() {
  std::string text = "size,target\n";
  for (int i = 0; i < 60; ++i) text += std::to_string(i * i % 17) + ",same\n";
  return text;
}

}  // namespace

class TestBadInput : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void everyBadFileIsSaidWithItsRemedy_data() {
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("word");
    const auto row = [](const char* what, const char* name, const std::string& content, const char* word) {
      QTest::newRow(what) << QByteArray(name) << QByteArray::fromStdString(content) << QString::fromLatin1(word);
    };
    row("empty file", "bad.csv", "", "bad.csv is empty");
    row("header only", "bad.csv", "size,weight,sort\n", "no rows");
    row("ragged rows", "bad.csv", "a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,x\n", "Line 3");
    row("unbalanced quote", "bad.csv", "a,b\n1,\"two\n2,three\n3,four\n", "line 2");
    row("binary file", "bad.csv", bytes({0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 3, 0, 0x3e, 0}) + "\n", "binary");
    row("one column", "bad.csv", "size\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n", "single column");
    row("constant target", "bad.csv", constantTarget(), "same value");
    row("all-distinct text target", "bad.csv", distinctTexts(), "target");
    row("truncated IDX.gz", "train-images-idx3-ubyte.gz", bytes({0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0x63, 0x60}),
        "ends too early");
    row("folder with broken images", "pictures/cats/1.png", "not a picture", "No image");
    row("store that is not SQLite", "bad.lathe/store.sqlite3", "this is no database, but long enough to be looked at",
        "not a project store");
    row("truncated store", "bad.lathe/store.sqlite3", "SQLite format 3" + bytes({0, 16, 0, 1, 1}),
        "not a project store");
  }

  void everyBadFileIsSaidWithItsRemedy() {
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, content);
    QFETCH(QString, word);
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder / "good.csv"));
    auto dropped = folder / "bad";
    write(dropped / name.toStdString(), content.toStdString());
    // A folder where the data are one, else the file.
    const auto top = dropped / *std::filesystem::path(name.toStdString()).begin();
    if (top.extension() == ".gz") write(dropped / "train-labels-idx1-ubyte.gz", content.toStdString());
    world.drop(top.extension() == ".gz" ? dropped : top);
    auto& experiment = world.workbench.experiment();
    auto& banner = world.window.banner();
    const auto readNow = [&] {
      return experiment.spec().data.path.find("good") == std::string::npos && experiment.data() != nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible() || readNow(), longWait);
    if (!banner.isVisible()) {
      // It can be looked at, but Train says why it cannot be trained.
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.engine() != nullptr, longWait);
      experiment.train();
    }
    QTRY_VERIFY_WITH_TIMEOUT(banner.isVisible(), longWait);
    QVERIFY2(banner.sentence().endsWith(QLatin1Char('.')), qPrintable(world.said()));
    QVERIFY2(!banner.remedy().isEmpty(), qPrintable(world.said()));
    QVERIFY2(banner.sentence().contains(word), qPrintable(world.said()));
    QVERIFY(world.opensTable(folder / "good.csv"));
    QVERIFY(!banner.isVisible());
  }

  void aDropThatCannotBeOpenedLeavesWhatIsOpen() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder / "good.csv"));
    const auto path = world.workbench.experiment().spec().data.path;
    world.drop({QUrl(QStringLiteral("https://example.org/data.csv"))});
    QVERIFY(world.window.banner().isVisible());
    QVERIFY(world.window.banner().sentence().contains(QStringLiteral("example.org/data.csv")));
    QVERIFY(!world.window.banner().remedy().isEmpty());
    write(folder / "a.csv", "a,b\n1,2\n");
    write(folder / "b.csv", "a,b\n1,2\n");
    world.drop({QUrl::fromLocalFile(QString::fromStdString((folder / "a.csv").string())),
                QUrl::fromLocalFile(QString::fromStdString((folder / "b.csv").string()))});
    QVERIFY(world.window.banner().sentence().startsWith(QLatin1Char('2')));
    QCOMPARE(world.workbench.experiment().spec().data.path, path);
    QVERIFY(!std::filesystem::exists(folder / "a.lathe"));
  }

  void aNewerStoreIsRefusedPolitely() {
    TempFolder folder;
    {
      World world;
      QVERIFY(world.opensTable(folder / "good.csv"));
      QTRY_VERIFY_WITH_TIMEOUT(world.workbench.experiment().saved(), longWait);
    }
    const auto store = folder / "good.lathe" / "store.sqlite3";
    {
      // The user version of a SQLite file: four bytes from byte 60.
      std::fstream file(store, std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(60);
      file.write(bytes({0, 0, 0x27, 0x0f}).data(), 4);
    }
    const auto size = std::filesystem::file_size(store);
    World world;
    world.window.openPath(QString::fromStdString((folder / "good.lathe").string()));
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("newer")), qPrintable(world.said()));
    QCOMPARE(std::filesystem::file_size(store), size);
  }

  void aModelWhoseShapesDoNotFitNamesItsLayer() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder / "good.csv"));
    auto graph = world.workbench.experiment().graph();
    graph.layers.back().attributes["out"] = 17;
    world.workbench.experiment().setGraph(std::move(graph), QStringLiteral("edit"));
    world.workbench.experiment().train();
    QTRY_VERIFY_WITH_TIMEOUT(world.window.banner().isVisible(), longWait);
    QVERIFY2(world.said().contains(QStringLiteral("output")), qPrintable(world.said()));
    QVERIFY(world.workbench.runs().runs().empty());
  }

  void twoWindowsOnOneProjectSeeAndSteerTheSameRuns() {
    TempFolder folder;
    World first({0.01});
    QVERIFY(first.opensTable(folder / "good.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(first.workbench.experiment().saved(), longWait);
    World second;
    second.window.openPath(QString::fromStdString((folder / "good.lathe").string()));
    QTRY_VERIFY_WITH_TIMEOUT(second.workbench.experiment().hasData() && second.workbench.engine() != nullptr, longWait);
    QCOMPARE(first.trains(100'000), 1);
    auto& seen = second.workbench.runs();
    QTRY_VERIFY_WITH_TIMEOUT(!seen.runs().empty() && seen.runs().front().steps > 0, longWait);
    QVERIFY(seen.activeHere().empty());
    seen.pause(seen.runs().front().number);
    QTRY_COMPARE_WITH_TIMEOUT(first.workbench.runs().runs().front().status, spec::RunStatus::Paused, longWait);
    second.workbench.experiment().setField("training.epochs", "5", QStringLiteral("epochs"));
    QTRY_VERIFY_WITH_TIMEOUT(second.workbench.experiment().saved(), longWait);
    QVERIFY(!first.window.banner().isVisible() && !second.window.banner().isVisible());
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestBadInput>(argc, argv); }

#include "test_bad_input.moc"
