// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QLabel>
#include <QTest>
#include <memory>

#include "tests/support/sound.h"
#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/pages/data_page.h"
#include "ui/pages/image_grid.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/value_editor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::TempFolder;

namespace {

constexpr int longWait = 30'000;

bool says(const QWidget* widget, const QString& text) {
  for (const auto* label : widget->findChildren<QLabel*>())
    if (label->isVisible() && label->text().contains(text)) return true;
  for (const auto* label : widget->findChildren<ElidedLabel*>())
    if (label->isVisible() && label->text().contains(text)) return true;
  return false;
}

}  // namespace

class TestSoundPage : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void clipsAreShownAndCanBeTrained() {
    const TempFolder folder;
    tests::writeToneFolder(folder / "tones", 40);
    Workbench workbench(tests::makeFakeServices());
    DataPage page(workbench);
    page.resize(1000, 700);
    page.show();
    const std::unique_ptr<QWidget> inspector(page.inspector());
    inspector->resize(320, 900);
    inspector->show();
    workbench.loadEngine();
    workbench.openData(QString::fromStdString((folder / "tones").string()));
    auto& experiment = workbench.experiment();
    QTRY_VERIFY_WITH_TIMEOUT(experiment.hasData() && workbench.engine() != nullptr, longWait);
    const auto* data = experiment.data();
    QVERIFY(data->profile.audio && !data->cannotTrain);
    QCOMPARE(data->profile.sampleRate, 8000);
    QVERIFY(says(&page, QStringLiteral("80 clip")) && says(&page, QStringLiteral("8000 Hz")));
    QVERIFY(says(inspector.get(), QStringLiteral("Predict the class of a clip of sound")));
    auto* grid = page.findChild<ImageGrid*>(QStringLiteral("imageGrid"));
    QTRY_VERIFY_WITH_TIMEOUT(grid->isVisible() && grid->loadedCount() > 10, longWait);

    const auto shownEditor = [&](const char* path) -> ValueEditor* {
      for (auto* editor : inspector->findChildren<ValueEditor*>(QLatin1String(path)))
        if (editor->isVisible()) return editor;
      return nullptr;
    };
    QVERIFY(shownEditor("data.preprocessing.sample_rate") != nullptr);
    QVERIFY(shownEditor("data.preprocessing.clip_seconds") != nullptr);
    QVERIFY(shownEditor("data.split.validation") != nullptr);
    QVERIFY(shownEditor("data.preprocessing.image_size") == nullptr);
    QVERIFY(shownEditor("data.preprocessing.scaling") == nullptr);
    QCOMPARE(experiment.graph().layers.front().kind, std::string("log_mel"));
    QVERIFY(!experiment.graphReport().error);
    QVERIFY(experiment.setField("data.preprocessing.sample_rate", "4000", QStringLiteral("test")));
    QTRY_COMPARE_WITH_TIMEOUT(experiment.data()->profile.sampleRate, 4000, longWait);

    QVERIFY(experiment.setField("training.epochs", "1", QStringLiteral("test")));
    experiment.train();
    const auto finished = [&] {
      const auto* run = workbench.runs().run(1);
      return run != nullptr && run->status == spec::RunStatus::Completed;
    };
    QTRY_VERIFY_WITH_TIMEOUT(finished(), longWait);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestSoundPage>(argc, argv); }

#include "test_sound_page.moc"
