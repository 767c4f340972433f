// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include "core/base/executor.h"
#include "core/services/autopilot/autopilot.h"
#include "core/services/data_service.h"
#include "core/services/deployment/deployment_service.h"
#include "core/services/doctor.h"
#include "core/services/model_service.h"
#include "core/services/project.h"
#include "core/services/study_service.h"
#include "core/services/training_service.h"

namespace lathe::ui {

/// The services that need the engine; it is loaded off the GUI thread, so they arrive late.
struct EngineServices {
  std::shared_ptr<engine::Engine> engine;
  std::shared_ptr<services::TrainingService> training;
  std::shared_ptr<services::ModelService> models;
  std::shared_ptr<services::StudyService> studies;
  std::shared_ptr<services::DeploymentService> deployments;
  std::shared_ptr<services::AutopilotService> autopilot;
};

/// What app/gui hands to the window. `loadEngine` is run once on a worker thread.
struct ServicesBundle {
  std::shared_ptr<Executor> workers;
  std::shared_ptr<services::DataService> data;
  services::StoreOpener openStore;
  std::function<Result<EngineServices>()> loadEngine;
};

}  // namespace lathe::ui
