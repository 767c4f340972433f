// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <thread>

#include "core/base/files.h"
#include "core/services/deployment/deploy_steps.h"

namespace lathe::services {
namespace fs = std::filesystem;

using serving::ModelAddress;
using serving::TensorService;

Result<void> compareTensors(TensorService& service, const ModelAddress& model, const Expected& expected,
                            Deployment& deployment, const JobContext& job) {
  const auto signature = service.signature(model);
  if (!signature) {
    deployment.healthy = false;
    deployment.why = signature.error();
    return {};
  }
  const auto ask = [&](std::size_t first, std::size_t count) -> Result<std::vector<float>> {
    std::string note;
    LATHE_ASSIGN(inputs, serving::inputsFor(*signature, expected.rows, first, count, note));
    LATHE_ASSIGN(outputs, service.predict(model, inputs));
    return outputTensor(std::move(outputs), model.model);
  };
  return compareAnswers(expected, ask, deployment, job);
}

Result<void> waitUntilReady(TensorService& service, const ModelAddress& model, double seconds, const JobContext& job) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  std::string state;
  for (;;) {
    auto told = service.notReady(model);
    if (told && told->empty()) return {};
    if (!told && told.error().code == "deploy.unreachable") return passOn(told);
    state = told ? *told : told.error().sentence();
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The deployment was cancelled."), "");
    if (std::chrono::steady_clock::now() > end)
      return fail("deploy.not_ready",
                  LATHE_TEXT("errors", "Version {version} of {name} is not served after {seconds} seconds: {state}."),
                  LATHE_TEXT("errors", "Check that the server watches this model store; its log says more."),
                  {{"name", model.model},
                   {"version", model.version},
                   {"seconds", fmt::format("{:.0f}", seconds)},
                   {"state", state}});
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
}

Result<fs::path> storeOf(const DeployRequest& request) {
  if (request.modelStore.empty())
    return fail("deploy.no_store", LATHE_TEXT("errors", "{target} reads models from a folder, and none is named."),
                LATHE_TEXT("errors", "Give the server's model store with --model-store."),
                {{"target", targetName(request.target)}});
  std::error_code error;
  auto store = fs::absolute(request.modelStore, error).lexically_normal();
  if (!fs::is_directory(store, error)) return fileError(ENOENT, store);
  return store;
}

Result<std::string> numberedVersion(const DeployRequest& request, const fs::path& folder) {
  if (request.version.empty()) return std::to_string(newestVersion(folder) + 1);
  if (request.version.size() > 18 || request.version.find_first_not_of("0123456789") != std::string::npos ||
      request.version.front() == '0')
    return fail("deploy.bad_version", LATHE_TEXT("errors", "\"{version}\" is no version: this server counts 1, 2, 3."),
                LATHE_TEXT("errors", "Give a whole number, or leave the version out to get the next one."),
                {{"version", request.version}});
  return request.version;
}

}  // namespace lathe::services
