// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QTest>
#include <cmath>

#include "core/base/files.h"
#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/data_inspector.h"
#include "ui/widgets/value_editor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::TempFolder;

namespace {

constexpr int longWait = 20'000;

struct Opened {
  Opened() : workbench(tests::makeFakeServices()), inspector(new DataInspector(workbench, &window)) {
    window.resize(360, 1400);
    inspector->resize(360, 1400);
    window.show();
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  void openWave() {
    std::string text = "hour,load\n";
    for (int i = 0; i < 400; ++i) text += std::to_string(i) + "," + std::to_string(std::sin(i * 0.3)) + "\n";
    const auto file = folder / "wave.csv";
    QVERIFY(writeFileAtomically(file, text).has_value());
    workbench.openData(QString::fromStdString(file.string()));
    QTRY_VERIFY_WITH_TIMEOUT(experiment().hasData(), longWait);
  }
  void set(const char* path, const char* value) { QVERIFY(experiment().setField(path, value, QStringLiteral("test"))); }
  [[nodiscard]] ExperimentController& experiment() { return workbench.experiment(); }
  [[nodiscard]] ValueEditor* editor(const char* path) const {
    for (auto* each : inspector->findChildren<ValueEditor*>(QString::fromLatin1(path)))
      if (each->isVisible()) return each;
    return nullptr;
  }

  TempFolder folder;
  Workbench workbench;
  QWidget window;
  DataInspector* inspector;
};

}  // namespace

class TestSequenceForm : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void horizonAndStrideAppearWithAWindow() {
    Opened opened;
    opened.openWave();
    QTRY_VERIFY(opened.editor("data.window") != nullptr);
    QVERIFY(opened.editor("data.horizon") == nullptr);
    QVERIFY(opened.editor("data.stride") == nullptr);
    opened.set("data.window", "24");
    QTRY_VERIFY(opened.editor("data.horizon") != nullptr);
    QVERIFY(opened.editor("data.stride") != nullptr);
    opened.set("data.window", "0");
    QTRY_VERIFY(opened.editor("data.horizon") == nullptr);
  }

  void aForecastOffersASequenceToTheModel() {
    Opened opened;
    opened.openWave();
    opened.set("data.window", "24");
    opened.set("data.horizon", "6");
    auto& experiment = opened.experiment();
    const auto task = [&] { return experiment.data() != nullptr ? experiment.data()->profile.task : spec::Task::Auto; };
    QTRY_COMPARE_WITH_TIMEOUT(task(), spec::Task::Forecast, longWait);
    const auto& inputs = experiment.data()->graphContext.inputs;
    QCOMPARE(inputs.size(), std::size_t{1});
    QCOMPARE(inputs.front().name, std::string("sequence"));
    QCOMPARE(experiment.data()->graphContext.outputs, std::int64_t{6});
    QVERIFY(!experiment.data()->cannotTrain);
    QVERIFY(!experiment.graphReport().error);
    QCOMPARE(experiment.graph().layers.front().kind, std::string("conv1d"));
    bool said = false;
    for (const auto* label : opened.inspector->findChildren<QLabel*>())
      said = said || label->text().contains(QStringLiteral("the next 6 row"));
    QVERIFY(said);
  }

  void aForecastWithoutAWindowSaysWhatIsMissing() {
    Opened opened;
    opened.openWave();
    auto* combo = opened.inspector->findChild<QComboBox*>(QStringLiteral("taskChoice"));
    const int at = combo->findData(QStringLiteral("forecast"));
    QVERIFY(at >= 0);
    combo->setCurrentIndex(at);
    Q_EMIT combo->activated(at);
    const auto said = [&] {
      for (const auto* label : opened.inspector->findChildren<QLabel*>())
        if (label->isVisible() && label->text().contains(QStringLiteral("A forecast needs a window"))) return true;
      return false;
    };
    QTRY_VERIFY_WITH_TIMEOUT(said(), longWait);
    opened.set("data.window", "12");
    QTRY_VERIFY_WITH_TIMEOUT(!said(), longWait);
  }

  void otherDataForgetTheWindow() {
    Opened opened;
    opened.openWave();
    opened.set("data.window", "24");
    opened.workbench.openData(tests::writeTable(opened.folder / "table.csv", 300));
    QTRY_COMPARE_WITH_TIMEOUT(opened.experiment().spec().data.sequence.window, 0, longWait);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestSequenceForm>(argc, argv); }

#include "test_sequence_form.moc"
