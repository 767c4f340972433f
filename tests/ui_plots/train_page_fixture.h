// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

#include "tests/ui_bridge/window_fixture.h"
#include "ui/models/runs_model.h"
#include "ui/pages/train_curves.h"
#include "ui/pages/train_page.h"
#include "ui/pages/train_runs.h"
#include "ui/widgets/table_view.h"

namespace lathe::tests {

/// The Train page over a project with a table.
struct PageFixture {
  explicit PageFixture(engine::FakeEngineOptions options = {}) : window(options), page(*window.bench) {
    page.resize(960, 680);
    page.show();
    ready = window.open();
    runs = page.findChild<ui::TrainRuns*>();
    curves = page.findChild<ui::TrainCurves*>();
    table = page.findChild<ui::TableView*>(QStringLiteral("runsTable"));
  }
  void clickRow(int row, Qt::KeyboardModifiers modifiers = {}) const {
    const auto cell = table->visualRect(table->model()->index(row, ui::RunsModel::State));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, modifiers, cell.center());
  }
  [[nodiscard]] QAction* menuAction(const char* name) const {
    runs->openMenu(page.mapToGlobal(QPoint(10, 10)));
    for (auto* menu : page.findChildren<QMenu*>(QStringLiteral("runMenu")))
      if (auto* action = menu->findChild<QAction*>(QLatin1String(name))) return action;
    return nullptr;
  }
  Window window;
  ui::TrainPage page;
  ui::TrainRuns* runs = nullptr;
  ui::TrainCurves* curves = nullptr;
  ui::TableView* table = nullptr;
  bool ready = false;
};

}  // namespace lathe::tests
