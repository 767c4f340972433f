// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <vector>

#include "core/services/deployment/deploy.h"
#include "ui/widgets/form.h"

class QComboBox;
class QLineEdit;

namespace lathe::ui {

/// The rows of a form that say which server a model goes into, and where that one is.
class ServerFields : public QObject {
  Q_OBJECT
 public:
  enum class Kind { None, Own, Other };
  /// Adds its rows to the form, whose objects are named after `name`. `optional`: no server and the built-in one can be
  /// chosen too.
  ServerFields(Form& form, const QString& name, bool optional);

  [[nodiscard]] Kind kind() const;
  /// What is missing, in a sentence; empty: nothing.
  [[nodiscard]] QString problem() const;
  /// Of Kind::Other; without what is deployed.
  [[nodiscard]] services::DeployRequest request() const;
  void retranslate();

 Q_SIGNALS:
  void changed();

 private:
  void followTarget();
  [[nodiscard]] services::DeployTarget target() const;

  const bool m_optional;
  QComboBox* m_target;
  QLineEdit *m_url, *m_predictUrl, *m_store, *m_token, *m_name;
  std::vector<Form::Row> m_rows;
};

}  // namespace lathe::ui
