// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/run_note.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <algorithm>

#include "core/spec/run_status.h"
#include "ui/bridge/error_text.h"
#include "ui/bridge/runs_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/format.h"
#include "ui/models/trials_model.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

namespace {

constexpr int progressWidth = 56;

bool isOver(spec::RunStatus status) {
  return status != spec::RunStatus::Queued && status != spec::RunStatus::Running && status != spec::RunStatus::Pausing;
}

}  // namespace

RunNote::RunNote(Workbench& workbench, QWidget* parent)
    : QFrame(parent),
      m_workbench(workbench),
      m_feed(workbench),
      m_name(makeLabel(TextRole::Strong, this)),
      m_text(new ElidedLabel(this)),
      m_progress(new ThinProgress(this)),
      m_link(makeButton(ButtonKind::Link, this)) {
  setObjectName(QStringLiteral("runNote"));
  setProperty("note", true);
  m_link->setObjectName(QStringLiteral("runNoteLink"));
  m_progress->setFixedWidth(progressWidth);
  auto* layout = new QHBoxLayout(this);
  layout->setContentsMargins(12, 3, 8, 3);
  layout->setSpacing(8);
  layout->addWidget(m_name);
  layout->addWidget(m_text, 1);
  layout->addWidget(m_progress);
  layout->addWidget(m_link);
  connect(m_link, &QPushButton::clicked, this, [this] {
    if (m_feed.choosing().tried.empty() && m_feed.foundRate())
      Q_EMIT curveRequested(m_feed.run(), *m_feed.foundRate());
    else
      Q_EMIT trialsRequested();
  });
  connect(&m_feed, &InsightFeed::changed, this, &RunNote::follow);
  connect(&workbench.runs(), &RunsController::runChanged, this, [this](qint64 run) {
    if (run == m_feed.run()) follow();
  });
  m_feed.setPaused(false);
  retranslate();
}

void RunNote::retranslate() { follow(); }

void RunNote::setRun(store::RunNumber run) { m_feed.setRun(run); }

QString RunNote::text() const { return m_text->text(); }

QString RunNote::sentence() const {
  const auto& choosing = m_feed.choosing();
  if (const auto* progress = m_workbench.runs().choosing(m_feed.run()))
    return translated(progress->message(), "events");
  const services::TriedSetting* chosen = nullptr;
  for (const auto& each : choosing.tried)
    if (each.chosen) chosen = &each;
  if (chosen != nullptr)
    return tr("%1: the best of %n setting(s) tried.", nullptr,
              static_cast<int>(choosing.lastRounds(chosen->stage).size()))
        .arg(settingWord(*chosen));
  const auto* record = m_workbench.runs().run(m_feed.run());
  if (!choosing.tried.empty() && record != nullptr && record->totalSteps == 0 && isOver(record->status))
    return tr("Was stopped while it chose its settings.");
  if (choosing.progress && !choosing.tried.empty()) return translated(choosing.progress->message(), "events");
  if (const auto& found = m_feed.foundRate())
    return tr("Its learning rate, %1, was found on a curve measured %2.")
        .arg(format::number(found->used, 3), format::when(found->micros));
  return {};
}

void RunNote::follow() {
  const auto text = m_feed.run() == 0 ? QString() : sentence();
  setVisible(!text.isEmpty());
  m_name->setText(tr("Run %1").arg(m_feed.run()));
  m_text->setText(text);
  const auto* progress = m_workbench.runs().choosing(m_feed.run());
  m_progress->setVisible(progress != nullptr);
  if (progress != nullptr)
    m_progress->setFraction(progress->total > 0 ? static_cast<double>(progress->done) / progress->total : -1);
  const bool curve = m_feed.choosing().tried.empty() && m_feed.foundRate();
  m_link->setVisible(curve || !m_feed.choosing().tried.empty());
  m_link->setText(curve ? tr("Show the curve") : tr("Show trials"));
}

}  // namespace lathe::ui
