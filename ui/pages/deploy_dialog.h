// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/services/deployment/deploy.h"
#include "ui/widgets/form_dialog.h"

class QComboBox;
class QLineEdit;

namespace lathe::ui {

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
  void followTarget();
  [[nodiscard]] services::DeployTarget target() const;
  [[nodiscard]] services::DeployRequest request() const;

  QComboBox* m_target;
  QLineEdit *m_url, *m_predictUrl, *m_store, *m_token, *m_name;
};

}  // namespace lathe::ui
