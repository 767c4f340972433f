// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_strip.h"

#include <QApplication>
#include <QClipboard>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <algorithm>

#include "core/base/machine.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

StatusStrip::StatusStrip(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      m_workbench(workbench),
      m_device(makeLabel(TextRole::Caption, this)),
      m_blasWarning(makeButton(ButtonKind::Link, this)),
      m_blas(makeLabel(TextRole::Caption, this)),
      m_engine(makeLabel(TextRole::Caption, this)),
      m_memory(makeLabel(TextRole::Caption, this)),
      m_store(new ElidedLabel(this)) {
  setProperty("statusStrip", true);
  setObjectName(QStringLiteral("statusStrip"));
  setTextRole(*m_blasWarning, TextRole::Caption);
  setTextRole(*m_store, TextRole::Caption);
  m_blasWarning->setIconSize(QSize(14, 14));
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 2, 16, 3);
  layout->setSpacing(18);
  for (QWidget* widget :
       {static_cast<QWidget*>(m_device), static_cast<QWidget*>(m_blasWarning), static_cast<QWidget*>(m_blas),
        static_cast<QWidget*>(m_engine), static_cast<QWidget*>(m_memory)})
    layout->addWidget(widget);
  layout->addStretch(1);
  layout->addWidget(m_store);
  m_blasWarning->hide();

  connect(m_blasWarning, &QPushButton::clicked, this, &StatusStrip::showBlasHelp);
  connect(&workbench, &Workbench::engineReady, this, [this] {
    m_engineFailed = false;
    follow();
  });
  connect(&workbench, &Workbench::engineFailed, this, [this] {
    m_engineFailed = true;
    follow();
  });
  connect(&workbench, &Workbench::projectOpened, this, [this] {
    m_points = 0;
    followStore();
    follow();
  });
  connect(&workbench, &Workbench::projectClosed, this, &StatusStrip::follow);
  m_timer.setInterval(2000);
  connect(&m_timer, &QTimer::timeout, this, [this] {
    followMachine();
    followStore();
  });
  m_timer.start();
  followMachine();
  follow();
}

void StatusStrip::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) follow();
}

void StatusStrip::followMachine() {
  struct Seen {
    MachineInfo machine;
    std::uint64_t resident = 0;
  };
  runAsync(
      *m_workbench.services().workers, this,
      [] {
        return Seen{machineInfo(), residentMemory()};
      },
      [this](const Seen& seen) {
        m_threads = seen.machine.threads;
        m_memoryUsed = static_cast<double>(seen.resident);
        m_memoryTotal = static_cast<double>(seen.machine.memoryTotal);
        m_memoryFree = static_cast<double>(seen.machine.memoryAvailable);
        follow();
      });
}

/// Counting asks the database: not on this thread.
void StatusStrip::followStore() {
  const auto project = m_workbench.project();
  if (!project) return;
  runAsync(
      m_workbench.readers(), this, [project] { return project->store().totalPoints(); },
      [this](std::int64_t points) {
        m_points = points;
        follow();
      });
}

void StatusStrip::follow() {
  const auto& info = m_workbench.engineInfo();
  const bool loaded = m_workbench.engine() != nullptr;
  QString device = tr("CPU");
  for (const auto& name : info.devices)
    if (name != "cpu") device = QString::fromStdString(name).toUpper();
  m_device->setText(m_threads > 0 ? tr("%1, %n thread(s)", nullptr, static_cast<int>(m_threads)).arg(device) : device);
  if (m_memoryTotal > 0) {
    m_memory->setText(tr("Memory %1 of %2").arg(format::bytes(m_memoryUsed), format::bytes(m_memoryTotal)));
    m_memory->setToolTip(tr("%1 of memory are free").arg(format::bytes(m_memoryFree)));
  }
  m_engine->setText(loaded           ? QString::fromStdString(info.name)
                    : m_engineFailed ? tr("No engine: training is not possible")
                                     : tr("Loading the engine"));
  setTextRole(*m_engine, m_engineFailed && !loaded ? TextRole::Bad : TextRole::Caption);
  const auto blas = QString::fromStdString(info.blas);
  const bool slow = loaded && info.blasIsSlow;
  m_blas->setText(blas);
  m_blas->setVisible(loaded && !slow && !blas.isEmpty() && info.blas != "none");
  m_blasWarning->setVisible(slow);
  if (slow) {
    m_blasWarning->setText(tr("%1 is slow").arg(blas));
    m_blasWarning->setToolTip(tr("Training would be several times faster with another BLAS. Click for the command."));
    m_blasWarning->setIcon(icon(QStringLiteral("warning"), Theme::current().warning));
  }
  const auto project = m_workbench.project();
  m_store->setVisible(project != nullptr);
  if (!project) return;
  const int points = format::plural(m_points);
  m_store->setText((project->readOnly() ? tr("Store: %1 point(s), read-only", nullptr, points)
                                        : tr("Store: %1 point(s)", nullptr, points))
                       .arg(format::integer(m_points)));
}

void StatusStrip::showBlasHelp() {
  const auto command = QString::fromStdString(m_workbench.engineInfo().blasHint);
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  menu->addAction(command)->setEnabled(false);
  connect(menu->addAction(icon(QStringLiteral("copy")), tr("Copy this command")), &QAction::triggered, this,
          [command] { QApplication::clipboard()->setText(command); });
  menu->popup(m_blasWarning->mapToGlobal(QPoint(0, -menu->sizeHint().height() - 2)));
}

}  // namespace lathe::ui
