// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <map>
#include <optional>

#include "core/base/files.h"
#include "core/services/deployment/promotion.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t largestText = std::uintmax_t{1} << 24;

/// The configuration of an exported Triton model under another name.
std::string renamedConfig(std::string text, const std::string& name) {
  const auto start = text.find("name: \"");
  const auto end = text.find("\"\n", start);
  if (start == std::string::npos || end == std::string::npos) return text;
  std::string quoted;
  for (const char c : name) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return text.replace(start, end - start, "name: \"" + quoted);
}

class TritonDeployment {
 public:
  TritonDeployment(const DeployRequest& request, const fs::path& store, serving::HttpClient http, const JobContext& job)
      : m_request(request), m_http(std::move(http)), m_job(job) {
    m_result.name = request.name.empty() ? request.what.manifest.name : request.name;
    m_folder = store / m_result.name;
  }

  Result<Deployment> run() {
    LATHE_ASSIGN(model, fileOf(m_request.what, "triton"));
    LATHE_ASSIGN(expected, expectedOf(m_request.what.manifest));
    LATHE_ASSIGN(version, numberedVersion(m_request, m_folder));
    m_result.version = version;
    const auto newest = newestVersion(m_folder);
    m_result.previous = newest > 0 ? std::to_string(newest) : std::string();
    m_job.report({"connect", 0, 0, ""});
    LATHE_TRY(m_http.get("/v2/health/live"));
    m_result.endpoint = fmt::format("{}/v2/models/{}/versions/{}/infer", m_http.address(),
                                    serving::percentEncoded(m_result.name), version);
    LATHE_TRY(placeVersion(m_folder, version, {{model, "model.onnx"}}));
    const auto proven = prove(model.parent_path().parent_path(), expected);
    if (!proven || !m_result.healthy) takeBack();
    if (!proven) return passOn(proven);
    return std::move(m_result);
  }

 private:
  /// An error ends the attempt; what the server does wrong is said in the result.
  Result<void> prove(const fs::path& from, const Expected& expected) {
    LATHE_ASSIGN(config, readFile(from / "config.pbtxt", largestText));
    LATHE_TRY(put("config.pbtxt", renamedConfig(config, m_result.name)));
    if (const auto labels = readFile(from / "labels.txt", largestText)) LATHE_TRY(put("labels.txt", *labels));
    m_result.steps.push_back(fmt::format("Put version {} into {}.", m_result.version, m_folder.string()));
    m_job.report({"register", 0, 0, ""});
    LATHE_ASSIGN(loaded, tell("load"));
    if (!loaded.ok()) return serving::refusal(m_http.address(), loaded);
    auto service = serving::openInferenceRest({m_request.url, m_request.token, m_request.timeoutSeconds});
    if (!service) return passOn(service);
    const serving::ModelAddress address{m_result.name, m_result.version, ""};
    if (auto ready = waitUntilReady(**service, address, m_request.timeoutSeconds, m_job); !ready) {
      if (ready.error().code == cancelledCode) return ready;
      m_result.why = ready.error();
      return {};
    }
    m_result.steps.push_back(fmt::format("Version {} is ready.", m_result.version));
    LATHE_TRY(compareTensors(**service, address, expected, m_result, m_job));
    return judge(m_request, m_result, m_job);
  }

  Result<void> put(const char* name, const std::string& text) {
    const auto before = readFile(m_folder / name, largestText);
    m_before[name] = before ? std::optional(*before) : std::nullopt;
    return writeFileAtomically(m_folder / name, text);
  }

  Result<serving::HttpAnswer> tell(const char* what) {
    return m_http.post(fmt::format("/v2/repository/models/{}/{}", serving::percentEncoded(m_result.name), what),
                       {"{}", "application/json"});
  }

  void takeBack() {
    std::error_code ignored;
    for (const auto& [name, text] : m_before)
      if (text)
        (void)writeFileAtomically(m_folder / name, *text).has_value();
      else
        fs::remove(m_folder / name, ignored);
    removeVersion(m_folder, m_result.version);
    (void)tell(m_result.previous.empty() ? "unload" : "load").has_value();
    m_result.steps.push_back(fmt::format("Took version {} away again.", m_result.version));
  }

  const DeployRequest& m_request;
  serving::HttpClient m_http;
  const JobContext& m_job;
  fs::path m_folder;
  std::map<std::string, std::optional<std::string>> m_before;  ///< texts of the model that were there
  Deployment m_result;
};

}  // namespace

Result<Deployment> deployToTriton(const DeployRequest& request, const JobContext& job) {
  LATHE_ASSIGN(store, storeOf(request));
  LATHE_ASSIGN(http, serving::HttpClient::to(request.url, request.token, request.timeoutSeconds));
  return TritonDeployment(request, store, std::move(http), job).run();
}

}  // namespace lathe::services
