// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <condition_variable>
#include <fmt/format.h>
#include <mutex>

#include "app/cli/commands.h"
#include "app/cli/serve_models.h"
#include "core/serving/clients/allowed_urls.h"

namespace lathe::cli {
namespace {

struct ServeOptions {
  std::vector<std::string> what, stores;
  serving::ServeSettings settings;
  int delayMillis = 0;
};

Json modelsJson(const serving::Server& server) {
  Json models = Json::array();
  for (const auto& model : server.models()) models.push_back({{"name", model.name}, {"version", model.version}});
  return models;
}

std::string readyText(const serving::Server& server) {
  const auto& at = server.addresses();
  std::string names;
  for (const auto& model : server.models())
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", model.name, model.version);
  return fmt::format("Serving {}: http {}, management {}, grpc {}, rest {}{}\n", names.empty() ? "no model yet" : names,
                     at.http, at.management, at.grpc, at.rest,
                     at.tokenFile.empty() ? "" : fmt::format(", token in {}", at.tokenFile.string()));
}

/// Until the first Ctrl+C or SIGTERM.
void waitForStop(Context& context) {
  std::mutex mutex;
  std::condition_variable_any never;
  std::unique_lock lock(mutex);
  never.wait(lock, context.stops().stop(), [] { return false; });
}

Result<int> serve(Context& context, const ServeOptions& options) {
  if (options.what.empty() && options.stores.empty())
    return usage("what", "serve needs a project or an export.", "Name one, or give a folder with --model-store.");
  if (const auto urls = serving::AllowedUrls::of(options.settings.allowUrls); !urls) return asUsage(urls.error());
  LATHE_ASSIGN(files, servedFiles(options.what));
  auto settings = options.settings;
  settings.maxDelay = std::chrono::milliseconds(options.delayMillis);
  settings.store = files.folders;
  for (const auto& store : options.stores) settings.store.emplace_back(store);
  LATHE_ASSIGN(engine, context.engine());
  LATHE_ASSIGN(models, context.models());
  context.stops().graceful({}, {});
  LATHE_ASSIGN(server, serving::Server::start(settings, files.models, modelLoader(engine, std::move(models)),
                                              describeModelFile));
  const auto& at = server->addresses();
  const auto token = at.tokenFile.empty() ? Json(nullptr) : Json(at.tokenFile.string());
  LATHE_TRY(context.print({{"http", at.http},
                           {"management", at.management},
                           {"grpc", at.grpc},
                           {"rest", at.rest},
                           {"token_file", token},
                           {"models", modelsJson(*server)}},
                          readyText(*server)));
  waitForStop(context);
  server->stop();
  context.stops().forget();
  return Done;
}

}  // namespace

void addServe(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand(
      "serve", "Answer requests with a project's exports or its best run, or with exports, until Ctrl+C");
  auto options = std::make_shared<ServeOptions>();
  auto& settings = options->settings;
  command->add_option("what", options->what, "A project's folder, or the folder or a file of an export")
      ->type_name("PROJECT_OR_EXPORT");
  command->add_option("--http", settings.http, "Port of TorchServe's and Open Inference's REST (default 8080)")
      ->type_name("PORT");
  command->add_option("--management", settings.management, "Port of TorchServe's management (default 8081)")
      ->type_name("PORT");
  command->add_option("--grpc", settings.grpc, "Port of gRPC (default 8500)")->type_name("PORT");
  command->add_option("--rest", settings.rest, "Port of TensorFlow Serving's REST (default 8501)")->type_name("PORT");
  command->add_option("--host", settings.host, "Address to listen on (default 127.0.0.1)")->type_name("ADDRESS");
  command->add_flag("--no-token", settings.noToken, "On 127.0.0.1: changes of what is served need no token");
  command->add_option("--model-store", options->stores, "Folder that clients may register models from")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command
      ->add_option("--allow-url", settings.allowUrls,
                   "Beginning of the URLs that clients may register a .mar from: https://HOST/FOLDER/ (default none)")
      ->type_name("PREFIX")
      ->allow_extra_args(false);
  command->add_option("--workers", settings.workers, "Threads a model (default half of the processors)")
      ->type_name("N");
  command->add_option("--max-batch", settings.maxBatch, "Requests computed together (default 64)")->type_name("N");
  command
      ->add_option("--max-delay", options->delayMillis,
                   "Milliseconds waited for more requests while others are computing (default 0)")
      ->type_name("MS");
  command->callback([options, &chosen] { chosen = [options](Context& context) { return serve(context, *options); }; });
}

}  // namespace lathe::cli
