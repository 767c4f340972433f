// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deployment_service.h"
#include "ui/widgets/form_dialog.h"

class QLineEdit;

namespace lathe::ui {

/// New data for a deployment.
class RetrainDialog : public FormDialog {
  Q_OBJECT
 public:
  RetrainDialog(const services::DeployedModel& model, QWidget* parent);

 Q_SIGNALS:
  void chosen(const lathe::services::RetrainRequest& request);

 private:
  void take() override;
  void follow();
  void browse();
  [[nodiscard]] bool latencyOf(double& milliseconds) const;

  QLineEdit *m_data, *m_latency, *m_token;
};

}  // namespace lathe::ui
