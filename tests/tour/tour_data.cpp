// SPDX-License-Identifier: GPL-3.0-or-later
// Images, and data with everything that deserves a warning.
#include <QDir>
#include <QFile>
#include <QScrollArea>
#include <QScrollBar>
#include <algorithm>

#include "core/services/samples.h"
#include "tests/tour/tour.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/runs_controller.h"
#include "ui/pages/augment_panel.h"

namespace lathe::tests {

using namespace lathe::ui;

void Tour::images() {
  const auto all = services::samples();
  const bool installed = std::any_of(
      all.begin(), all.end(), [](const auto& sample) { return sample.id == "fashion-mnist" && sample.installed; });
  if (!installed) return say(QStringLiteral("Fashion-MNIST is not installed: no pictures of images."));
  m_workbench.openSample(QStringLiteral("fashion-mnist"), true);
  const auto read = [this] {
    return m_workbench.experiment().hasData() && m_workbench.experiment().data()->profile.image;
  };
  if (!wait(read, "the images")) return;
  m_window.showPage(QStringLiteral("train"));
  wait([this] { return !m_workbench.runs().runs().empty() && m_workbench.runs().runs().front().steps > 300; },
       "some steps");
  grab(QStringLiteral("train-live"));
  liveTabs();
  for (const auto run : m_workbench.runs().active()) m_workbench.runs().pause(run);
  m_window.showPage(QStringLiteral("data"));
  settle(1500);
  grab(QStringLiteral("data-images"));
  chooseRows();
  m_window.showPage(QStringLiteral("model"));
  grab(QStringLiteral("model-images"));
  augmentation(QString());
  wait([this] { return m_workbench.runs().active().empty(); }, "the pause");
}

void Tour::augmentation(const QString& prefix) {
  auto& experiment = m_workbench.experiment();
  m_window.showPage(QStringLiteral("train"));
  auto* panel = m_window.findChild<AugmentPanel*>();
  if (panel == nullptr) return say(QStringLiteral("There is no augmentation panel."));
  QScrollArea* scroller = nullptr;
  for (QWidget* at = panel; at != nullptr && scroller == nullptr; at = at->parentWidget())
    scroller = qobject_cast<QScrollArea*>(at);
  if (scroller == nullptr) return say(QStringLiteral("The inspector does not scroll."));
  const auto show = [&](const QString& name) {
    wait([&] { return panel->previewer().state() == AugmentPreviewer::State::Ready; }, "a preview");
    settle();
    scroller->verticalScrollBar()->setValue(panel->mapTo(scroller->widget(), QPoint()).y() - 8);
    grab(prefix + QStringLiteral("augmentation") + name);
  };
  experiment.setField("training.augment.name", "standard", QStringLiteral("Change the augmentation"));
  experiment.setField("training.augment.erasing", "0.5", QStringLiteral("Change the augmentation"));
  show(QString());
  if (!prefix.isEmpty()) return;
  m_preferences.setTheme(ThemeChoice::Dark);
  experiment.setField("training.augment.name", "trivial", QStringLiteral("Change the augmentation"));
  show(QStringLiteral("-dark"));
  m_preferences.setTheme(ThemeChoice::Light);
  m_preferences.setLanguage(QStringLiteral("zh_CN"));
  experiment.setField("training.augment.cutmix", "1", QStringLiteral("Change the augmentation"));
  show(QStringLiteral("-chinese"));
  m_preferences.setLanguage(QStringLiteral("en"));
  experiment.setField("training.augment.name", "none", QStringLiteral("Change the augmentation"));
}

void Tour::messyTable() {
  const auto file = QDir::home().filePath(QStringLiteral("customers.csv"));
  QFile out(file);
  if (!out.open(QIODevice::WriteOnly)) return;
  out.write("customer_id,signed_up,tenure,monthly_charges,contract,country,cancelled_on_paper,churn\n");
  const char* const contracts[] = {"Month-to-month", "One year", "Two years"};
  for (int i = 0; i < 1200; ++i) {
    const bool leaves = i % 13 == 0;
    const auto charges = i % 29 == 0 ? QByteArray() : QByteArray::number(20 + i * 37 % 900 / 10.0);
    out.write("C" + QByteArray::number(10000 + i) + ",2023-" + QByteArray::number(1 + i % 12).rightJustified(2, '0') +
              '-' + QByteArray::number(1 + i % 28).rightJustified(2, '0') + ',' + QByteArray::number(i * 7 % 72) + ',' +
              charges + ',' + contracts[i * 5 % 3] + ",Norway," + (leaves ? "yes" : "no") + ',' +
              (leaves ? "Yes" : "No") + '\n');
  }
  out.close();
  m_window.openPath(file);
  auto& experiment = m_workbench.experiment();
  if (!wait([&] { return experiment.hasData() && !experiment.reading(); }, "the messy table")) return;
  m_window.showPage(QStringLiteral("data"));
  grab(QStringLiteral("messy-data"));
  auto graph = experiment.graph();
  if (graph.layers.size() > 1) graph.layers.back().attributes["out"] = 17;
  experiment.setGraph(std::move(graph), QStringLiteral("edit"));
  m_window.showPage(QStringLiteral("model"));
  grab(QStringLiteral("messy-model"));
  m_preferences.setLanguage(QStringLiteral("zh_CN"));
  grab(QStringLiteral("messy-model-chinese"));
  m_window.showPage(QStringLiteral("data"));
  grab(QStringLiteral("messy-data-chinese"));
  m_preferences.setLanguage(QStringLiteral("en"));
}

}  // namespace lathe::tests
