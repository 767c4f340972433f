// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/header_bar.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

#include "core/spec/spec_json.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {
namespace {

constexpr int shownVersions = 12;

QString keysOf(const QAction* action) { return action->shortcut().toString(QKeySequence::NativeText); }

}  // namespace

HeaderBar::HeaderBar(Workbench& workbench, Actions actions, QWidget* parent)
    : QFrame(parent),
      m_workbench(workbench),
      m_actions(actions),
      m_project(new ElidedLabel(this, Qt::ElideMiddle)),
      m_slash(makeLabel(TextRole::Caption, this, QStringLiteral("/"))),
      m_experiment(makeButton(ButtonKind::Ordinary, this)),
      m_saved(makeLabel(TextRole::Caption, this)),
      m_commands(makeButton(ButtonKind::Ordinary, this)),
      m_pause(makeButton(ButtonKind::Ordinary, this)),
      m_train(makeButton(ButtonKind::Primary, this)) {
  setProperty("headerBar", true);
  setObjectName(QStringLiteral("headerBar"));
  setTextRole(*m_project, TextRole::Strong);
  m_project->setMaximumWidth(260);
  m_experiment->setLayoutDirection(Qt::RightToLeft);  // the arrow goes to the right
  m_experiment->setObjectName(QStringLiteral("experimentButton"));
  m_train->setObjectName(QStringLiteral("trainButton"));
  m_pause->setObjectName(QStringLiteral("pauseButton"));
  m_commands->setObjectName(QStringLiteral("commandsButton"));
  m_saved->setObjectName(QStringLiteral("savedLabel"));

  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(16, 6, 16, 6);
  layout->setSpacing(8);
  for (QWidget* widget : {static_cast<QWidget*>(m_project), static_cast<QWidget*>(m_slash),
                          static_cast<QWidget*>(m_experiment), static_cast<QWidget*>(m_saved)})
    layout->addWidget(widget);
  layout->addStretch(1);
  for (auto* button : {m_commands, m_pause, m_train}) layout->addWidget(button);

  connect(m_experiment, &QPushButton::clicked, this, &HeaderBar::openExperimentMenu);
  connect(m_commands, &QPushButton::clicked, actions.commands, &QAction::trigger);
  connect(m_pause, &QPushButton::clicked, this, [this] { m_actions.pause->trigger(); });
  connect(m_train, &QPushButton::clicked, this, [this] { m_actions.train->trigger(); });
  for (auto* action : {actions.commands, actions.pause, actions.train})
    connect(action, &QAction::changed, this, &HeaderBar::follow);
  auto& experiment = workbench.experiment();
  connect(&experiment, &ExperimentController::specChanged, this, &HeaderBar::follow);
  connect(&experiment, &ExperimentController::savedChanged, this, &HeaderBar::follow);
  connect(&workbench, &Workbench::projectOpened, this, &HeaderBar::follow);
  connect(&workbench, &Workbench::projectClosed, this, &HeaderBar::follow);
  retranslate();
}

void HeaderBar::setDeeds(QAction* pause, QAction* primary) {
  if (m_actions.pause == pause && m_actions.train == primary) return;
  m_actions.pause = pause;
  m_actions.train = primary;
  for (auto* action : {pause, primary})
    connect(action, &QAction::changed, this, &HeaderBar::follow, Qt::UniqueConnection);
  follow();
}

void HeaderBar::changeEvent(QEvent* event) {
  QFrame::changeEvent(event);
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) retranslate();
}

void HeaderBar::retranslate() {
  m_commands->setToolTip(tr("Every command, page, run and sample by its name"));
  m_experiment->setToolTip(tr("Rename the experiment or go back to an earlier version"));
  m_pause->setIcon(icon(QStringLiteral("pause")));
  m_train->setIcon(icon(QStringLiteral("play"), Theme::current().accentText));
  m_experiment->setIcon(icon(QStringLiteral("chevron-down"), Theme::current().secondary));
  for (auto* button : {m_experiment, m_pause, m_train}) button->setIconSize(QSize(12, 12));
  follow();
}

void HeaderBar::follow() {
  const auto project = m_workbench.project();
  auto& experiment = m_workbench.experiment();
  for (QWidget* widget :
       {static_cast<QWidget*>(m_slash), static_cast<QWidget*>(m_experiment), static_cast<QWidget*>(m_saved)})
    widget->setVisible(project != nullptr);
  m_project->setText(project ? QString::fromStdString(project->name()) + QLatin1String(".lathe") : tr("No project"));
  if (project) {
    const auto name = QString::fromStdString(experiment.spec().name);
    QString text = name.isEmpty() ? tr("Unnamed experiment") : name;
    if (experiment.version() > 0) text = tr("%1 v%2", "experiment, version").arg(text).arg(experiment.version());
    m_experiment->setText(m_experiment->fontMetrics().elidedText(text, Qt::ElideMiddle, 260));
    m_experiment->setAccessibleName(tr("Experiment: %1").arg(text));
    m_saved->setText(project->readOnly()       ? tr("read-only")
                     : experiment.saved()      ? tr("saved")
                     : experiment.saveFailed() ? tr("not saved")
                                               : tr("saving"));
    setTextRole(*m_saved, experiment.saveFailed() && !experiment.saved() ? TextRole::Bad : TextRole::Caption);
  }
  m_commands->setText(QStringLiteral("%1  %2").arg(tr("Commands"), keysOf(m_actions.commands)));
  m_commands->setAccessibleName(tr("Commands"));
  m_pause->setText(tr("Pause"));
  m_pause->setEnabled(m_actions.pause->isEnabled());
  m_pause->setToolTip(m_actions.pause->toolTip());
  const auto deed = format::withoutMnemonic(m_actions.train->text());
  m_train->setText(QStringLiteral("%1  %2").arg(deed, keysOf(m_actions.train)));
  m_train->setAccessibleName(deed);
  m_train->setEnabled(m_actions.train->isEnabled());
  m_train->setToolTip(m_actions.train->toolTip());
}

void HeaderBar::openExperimentMenu() {
  const auto project = m_workbench.project();
  if (!project) return;
  auto* menu = new QMenu(this);
  menu->setAttribute(Qt::WA_DeleteOnClose);
  auto* renaming = menu->addAction(tr("Rename…"));
  renaming->setEnabled(!project->readOnly());
  connect(renaming, &QAction::triggered, this, &HeaderBar::rename);
  menu->addSeparator();
  auto* heading = menu->addAction(tr("Versions"));
  heading->setEnabled(false);
  const auto id = m_workbench.experiment().id();
  const int newest = m_workbench.experiment().version();
  if (id != 0) {
    runAsync(
        *m_workbench.services().workers, menu,
        [project, id, newest] {
          std::vector<store::ExperimentRecord> versions;
          for (int version = newest; version > 0 && newest - version < shownVersions; --version)
            if (auto record = project->store().experiment(id, version)) versions.push_back(std::move(*record));
          return versions;
        },
        [this, menu](const std::vector<store::ExperimentRecord>& versions) {
          for (const auto& record : versions) {
            auto* action =
                menu->addAction(tr("v%1, saved %2").arg(record.version).arg(format::when(record.savedMicros)));
            connect(action, &QAction::triggered, this, [this, version = record.version] { showVersion(version); });
          }
        });
  }
  menu->popup(m_experiment->mapToGlobal(QPoint(0, m_experiment->height() + 2)));
}

void HeaderBar::showVersion(int version) {
  const auto project = m_workbench.project();
  const auto id = m_workbench.experiment().id();
  if (!project || id == 0 || version == m_workbench.experiment().version()) return;
  runAsync(
      *m_workbench.services().workers, this,
      [project, id, version]() -> Result<spec::ExperimentSpec> {
        LATHE_ASSIGN(record, project->store().experiment(id, version));
        return spec::fromJson(record.specJson);
      },
      [this, version](Result<spec::ExperimentSpec> spec) {
        if (!spec) return Q_EMIT m_workbench.failed(spec.error());
        m_workbench.experiment().setSpec(std::move(*spec), tr("Back to version %1").arg(version));
      });
}

void HeaderBar::rename() {
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Rename the experiment"));
  dialog->setLabelText(tr("Name"));
  dialog->setOkButtonText(tr("Rename"));
  dialog->setCancelButtonText(tr("Cancel"));
  dialog->setTextValue(QString::fromStdString(m_workbench.experiment().spec().name));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
    auto spec = m_workbench.experiment().spec();
    spec.name = name.trimmed().toStdString();
    m_workbench.experiment().setSpec(std::move(spec), tr("Rename"));
  });
  dialog->open();
}

}  // namespace lathe::ui
