// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

#include "core/base/files.h"
#include "core/base/scratch_folder.h"
#include "core/exporting/torchserve/mar_archive.h"
#include "core/services/deployment/archive_server.h"
#include "core/services/deployment/promotion.h"
#include "core/services/export_files.h"
#include "core/serving/clients/torchserve_client.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
using serving::TorchServeClient;

int newestOf(const std::vector<serving::TorchServeModel>& models) {
  int newest = 0;
  for (const auto& model : models)
    newest = std::max(newest, static_cast<int>(std::strtol(model.version.c_str(), nullptr, 10)));
  return newest;
}

/// That version is somebody else's, then, and not to be taken away.
bool isConflict(const Error& error) {
  return std::any_of(error.message.args.begin(), error.message.args.end(),
                     [](const auto& arg) { return arg.first == "status" && arg.second == "409"; });
}

class TorchServeDeployment {
 public:
  TorchServeDeployment(const DeployRequest& request, TorchServeClient client, std::string host, const JobContext& job)
      : m_request(request), m_client(std::move(client)), m_host(std::move(host)), m_job(job) {
    m_result.name = request.name.empty() ? request.what.manifest.name : request.name;
  }

  Result<Deployment> run() {
    LATHE_ASSIGN(expected, expectedOf(m_request.what.manifest));
    m_job.report({"connect", 0, 0, ""});
    LATHE_TRY(m_client.ping());
    LATHE_ASSIGN(known, m_client.versions(m_result.name));
    LATHE_ASSIGN(serving, m_client.defaultVersion(m_result.name));
    m_result.previous = serving;
    LATHE_TRY(chooseVersion(known));
    m_result.endpoint = m_client.inference().address() + TorchServeClient::predictPath(m_result.name, m_result.version);
    LATHE_TRY(put());
    const auto proven = prove(expected);
    if (!proven || !m_result.healthy) takeBack();
    if (!proven) return passOn(proven);
    return std::move(m_result);
  }

 private:
  void told(std::string step) { m_result.steps.push_back(std::move(step)); }

  [[nodiscard]] std::string archiveName() const { return fmt::format("{}-{}.mar", m_result.name, m_result.version); }
  [[nodiscard]] bool inStore() const {
    std::error_code error;
    return !m_request.modelStore.empty() && fs::exists(m_request.modelStore / archiveName(), error);
  }

  // One that is neither registered nor lies in the store since another time.
  Result<void> chooseVersion(const std::vector<serving::TorchServeModel>& known) {
    m_result.version = m_request.version;
    if (m_result.version.empty()) {
      int next = newestOf(known);
      do m_result.version = fmt::format("{}.0", ++next);
      while (inStore());
    }
    LATHE_TRY(checkExportName(archiveName()));
    const auto same = [&](const auto& each) { return each.version == m_result.version; };
    if (std::none_of(known.begin(), known.end(), same) && !inStore()) return {};
    return fail("deploy.version_taken", LATHE_TEXT("errors", "{folder} holds a version {version} already."),
                LATHE_TEXT("errors", "Choose another version, or leave it out to get the next one."),
                {{"folder", m_result.name}, {"version", m_result.version}});
  }

  /// An error ends the attempt; what the server does wrong is said in the result.
  Result<void> prove(const Expected& expected) {
    if (auto ready = waitForWorker(); !ready) {
      if (ready.error().code == cancelledCode) return ready;
      m_result.why = ready.error();
      return {};
    }
    LATHE_TRY(compareAnswers(
        expected, [&](std::size_t first, std::size_t count) { return ask(expected, first, count); }, m_result, m_job));
    LATHE_TRY(judge(m_request, m_result, m_job));
    if (!m_result.healthy) return {};
    if (const auto promoted = promote(); !promoted) {
      m_result.healthy = false;
      m_result.why = promoted.error();
    }
    return {};
  }

  Result<fs::path> makeArchive(const fs::path& folder) {
    const auto script = folder / "model.pt";
    if (const auto archive = fileOf(m_request.what, "torchserve")) {
      LATHE_TRY(exporting::extractMar(*archive, script));
    } else {
      LATHE_ASSIGN(plain, fileOf(m_request.what, "torchscript"));
      std::error_code error;
      fs::copy_file(plain, script, error);
      if (error) return fileError(error.value(), plain);
    }
    auto file = folder / archiveName();
    const auto& manifest = m_request.what.manifest;
    LATHE_TRY(exporting::writeMar(
        script, {m_result.name, m_result.version, manifest.schema, manifest.decisionThreshold}, file));
    return file;
  }

  Result<void> put() {
    LATHE_ASSIGN(scratch, ScratchFolder::make());
    m_job.report({"write", 0, 0, ""});
    LATHE_ASSIGN(archive, makeArchive(scratch.path()));
    m_job.report({"register", 0, 0, ""});
    if (m_request.modelStore.empty()) {
      LATHE_ASSIGN(lent, ArchiveServer::start(archive, m_host));
      if (auto registered = m_client.registerModel(lent->url()); !registered) {
        forget(registered.error());
        return registered;
      }
      told(fmt::format("Lent {} to the server over HTTP and registered it.", archive.filename().string()));
      return {};
    }
    std::error_code error;
    m_stored = m_request.modelStore / archive.filename();
    const auto beside = m_request.modelStore / ("." + archive.filename().string() + ".part");
    fs::copy_file(archive, beside, fs::copy_options::overwrite_existing, error);
    if (!error) fs::rename(beside, m_stored, error);
    if (error) {
      const auto problem = fileError(error.value(), m_stored);
      fs::remove(beside, error);
      return problem;
    }
    if (auto registered = m_client.registerModel(m_stored.filename().string()); !registered) {
      forget(registered.error());
      fs::remove(m_stored, error);
      return registered;
    }
    told(fmt::format("Put {} into the model store and registered it.", m_stored.filename().string()));
    return {};
  }

  // A model whose workers fail stays registered.
  void forget(const Error& error) {
    if (!isConflict(error)) (void)m_client.unregister(m_result.name, m_result.version).has_value();
  }

  Result<void> waitForWorker() {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(m_request.timeoutSeconds);
    for (;;) {
      LATHE_ASSIGN(models, m_client.versions(m_result.name));
      for (const auto& model : models)
        if (model.version == m_result.version && model.workersReady > 0) {
          told(fmt::format("Version {} has {} worker{} ready.", model.version, model.workersReady,
                           model.workersReady == 1 ? "" : "s"));
          return {};
        }
      if (m_job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The deployment was cancelled."), "");
      if (std::chrono::steady_clock::now() > end)
        return fail("deploy.no_worker", LATHE_TEXT("errors", "No worker of {name} is ready after {seconds} seconds."),
                    LATHE_TEXT("errors", "The server's log says why."),
                    {{"name", m_result.name}, {"seconds", fmt::format("{:.0f}", m_request.timeoutSeconds)}});
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }

  Result<std::vector<float>> ask(const Expected& expected, std::size_t first, std::size_t count) {
    auto answer = m_client.predict(m_result.name, m_result.version, ownQuestion(expected.rows, first, count));
    if (!answer) return passOn(answer);
    return numbersOf(*answer, expected.model.schema, m_client.inference().address());
  }

  Result<void> promote() {
    LATHE_ASSIGN(now, m_client.defaultVersion(m_result.name));
    if (now == m_result.version) return {};
    LATHE_TRY(m_client.setDefault(m_result.name, m_result.version));
    told(fmt::format("Version {} answers from now on; version {} stays registered.", m_result.version, now));
    return {};
  }

  void takeBack() {
    if (m_client.unregister(m_result.name, m_result.version))
      told(m_result.previous.empty() ? fmt::format("Unregistered version {} again.", m_result.version)
                                     : fmt::format("Unregistered version {} again; version {} is served on.",
                                                   m_result.version, m_result.previous));
    std::error_code ignored;
    if (!m_stored.empty()) fs::remove(m_stored, ignored);
  }

  const DeployRequest& m_request;
  TorchServeClient m_client;
  const std::string m_host;
  const JobContext& m_job;
  fs::path m_stored;
  Deployment m_result;
};

}  // namespace

Result<Deployment> deployToTorchServe(const DeployRequest& request, const JobContext& job) {
  LATHE_ASSIGN(management, serving::HttpClient::to(request.url, request.token, request.timeoutSeconds));
  const auto host = management.host();
  LATHE_ASSIGN(address, inferenceAddress(request.url, request.predictUrl));
  LATHE_ASSIGN(inference, serving::HttpClient::to(address, request.token, request.timeoutSeconds));
  return TorchServeDeployment(request, TorchServeClient(std::move(management), std::move(inference)), host, job).run();
}

}  // namespace lathe::services
