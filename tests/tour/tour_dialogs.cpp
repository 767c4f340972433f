// SPDX-License-Identifier: GPL-3.0-or-later
// What floats above the pages.
#include <QAction>
#include <QDialog>
#include <QLineEdit>

#include "tests/tour/tour.h"
#include "ui/bridge/rate_finder.h"
#include "ui/pages/rate_dialog.h"
#include "ui/shell/close_dialog.h"
#include "ui/widgets/error_banner.h"

namespace lathe::tests {

using namespace lathe::ui;

void Tour::grabDialog(const char* actionName, const char* dialogName, const QString& picture) {
  m_window.action(QLatin1String(actionName))->trigger();
  settle(1000);
  auto* dialog = m_window.findChild<QDialog*>(QLatin1String(dialogName));
  if (dialog == nullptr) return say(QStringLiteral("There is no ") + QLatin1String(dialogName));
  save(*dialog, picture);
  dialog->close();
  settle();
}

void Tour::floating(const QString& prefix) {
  m_window.showPage(QStringLiteral("train"));
  m_window.palettePopup().open(m_window.commands());
  QTest::keyClicks(&m_window.palettePopup().input(), QStringLiteral("tra"));
  grab(prefix + QStringLiteral("palette"));
  QTest::keyClick(&m_window.palettePopup().input(), Qt::Key_Escape);
  m_window.banner().showError({"data.empty_file",
                               {"{file} is empty.", {{"file", "measurements.csv"}}},
                               {"Choose a file with rows of values.", {}}});
  grab(prefix + QStringLiteral("banner"));
  m_window.banner().dismiss();
  grabDialog("preferences", "preferencesDialog", prefix + QStringLiteral("preferences"));
  grabDialog("shortcuts", "shortcutsDialog", prefix + QStringLiteral("shortcuts"));
  grabDialog("machine", "machineDialog", prefix + QStringLiteral("machine"));
  RateDialog rates(m_workbench, &m_window);
  rates.setAttribute(Qt::WA_DeleteOnClose, false);
  rates.show();
  wait([&rates] { return rates.finder()->state() != RateFinder::State::Running; }, "the range test");
  settle();
  save(rates, prefix + QStringLiteral("rates"));
  CloseDialog closing(1, &m_window);
  closing.setAttribute(Qt::WA_DeleteOnClose, false);
  closing.show();
  settle();
  save(closing, prefix + QStringLiteral("closing"));
}

}  // namespace lathe::tests
