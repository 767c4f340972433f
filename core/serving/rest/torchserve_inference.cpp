// SPDX-License-Identifier: GPL-3.0-or-later
// TorchServe's inference API: /ping, /predictions/MODEL[/VERSION], OPTIONS with OpenAPI.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "core/serving/json_rows.h"
#include "core/serving/rest/answers.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

char firstCharacter(std::string_view text) {
  const auto at = text.find_first_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

Answer<InputRows> rowsOfBody(const InputLayout& layout, std::string_view body, bool& instances) {
  const char first = firstCharacter(body);
  if (first == '{' || first == '[') {
    JsonBody json;
    SERVING_TRY(json.parse(body));
    SERVING_ASSIGN(rows, rowsOfJson(layout, json.root()));
    instances = rows.instances;
    return std::move(rows.rows);
  }
  if (first == '\0') return refuse(FaultKind::BadInput, "The body is empty.");
  if (!layout.image()) return rowsOfCsv(layout, body);
  InputRows rows;
  SERVING_TRY(appendImageFile(layout, body, rows));
  rows.single = true;
  return rows;
}

/// A row from the fields of a form: column=value.
Answer<InputRows> rowsOfForm(const InputLayout& layout, std::string_view form) {
  HttpRequest fields;
  fields.target = "/?" + std::string(form);
  splitTarget(fields);
  InputRows rows;
  rows.numbers.resize(layout.inputSize());
  for (const auto& column : layout.columns()) {
    const auto field = fields.query.find(column.name());
    if (field == fields.query.end())
      return refuse(FaultKind::BadInput, fmt::format("The column {} is missing.", column.name()));
    SERVING_TRY(column.writeText(field->second, rows.numbers.data()));
  }
  rows.rows = 1;
  rows.single = true;
  return rows;
}

Answer<InputRows> readPrediction(Exchange& exchange, const InputLayout& layout) {
  const auto& request = exchange.request;
  const auto type = request.contentType();
  if (type == "multipart/form-data") {
    const auto parts = multipartParts(request);
    if (parts.empty()) return refuse(FaultKind::BadInput, "The request has no parts.");
    const auto named = std::find_if(parts.begin(), parts.end(), [](const auto& part) { return part.first == "data"; });
    return rowsOfBody(layout, named == parts.end() ? parts.front().second : named->second, exchange.instances);
  }
  const char first = firstCharacter(request.body);
  const bool form = type == "application/x-www-form-urlencoded" && first != '{' && first != '[' && first != '\0' &&
                    request.body.find('=') != std::string::npos;
  if (form && layout.table() && layout.window() == 1) return rowsOfForm(layout, request.body);
  return rowsOfBody(layout, request.body, exchange.instances);
}

}  // namespace

void predictRows(const ExchangePtr& exchange) {
  const auto posted = exchange->model->post(
      [exchange](const InputLayout& layout) {
        auto rows = readPrediction(*exchange, layout);
        if (rows) rows->check = !exchange->request.header("X-Lathe-Check").empty();
        return rows;
      },
      [exchange](const Answer<Outputs>& outputs) {
        if (!outputs) {
          sendTorchServeFault(*exchange, outputs.error());
          return;
        }
        std::string body;
        appendAnswers(body, *exchange->model, *outputs, exchange->instances);
        exchange->send(200, std::move(body));
      });
  if (posted) return;
  if (posted.error().kind == FaultKind::Unavailable)
    sendTorchServeFault(*exchange,
                        {FaultKind::Unavailable,
                         fmt::format("Model \"{}\" has no worker to serve inference request. Please use "
                                     "scale workers API to add workers. If this is a sequence inference, "
                                     "please check if it is closed, or expired; or exceeds maxSequenceJobQueueSize",
                                     exchange->model->facts().name)});
  else
    sendTorchServeFault(*exchange, posted.error());
}

bool torchServeInference(const ServingContext& service, const ExchangePtr& exchange) {
  const auto& parts = exchange->parts;
  const auto& method = exchange->request.method;
  if (parts.size() == 1 && parts[0] == "ping") {
    sendTorchServeStatus(*exchange, 200, "Healthy");
    return true;
  }
  if (method == "OPTIONS" && (parts.empty() || (parts.size() == 1 && parts[0] == "predictions"))) {
    exchange->send(200, openApi(service, nullptr));
    return true;
  }
  if (parts.empty() || parts[0] != "predictions" || parts.size() > 3) return false;
  if (parts.size() < 2) return false;
  auto model = findByText(service.models, parts[1], parts.size() > 2 ? parts[2] : std::string_view());
  if (!model) {
    sendTorchServeFault(*exchange, model.error());
  } else if (method == "OPTIONS") {
    exchange->send(200, openApi(service, *model));
  } else if (method != "POST" && method != "GET" && method != "PUT") {
    sendTorchServeFault(*exchange,
                        {FaultKind::WrongMethod, "Requested method is not allowed, please refer to API document."});
  } else {
    exchange->model = std::move(*model);
    predictRows(exchange);
  }
  return true;
}

}  // namespace lathe::serving
