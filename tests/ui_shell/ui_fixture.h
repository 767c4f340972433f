// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QString>
#include <QTest>
#include <filesystem>
#include <memory>

#include "core/engine/fake_engine.h"
#include "tests/support/qt_wait.h"
#include "tests/support/temp_folder.h"
#include "ui/bridge/services_bundle.h"

class QAbstractItemView;
class QWidget;

/// What tests of the window share: real services over the FakeEngine and SQLite, settings in a folder of their own.
namespace lathe::tests {

/// Settings and data of the application go below a folder of its own. Before QApplication is made.
void isolateSettings();
/// That folder.
[[nodiscard]] std::filesystem::path settingsFolder();
/// Forgets every setting.
void clearSettings();

/// A bundle as app/gui makes it, but with the FakeEngine and exports verified in this process.
[[nodiscard]] ui::ServicesBundle makeFakeServices(const engine::FakeEngineOptions& options = {});

/// A table with two numeric columns, a category and a class that follows from the first column.
[[nodiscard]] QString writeTable(const std::filesystem::path& file, int rows = 300);

/// The names of visible controls below `root` that take the focus but have no accessible name.
[[nodiscard]] QStringList namelessControls(QWidget* root);

/// The main() of a test of the window: settings of its own, and no end with the last window.
template <class Test>
int runWidgetTest(int argc, char** argv) {
  isolateSettings();
  QApplication application(argc, argv);
  QApplication::setApplicationName(QStringLiteral("lathe-test"));
  QApplication::setOrganizationName(QStringLiteral("lathe-test"));
  QApplication::setQuitOnLastWindowClosed(false);
  Test test;
  return QTest::qExec(&test, argc, argv);
}

}  // namespace lathe::tests
