// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/roll_back.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/base/files.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr int strikesOfProof = 2;
constexpr double checkSeconds = 10;
constexpr const char* configName = "models.config";

Message madeDefault(const ServedVersion& served) {
  return {LATHE_TEXT("events", "Rolled back: version {previous} answers again instead of version {version}."),
          {{"previous", served.previous}, {"version", served.place.version}}};
}

Result<Message> rollBackTorchServe(const ServedVersion& served, double timeoutSeconds) {
  const auto& place = served.place;
  LATHE_ASSIGN(address, inferenceAddress(place.url, place.predictUrl));
  LATHE_ASSIGN(management, serving::HttpClient::to(place.url, place.token, timeoutSeconds));
  LATHE_ASSIGN(inference, serving::HttpClient::to(address, place.token, timeoutSeconds));
  serving::TorchServeClient client(std::move(management), std::move(inference));
  LATHE_ASSIGN(now, client.defaultVersion(place.name));
  if (plainVersion(now) != plainVersion(place.version))
    return fail("deploy.not_default",
                LATHE_TEXT("errors", "Version {version} is not the one that answers any more; version {now} is."),
                LATHE_TEXT("errors", "Nothing was changed in the server."), {{"version", place.version}, {"now", now}});
  LATHE_TRY(client.setDefault(place.name, served.previous));
  return madeDefault(served);
}

Result<fs::path> storeOf(const ServedVersion& served) {
  std::error_code error;
  if (!served.modelStore.empty() && fs::is_directory(served.modelStore, error)) return served.modelStore;
  return fail("deploy.no_store", LATHE_TEXT("errors", "The server's folder of models is not known."),
              LATHE_TEXT("errors", "Make the version before the one that is served again there yourself."));
}

Result<Message> rollBackTfServing(const ServedVersion& served, double timeoutSeconds) {
  const auto& place = served.place;
  LATHE_ASSIGN(store, storeOf(served));
  const auto previous = std::strtoll(served.previous.c_str(), nullptr, 10);
  auto models = serving::tfServingModels(readFile(store / configName).value_or(""));
  std::erase_if(models, [&](const auto& model) { return model.name == place.name; });
  models.push_back({place.name, (store / place.name).string(), {previous}, {{"stable", previous}}});
  LATHE_ASSIGN(rest, serving::HttpClient::to(place.url, place.token, timeoutSeconds));
  const auto grpc = place.predictUrl.empty() ? besidePort(rest.host(), rest.port() - 1) : place.predictUrl;
  const auto told = serving::reloadTfServing({grpc, place.token, timeoutSeconds}, models);
  LATHE_TRY(writeFileAtomically(store / configName, serving::tfServingConfig(models)));
  // A server that cannot be told looks into the folder by itself.
  if (!told && told.error().code != "deploy.unreachable") return passOn(told);
  removeVersion(store / place.name, place.version);
  return madeDefault(served);
}

Result<Message> rollBackTriton(const ServedVersion& served, double timeoutSeconds) {
  const auto& place = served.place;
  LATHE_ASSIGN(store, storeOf(served));
  LATHE_ASSIGN(http, serving::HttpClient::to(place.url, place.token, timeoutSeconds));
  LATHE_TRY(http.get("/v2/health/live"));
  removeVersion(store / place.name, place.version);
  LATHE_ASSIGN(answer, http.post("/v2/repository/models/" + serving::percentEncoded(place.name) + "/load",
                                 {"{}", "application/json"}));
  if (!answer.ok()) return serving::refusal(http.address(), answer);
  return madeDefault(served);
}

/// Until then, or until the job is cancelled.
void sleepUntil(std::chrono::steady_clock::time_point until, const JobContext& job) {
  while (!job.cancelled() && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(until - std::chrono::steady_clock::now(),
                                                                              std::chrono::milliseconds(100)));
}

}  // namespace

std::string plainVersion(const std::string& version) {
  return version.ends_with(".0") ? version.substr(0, version.size() - 2) : version;
}

Result<Message> rollBack(const ServedVersion& served, double timeoutSeconds) {
  if (served.previous.empty())
    return fail("deploy.nothing_before",
                LATHE_TEXT("errors", "No version was served before, so none can answer again."),
                LATHE_TEXT("errors", "Deploy another run, or take the model out of the server."));
  switch (served.place.target) {
    case DeployTarget::TfServing:
      return rollBackTfServing(served, timeoutSeconds);
    case DeployTarget::Triton:
      return rollBackTriton(served, timeoutSeconds);
    default:
      return rollBackTorchServe(served, timeoutSeconds);
  }
}

WatchVerdict verdictOf(const Deployment& state, int& strikes) {
  if (state.healthy) {
    strikes = 0;
    return WatchVerdict::Fine;
  }
  ++strikes;
  const auto code = state.why ? state.why->code : std::string();
  if (code == "deploy.differs") return WatchVerdict::Broken;
  if (code == "deploy.unreachable") return WatchVerdict::Unclear;
  return strikes >= strikesOfProof ? WatchVerdict::Broken : WatchVerdict::Unclear;
}

Result<WatchOutcome> watchOnce(const ServedVersion& served, const exporting::ExportManifest& manifest, int& strikes,
                               double timeoutSeconds, const JobContext& job) {
  WatchOutcome outcome;
  outcome.looks = 1;
  outcome.state.name = served.place.name;
  outcome.state.version = served.place.version;
  outcome.state.previous = served.previous;
  LATHE_TRY(checkServed(served.place, manifest, timeoutSeconds, outcome.state, job));
  if (verdictOf(outcome.state, strikes) != WatchVerdict::Broken) return outcome;
  const auto done = rollBack(served, timeoutSeconds);
  if (done) {
    outcome.rolledBack = true;
    outcome.done = *done;
    outcome.state.steps.push_back(done->render());
  } else {
    outcome.state.steps.push_back(done.error().sentence());
  }
  return outcome;
}

Result<WatchOutcome> watchFor(const ServedVersion& served, const exporting::ExportManifest& manifest, double seconds,
                              double every, const JobContext& job) {
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  const auto after = [start](double passed) {
    return start + std::chrono::duration_cast<steady_clock::duration>(std::chrono::duration<double>(passed));
  };
  int strikes = 0;
  WatchOutcome last;
  for (int looks = 1;; ++looks) {
    const double passed = std::chrono::duration<double>(steady_clock::now() - start).count();
    job.report({"watch", std::min(passed, seconds), seconds, "s"});
    LATHE_ASSIGN(outcome, watchOnce(served, manifest, strikes, checkSeconds, job));
    outcome.looks = looks;
    last = std::move(outcome);
    const auto next = after(std::min(seconds, passed + every));
    if (last.rolledBack || passed >= seconds) return last;
    sleepUntil(next, job);
    if (job.cancelled()) return last;
  }
}

}  // namespace lathe::services
