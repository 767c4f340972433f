// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/request_counts.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lathe::services {
namespace {

using Json = nlohmann::json;
using Count = std::optional<RequestCount>;

std::optional<std::string> got(const std::string& address, const std::string& path, const ServedPlace& place,
                               double timeoutSeconds) {
  auto client = serving::HttpClient::to(address, place.token, timeoutSeconds);
  if (!client) return std::nullopt;
  auto answer = client->get(path);
  if (!answer || !answer->ok()) return std::nullopt;
  return std::move(answer->body);
}

Count fromLathe(const ServedPlace& place, double timeoutSeconds) {
  const auto address = inferenceAddress(place.url, place.predictUrl);
  if (!address) return std::nullopt;
  const auto body = got(
      *address,
      fmt::format("/lathe/models/{}/{}", serving::percentEncoded(place.name), serving::percentEncoded(place.version)),
      place, timeoutSeconds);
  const auto json = Json::parse(body.value_or(""), nullptr, false);
  const auto found = json.is_object() ? json.find("requests") : json.end();
  if (!json.is_object() || found == json.end() || !found->is_number_unsigned()) return std::nullopt;
  return RequestCount{found->get<std::uint64_t>(), false, false};
}

std::string nameLabel(const ServedPlace& place) { return fmt::format("model_name=\"{}\"", place.name); }

Count counted(const std::optional<double>& sum, bool allVersions = true) {
  if (!sum || *sum < 0) return std::nullopt;
  return RequestCount{static_cast<std::uint64_t>(*sum), allVersions, true};
}

Count fromTorchServe(const ServedPlace& place, double timeoutSeconds) {
  const auto management = serving::HttpClient::to(place.url, place.token, timeoutSeconds);
  if (!management) return std::nullopt;
  const auto text = got(besidePort(management->host(), management->port() + 1), "/metrics", place, timeoutSeconds);
  if (!text) return std::nullopt;
  return counted(prometheusSum(*text, "ts_inference_requests_total", {nameLabel(place)}));
}

Count fromTfServing(const ServedPlace& place, double timeoutSeconds) {
  const auto text = got(place.url, "/monitoring/prometheus/metrics", place, timeoutSeconds);
  if (!text) return std::nullopt;
  if (const auto sum = prometheusSum(*text, ":tensorflow:serving:request_count", {nameLabel(place)}))
    return counted(sum);
  // Lathe's own server speaks that protocol too, with names of its own.
  return counted(prometheusSum(*text, "ts_inference_requests_total",
                               {nameLabel(place), fmt::format("model_version=\"{}\"", place.version)}),
                 false);
}

Count fromTriton(const ServedPlace& place, double timeoutSeconds) {
  const auto body = got(place.url,
                        fmt::format("/v2/models/{}/versions/{}/stats", serving::percentEncoded(place.name),
                                    serving::percentEncoded(place.version)),
                        place, timeoutSeconds);
  const auto json = Json::parse(body.value_or(""), nullptr, false);
  const auto count = Json::json_pointer("/model_stats/0/inference_stats/success/count");
  if (!json.is_object() || !json.contains(count) || !json[count].is_number_integer()) return std::nullopt;
  return RequestCount{json[count].get<std::uint64_t>(), false, true};
}

}  // namespace

std::optional<double> prometheusSum(std::string_view text, std::string_view name,
                                    const std::vector<std::string>& labels) {
  std::optional<double> sum;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.substr(0, name.size()) != name || line.size() <= name.size() || line[name.size()] != '{') continue;
    const auto close = line.rfind('}');
    if (close == std::string_view::npos) continue;
    const auto inside = line.substr(name.size(), close - name.size());
    if (!std::all_of(labels.begin(), labels.end(),
                     [&](const auto& label) { return inside.find(label) != std::string_view::npos; }))
      continue;
    auto number = line.substr(close + 1);
    number.remove_prefix(std::min(number.find_first_not_of(' '), number.size()));
    double value = 0;
    if (std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc())
      sum = sum.value_or(0) + value;
  }
  return sum;
}

std::optional<RequestCount> requestsOf(const ServedPlace& place, double timeoutSeconds) {
  switch (place.target) {
    case DeployTarget::Lathe:
      return fromLathe(place, timeoutSeconds);
    case DeployTarget::TfServing:
      return fromTfServing(place, timeoutSeconds);
    case DeployTarget::Triton:
      return fromTriton(place, timeoutSeconds);
    default:
      return fromTorchServe(place, timeoutSeconds);
  }
}

}  // namespace lathe::services
