// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/augment_panel.h"

#include <QEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/error_text.h"
#include "ui/bridge/experiment_controller.h"
#include "ui/bridge/workbench.h"
#include "ui/models/spec_form.h"
#include "ui/pages/augment_grid.h"
#include "ui/pages/train_form.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

AugmentPanel::AugmentPanel(Workbench& workbench, QWidget* parent)
    : QWidget(parent),
      m_previewer(workbench),
      m_form(new SpecFormWidget(workbench, augmentFormPlan(), this)),
      m_title(makeLabel(TextRole::Strong, this)),
      m_grid(new AugmentGrid(this)),
      m_empty(new EmptyState(this)),
      m_note(makeParagraph(TextRole::Caption, this)),
      m_others(makeButton(ButtonKind::Ordinary, this)) {
  setObjectName(QStringLiteral("augmentPanel"));
  m_others->setObjectName(QStringLiteral("augmentOthers"));
  m_note->setObjectName(QStringLiteral("augmentNote"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(8);
  layout->addWidget(m_form);
  layout->addSpacing(4);
  layout->addWidget(m_title);
  layout->addWidget(m_note);
  layout->addWidget(m_grid);
  layout->addWidget(m_empty);
  layout->addWidget(m_others, 0, Qt::AlignLeft);
  connect(m_others, &QPushButton::clicked, &m_previewer, &AugmentPreviewer::showOthers);
  connect(&m_previewer, &AugmentPreviewer::changed, this, &AugmentPanel::follow);
  connect(&workbench.experiment(), &ExperimentController::dataChanged, this,
          [this] { setVisible(m_previewer.images()); });
  retranslate();
  setVisible(m_previewer.images());
}

void AugmentPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  m_previewer.setWatched(true);
}

void AugmentPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  m_previewer.setWatched(false);
}

void AugmentPanel::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::LanguageChange) retranslate();
}

void AugmentPanel::retranslate() {
  m_title->setText(tr("What the network will see"));
  m_others->setText(tr("Show others"));
  m_others->setAccessibleName(m_others->text());
  m_others->setToolTip(tr("Other training images, at other steps"));
  m_grid->setAccessibleName(tr("What the network will see"));
  follow();
}

void AugmentPanel::follow() {
  using State = AugmentPreviewer::State;
  const auto state = m_previewer.state();
  const auto& preview = m_previewer.preview();
  const bool pictures = preview && state != State::Failed;
  if (pictures) {
    m_grid->setPreview(*preview);
    m_grid->setAccessibleDescription(
        tr("%n training image(s), each beside changed versions of it", nullptr, m_grid->rows()));
  }
  if (state == State::Failed && m_previewer.error())
    m_empty->showError(translated(m_previewer.error()->message), translated(m_previewer.error()->hint));
  else if (state == State::Busy)
    m_empty->showBusy(tr("Drawing images"), -1);
  const bool wanted = m_previewer.wanted();
  m_grid->setVisible(wanted && pictures);
  m_empty->setVisible(wanted && !pictures && state != State::Idle);
  m_others->setVisible(wanted && state != State::Failed);
  m_others->setEnabled(pictures);
  QString note;
  if (!wanted)
    note = tr("The images as they are stored. Choose an augmentation to see what it does to them.");
  else if (pictures && preview->augment.name == "light")
    note = tr("A few training images, shifted, turned and zoomed a little at each step.");
  else if (pictures && preview->augment.name == "standard")
    note = tr("A few training images, shifted and mirrored. Make sure that mirrored ones keep their class.");
  else if (pictures)
    note = tr("A few training images, each at several steps of the training.");
  m_note->setText(note);
  m_note->setVisible(!note.isEmpty());
}

}  // namespace lathe::ui
