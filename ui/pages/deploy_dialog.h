// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deploy.h"
#include "ui/widgets/form_dialog.h"

namespace lathe::ui {

class ServerFields;

/// Which server a run goes to, and where it is.
class DeployDialog : public FormDialog {
  Q_OBJECT
 public:
  DeployDialog(qint64 run, QWidget* parent);

 Q_SIGNALS:
  void chosen(const lathe::services::DeployRequest& request);

 private:
  void take() override;
  void follow();

  ServerFields* m_server;
};

}  // namespace lathe::ui
