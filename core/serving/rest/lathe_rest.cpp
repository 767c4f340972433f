// SPDX-License-Identifier: GPL-3.0-or-later
// What is Lathe's own: the page, what the window asks for.
#include <cmath>
#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/serving/json.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

constexpr const char* pageText =
#include "page.inc"
    ;

void appendReal(std::string& out, double value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(out), "{}", value);
  else
    out += "null";
}

template <class T>
void appendList(std::string& out, const char* name, const std::vector<T>& values) {
  fmt::format_to(std::back_inserter(out), ",\"{}\":[", name);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i > 0) out += ',';
    if constexpr (std::is_same_v<T, std::string>)
      appendJsonText(out, values[i]);
    else if constexpr (std::is_same_v<T, double>)
      appendReal(out, values[i]);
    else
      out += std::to_string(values[i]);
  }
  out += ']';
}

/// The fields of a form for a model.
void appendColumns(std::string& out, const ServedModel& model) {
  out += "\"columns\":[";
  if (model.layout().image()) out += R"({"name":"image","kind":"file"})";
  bool first = true;
  for (const auto& column : model.layout().columns()) {
    const auto& feature = column.feature();
    out += first ? "{\"name\":" : ",{\"name\":";
    first = false;
    appendJsonText(out, feature.name);
    fmt::format_to(std::back_inserter(out), ",\"kind\":\"{}\"", spec::name(feature.kind));
    if (!feature.vocabulary.empty()) appendList(out, "values", feature.vocabulary);
    out += '}';
  }
  out += ']';
}

void appendModel(std::string& out, const ServingContext& service, const ServedModel& model) {
  const auto& facts = model.facts();
  const auto values = model.statistics().values();
  out += "{\"name\":";
  appendJsonText(out, facts.name);
  fmt::format_to(std::back_inserter(out),
                 ",\"version\":{},\"default\":{},\"task\":\"{}\",\"image\":{},\"path\":", facts.version,
                 service.models.defaultVersion(facts.name) == facts.version, spec::name(model.schema().task),
                 model.layout().image());
  appendJsonText(out, facts.path.string());
  fmt::format_to(
      std::back_inserter(out),
      ",\"loaded\":\"{}\",\"workers\":{},\"requests\":{},\"failures\":{},\"rows\":{},\"batches\":{},\"latency_ms\":"
      "{{\"mean\":{},\"p50\":{},\"p99\":{}}},",
      isoTime(facts.loadedMicros), model.batcher().settings().workers, values.requests, values.failures, values.rows,
      values.batches,
      values.requests == 0 ? 0.0
                           : 1e-3 * static_cast<double>(values.microseconds) / static_cast<double>(values.requests),
      1e-3 * values.quantile(0.5), 1e-3 * values.quantile(0.99));
  appendColumns(out, model);
  appendList(out, "classes", model.schema().target.classes);
  appendList(out, "outputs", model.answerColumns());
  out += ",\"labels\":[";
  bool first = true;
  for (const auto& [label, version] : service.models.labels(facts.name)) {
    if (version != facts.version) continue;
    if (!first) out += ',';
    first = false;
    appendJsonText(out, label);
  }
  out += "]}";
}

void sendModels(const ServingContext& service, Exchange& exchange) {
  std::string body = fmt::format("{{\"started\":\"{}\",\"models\":[", service.startedAt);
  bool first = true;
  for (const auto& name : service.models.names())
    for (const auto& model : service.models.versions(name)) {
      if (!first) body += ',';
      first = false;
      appendModel(body, service, *model);
    }
  exchange.send(200, body + "]}");
}

void sendInputs(Exchange& exchange, const ServedModel& model) {
  std::string body = "{\"name\":";
  appendJsonText(body, model.facts().name);
  fmt::format_to(std::back_inserter(body), ",\"version\":{},\"since\":\"{}\",\"rows\":{},\"columns\":[",
                 model.facts().version, isoTime(model.facts().loadedMicros), model.statistics().values().rows);
  bool first = true;
  for (const auto& column : model.inputs().columns()) {
    body += first ? "{\"name\":" : ",{\"name\":";
    first = false;
    appendJsonText(body, column.name);
    fmt::format_to(std::back_inserter(body), ",\"kind\":\"{}\",\"count\":{},\"missing\":{}", spec::name(column.kind),
                   column.count, column.missing);
    if (column.words.empty() && column.count > column.missing && std::isfinite(column.min)) {
      for (const auto& [name, value] : {std::pair("mean", column.mean), std::pair("std", std::sqrt(column.variance)),
                                        std::pair("min", column.min), std::pair("max", column.max)}) {
        fmt::format_to(std::back_inserter(body), ",\"{}\":", name);
        appendReal(body, value);
      }
    }
    if (!column.words.empty()) appendList(body, "values", column.words);
    if (!column.edges.empty()) appendList(body, "edges", column.edges);
    if (!column.counts.empty()) appendList(body, "counts", column.counts);
    body += '}';
  }
  exchange.send(200, body + "]}");
}

void sendPage(Exchange& exchange) {
  HttpResponse response{200, "text/html; charset=utf-8", pageText};
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; "
      "form-action 'none'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  exchange.respond(std::move(response));
}

}  // namespace

bool latheRest(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  if (exchange->request.method != "GET") return false;
  if (parts.empty()) {
    sendPage(*exchange);
    return true;
  }
  if (parts.size() == 1 && (parts[0] == "openapi.json" || parts[0] == "api-description")) {
    exchange->send(200, openApi(service, nullptr));
    return true;
  }
  if (exchange->request.path == "/metrics" || exchange->request.path == "/monitoring/prometheus/metrics") {
    exchange->respond({200, "text/plain; version=0.0.4; charset=utf-8", prometheusText(service)});
    return true;
  }
  if (parts[0] != "lathe" || parts.size() < 2 || parts[1] != "models") return false;
  if (parts.size() == 2) {
    sendModels(service, *exchange);
    return true;
  }
  const bool inputs = parts.back() == "inputs";
  const std::size_t named = parts.size() - (inputs ? 1 : 0);
  if (named != 3 && named != 4) return false;
  const auto model = findByText(service.models, parts[2], named == 4 ? parts[3] : std::string_view());
  if (!model) {
    sendFault(*exchange, model.error());
  } else if (inputs) {
    sendInputs(*exchange, **model);
  } else {
    std::string body;
    appendModel(body, service, **model);
    exchange->send(200, std::move(body));
  }
  return true;
}

}  // namespace lathe::serving
