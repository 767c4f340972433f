// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/serving/model_repository.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <new>

#include "core/base/clock.h"
#include "core/base/log.h"

namespace lathe::serving {
namespace {

Result<std::unique_ptr<engine::Predictor>> loadGuarded(const ModelLoader& loader, const std::filesystem::path& path) {
  const auto failed = [&path](const std::string& why) {
    return fail("serving.load_failed", LATHE_TEXT("errors", "{file} cannot be loaded: {reason}."),
                LATHE_TEXT("errors", "Export the model again."), {{"file", path.string()}, {"reason", why}});
  };
  try {
    auto loaded = loader(path);
    if (loaded && !*loaded) return failed("it holds no model");
    return loaded;
  } catch (const std::bad_alloc&) {
    return failed("there is not enough memory");
  } catch (const std::exception& error) {
    return failed(error.what());
  }
}

}  // namespace

ModelRepository::ModelRepository(ModelLoader loader, BatchSettings settings)
    : m_loader(std::move(loader)),
      m_settings(settings),
      m_reaper([this](const std::stop_token& stop) { reap(stop); }) {}

ModelRepository::~ModelRepository() {
  m_reaper.request_stop();
  m_reaper.join();
  // What is queued holds its model, and is answered before the model goes.
  std::vector<ModelHandle> left = std::move(m_retired);
  for (auto& [unused, entry] : m_entries)
    for (auto& [number, handle] : entry.versions) left.push_back(std::move(handle));
  for (const auto& handle : left)
    while (handle.use_count() > 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));
}

Result<ModelHandle> ModelRepository::load(const std::string& name, std::int64_t version, const std::string& versionText,
                                          const std::filesystem::path& path, bool atStart,
                                          std::optional<BatchSettings> settings) {
  const auto note = [&](VersionState state, const std::string& error) {
    const std::unique_lock lock(m_mutex);
    m_entries[name].others.insert_or_assign(version, VersionStatus{name, version, state, error, path, nullptr});
  };
  note(VersionState::Loading, "");
  auto predictor = loadGuarded(m_loader, path);
  if (!predictor) {
    log(LogLevel::Warn, fmt::format("serving: {}", predictor.error().sentence()));
    note(VersionState::End, predictor.error().sentence());
    return passOn(predictor);
  }
  ServedModel::Facts facts{name, version, versionText, path, systemClock().nowMicros(), atStart};
  auto handle = std::make_shared<ServedModel>(std::move(facts), std::move(*predictor), settings.value_or(m_settings));
  ModelHandle old;
  {
    const std::unique_lock lock(m_mutex);
    auto& entry = m_entries[name];
    entry.others.erase(version);
    old = std::exchange(entry.versions[version], handle);
  }
  if (old) retire(std::move(old));
  return handle;
}

bool ModelRepository::unload(const std::string& name, std::optional<std::int64_t> version) {
  std::vector<ModelHandle> old;
  bool known = false;
  {
    const std::unique_lock lock(m_mutex);
    const auto found = m_entries.find(name);
    if (found == m_entries.end()) return false;
    auto& entry = found->second;
    for (auto each = entry.versions.begin(); each != entry.versions.end();) {
      if (version && each->first != *version) {
        ++each;
        continue;
      }
      entry.others.insert_or_assign(
          each->first, VersionStatus{name, each->first, VersionState::End, "", each->second->facts().path, nullptr});
      old.push_back(std::move(each->second));
      each = entry.versions.erase(each);
      known = true;
    }
    if (entry.versions.count(entry.chosen) == 0) entry.chosen = 0;
    std::erase_if(entry.labels, [&](const auto& label) { return entry.versions.count(label.second) == 0; });
    // One that never could be loaded is forgotten as well.
    if (!known) known = version ? entry.others.erase(*version) > 0 : !entry.others.empty();
    if (!version && old.empty()) m_entries.erase(found);
  }
  for (auto& each : old) retire(std::move(each));
  return known;
}

Answer<ModelHandle> ModelRepository::find(std::string_view name, const VersionChoice& choice) const {
  const std::shared_lock lock(m_mutex);
  const auto found = m_entries.find(name);
  if (found == m_entries.end() || found->second.versions.empty())
    return refuse(FaultKind::NoModel, fmt::format("Model not found: {}", name));
  const auto& entry = found->second;
  auto version = choice.number;
  if (!choice.label.empty()) {
    const auto label = entry.labels.find(choice.label);
    if (label == entry.labels.end())
      return refuse(FaultKind::BadInput, fmt::format("Unrecognized servable version label: {}", choice.label));
    version = label->second;
  }
  if (!version && entry.chosen > 0) version = entry.chosen;
  const auto at = version ? entry.versions.find(*version) : std::prev(entry.versions.end());
  if (at == entry.versions.end())
    return refuse(FaultKind::NoVersion, fmt::format("Model version: {} does not exist for model: {}", *version, name));
  return at->second;
}

std::vector<ModelHandle> ModelRepository::versions(std::string_view name) const {
  const std::shared_lock lock(m_mutex);
  std::vector<ModelHandle> handles;
  if (const auto found = m_entries.find(name); found != m_entries.end())
    for (const auto& [unused, handle] : found->second.versions) handles.push_back(handle);
  return handles;
}

std::vector<std::string> ModelRepository::names() const {
  const std::shared_lock lock(m_mutex);
  std::vector<std::string> names;
  for (const auto& [name, entry] : m_entries)
    if (!entry.versions.empty()) names.push_back(name);
  return names;
}

std::vector<VersionStatus> ModelRepository::statuses(std::string_view name) const {
  const std::shared_lock lock(m_mutex);
  std::map<std::int64_t, VersionStatus, std::greater<>> byVersion;
  if (const auto found = m_entries.find(name); found != m_entries.end()) {
    for (const auto& [version, status] : found->second.others) byVersion.emplace(version, status);
    for (const auto& [version, handle] : found->second.versions)
      byVersion.insert_or_assign(
          version, VersionStatus{found->first, version, VersionState::Available, "", handle->facts().path, handle});
  }
  std::vector<VersionStatus> statuses;
  for (auto& [unused, status] : byVersion) statuses.push_back(std::move(status));
  return statuses;
}

bool ModelRepository::setDefault(const std::string& name, std::int64_t version) {
  const std::unique_lock lock(m_mutex);
  const auto found = m_entries.find(name);
  if (found == m_entries.end() || found->second.versions.count(version) == 0) return false;
  found->second.chosen = version;
  return true;
}

std::int64_t ModelRepository::defaultVersion(std::string_view name) const {
  const std::shared_lock lock(m_mutex);
  const auto found = m_entries.find(name);
  if (found == m_entries.end() || found->second.versions.empty()) return 0;
  return found->second.chosen > 0 ? found->second.chosen : found->second.versions.rbegin()->first;
}

Answer<void> ModelRepository::setLabels(const std::string& name, const std::map<std::string, std::int64_t>& labels) {
  const std::unique_lock lock(m_mutex);
  const auto found = m_entries.find(name);
  if (found == m_entries.end()) return refuse(FaultKind::NoModel, fmt::format("Model not found: {}", name));
  for (const auto& [label, version] : labels)
    if (found->second.versions.count(version) == 0)
      return refuse(FaultKind::Precondition,
                    fmt::format("Request to assign label {} to version {} of model {}, which is not available", label,
                                version, name));
  found->second.labels = labels;
  return {};
}

std::map<std::string, std::int64_t> ModelRepository::labels(std::string_view name) const {
  const std::shared_lock lock(m_mutex);
  const auto found = m_entries.find(name);
  return found == m_entries.end() ? std::map<std::string, std::int64_t>() : found->second.labels;
}

void ModelRepository::retire(ModelHandle handle) {
  {
    const std::lock_guard lock(m_retiredMutex);
    m_retired.push_back(std::move(handle));
  }
  m_retiredWake.notify_one();
}

// A model's own threads must not be the ones that destroy it, so the last reference is always the one held here.
void ModelRepository::reap(const std::stop_token& stop) {
  using namespace std::chrono_literals;
  std::unique_lock lock(m_retiredMutex);
  while (!stop.stop_requested()) {
    if (m_retired.empty())
      m_retiredWake.wait(lock, stop, [this] { return !m_retired.empty(); });
    else
      m_retiredWake.wait_for(lock, stop, 20ms, [] { return false; });
    std::vector<ModelHandle> done;
    for (auto& handle : m_retired)
      if (handle.use_count() == 1) done.push_back(std::move(handle));
    std::erase(m_retired, nullptr);
    lock.unlock();
    done.clear();
    lock.lock();
  }
}

}  // namespace lathe::serving
