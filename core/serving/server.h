// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/engine/predictor.h"
#include "core/serving/model_store.h"

namespace lathe::serving {

struct ServeSettings {
  std::string host = "127.0.0.1";
  std::uint16_t http = 8080, management = 8081, grpc = 8500, rest = 8501;  ///< 0 picks one
  bool noToken = false;                                                    ///< changes need no token; on loopback alone
  std::filesystem::path tokenFolder;         ///< where the token's file is written; empty: beside the logs
  std::vector<std::filesystem::path> store;  ///< folders that clients may register models from
  std::vector<std::string> allowUrls;        ///< beginnings of URLs that clients may register archives from
  std::uintmax_t downloadBytes = std::uintmax_t{4} << 30U;
  std::chrono::milliseconds downloadTime{300'000};

  int workers = 0;                        ///< threads that compute, a model; 0: by the processors
  std::size_t maxBatch = 64;              ///< requests computed together
  std::chrono::microseconds maxDelay{0};  ///< waited for more requests while others are computing
  std::size_t queueLimit = 1000;          ///< waiting requests a model; beyond 503 with Retry-After
  std::size_t bodyBytes = 6'553'500;
  std::size_t connections = 4000, requests = 2000;  ///< at the same time
  std::chrono::milliseconds headerTime{10'000}, bodyTime{10'000}, idleTime{75'000};
  std::chrono::milliseconds grace{10'000};  ///< for what is in work when the server stops
};

/// The built-in inference server: TorchServe's and Open Inference's REST on http, TorchServe's management on
/// management, TensorFlow Serving's REST on rest, both families' gRPC on grpc.
class Server {
 public:
  using Loader = std::function<Result<std::unique_ptr<engine::Predictor>>(const std::filesystem::path&)>;
  /// Says what a file of the store is called before it is loaded.
  using Describer = std::function<Result<ModelFile>(const std::filesystem::path&)>;

  struct Addresses {
    std::string http, management, grpc, rest;  ///< HOST:PORT
    std::filesystem::path tokenFile;           ///< empty without a token
  };

  /// Loads the models, then listens; blocks until it answers. Loader and describer are called on threads of the server
  /// and must be thread-safe. Errors: "serving.port_in_use", "serving.bad_address", "serving.cannot_listen",
  /// "serving.token_needed", "serving.bad_url_prefix", the loader's, those of files.
  static Result<std::unique_ptr<Server>> start(const ServeSettings& settings, const std::vector<ModelFile>& models,
                                               Loader loader, Describer describer = {});
  /// As stop().
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] const Addresses& addresses() const;
  struct ServedName {
    std::string name;
    std::int64_t version = 1;
  };
  [[nodiscard]] std::vector<ServedName> models() const;
  /// Loads a file in place of the version that is there, without a dropped request; blocks.
  Result<void> load(const ModelFile& model);
  bool unload(const std::string& name, std::int64_t version);
  /// Takes no more requests, answers those in work, ends. Blocks.
  void stop();

 private:
  class Implementation;
  explicit Server(std::unique_ptr<Implementation> implementation);
  std::unique_ptr<Implementation> m_implementation;
};

}  // namespace lathe::serving
