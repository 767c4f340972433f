// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>
#include <QTest>
#include <string>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/bridge/study_controller.h"
#include "ui/pages/search_page.h"
#include "ui/pages/search_pictures.h"
#include "ui/pages/trials_panel.h"

namespace lathe::tests {

/// The Search page of a window with a table in a project of its own, whose engine is the FakeEngine.
struct SearchFixture {
  explicit SearchFixture(const engine::FakeEngineOptions& options = {}, int epochs = 3, int height = 700)
      : window(options), page(*window.bench) {
    page.resize(1100, height);
    page.show();
    ready = window.open();
    auto spec = window.experiment().spec();
    spec.training.epochs = epochs;
    spec.training.optimizer.name = "adamw";
    window.experiment().setSpec(std::move(spec), QStringLiteral("test"));
  }
  [[nodiscard]] ui::StudyController& studies() const { return window.bench->studies(); }
  [[nodiscard]] const ui::SearchDraft& draft() const { return window.experiment().search(); }
  void set(int trials, const std::string& pruner = "none", int seeds = 1) const {
    auto draft = window.experiment().search();
    draft.settings.trials = trials;
    draft.settings.workers = 2;
    draft.settings.sampler = "random";
    draft.settings.pruner = pruner;
    draft.settings.confirmSeeds = seeds;
    window.experiment().setSearch(std::move(draft), QStringLiteral("test"));
  }
  /// Starts a study and waits for its end.
  [[nodiscard]] bool search(int trials, int seeds = 1) const {
    set(trials, "none", seeds);
    return run(trials);
  }
  /// The study that is set up, until so many trials have completed.
  [[nodiscard]] bool run(int trials) const {
    if (!QTest::qWaitFor([this] { return !studies().cannotSearch(); }, 30000)) return false;
    studies().start();
    return waitFor(spec::RunStatus::Completed) &&
           QTest::qWaitFor(
               [this, trials] {
                 return studies().table() && studies().table()->count(spec::RunStatus::Completed) >= trials;
               },
               30000);
  }
  [[nodiscard]] bool waitFor(spec::RunStatus status) const {
    return QTest::qWaitFor(
        [this, status] {
          const auto* record = studies().study(studies().current());
          return record != nullptr && record->status == status;
        },
        60000);
  }
  [[nodiscard]] QAction* trialAction(const char* name) const {
    auto* trials = page.pictures()->trials();
    trials->openMenu(page.mapToGlobal(QPoint(10, 10)));
    for (auto* menu : trials->findChildren<QMenu*>(QStringLiteral("trialMenu")))
      if (auto* action = menu->findChild<QAction*>(QLatin1String(name))) return action;
    return nullptr;
  }
  template <class T>
  T* child(const char* name) const {
    return page.findChild<T*>(QLatin1String(name));
  }
  Window window;
  ui::SearchPage page;
  bool ready = false;
};

}  // namespace lathe::tests
