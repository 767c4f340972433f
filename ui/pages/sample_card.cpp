// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/sample_card.h"

#include <QApplication>
#include <QClipboard>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include "ui/models/start_models.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/pill_button.h"

namespace lathe::ui {

SampleCard::SampleCard(QWidget* parent)
    : Card(parent),
      m_title(makeLabel(TextRole::Strong, this)),
      m_description(makeParagraph(TextRole::Body, this)),
      m_package(makeParagraph(TextRole::Caption, this)),
      m_commandLabel(makeParagraph(TextRole::Caption, this)),
      m_main(makeButton(ButtonKind::Ordinary, this)),
      m_look(makeButton(ButtonKind::Link, this)) {
  m_description->setProperty("formLabel", true);
  repolish(*m_description);
  m_commandLabel->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  m_commandLabel->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  body().addWidget(m_title);
  body().addWidget(m_description);
  body().addWidget(m_package);
  body().addWidget(m_commandLabel);
  body().addSpacing(8);
  body().addStretch(1);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addWidget(m_main);
  buttons->addWidget(m_look);
  buttons->addStretch(1);
  body().addLayout(buttons);
  connect(m_main, &QPushButton::clicked, this, [this] {
    if (m_installed && m_needsWeights)
      Q_EMIT weightsWanted(m_id);
    else if (m_installed)
      Q_EMIT wanted(m_id, true);
    else
      QApplication::clipboard()->setText(m_command);
  });
  connect(m_look, &QPushButton::clicked, this, [this] { Q_EMIT wanted(m_id, false); });
}

void SampleCard::show(const QModelIndex& sample) {
  m_id = sample.data(SamplesModel::IdRole).toString();
  m_installed = sample.data(SamplesModel::InstalledRole).toBool();
  m_needsWeights = sample.data(SamplesModel::NeedsWeightsRole).toBool();
  m_command = sample.data(SamplesModel::InstallCommandRole).toString();
  const auto title = sample.data(Qt::DisplayRole).toString();
  setObjectName(QStringLiteral("sample_") + m_id);
  m_title->setText(title);
  m_description->setText(sample.data(SamplesModel::DescriptionRole).toString());
  const auto package = sample.data(SamplesModel::PackageRole).toString();
  m_package->setText(m_installed ? tr("from the package %1").arg(package) : tr("Not installed. Install it with:"));
  m_commandLabel->setText(m_command);
  m_commandLabel->setVisible(!m_installed);
  const bool ready = m_installed && !m_needsWeights;
  m_main->setText(ready ? tr("Train now") : m_installed ? tr("Choose weights…") : tr("Copy the command"));
  m_main->setIcon(m_installed ? QIcon() : icon(QStringLiteral("copy")));
  m_main->setAccessibleName(ready         ? tr("Train %1 now").arg(title)
                            : m_installed ? tr("Choose a weights file for %1 and train it").arg(title)
                                          : tr("Copy the command that installs %1").arg(title));
  m_look->setText(tr("Look at the data"));
  m_look->setAccessibleName(tr("Look at the data of %1").arg(title));
  m_look->setVisible(m_installed);
  setAccessibleName(title);
}

}  // namespace lathe::ui
