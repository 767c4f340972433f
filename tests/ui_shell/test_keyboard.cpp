// SPDX-License-Identifier: GPL-3.0-or-later
// Everything can be done without a mouse: mnemonics, the order of Tab, Esc, a focus that is seen, keys that are listed.
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QSet>
#include <QTest>
#include <algorithm>
#include <limits>

#include "tests/ui_shell/world.h"
#include "ui/models/format.h"
#include "ui/pages/page.h"
#include "ui/shell/header_bar.h"
#include "ui/shell/jobs_strip.h"
#include "ui/shell/mode_bar.h"
#include "ui/shell/shortcuts_dialog.h"
#include "ui/widgets/table_view.h"

using namespace lathe;
using namespace lathe::ui;
using lathe::tests::longWait;
using lathe::tests::TempFolder;
using lathe::tests::World;

namespace {

const char* const pageIds[] = {"home", "data", "model", "train", "search", "deploy", "autopilot"};

/// The letter after the single "&" of a text; null without one.
QChar mnemonicOf(QString text) {
  text.remove(QStringLiteral("&&"));
  const auto at = text.indexOf(QLatin1Char('&'));
  return at >= 0 && at + 1 < text.size() ? text[at + 1].toUpper() : QChar();
}

/// What is wrong with the mnemonics of a menu and of the menus in it.
QStringList wrongMnemonics(const QString& name, const QList<QAction*>& entries) {
  QStringList wrong;
  QSet<QChar> taken;
  for (const auto* entry : entries) {
    if (entry->isSeparator() || !entry->isVisible()) continue;
    const auto letter = mnemonicOf(entry->text());
    if (letter.isNull())
      wrong << name + QStringLiteral(": none in ") + entry->text();
    else if (taken.contains(letter))
      wrong << name + QStringLiteral(": taken twice in ") + entry->text();
    taken.insert(letter);
    if (entry->menu() != nullptr) {
      Q_EMIT entry->menu()->aboutToShow();
      wrong << wrongMnemonics(entry->text(), entry->menu()->actions());
    }
  }
  return wrong;
}

/// The controls that Tab visits, from the one in focus until it comes round.
QList<QWidget*> tabStops(QWidget& window) {
  QList<QWidget*> stops;
  for (int i = 0; i < 300; ++i) {
    QTest::keyClick(&window, Qt::Key_Tab);
    auto* focus = QApplication::focusWidget();
    if (focus == nullptr || stops.contains(focus)) break;
    stops << focus;
  }
  return stops;
}

/// Part of the window that a control lies in, in the order a person reads it.
int partOf(MainWindow& window, const QWidget* control) {
  if (window.findChild<ModeBar*>()->isAncestorOf(control)) return 0;
  if (window.findChild<HeaderBar*>()->isAncestorOf(control)) return 1;
  if (window.banner().isAncestorOf(control) || &window.banner() == control) return 2;
  if (window.page(window.currentPage())->isAncestorOf(control)) return 3;
  if (window.findChild<JobsStrip*>()->isAncestorOf(control)) return 5;
  return 4;  // the inspector, and below everything the status
}

}  // namespace

class TestKeyboard : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void init() { tests::clearSettings(); }

  void everyMenuEntryHasAMnemonicOfItsOwn() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    for (const char* language : {"en", "zh_CN", "en"}) {
      world.preferences.setLanguage(QLatin1String(language));
      QCoreApplication::processEvents();
      const auto wrong = wrongMnemonics(QLatin1String(language), world.window.menuBar()->actions());
      QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QLatin1Char('\n'))));
    }
  }

  void mnemonicsAreShownOnlyInMenus() {
    QCOMPARE(format::withoutMnemonic(QStringLiteral("Pr&eferences…")), QStringLiteral("Preferences…"));
    QCOMPARE(format::withoutMnemonic(QStringLiteral("打开数据(&O)…")), QStringLiteral("打开数据…"));
    QCOMPARE(format::withoutMnemonic(QStringLiteral("&Undo: Change a && b")), QStringLiteral("Undo: Change a & b"));
    World world;
    for (const char* language : {"zh_CN", "en"}) {
      world.preferences.setLanguage(QLatin1String(language));
      QCoreApplication::processEvents();
      for (const auto* button : world.window.findChild<ModeBar*>()->buttons())
        QVERIFY2(!button->text().contains(QLatin1Char('&')) && !button->text().contains(QLatin1Char('(')),
                 qPrintable(button->text()));
      for (const auto& command : world.window.commands())
        QVERIFY2(!command.text.contains(QLatin1Char('&')) && !command.group.contains(QLatin1Char('(')),
                 qPrintable(command.text));
    }
  }

  void tabGoesThroughEveryPageAsItIsRead() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    QVERIFY(world.trains(1) == 1);
    QVERIFY(world.waitsFor(1, spec::RunStatus::Completed));
    for (const char* id : pageIds) {
      world.window.showPage(QLatin1String(id));
      QCoreApplication::processEvents();
      world.window.findChild<ModeBar*>()->buttons().last()->setFocus();
      (void)tabStops(world.window);  // a table that is entered gets a current row, and its buttons something to do
      world.window.findChild<ModeBar*>()->buttons().last()->setFocus();
      const auto stops = tabStops(world.window);
      QVERIFY2(stops.size() > 6, id);
      // From the header on: the round ends in the mode bar.
      QList<int> parts;
      for (const auto* stop : stops) parts << partOf(world.window, stop);
      while (!parts.isEmpty() && parts.last() == 0) parts.removeLast();
      QStringList names;
      for (qsizetype i = 0; i < parts.size(); ++i)
        names << QStringLiteral("%1 %2 %3")
                     .arg(parts[i])
                     .arg(QLatin1String(stops[i]->metaObject()->className()), stops[i]->objectName());
      QVERIFY2(std::is_sorted(parts.begin(), parts.end()),
               qPrintable(QLatin1String(id) + QLatin1Char('\n') + names.join(QLatin1Char('\n'))));
      // Within the inspector from top to bottom.
      int last = std::numeric_limits<int>::min() + 4;
      for (qsizetype i = 0; i < parts.size(); ++i) {
        if (parts[i] != 4 || stops[i]->window() != &world.window) continue;
        const int y = stops[i]->mapTo(&world.window, QPoint(0, 0)).y();
        QVERIFY2(y >= last - 4 || world.window.height() - y < 40, qPrintable(names.join(QLatin1Char('\n'))));
        last = y;
      }
      // Nothing that takes the focus is left out.
      for (auto* control : world.window.page(QLatin1String(id))->findChildren<QWidget*>()) {
        if (!control->isVisible() || !control->isEnabled() || control->focusProxy() != nullptr) continue;
        if ((control->focusPolicy() & Qt::TabFocus) == 0 || control->objectName().startsWith(QLatin1String("qt_")))
          continue;
        QVERIFY2(stops.contains(control),
                 qPrintable(QStringLiteral("%1: %2 %3")
                                .arg(QLatin1String(id), QLatin1String(control->metaObject()->className()),
                                     control->objectName())));
      }
    }
  }

  void theFocusIsSeenWhereverItIs() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    QVERIFY(world.trains(1) == 1);
    QVERIFY(world.waitsFor(1, spec::RunStatus::Completed));
    QStringList unseen;
    for (const char* id : pageIds) {
      world.window.showPage(QLatin1String(id));
      QCoreApplication::processEvents();
      world.window.findChild<ModeBar*>()->buttons().last()->setFocus(Qt::TabFocusReason);
      const auto count = tabStops(world.window).size();
      for (qsizetype i = 0; i < count; ++i) {
        QTest::keyClick(&world.window, Qt::Key_Tab);
        auto* stop = QApplication::focusWidget();
        QVERIFY(stop != nullptr);
        QCoreApplication::processEvents();
        // A part of a control shows the focus of the whole.
        const auto around = QRect(stop->mapTo(&world.window, QPoint(-4, -4)), stop->size() + QSize(8, 8));
        const auto with = world.window.grab(around).toImage();
        stop->clearFocus();
        QCoreApplication::processEvents();
        if (world.window.grab(around).toImage() == with)
          unseen << QStringLiteral("%1: %2 %3 (%4)")
                        .arg(QLatin1String(id), QLatin1String(stop->metaObject()->className()), stop->objectName(),
                             stop->accessibleName());
        stop->setFocus(Qt::TabFocusReason);
      }
    }
    QVERIFY2(unseen.isEmpty(), qPrintable(unseen.join(QLatin1Char('\n'))));
  }

  void escClosesWhatFloats() {
    TempFolder folder;
    World world;
    QVERIFY(world.opensTable(folder));
    world.window.showPage(QStringLiteral("data"));
    auto* table = world.child<TableView>("columnTable");
    table->setFocus();
    world.window.banner().showError({"x", {"Something went wrong.", {}}, {"Mend it.", {}}});
    QTest::keyClick(table, Qt::Key_F, Qt::ControlModifier);
    auto* find = qobject_cast<QLineEdit*>(QApplication::focusWidget());
    QVERIFY(find != nullptr && table->isAncestorOf(find));
    QTest::keyClick(find, Qt::Key_Escape);
    QVERIFY(!find->isVisible());
    QVERIFY(world.window.banner().isVisible());  // one thing at a time
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget*>(table));
    QTest::keyClick(table, Qt::Key_Escape);
    QVERIFY(!world.window.banner().isVisible());
    for (const char* name : {"preferences", "shortcuts", "machine", "about"}) {
      world.window.action(QLatin1String(name))->trigger();
      QPointer<QDialog> dialog = world.window.findChild<QDialog*>();
      QVERIFY2(dialog != nullptr && dialog->isVisible(), name);
      QTest::keyClick(dialog, Qt::Key_Escape);
      QTRY_VERIFY2_WITH_TIMEOUT(dialog == nullptr, name, longWait);
    }
  }

  void everyShortcutIsListed() {
    World world;
    world.window.action(QStringLiteral("shortcuts"))->trigger();
    auto* dialog = world.window.findChild<ShortcutsDialog*>();
    QVERIFY(dialog != nullptr && dialog->isVisible());
    QStringList texts;
    for (const auto* label : dialog->findChildren<QLabel*>()) texts << label->text();
    for (const auto* known : world.window.actions())
      if (!known->shortcut().isEmpty())
        QVERIFY2(texts.contains(known->shortcut().toString(QKeySequence::NativeText)) &&
                     texts.contains(format::withoutMnemonic(known->text())),
                 qPrintable(known->text()));
    for (const char* key : {"F5", "Ctrl+K", "Ctrl+F", "Esc", "F2"}) QVERIFY2(texts.contains(QLatin1String(key)), key);
  }
};

int main(int argc, char** argv) { return tests::runWidgetTest<TestKeyboard>(argc, argv); }

#include "test_keyboard.moc"
