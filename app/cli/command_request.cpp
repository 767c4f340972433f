// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <unistd.h>

#include "app/cli/choices.h"
#include "app/cli/commands.h"
#include "core/base/files.h"
#include "core/services/deployment/request_file.h"
#include "core/serving/clients/tensor_service.h"
#include "core/serving/clients/torchserve_client.h"

namespace lathe::cli {
namespace {

using serving::RequestRows;

constexpr std::size_t rowsAtOnce = 64;

struct RequestOptions {
  std::string url, grpc, protocol, model, version, signature, data, token;
};

struct Answers {
  Json outputs;
  std::string version;
  std::vector<double> milliseconds;  ///< of each request
  std::string note;
};

class Stopwatch {
 public:
  [[nodiscard]] double milliseconds() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - m_start).count();
  }

 private:
  std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

Json nested(const serving::NamedValues& values, std::size_t dimension, std::size_t& place) {
  if (dimension == values.shape.size()) {
    const auto at = place++;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&values.values))
      return at < texts->size() ? Json((*texts)[at]) : Json();
    const auto& numbers = std::get<std::vector<float>>(values.values);
    return at < numbers.size() ? Json(static_cast<double>(numbers[at])) : Json();
  }
  auto list = Json::array();
  for (std::int64_t i = 0; i < values.shape[dimension]; ++i) list.push_back(nested(values, dimension + 1, place));
  return list;
}

void append(Json& outputs, const serving::NamedValues& values) {
  std::size_t place = 0;
  auto rows = nested(values, 0, place);
  auto& all = outputs[values.name];
  if (!all.is_array()) all = Json::array();
  if (!rows.is_array()) rows = Json::array({rows});
  for (auto& row : rows) all.push_back(std::move(row));
}

Result<Answers> askTorchServe(const RequestOptions& options, const RequestRows& rows, const JobContext& job) {
  LATHE_ASSIGN(management, serving::HttpClient::to(options.url, options.token));
  LATHE_ASSIGN(inference, serving::HttpClient::to(options.url, options.token));
  serving::TorchServeClient client(std::move(management), std::move(inference));
  Answers answers{Json::array(), options.version, {}, {}};
  for (std::size_t first = 0; first < rows.count() && !job.cancelled(); first += rowsAtOnce) {
    const auto count = std::min(rowsAtOnce, rows.count() - first);
    const Stopwatch watch;
    auto answer = client.predict(options.model, options.version,
                                 {serving::instancesJson(rows, first, count), "application/json"});
    if (!answer) return passOn(answer);
    answers.milliseconds.push_back(watch.milliseconds());
    if (!answer->ok()) return serving::refusal(client.inference().address(), *answer);
    auto json = Json::parse(answer->body, nullptr, false);
    if (json.is_discarded()) json = answer->body;  // a handler may answer anything
    if (json.is_object() && json.contains("predictions")) json = json["predictions"];
    if (!json.is_array()) json = Json::array({json});
    for (auto& row : json) answers.outputs.push_back(std::move(row));
  }
  return answers;
}

Result<Answers> askTensors(const RequestOptions& options, const RequestRows& rows, const JobContext& job) {
  const bool tf = options.protocol == "tfserving";
  const serving::ServiceSettings settings{options.grpc.empty() ? options.url : options.grpc, options.token, 60};
  auto service = options.grpc.empty() ? (tf ? serving::tfServingRest(settings) : serving::openInferenceRest(settings))
                                      : (tf ? serving::tfServingGrpc(settings) : serving::openInferenceGrpc(settings));
  if (!service) return passOn(service);
  const serving::ModelAddress model{options.model, options.version, options.signature};
  LATHE_ASSIGN(signature, (*service)->signature(model));
  const auto step = serving::rowsPerInstance(signature, rows);
  const auto whole = rows.count() / step * step;
  if (whole == 0)
    return fail("request.rows", "The model reads {window} rows at once, and the file has {rows}.",
                "Give a file with more rows.",
                {{"window", std::to_string(step)}, {"rows", std::to_string(rows.count())}});
  Answers answers{Json::object(), {}, {}, {}};
  const auto chunk = std::max<std::size_t>(1, rowsAtOnce / step) * step;
  for (std::size_t first = 0; first < whole && !job.cancelled(); first += chunk) {
    LATHE_ASSIGN(inputs, serving::inputsFor(signature, rows, first, std::min(chunk, whole - first), answers.note));
    const Stopwatch watch;
    LATHE_ASSIGN(outputs, (*service)->predict(model, inputs, &answers.version));
    answers.milliseconds.push_back(watch.milliseconds());
    for (const auto& output : outputs) append(answers.outputs, output);
  }
  return answers;
}

Result<int> request(Context& context, RequestOptions options) {
  LATHE_ASSIGN(protocol, choice("--protocol", options.protocol, {"torchserve", "tfserving", "openinference"}));
  options.protocol = protocol;
  if (options.url.empty() == options.grpc.empty())
    return usage("address", "request needs the address of one server.", "Give --url URL or --grpc HOST:PORT.");
  if (!options.grpc.empty() && protocol == "torchserve")
    return usage("grpc", "TorchServe is asked over REST.", "Give --url URL.");
  if (!options.signature.empty() && protocol != "tfserving")
    return usage("signature", "Only TensorFlow Serving has signatures.", "Leave --signature out.");
  if (::access(options.data.c_str(), R_OK) != 0) return fileError(errno, options.data);
  ProgressLine line;
  const auto job = context.job(line);
  LATHE_ASSIGN(rows, services::requestRowsOf(options.data, job));
  auto answers = protocol == "torchserve" ? askTorchServe(options, rows, job) : askTensors(options, rows, job);
  line.clear();
  if (!answers) return passOn(answers);
  if (!answers->note.empty()) writeErr("note: " + answers->note);
  auto times = answers->milliseconds;
  std::sort(times.begin(), times.end());
  const double latency = times.empty() ? 0 : times[times.size() / 2];
  std::string text = answers->outputs.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  text += fmt::format("\n{} in {}, {:.2f} ms each\n", counted(static_cast<std::int64_t>(rows.count()), "row", "rows"),
                      counted(static_cast<std::int64_t>(times.size()), "request", "requests"), latency);
  return context.print({{"outputs", answers->outputs},
                        {"latency_ms", latency},
                        {"rows", rows.count()},
                        {"version", answers->version.empty() ? Json() : Json(answers->version)}},
                       text);
}

}  // namespace

void addRequest(CLI::App& root, Action& chosen) {
  auto* command = root.add_subcommand("request", "Send the rows of a file to a server and print its answers");
  auto options = std::make_shared<RequestOptions>();
  command->add_option("--url", options->url, "Address over REST")->type_name("URL");
  command->add_option("--grpc", options->grpc, "Address over gRPC")->type_name("HOST:PORT");
  command->add_option("--protocol", options->protocol, "torchserve, tfserving or openinference")
      ->type_name("PROTOCOL")
      ->required();
  command->add_option("--model", options->model, "Name of the model there")->type_name("MODEL")->required();
  command->add_option("--version", options->version, "Its version, or a label; without it the server's choice")
      ->type_name("VERSION");
  command
      ->add_option(
          "--signature", options->signature,
          "tfserving: predict_signature (input_tensor to output_tensor) or another; without it serving_default")
      ->type_name("SIGNATURE");
  command->add_option("--data", options->data, "Rows to send")->type_name("FILE")->required();
  command->add_option("--token", options->token, "What the server wants as a bearer token")->type_name("TOKEN");
  command->callback(
      [options, &chosen] { chosen = [options](Context& context) { return request(context, *options); }; });
}

}  // namespace lathe::cli
