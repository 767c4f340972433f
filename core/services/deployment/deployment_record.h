// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/services/deployment/deploy.h"
#include "core/store/records.h"

/// Models in servers, as a project remembers them.
namespace lathe::services {

enum class DeploymentState { Served, RolledBack };

/// What happened to a deployment, newest last.
struct DeploymentEvent {
  std::int64_t micros = 0;
  Message message;
  bool operator==(const DeploymentEvent&) const = default;
};

/// Tokens are not kept.
struct DeployedModel {
  store::RunNumber run = 0;
  DeployTarget target = DeployTarget::TorchServe;
  std::string url, predictUrl;
  std::string name, version;
  std::string endpoint;
  std::string folder;  ///< of the export, relative to the project when inside it
  std::int64_t createdMicros = 0;
  std::string modelStore;  ///< of the server, where it has a folder in common with us
  std::string previous;    ///< the version that was served before; empty: none
  DeploymentState state = DeploymentState::Served;
  std::optional<Error> reason;       ///< why it was rolled back, or what was wrong when it was looked at last
  std::optional<OtherAnswer> other;  ///< both answers where they differed
  std::int64_t watchedUntilMicros = 0;
  int strikes = 0;  ///< looks in a row at which something was wrong
  std::vector<DeploymentEvent> history;
  [[nodiscard]] bool isWatched(std::int64_t nowMicros) const {
    return state == DeploymentState::Served && watchedUntilMicros > nowMicros;
  }
  bool operator==(const DeployedModel&) const = default;
};

/// The same version of the same model in the same server.
[[nodiscard]] bool samePlace(const DeployedModel& a, const DeployedModel& b);
/// Keeps the newest events only.
void addEvent(DeployedModel& model, std::int64_t micros, Message message);

[[nodiscard]] std::string toJson(const std::vector<DeployedModel>& models);
/// What cannot be read is passed over.
[[nodiscard]] std::vector<DeployedModel> deployedModelsFrom(const std::string& json);

}  // namespace lathe::services
