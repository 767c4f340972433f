// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QPushButton>
#include <QUrl>

#include "core/spec/run_status.h"
#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/theme_controller.h"
#include "ui/widgets/error_banner.h"

namespace lathe::tests {

constexpr int longWait = 30'000;

/// The whole window over the fakes, shown and active.
struct World {
  explicit World(const engine::FakeEngineOptions& options = {});
  /// As a file manager drops them on the middle of the window.
  void drop(const QList<QUrl>& urls);
  void drop(const std::filesystem::path& path);
  template <class T>
  T* child(const char* name) {
    return window.findChild<T*>(QLatin1String(name));
  }
  /// Waits until the button is enabled, then clicks it. Fails the test where there is none.
  void click(const char* name);
  /// A good table of the folder is opened and can be trained.
  [[nodiscard]] bool opensTable(const TempFolder& folder, int rows = 300);
  [[nodiscard]] bool opensTable(const std::filesystem::path& file, int rows = 300);
  /// Number of a run of `epochs` once it has made `steps`; 0: it never came so far.
  [[nodiscard]] qint64 trains(int epochs, std::int64_t steps = 1);
  [[nodiscard]] bool waitsFor(qint64 run, spec::RunStatus status);
  [[nodiscard]] spec::RunStatus newestStatus() const;
  /// As the store has it: the window's own list follows some milliseconds later, after it has closed perhaps.
  [[nodiscard]] spec::RunStatus storedStatus(qint64 run = 1) const;
  /// Sentence and remedy of the banner.
  [[nodiscard]] QString said() const;

  ui::Preferences preferences;
  ui::LanguageController language{preferences};
  ui::ThemeController theme{preferences};
  ui::Workbench workbench;
  ui::MainWindow window;
};

}  // namespace lathe::tests
