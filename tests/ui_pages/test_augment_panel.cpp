// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include "tests/support/sample_data.h"
#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/pixels.h"
#include "ui/pages/augment_grid.h"
#include "ui/pages/augment_panel.h"
#include "ui/pages/train_form.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/value_editor.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::TempFolder;
using State = AugmentPreviewer::State;

namespace {

constexpr int longWait = 20'000;

struct Opened {
  explicit Opened(ServicesBundle services = tests::makeFakeServices())
      : workbench(std::move(services)), panel(new AugmentPanel(workbench, &window)) {
    window.resize(270, 900);
    panel->resize(270, 900);
    window.show();
  }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  void openImages() {
    tests::writeIdxFolder(folder / "pictures", 80, 20);
    workbench.openData(QString::fromStdString((folder / "pictures").string()));
    QTRY_VERIFY_WITH_TIMEOUT(workbench.experiment().hasData(), longWait);
  }
  void choose(const char* name) {
    auto* combo = panel->findChild<ValueEditor*>(QStringLiteral("training.augment.name"))->findChild<QComboBox*>();
    const int at = combo->findData(QString::fromLatin1(name));
    QVERIFY(at >= 0);
    combo->setCurrentIndex(at);
    Q_EMIT combo->activated(at);
  }
  [[nodiscard]] State state() const { return panel->previewer().state(); }
  [[nodiscard]] AugmentGrid* grid() const { return panel->findChild<AugmentGrid*>(); }
  [[nodiscard]] QPushButton* others() const { return panel->findChild<QPushButton*>(QStringLiteral("augmentOthers")); }

  TempFolder folder;
  Workbench workbench;
  QWidget window;
  AugmentPanel* panel;
};

}  // namespace

class TestAugmentPanel : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void tablesHaveNoAugmentation() {
    Opened opened;
    opened.workbench.openData(tests::writeTable(opened.folder / "table.csv", 300));
    QTRY_VERIFY_WITH_TIMEOUT(opened.workbench.experiment().hasData(), longWait);
    QVERIFY(!opened.panel->isVisible());
    QCOMPARE(opened.state(), State::Idle);
  }

  void anAugmentationIsChosenAndSeen() {
    Opened opened;
    opened.openImages();
    QTRY_VERIFY(opened.panel->isVisible());
    auto* note = opened.panel->findChild<QLabel*>(QStringLiteral("augmentNote"));
    QVERIFY(note->isVisible() && !note->text().isEmpty());  // says what will be here
    QVERIFY(!opened.grid()->isVisible() && !opened.others()->isVisible());

    opened.choose("trivial");
    QCOMPARE(opened.workbench.experiment().spec().training.augment.name, std::string("trivial"));
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Ready, longWait);
    QTRY_VERIFY(opened.grid()->isVisible());
    QCOMPARE(opened.grid()->rows(), 4);
    QCOMPARE(opened.grid()->columns(), 5);
    // What is drawn is what the service made.
    const auto& preview = *opened.panel->previewer().preview();
    QCOMPARE(opened.grid()->picture(2, 3).convertToFormat(QImage::Format_Grayscale8),
             imageOf(preview.versions[2][2], preview.shape));
    QTRY_COMPARE(opened.grid()->height(), opened.grid()->heightForWidth(opened.grid()->width()));

    opened.choose("none");
    QTRY_COMPARE(opened.state(), State::Idle);
    QVERIFY(!opened.grid()->isVisible() && note->isVisible());
  }

  void othersAreShownOnAClick() {
    Opened opened;
    opened.openImages();
    opened.choose("standard");
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Ready, longWait);
    const auto first = *opened.panel->previewer().preview();
    QTRY_VERIFY(opened.others()->isEnabled());
    QTest::mouseClick(opened.others(), Qt::LeftButton);
    QCOMPARE(opened.state(), State::Busy);
    QVERIFY(opened.grid()->isVisible());  // the old ones stay until the new ones are there
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Ready, longWait);
    const auto second = *opened.panel->previewer().preview();
    QVERIFY(second.rows != first.rows && second.steps != first.steps);
    // The keyboard does the same.
    opened.others()->setFocus();
    QTest::keyClick(opened.others(), Qt::Key_Space);
    QTRY_VERIFY_WITH_TIMEOUT(opened.state() == State::Ready && opened.panel->previewer().preview()->rows != second.rows,
                             longWait);
  }

  void aChangedSettingShowsTheSameImagesAnew() {
    Opened opened;
    opened.openImages();
    opened.choose("custom");
    QCOMPARE(opened.state(), State::Idle);  // custom changes nothing yet
    auto* editor = opened.panel->findChild<ValueEditor*>(QStringLiteral("training.augment.rotation"));
    QVERIFY(editor->isVisible());
    auto* line = editor->findChild<QLineEdit*>();
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("45"));
    QTRY_VERIFY_WITH_TIMEOUT(
        opened.state() == State::Ready && opened.panel->previewer().preview()->augment.rotation == 45, longWait);
    const auto before = *opened.panel->previewer().preview();
    QTest::qWait(900);  // what is typed at once is undone at once
    line->selectAll();
    QTest::keyClicks(line, QStringLiteral("90"));
    QTRY_VERIFY_WITH_TIMEOUT(
        opened.state() == State::Ready && opened.panel->previewer().preview()->augment.rotation == 90, longWait);
    const auto& after = *opened.panel->previewer().preview();
    QCOMPARE(after.rows, before.rows);
    QVERIFY(after.originals == before.originals && after.versions != before.versions);
    opened.workbench.experiment().undo();
    QTRY_VERIFY_WITH_TIMEOUT(
        opened.state() == State::Ready && opened.panel->previewer().preview()->versions == before.versions, longWait);
  }

  void whatCannotBeShownIsExplained() {
    Opened opened;
    opened.openImages();
    std::filesystem::remove_all(opened.folder / "pictures");
    opened.choose("light");
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Failed, longWait);
    auto* empty = opened.panel->findChild<EmptyState*>();
    QTRY_VERIFY(empty->isVisible());
    QVERIFY(!empty->title().isEmpty());
    QVERIFY(!opened.grid()->isVisible());
  }

  void nothingIsDrawnWhileNobodyLooks() {
    Opened opened;
    opened.openImages();
    opened.window.hide();
    opened.choose("light");
    QTest::qWait(400);
    QVERIFY(!opened.panel->previewer().preview());
    opened.window.show();
    QTRY_COMPARE_WITH_TIMEOUT(opened.state(), State::Ready, longWait);
    QVERIFY(tests::namelessControls(&opened.window).isEmpty());
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestAugmentPanel>(argc, argv); }

#include "test_augment_panel.moc"
