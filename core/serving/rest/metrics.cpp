// SPDX-License-Identifier: GPL-3.0-or-later
// Prometheus' text format: TorchServe's names where it has them, and Lathe's own.
#include <fmt/format.h>
#include <iterator>

#include "core/base/machine.h"
#include "core/serving/rest/exchange.h"

namespace lathe::serving {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

struct Labelled {
  std::string labels;
  Statistics::Values values;
  std::size_t waiting = 0;
};

void family(std::string& out, const std::vector<Labelled>& models, const char* name, const char* type, const char* help,
            const std::function<double(const Labelled&)>& value) {
  fmt::format_to(std::back_inserter(out), "# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  for (const auto& model : models)
    fmt::format_to(std::back_inserter(out), "{}{{{}}} {}\n", name, model.labels, value(model));
}

void histogram(std::string& out, const std::vector<Labelled>& models) {
  constexpr const char* name = "lathe_request_seconds";
  fmt::format_to(std::back_inserter(out), "# HELP {0} From a request's arrival to its answer.\n# TYPE {0} histogram\n",
                 name);
  for (const auto& model : models) {
    std::uint64_t below = 0;
    for (std::size_t i = 0; i < Statistics::bucketEnds.size(); ++i) {
      below += model.values.buckets[i];
      fmt::format_to(std::back_inserter(out), "{}_bucket{{{},le=\"{}\"}} {}\n", name, model.labels,
                     1e-6 * static_cast<double>(Statistics::bucketEnds[i]), below);
    }
    below += model.values.buckets.back();
    fmt::format_to(std::back_inserter(out),
                   "{0}_bucket{{{1},le=\"+Inf\"}} {2}\n{0}_sum{{{1}}} {3}\n{0}_count{{{1}}} {2}\n", name, model.labels,
                   below, 1e-6 * static_cast<double>(model.values.microseconds));
  }
}

}  // namespace

std::string prometheusText(const ServingContext& service) {
  std::vector<Labelled> models;
  for (const auto& name : service.models.names())
    for (const auto& handle : service.models.versions(name))
      models.push_back({fmt::format("model_name=\"{}\",model_version=\"{}\"", escaped(name), handle->facts().version),
                        handle->statistics().values(), handle->batcher().waiting()});
  std::string out;
  family(out, models, "ts_inference_requests_total", "counter", "Requests answered with predictions.",
         [](const Labelled& model) { return static_cast<double>(model.values.requests); });
  family(out, models, "ts_inference_latency_microseconds", "counter", "Summed time from arrival to answer.",
         [](const Labelled& model) { return static_cast<double>(model.values.microseconds); });
  family(out, models, "ts_queue_latency_microseconds", "counter", "Summed time before the computation began.",
         [](const Labelled& model) { return static_cast<double>(model.values.queueMicroseconds); });
  family(out, models, "lathe_request_failures_total", "counter", "Requests answered with an error.",
         [](const Labelled& model) { return static_cast<double>(model.values.failures); });
  family(out, models, "lathe_requests_refused_total", "counter", "Requests refused because the queue was full.",
         [](const Labelled& model) { return static_cast<double>(model.values.refused); });
  family(out, models, "lathe_rows_total", "counter", "Rows predicted.",
         [](const Labelled& model) { return static_cast<double>(model.values.rows); });
  family(out, models, "lathe_batches_total", "counter", "Computations, each of one or more requests.",
         [](const Labelled& model) { return static_cast<double>(model.values.batches); });
  family(out, models, "lathe_queue_length", "gauge", "Requests that wait.",
         [](const Labelled& model) { return static_cast<double>(model.waiting); });
  histogram(out, models);
  fmt::format_to(std::back_inserter(out),
                 "# HELP process_resident_memory_bytes Resident memory.\n# TYPE process_resident_memory_bytes gauge\n"
                 "process_resident_memory_bytes {}\n",
                 residentMemory());
  return out;
}

}  // namespace lathe::serving
