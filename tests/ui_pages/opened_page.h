// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

#include "tests/support/temp_folder.h"
#include "tests/ui_shell/ui_fixture.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"

namespace lathe::tests {

inline constexpr int longWait = 20'000;

/// A page of a workbench on the FakeEngine, shown, with its inspector.
template <class PageType>
struct Opened {
  explicit Opened(const engine::FakeEngineOptions& options = {})
      : workbench(makeFakeServices(options)), page(workbench) {
    page.resize(1000, 700);
    page.show();
    if (auto* inspector = page.inspector()) {
      inspector->resize(300, 900);
      inspector->show();
    }
    workbench.loadEngine();
  }
  ~Opened() { delete page.inspector(); }
  Opened(const Opened&) = delete;
  Opened& operator=(const Opened&) = delete;

  void openTable(int rows = 300) {
    workbench.openData(writeTable(folder / "table.csv", rows));
    QTRY_VERIFY_WITH_TIMEOUT(workbench.experiment().hasData() && workbench.engine() != nullptr, longWait);
  }
  template <class T>
  T* child(const char* name) {
    auto* found = page.template findChild<T*>(QLatin1String(name));
    if (found == nullptr && page.inspector() != nullptr)
      found = page.inspector()->template findChild<T*>(QLatin1String(name));
    return found;
  }

  TempFolder folder;
  ui::Workbench workbench;
  PageType page;
};

}  // namespace lathe::tests
