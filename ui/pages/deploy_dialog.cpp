// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/deploy_dialog.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>

#include "ui/models/deployments_model.h"
#include "ui/widgets/form.h"

namespace lathe::ui {

namespace {

using services::DeployTarget;

struct Usual {
  DeployTarget target;
  const char* url;
  const char* predictUrl;
};
constexpr Usual usual[] = {{DeployTarget::TorchServe, "http://127.0.0.1:8081", "http://127.0.0.1:8080"},
                           {DeployTarget::TfServing, "http://127.0.0.1:8501", "127.0.0.1:8500"},
                           {DeployTarget::Triton, "http://127.0.0.1:8000", ""}};

QLineEdit* field(const char* name, QWidget* parent) {
  auto* edit = new QLineEdit(parent);
  edit->setObjectName(QLatin1String(name));
  return edit;
}

}  // namespace

DeployDialog::DeployDialog(qint64 run, QWidget* parent)
    : FormDialog(tr("Deploy run %1").arg(run), tr("Deploy"), parent),
      m_target(new QComboBox(&form())),
      m_url(field("deployUrl", &form())),
      m_predictUrl(field("deployPredictUrl", &form())),
      m_store(field("deployStore", &form())),
      m_token(field("deployToken", &form())),
      m_name(field("deployName", &form())) {
  setObjectName(QStringLiteral("deployDialog"));
  acceptButton().setObjectName(QStringLiteral("deployAccept"));
  setIntroduction(
      tr("The run is exported, put into the server, and the reference rows are sent there. It is served from then on "
         "only if the answers are the same; else the server is left as it was."));
  m_target->setObjectName(QStringLiteral("deployTarget"));
  for (const auto& each : usual) {
    const auto id = QLatin1String(services::targetName(each.target));
    m_target->addItem(serverWord(id), static_cast<int>(each.target));
  }
  m_token->setEchoMode(QLineEdit::Password);
  form().addRow(tr("Server"), m_target, tr("What kind of server it is"));
  form().addRow(tr("Address"), m_url, tr("TorchServe: its management; TensorFlow Serving and Triton: REST"));
  form().addRow(tr("Predictions"), m_predictUrl, tr("TorchServe: its inference; TensorFlow Serving: gRPC"));
  form().addRow(tr("Model store"), m_store, tr("The server's folder of models, as this machine sees it"));
  form().addRow(tr("Token"), m_token, tr("Where the server wants one; it is not kept"));
  form().addRow(tr("Name"), m_name, tr("Of the model there; empty: the run's name"));
  connect(m_target, &QComboBox::currentIndexChanged, this, &DeployDialog::followTarget);
  for (auto* edit : {m_url, m_store}) connect(edit, &QLineEdit::textChanged, this, &DeployDialog::follow);
  fitTo(6);
  followTarget();
}

DeployTarget DeployDialog::target() const { return static_cast<DeployTarget>(m_target->currentData().toInt()); }

void DeployDialog::followTarget() {
  for (const auto& each : usual)
    if (each.target == target()) {
      m_url->setText(QLatin1String(each.url));
      m_predictUrl->setText(QLatin1String(each.predictUrl));
    }
  const auto& rows = form().rows();
  rows[2].setVisible(target() != DeployTarget::Triton);
  m_store->setPlaceholderText(target() == DeployTarget::TorchServe ? tr("empty: lent over HTTP") : QString());
  follow();
}

void DeployDialog::follow() {
  const bool needsStore = target() != DeployTarget::TorchServe && m_store->text().trimmed().isEmpty();
  const bool needsAddress = m_url->text().trimmed().isEmpty();
  acceptButton().setEnabled(!needsStore && !needsAddress);
  setProblem(needsAddress ? tr("Give the server's address.")
             : needsStore ? tr("This server reads models from a folder: give it.")
                          : QString());
}

services::DeployRequest DeployDialog::request() const {
  services::DeployRequest request;
  request.target = target();
  request.url = m_url->text().trimmed().toStdString();
  request.predictUrl = m_predictUrl->text().trimmed().toStdString();
  request.modelStore = std::filesystem::path(m_store->text().trimmed().toStdU16String());
  request.token = m_token->text().toStdString();
  request.name = m_name->text().trimmed().toStdString();
  return request;
}

void DeployDialog::take() { Q_EMIT chosen(request()); }

}  // namespace lathe::ui
