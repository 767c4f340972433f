// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/deploy_dialog.h"

#include <QPushButton>

#include "ui/pages/server_fields.h"
#include "ui/widgets/form.h"

namespace lathe::ui {

DeployDialog::DeployDialog(qint64 run, QWidget* parent)
    : FormDialog(tr("Deploy run %1").arg(run), tr("Deploy"), parent),
      m_server(new ServerFields(form(), QStringLiteral("deploy"), false)) {
  setObjectName(QStringLiteral("deployDialog"));
  acceptButton().setObjectName(QStringLiteral("deployAccept"));
  setIntroduction(
      tr("The run is exported, put into the server, and the reference rows are sent there. It is served from then on "
         "only if the answers are the same; else the server is left as it was."));
  connect(m_server, &ServerFields::changed, this, &DeployDialog::follow);
  fitTo(6);
  follow();
}

void DeployDialog::follow() {
  const auto problem = m_server->problem();
  acceptButton().setEnabled(problem.isEmpty());
  setProblem(problem);
}

void DeployDialog::take() { Q_EMIT chosen(m_server->request()); }

}  // namespace lathe::ui
