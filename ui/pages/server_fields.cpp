// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/server_fields.h"

#include <QComboBox>
#include <QLineEdit>

#include "ui/models/deployments_model.h"

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
constexpr int noServer = -1;

}  // namespace

ServerFields::ServerFields(Form& form, const QString& name, bool optional)
    : QObject(&form), m_optional(optional), m_target(new QComboBox(&form)) {
  m_target->setObjectName(name + QStringLiteral("Target"));
  m_target->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  m_target->setMinimumContentsLength(8);
  if (optional) {
    m_target->addItem(QString(), noServer);
    m_target->addItem(QString(), static_cast<int>(DeployTarget::Lathe));
  }
  for (const auto& each : usual)
    m_target->addItem(serverWord(QLatin1String(services::targetName(each.target))), static_cast<int>(each.target));
  const auto field = [&](const char* what) {
    auto* edit = new QLineEdit(&form);
    edit->setObjectName(name + QLatin1String(what));
    connect(edit, &QLineEdit::textChanged, this, &ServerFields::changed);
    return edit;
  };
  m_url = field("Url");
  m_predictUrl = field("PredictUrl");
  m_store = field("Store");
  m_token = field("Token");
  m_name = field("Name");
  m_token->setEchoMode(QLineEdit::Password);
  for (QWidget* each :
       {static_cast<QWidget*>(m_target), static_cast<QWidget*>(m_url), static_cast<QWidget*>(m_predictUrl),
        static_cast<QWidget*>(m_store), static_cast<QWidget*>(m_token), static_cast<QWidget*>(m_name)})
    m_rows.push_back(form.addRow(QString(), each));
  connect(m_target, &QComboBox::currentIndexChanged, this, &ServerFields::followTarget);
  retranslate();
  followTarget();
}

ServerFields::Kind ServerFields::kind() const {
  const int chosen = m_target->currentData().toInt();
  if (chosen == noServer) return Kind::None;
  return target() == DeployTarget::Lathe ? Kind::Own : Kind::Other;
}

DeployTarget ServerFields::target() const { return static_cast<DeployTarget>(m_target->currentData().toInt()); }

void ServerFields::followTarget() {
  const bool other = kind() == Kind::Other;
  for (std::size_t i = 1; i < m_rows.size(); ++i) m_rows[i].setVisible(other);
  if (other) {
    for (const auto& each : usual)
      if (each.target == target()) {
        m_url->setText(QLatin1String(each.url));
        m_predictUrl->setText(QLatin1String(each.predictUrl));
      }
    m_rows[2].setVisible(target() != DeployTarget::Triton);
    m_store->setPlaceholderText(target() == DeployTarget::TorchServe ? tr("empty: lent over HTTP") : QString());
  }
  Q_EMIT changed();
}

QString ServerFields::problem() const {
  if (kind() != Kind::Other) return {};
  if (m_url->text().trimmed().isEmpty()) return tr("Give the server's address.");
  if (target() != DeployTarget::TorchServe && m_store->text().trimmed().isEmpty())
    return tr("This server reads models from a folder: give it.");
  return {};
}

services::DeployRequest ServerFields::request() const {
  services::DeployRequest request;
  request.target = target();
  request.url = m_url->text().trimmed().toStdString();
  request.predictUrl = m_predictUrl->text().trimmed().toStdString();
  request.modelStore = std::filesystem::path(m_store->text().trimmed().toStdU16String());
  request.token = m_token->text().toStdString();
  request.name = m_name->text().trimmed().toStdString();
  return request;
}

void ServerFields::retranslate() {
  if (m_optional) {
    m_target->setItemText(0, tr("not at all"));
    m_target->setItemText(1, tr("Lathe's own server, here"));
    m_rows[0].setText(tr("Deploy"), tr("Where the model is served when it is ready; it is compared there with what "
                                       "it answered here"));
  } else {
    m_rows[0].setText(tr("Server"), tr("What kind of server it is"));
  }
  m_rows[1].setText(tr("Address"), tr("TorchServe: its management; TensorFlow Serving and Triton: REST"));
  m_rows[2].setText(tr("Predictions"), tr("TorchServe: its inference; TensorFlow Serving: gRPC"));
  m_rows[3].setText(tr("Model store"), tr("The server's folder of models, as this machine sees it"));
  m_rows[4].setText(tr("Token"), tr("Where the server wants one; it is not kept"));
  m_rows[5].setText(tr("Name"), tr("Of the model there; empty: the run's name"));
}

}  // namespace lathe::ui
