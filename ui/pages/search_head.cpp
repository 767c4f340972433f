// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/search_head.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/bridge/error_text.h"
#include "ui/bridge/study_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/study_words.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

using Action = StudyController::Action;
using spec::RunStatus;

SearchHead::SearchHead(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_workbench(workbench),
      m_title(makeLabel(TextRole::Strong, this)),
      m_line(new ElidedLabel(this)),
      m_pause(makeButton(ButtonKind::Ordinary, this)),
      m_resume(makeButton(ButtonKind::Ordinary, this)),
      m_more(makeButton(ButtonKind::Ordinary, this)),
      m_stop(makeButton(ButtonKind::Ordinary, this)) {
  setProperty("surface", true);
  setAttribute(Qt::WA_StyledBackground);
  setTextRole(*m_line, TextRole::Caption);
  m_line->setObjectName(QStringLiteral("studyLine"));
  m_pause->setObjectName(QStringLiteral("studyPause"));
  m_resume->setObjectName(QStringLiteral("studyResume"));
  m_more->setObjectName(QStringLiteral("studyMore"));
  m_stop->setObjectName(QStringLiteral("studyStop"));
  auto* upper = new QHBoxLayout;
  upper->setSpacing(8);
  upper->addWidget(m_title);
  for (const auto status :
       {RunStatus::Completed, RunStatus::Running, RunStatus::Pruned, RunStatus::Paused, RunStatus::Failed}) {
    auto* chip = new PillButton({}, this);
    chip->setCheckable(true);
    chip->setObjectName(QStringLiteral("chip_") + QLatin1String(spec::name(status)));
    m_chips.push_back({status, chip});
    upper->addWidget(chip);
    connect(chip, &QPushButton::clicked, this, [this, status](bool on) {
      m_wanted = on ? std::optional(status) : std::nullopt;
      followCounts();
      Q_EMIT wantedChanged();
    });
  }
  upper->addStretch(1);
  for (auto* button : {m_pause, m_resume, m_more, m_stop}) upper->addWidget(button);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(12, 6, 12, 6);
  column->setSpacing(2);
  column->addLayout(upper);
  column->addWidget(m_line);
  auto& studies = workbench.studies();
  const auto current = [this] { return m_workbench.studies().current(); };
  connect(m_pause, &QPushButton::clicked, this, [this, current] { m_workbench.studies().pause(current()); });
  connect(m_resume, &QPushButton::clicked, this, [this, current] { m_workbench.studies().resume(current()); });
  connect(m_stop, &QPushButton::clicked, this, [this, current] { m_workbench.studies().cancel(current()); });
  connect(m_more, &QPushButton::clicked, this, &SearchHead::searchOn);
  connect(&studies, &StudyController::studiesChanged, this, &SearchHead::follow);
  connect(&studies, &StudyController::progressChanged, this, &SearchHead::follow);
  connect(&studies, &StudyController::startingChanged, this, &SearchHead::follow);
  connect(&studies, &StudyController::tableChanged, this, &SearchHead::follow);
  connect(&studies, &StudyController::currentChanged, this, [this] {
    m_wanted.reset();
    follow();
    Q_EMIT wantedChanged();
  });
  retranslate();
}

void SearchHead::retranslate() {
  m_pause->setText(tr("Pause"));
  m_pause->setToolTip(tr("Trials stop at the next step with a checkpoint; Resume goes on from there"));
  m_resume->setText(tr("Resume"));
  m_resume->setToolTip(tr("Goes on where the study stopped"));
  m_more->setText(tr("Search on…"));
  m_more->setToolTip(tr("More trials for this study"));
  m_stop->setText(tr("Stop"));
  m_stop->setToolTip(tr("Ends the study; what was found so far is kept"));
  follow();
}

void SearchHead::followCounts() {
  const auto table = m_workbench.studies().table();
  const auto* record = m_workbench.studies().study(m_workbench.studies().current());
  for (const auto& chip : m_chips) {
    std::int64_t count = table ? table->count(chip.status) : 0;
    if (!table && record != nullptr)
      count = chip.status == RunStatus::Completed ? record->completed
              : chip.status == RunStatus::Pruned  ? record->pruned
              : chip.status == RunStatus::Failed  ? record->failed
                                                  : 0;
    chip.button->setVisible(count > 0 || m_wanted == chip.status);
    chip.button->setChecked(m_wanted == chip.status);
    const auto text =
        tr("%1 %2", "how many trials, their state").arg(format::integer(count), format::statusWord(chip.status));
    chip.button->setText(format::statusSign(chip.status) + QLatin1Char(' ') + text);
    chip.button->setAccessibleName(text);
    chip.button->setToolTip(tr("Show only these trials in the table"));
  }
}

QString SearchHead::line() const {
  const auto& studies = m_workbench.studies();
  const auto number = studies.current();
  const auto* record = studies.study(number);
  if (studies.starting()) {
    const auto& progress = studies.startProgress();
    return progress.total > 0
               ? tr("The search is made ready: %1").arg(format::percent(progress.done / progress.total, 2))
               : tr("The search is made ready");
  }
  if (record == nullptr) return tr("A search varies the open settings and shows here what it finds.");
  QStringList parts;
  parts << format::statusSign(record->status) + QLatin1Char(' ') + format::statusWord(record->status);
  const auto* progress = studies.progress(number);
  if (progress != nullptr && progress->confirming)
    parts << (record->kind == "nas" ? tr("the best are trained from scratch, %1 done")
                                    : tr("the best are trained again with other seeds, %1 done"))
                 .arg(format::percent(progress->confirmed, 2));
  else if (progress != nullptr && progress->secondsLeft >= 0)
    parts << tr("%1 left").arg(format::duration(progress->secondsLeft));
  const double seconds = progress != nullptr ? progress->seconds : record->seconds;
  if (seconds > 0) parts << tr("%1 so far").arg(format::duration(seconds));
  if (record->error) parts << errorText(*record->error);
  if (const auto remark = studies.remark(number)) parts << translated(*remark, "search");
  return parts.join(QStringLiteral(" \u00b7 "));
}

void SearchHead::follow() {
  const auto& studies = m_workbench.studies();
  const auto number = studies.current();
  const auto* record = studies.study(number);
  const auto table = studies.table();
  const auto count = table ? static_cast<std::int64_t>(table->size()) : record != nullptr ? record->trials : 0;
  const auto planned = table ? table->settings.trials : 0;
  m_title->setText(record == nullptr ? tr("No study yet")
                   : planned > 0     ? tr("Trials %1 of %2").arg(format::integer(count), format::integer(planned))
                                     : tr("Trials %1").arg(format::integer(count)));
  m_line->setText(line());
  followCounts();
  m_pause->setVisible(studies.can(Action::Pause, number));
  m_resume->setVisible(studies.can(Action::Resume, number));
  m_stop->setVisible(studies.can(Action::Cancel, number));
  m_more->setVisible(studies.can(Action::Extend, number));
}

void SearchHead::searchOn() {
  const auto table = m_workbench.studies().table();
  const auto number = m_workbench.studies().current();
  const auto* record = m_workbench.studies().study(number);
  if (record == nullptr) return;
  const auto now = std::max<std::int64_t>(record->trials, table ? table->settings.trials : 0);
  auto* dialog = new QInputDialog(this);
  dialog->setObjectName(QStringLiteral("searchOnDialog"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setInputMode(QInputDialog::IntInput);
  dialog->setWindowTitle(tr("Search on in study %1").arg(number));
  dialog->setLabelText(tr("Trials in all"));
  dialog->setIntRange(format::plural(record->trials) + 1, 1000000);
  dialog->setIntValue(static_cast<int>(std::min<std::int64_t>(2 * std::max<std::int64_t>(now, 1), 1000000)));
  connect(dialog, &QInputDialog::intValueSelected, this, [this, number](int trials) {
    services::StudyService::More more;
    more.trials = trials;
    m_workbench.studies().extend(number, more);
  });
  dialog->open();
}

}  // namespace lathe::ui
