// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/retrain_dialog.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QToolButton>

#include "ui/widgets/form.h"
#include "ui/widgets/icons.h"

namespace lathe::ui {

RetrainDialog::RetrainDialog(const services::DeployedModel& model, QWidget* parent)
    : FormDialog(tr("Train %1 on new data").arg(QString::fromStdString(model.name)), tr("Train and compare"), parent),
      m_data(new QLineEdit(&form())),
      m_latency(new QLineEdit(&form())),
      m_token(new QLineEdit(&form())) {
  setObjectName(QStringLiteral("retrainDialog"));
  acceptButton().setObjectName(QStringLiteral("retrainAccept"));
  setIntroduction(tr(
      "The same experiment is trained on this file. Both models then answer rows of it that were held out; the new one "
      "is served only if it is no worse. Else the version that is served stays, and the history says why."));
  m_data->setObjectName(QStringLiteral("retrainData"));
  m_latency->setObjectName(QStringLiteral("retrainLatency"));
  m_token->setObjectName(QStringLiteral("retrainToken"));
  m_token->setEchoMode(QLineEdit::Password);
  auto* place = new QWidget(&form());
  auto* line = new QHBoxLayout(place);
  line->setContentsMargins(0, 0, 0, 0);
  line->setSpacing(4);
  auto* browseButton = new QToolButton(place);
  browseButton->setIcon(icon(QStringLiteral("folder")));
  browseButton->setToolTip(tr("Choose a file"));
  browseButton->setAccessibleName(browseButton->toolTip());
  line->addWidget(m_data, 1);
  line->addWidget(browseButton);
  place->setFocusProxy(m_data);
  m_data->setAccessibleName(tr("New data"));
  m_latency->setPlaceholderText(tr("any"));
  form().addRow(tr("New data"), place, tr("Labelled rows with the same columns"));
  form().addRow(tr("Latency limit"), m_latency, tr("Milliseconds that a row may take; empty: any"));
  form().addRow(tr("Token"), m_token, tr("Where the server wants one; it is not kept"));
  form().rows().back().setVisible(model.target != services::DeployTarget::Lathe);
  connect(browseButton, &QToolButton::clicked, this, &RetrainDialog::browse);
  for (auto* edit : {m_data, m_latency}) connect(edit, &QLineEdit::textChanged, this, &RetrainDialog::follow);
  fitTo(3);
  // A problem that appears later wraps as soon as it has its width; until then it would ask for a high dialog.
  setMinimumSize(size());
  layout()->setSizeConstraint(QLayout::SetNoConstraint);
  follow();
}

void RetrainDialog::browse() {
  const auto file = QFileDialog::getOpenFileName(this, tr("Choose a file"), QFileInfo(m_data->text()).absolutePath());
  if (!file.isEmpty()) m_data->setText(file);
}

bool RetrainDialog::latencyOf(double& milliseconds) const {
  milliseconds = 0;
  const auto text = m_latency->text().trimmed();
  if (text.isEmpty()) return true;
  bool read = false;
  milliseconds = QLocale().toDouble(text, &read);
  if (!read) milliseconds = QLocale::c().toDouble(text, &read);
  return read && milliseconds > 0;
}

void RetrainDialog::follow() {
  const auto file = m_data->text().trimmed();
  double limit = 0;
  const bool missing = !file.isEmpty() && !QFileInfo::exists(file);
  const bool wrongLimit = !latencyOf(limit);
  acceptButton().setEnabled(!file.isEmpty() && !missing && !wrongLimit);
  setProblem(missing      ? tr("There is no such file.")
             : wrongLimit ? tr("The latency limit is a number of milliseconds above 0.")
                          : QString());
}

void RetrainDialog::take() {
  services::RetrainRequest request;
  request.data = std::filesystem::path(m_data->text().trimmed().toStdU16String());
  request.token = m_token->text().toStdString();
  (void)latencyOf(request.maxLatencyMs);
  Q_EMIT chosen(request);
}

}  // namespace lathe::ui
