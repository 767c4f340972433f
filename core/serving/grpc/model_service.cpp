// SPDX-License-Identifier: GPL-3.0-or-later
// TensorFlow Serving's ModelService: states of versions, and a new configuration.
#include <algorithm>
#include <fmt/format.h>
#include <google/protobuf/map.h>
#include <model_service.grpc.pb.h>
#include <mutex>
#include <set>

#include "core/serving/grpc/grpc_tools.h"
#include "core/serving/rest/tensorflow_rest.h"

namespace lathe::serving {
namespace {

namespace tfs = tensorflow::serving;
using Context = grpc::CallbackServerContext;
using Reactor = grpc::ServerUnaryReactor;

tfs::ModelVersionStatus::State stateOf(VersionState state) {
  switch (state) {
    case VersionState::Loading:
      return tfs::ModelVersionStatus::LOADING;
    case VersionState::Available:
      return tfs::ModelVersionStatus::AVAILABLE;
    case VersionState::Unloading:
      return tfs::ModelVersionStatus::UNLOADING;
    case VersionState::End:
      break;
  }
  return tfs::ModelVersionStatus::END;
}

/// The versions of a base path that a policy wants.
Answer<std::vector<std::pair<std::int64_t, std::filesystem::path>>> wantedVersions(const ServingContext& service,
                                                                                   const tfs::ModelConfig& config) {
  SERVING_ASSIGN(base, service.store.resolve(config.base_path()));
  auto versions = numberedVersions(base);
  if (versions.empty()) {
    const auto described = service.describe(base);
    if (!described) return refuse(FaultKind::BadInput, described.error().sentence());
    versions.emplace_back(described->version, base);
  }
  const auto& policy = config.model_version_policy();
  if (policy.has_specific()) {
    const std::set<std::int64_t> wanted(policy.specific().versions().begin(), policy.specific().versions().end());
    std::erase_if(versions, [&](const auto& version) { return wanted.count(version.first) == 0; });
    if (versions.size() != wanted.size())
      return refuse(FaultKind::NoVersion, fmt::format("Version(s) of {} that were asked for are not in {}",
                                                      config.name(), config.base_path()));
  } else if (!policy.has_all()) {
    const auto count = std::max<std::size_t>(1, policy.has_latest() ? policy.latest().num_versions() : 1);
    if (versions.size() > count) versions.erase(versions.begin(), versions.end() - static_cast<std::ptrdiff_t>(count));
  }
  return versions;
}

Answer<void> applyModel(const ServingContext& service, const tfs::ModelConfig& config) {
  SERVING_ASSIGN(versions, wantedVersions(service, config));
  std::set<std::int64_t> kept;
  for (const auto& [version, path] : versions) {
    kept.insert(version);
    const auto served = service.models.find(config.name(), {version, {}});
    if (served && (*served)->facts().path == path) continue;
    const auto loaded = service.models.load(config.name(), version, fmt::format("{}.0", version), path);
    if (!loaded) return refuse(FaultKind::Internal, loaded.error().sentence());
  }
  for (const auto& handle : service.models.versions(config.name()))
    if (kept.count(handle->facts().version) == 0) service.models.unload(config.name(), handle->facts().version);
  return service.models.setLabels(config.name(), {config.version_labels().begin(), config.version_labels().end()});
}

/// Checked whole before anything is changed.
Answer<std::set<std::string>> checkedNames(const ServingContext& service, const tfs::ModelServerConfig& config) {
  if (!config.has_model_config_list())
    return refuse(FaultKind::BadInput, "ServerConfig type not set to model_config_list");
  std::set<std::string> names;
  for (const auto& model : config.model_config_list().config()) {
    if (model.name().empty()) return refuse(FaultKind::BadInput, "A model config has no name");
    if (!names.insert(model.name()).second)
      return refuse(FaultKind::BadInput,
                    fmt::format("Illegal to list model {} multiple times in config list", model.name()));
    SERVING_TRY(wantedVersions(service, model));
  }
  return names;
}

/// The configuration as it is now: what the server was started with, then what the last call listed. What other
/// protocols or the window registered is no part of it, so that a client of one does not take away what another's
/// needs.
class Configuration {
 public:
  /// What is listed is served, and what else the configuration had is not any more.
  Answer<void> apply(const ServingContext& service, const tfs::ModelServerConfig& config) {
    const std::lock_guard lock(m_mutex);
    SERVING_ASSIGN(names, checkedNames(service, config));
    for (const auto& model : config.model_config_list().config()) SERVING_TRY(applyModel(service, model));
    for (const auto& name : service.models.names())
      if (names.count(name) == 0 && holds(service, name)) service.models.unload(name);
    m_names = std::move(names);
    return {};
  }

 private:
  [[nodiscard]] bool holds(const ServingContext& service, const std::string& name) const {
    const auto versions = service.models.versions(name);
    return m_names.count(name) > 0 ||
           std::any_of(versions.begin(), versions.end(), [](const auto& version) { return version->facts().atStart; });
  }

  std::mutex m_mutex;
  std::set<std::string> m_names;
};

class ModelService final : public tfs::ModelService::CallbackService {
 public:
  explicit ModelService(const ServingContext& service) : m_service(service) {}

  Reactor* GetModelStatus(Context* context, const tfs::GetModelStatusRequest* request,
                          tfs::GetModelStatusResponse* response) override {
    if (const auto fault = refusedCall(m_service, *context, false)) return finished(context, statusOf(*fault));
    VersionChoice version;
    const auto& spec = request->model_spec();
    if (spec.has_version()) version.number = spec.version().value();
    version.label = spec.version_label();
    const auto statuses = statusesFor(m_service.models, spec.name(), version);
    if (!statuses) return finished(context, statusOf(statuses.error()));
    for (const auto& status : *statuses) {
      auto& each = *response->add_model_version_status();
      each.set_version(status.version);
      each.set_state(stateOf(status.state));
      each.mutable_status()->set_error_code(status.error.empty() ? 0 : static_cast<int>(grpc::StatusCode::UNKNOWN));
      each.mutable_status()->set_error_message(status.error);
    }
    return finished(context, grpc::Status::OK);
  }

  Reactor* HandleReloadConfigRequest(Context* context, const tfs::ReloadConfigRequest* request,
                                     tfs::ReloadConfigResponse* response) override {
    if (const auto fault = refusedCall(m_service, *context, true)) return finished(context, statusOf(*fault));
    auto* reactor = context->DefaultReactor();
    m_service.elsewhere([this, reactor, request, response] {
      const auto applied = m_configuration.apply(m_service, request->config());
      if (!applied) {
        const auto status = statusOf(applied.error());
        response->mutable_status()->set_error_code(static_cast<int>(status.error_code()));
        response->mutable_status()->set_error_message(status.error_message());
      } else {
        response->mutable_status();
      }
      reactor->Finish(grpc::Status::OK);
    });
    return reactor;
  }

 private:
  const ServingContext& m_service;
  Configuration m_configuration;
};

}  // namespace

std::unique_ptr<grpc::Service> makeModelService(const ServingContext& service) {
  return std::make_unique<ModelService>(service);
}

}  // namespace lathe::serving
