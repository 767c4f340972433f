// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/serving/served_model.h"

namespace lathe::serving {

/// Reads a model's file; may block, any thread.
using ModelLoader = std::function<Result<std::unique_ptr<engine::Predictor>>(const std::filesystem::path&)>;
/// Held as long as a request needs it, also when the model is replaced or removed meanwhile: hence shared.
using ModelHandle = std::shared_ptr<ServedModel>;

enum class VersionState { Loading, Available, Unloading, End };

/// A version as status calls tell it.
struct VersionStatus {
  std::string model;
  std::int64_t version = 0;
  VersionState state = VersionState::Available;
  std::string error;  ///< why it could not be loaded
  std::filesystem::path path;
  ModelHandle handle;  ///< null unless available
};

/// Which version a request asks for.
struct VersionChoice {
  std::optional<std::int64_t> number;
  std::string label;
};

/// The models that are served. Thread-safe. A version that is replaced goes on answering what it was asked, and is
/// destroyed on a thread of the repository's own when the last of its requests is done.
class ModelRepository {
 public:
  ModelRepository(ModelLoader loader, BatchSettings settings);
  ~ModelRepository();
  ModelRepository(const ModelRepository&) = delete;
  ModelRepository& operator=(const ModelRepository&) = delete;

  /// Loads the file and serves it in place of the same version, if there is one; blocks. Until it is loaded the old one
  /// answers, and when loading fails it stays. Errors are the loader's.
  Result<ModelHandle> load(const std::string& name, std::int64_t version, const std::string& versionText,
                           const std::filesystem::path& path, bool atStart = false,
                           std::optional<BatchSettings> settings = {});
  /// Ends a version, or with none given all of them; false when there is none.
  bool unload(const std::string& name, std::optional<std::int64_t> version = {});

  /// A version by number or label, else the default one: the one that was chosen, or the largest.
  Answer<ModelHandle> find(std::string_view name, const VersionChoice& choice = {}) const;
  /// Versions from the smallest on; empty when there is no such model.
  [[nodiscard]] std::vector<ModelHandle> versions(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;
  /// What is and was served, by name, newest version first.
  [[nodiscard]] std::vector<VersionStatus> statuses(std::string_view name) const;

  bool setDefault(const std::string& name, std::int64_t version);
  [[nodiscard]] std::int64_t defaultVersion(std::string_view name) const;  ///< 0 when there is no such model
  /// Replaces the labels of a model; BadInput when one names a version that is not served.
  Answer<void> setLabels(const std::string& name, const std::map<std::string, std::int64_t>& labels);
  [[nodiscard]] std::map<std::string, std::int64_t> labels(std::string_view name) const;

 private:
  struct Entry {
    std::map<std::int64_t, ModelHandle> versions;
    std::map<std::int64_t, VersionStatus> others;  ///< loading, failed or ended
    std::map<std::string, std::int64_t> labels;
    std::int64_t chosen = 0;  ///< the default version; 0: the largest
  };
  using Entries = std::map<std::string, Entry, std::less<>>;
  void retire(ModelHandle handle);
  void reap(const std::stop_token& stop);

  const ModelLoader m_loader;
  const BatchSettings m_settings;
  mutable std::shared_mutex m_mutex;
  Entries m_entries;
  std::mutex m_retiredMutex;
  std::condition_variable_any m_retiredWake;
  std::vector<ModelHandle> m_retired;
  std::jthread m_reaper;  // last: it uses what is above
};

}  // namespace lathe::serving
