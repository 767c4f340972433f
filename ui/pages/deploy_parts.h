// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <optional>
#include <utility>
#include <vector>

#include "core/exporting/parity.h"
#include "ui/models/artefacts_model.h"
#include "ui/models/deployments_model.h"
#include "ui/pages/deploy_page.h"
#include "ui/pages/format_boxes.h"
#include "ui/pages/pane_header.h"
#include "ui/pages/served_tabs.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/form.h"
#include "ui/widgets/pill_button.h"
#include "ui/widgets/table_view.h"
#include "ui/widgets/thin_progress.h"

namespace lathe::ui {

struct DeployPage::Parts {
  QSplitter* splitter = nullptr;
  PaneHeader* formHeader = nullptr;
  Form* form = nullptr;
  QComboBox* run = nullptr;
  FormatBoxes* formats = nullptr;
  QComboBox* precision = nullptr;  ///< of weights; its data are the names of the command line
  QLineEdit* folder = nullptr;
  QToolButton* browse = nullptr;
  QLineEdit* name = nullptr;
  QPushButton* start = nullptr;
  QPushButton* cancel = nullptr;
  QPushButton* copyExport = nullptr;
  QLabel* stage = nullptr;
  ThinProgress* progress = nullptr;
  QLabel* result = nullptr;
  QLabel* explanation = nullptr;
  ArtefactsModel* artefacts = nullptr;
  PaneHeader* tableHeader = nullptr;
  PillButton* openFolder = nullptr;
  PillButton* copyPath = nullptr;
  PillButton* copyCommand = nullptr;
  QStackedWidget* states = nullptr;
  EmptyState* empty = nullptr;
  TableView* table = nullptr;
  QSplitter* sections = nullptr;
  DeploymentsModel* deployments = nullptr;
  PaneHeader* deploymentsHeader = nullptr;
  PillButton* serve = nullptr;
  PillButton* deploy = nullptr;
  PillButton* forget = nullptr;
  QStackedWidget* deploymentStates = nullptr;
  EmptyState* noDeployments = nullptr;
  TableView* deploymentTable = nullptr;
  PillButton* retrain = nullptr;
  ServedTabs* tabs = nullptr;
  bool folderTyped = false;
  std::optional<exporting::ParityReport> report;  ///< of the export made last
  QString reportFolder;
  std::optional<Error> error;
};

}  // namespace lathe::ui
