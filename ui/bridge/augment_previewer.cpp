// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/augment_previewer.h"

#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/gui_executor.h"
#include "ui/bridge/workbench.h"

namespace lathe::ui {

namespace {

constexpr int typingMs = 120;

}  // namespace

AugmentPreviewer::AugmentPreviewer(Workbench& workbench) : m_workbench(workbench) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(typingMs);
  connect(&m_timer, &QTimer::timeout, this, &AugmentPreviewer::make);
  connect(&workbench.experiment(), &ExperimentController::specChanged, this, &AugmentPreviewer::follow);
  connect(&workbench.experiment(), &ExperimentController::dataChanged, this, [this] {
    // A file read again may hold other images.
    forget();
    follow();
  });
}

AugmentPreviewer::~AugmentPreviewer() { m_stop.request_stop(); }

bool AugmentPreviewer::images() const {
  const auto* data = m_workbench.experiment().data();
  return data != nullptr && data->profile.image;
}

bool AugmentPreviewer::wanted() const {
  const auto& augment = m_workbench.experiment().spec().training.augment;
  return augment.name == "auto" || spec::augments(augment);
}

void AugmentPreviewer::setWatched(bool watched) {
  m_watched = watched;
  follow();
}

void AugmentPreviewer::showOthers() {
  ++m_draw;
  follow();
  // A click is answered at once; only typing waits for its end.
  if (m_timer.isActive()) {
    m_timer.stop();
    make();
  }
}

void AugmentPreviewer::forget() {
  m_stop.request_stop();
  ++m_ticket;
  m_timer.stop();
  m_preview.reset();
  m_error.reset();
  m_made.reset();
  m_state = State::Idle;
}

void AugmentPreviewer::follow() {
  if (!images() || !wanted()) {
    forget();
    Q_EMIT changed();
    return;
  }
  if (!m_watched) return;
  const auto& spec = m_workbench.experiment().spec();
  const Key key{spec.data, spec.training.augment, spec.training.seed, m_draw};
  if (m_made == key) return;
  m_state = State::Busy;
  m_timer.start();
  Q_EMIT changed();
}

void AugmentPreviewer::make() {
  const auto project = m_workbench.project();
  if (!project) return;
  m_stop.request_stop();
  m_stop = {};
  const auto ticket = ++m_ticket;
  const auto& spec = m_workbench.experiment().spec();
  m_made = Key{spec.data, spec.training.augment, spec.training.seed, m_draw};
  services::AugmentPreviewRequest request;
  request.draw = m_draw;
  JobContext job;
  job.stop = m_stop.get_token();
  runAsync(
      *m_workbench.services().workers, this,
      [spec, base = project->folder(), request, job] {
        return services::previewAugmentation(spec, base, request, job);
      },
      [this, ticket](Result<services::AugmentPreview> made) {
        if (ticket != m_ticket) return;
        m_preview.reset();
        m_error.reset();
        if (made)
          m_preview = std::move(*made);
        else
          m_error = made.error();
        m_state = made ? State::Ready : State::Failed;
        Q_EMIT changed();
      });
}

}  // namespace lathe::ui
