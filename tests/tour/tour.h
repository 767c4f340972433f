// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTest>
#include <functional>

#include "ui/bridge/workbench.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"
#include "ui/shell/preferences.h"
#include "ui/shell/theme_controller.h"

namespace lathe::tests {

constexpr int longWait = 180'000;

/// The window with sample projects and the real services, and a folder for the pictures.
class Tour {
 public:
  explicit Tour(QString folder);
  int whole();
  /// The table's project again, in a process that draws at another scale.
  int again(const QString& name);
  /// The Search page alone, in every theme and language.
  int searchAlone(const QString& name);
  /// The Autopilot page alone.
  int autopilotAlone(const QString& name);
  /// The studies of a project that is there, in every theme and language.
  int studiesAlone(const QString& project, const QString& name);

 private:
  static void say(const QString& text);
  static bool wait(const std::function<bool()>& done, const char* what, int ms = longWait);
  static void settle(int ms = 500) { QTest::qWait(ms); }
  void grab(const QString& name);
  void save(QWidget& widget, const QString& name) const;

  // pages (tour.cpp)
  /// Light, dark and Chinese, which are the prefixes of the pictures' names; only as it is under a name of its own.
  void inEveryTheme(const QString& name, const std::function<void(const QString&)>& walk);
  void everyPage(const QString& prefix);
  /// What lies below loss and metric of the Train page.
  void plotTabs(const QString& prefix);
  void chooseRows();
  void emptyProject();

  // trainings (tour_training.cpp)
  bool trainOnce();
  bool trainTable();
  bool serveRun();
  /// A run that tries settings, while it does so and after.
  bool chooseSettings();
  /// A run at a rate that was found on a curve.
  void foundRate();
  /// Why a run failed, and what can be done.
  void failedRun();
  /// Predictions and weights of images while the training runs, in both themes.
  void liveTabs();

  // searches (tour_search.cpp)
  bool searchOnce(const char* goals, int trials, const char* pruner);
  void search();
  void constrain();
  void setCondition();
  void showPruners();
  void searchTabs(const QString& prefix);
  void architectures();
  void architectureTabs(const QString& prefix);
  /// Every tab of every study.
  void studyTabs(const QString& prefix);
  // the Autopilot (tour_autopilot.cpp)
  void autopilot(const QString& name);

  // dialogs (tour_dialogs.cpp)
  void grabDialog(const char* actionName, const char* dialogName, const QString& picture);
  void floating(const QString& prefix);

  // data (tour_data.cpp)
  void images();
  /// What the network will see of images, in every theme and language.
  void augmentation(const QString& prefix);
  /// A table with everything that deserves a warning, and a network that does not fit.
  void messyTable();

  QString m_folder;
  ui::Preferences m_preferences;
  ui::LanguageController m_language{m_preferences};
  ui::ThemeController m_theme{m_preferences};
  ui::Workbench m_workbench;
  ui::MainWindow m_window;
};

}  // namespace lathe::tests
