// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/promotion.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <optional>

#include "core/search/paired_bootstrap.h"
#include "core/services/parity_rows.h"
#include "core/services/row_losses.h"
#include "core/services/scoring_rows.h"
#include "core/spec/targets.h"

namespace lathe::services {
namespace {

constexpr std::size_t mostRows = 2000;
constexpr std::size_t rowsAtOnce = 64;

Result<engine::Predictions> answersOf(const LabelledRequest& request, ServedAsk& server) {
  engine::Predictions predictions{request.places.size(), spec::outputCount(request.dataset.schema), {}};
  for (std::size_t first = 0; first < predictions.rows; first += rowsAtOnce) {
    LATHE_ASSIGN(values, server.ask(request.rows, first, std::min(rowsAtOnce, predictions.rows - first)));
    predictions.values.insert(predictions.values.end(), values.begin(), values.end());
  }
  if (predictions.values.size() == predictions.rows * predictions.columns) return predictions;
  return fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
              LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
              {{"server", "The server"}, {"reason", "it holds another number of values"}});
}

tl::unexpected<Error> noHeldOutRows(const std::filesystem::path& file) {
  return fail("deploy.no_rows_held_out",
              LATHE_TEXT("errors", "{file} leaves no labelled row on which both models can be compared."),
              LATHE_TEXT("errors", "Give a file with more labelled rows."), {{"file", file.string()}});
}

}  // namespace

Result<LabelledRequest> labelledRequest(const spec::DataSchema& schema, const std::filesystem::path& file,
                                        const JobContext& job, const std::vector<std::uint32_t>& only) {
  LATHE_ASSIGN(read, rowsFor(schema, file, "", job));
  LATHE_ASSIGN(places, labelledRows(read, file));
  if (!only.empty()) {
    std::vector<std::uint32_t> sorted = only;
    std::sort(sorted.begin(), sorted.end());
    std::erase_if(places, [&](auto place) { return !std::binary_search(sorted.begin(), sorted.end(), place); });
    if (places.empty()) return noHeldOutRows(file);
  }
  if (places.size() > mostRows) {
    // Spread over the file, whose order may mean something.
    std::vector<std::uint32_t> some(mostRows);
    for (std::size_t i = 0; i < mostRows; ++i) some[i] = places[i * places.size() / mostRows];
    places = std::move(some);
  }
  LabelledRequest request;
  request.rows.shape = schema.inputShape;
  for (const auto place : places) {
    const auto input = inputOf(read.dataset, place);
    request.rows.numbers.insert(request.rows.numbers.end(), input.begin(), input.end());
  }
  request.dataset = std::move(read.dataset);
  request.places = std::move(places);
  return request;
}

Result<Promotion> contest(const LabelledRequest& rows, ServedAsk& champion, ServedAsk& challenger) {
  return contest(rows, champion, rows, challenger);
}

Result<Promotion> contest(const LabelledRequest& championRows, ServedAsk& champion, const LabelledRequest& rows,
                          ServedAsk& challenger) {
  LATHE_ASSIGN(old, answersOf(championRows, champion));
  LATHE_ASSIGN(fresh, answersOf(rows, challenger));
  const bool numbers = spec::predictsNumbers(rows.dataset.schema.task);
  const char* metric = numbers ? "data/rmse" : "data/log_loss";
  const auto before = rowLosses(old, championRows.dataset, championRows.places, metric);
  const auto after = rowLosses(fresh, rows.dataset, rows.places, metric);
  Promotion promotion;
  promotion.measure = rowMeasureOf(rows.dataset, metric, {}).name;
  promotion.rows = static_cast<std::int64_t>(rows.places.size());
  if (before.empty() || after.empty())
    return fail("deploy.no_measure", LATHE_TEXT("errors", "Models of this task cannot be compared row by row."),
                LATHE_TEXT("errors", "Deploy without labelled rows."));
  const auto mean = [](const std::vector<double>& losses) {
    return std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size());
  };
  promotion.champion = mean(before);
  promotion.challenger = mean(after);
  const auto comparison = search::compareLosses({after}, {before});
  promotion.low = comparison.low;
  promotion.high = comparison.high;
  promotion.promoted = comparison.verdict != search::Verdict::Worse;
  return promotion;
}

Result<void> judge(const DeployRequest& request, Deployment& deployment, const JobContext& job) {
  if (!deployment.healthy) return {};
  const auto refuse = [&](const tl::unexpected<Error>& error) {
    deployment.healthy = false;
    deployment.why = error.value();
  };
  if (request.maxLatencyMs > 0 && deployment.latencyMs > request.maxLatencyMs) {
    refuse(fail("deploy.slow", LATHE_TEXT("errors", "A row takes {latency} ms there, {limit} ms are allowed."),
                LATHE_TEXT("errors", "Allow more time, or deploy a smaller model."),
                {{"latency", fmt::format("{:.3g}", deployment.latencyMs)},
                 {"limit", fmt::format("{:g}", request.maxLatencyMs)}}));
    return {};
  }
  if (request.data.empty() || deployment.previous.empty()) return {};
  const auto& schema = request.what.manifest.schema;
  LATHE_ASSIGN(rows, labelledRequest(schema, request.data, job, request.dataRows));
  std::optional<LabelledRequest> own;
  if (request.championSchema && !(*request.championSchema == schema)) {
    LATHE_ASSIGN(read, labelledRequest(*request.championSchema, request.data, job, rows.places));
    // Only rows that both can be scored on.
    if (read.places.size() < rows.places.size()) {
      LATHE_ASSIGN(fewer, labelledRequest(schema, request.data, job, read.places));
      rows = std::move(fewer);
    }
    own = std::move(read);
  }
  const auto& championRows = own ? *own : rows;
  const auto place = [&](const std::string& version) {
    return ServedPlace{request.target, request.url, request.predictUrl, request.token, deployment.name, version};
  };
  LATHE_ASSIGN(champion,
               askServed(place(deployment.previous), request.championSchema.value_or(schema), request.timeoutSeconds));
  LATHE_ASSIGN(challenger, askServed(place(deployment.version), schema, request.timeoutSeconds));
  if (const auto there = champion->ask(championRows.rows, 0, 1); !there) {
    deployment.steps.push_back(
        fmt::format("Version {} does not answer, so there is nothing to compare with.", deployment.previous));
    return {};
  }
  LATHE_ASSIGN(promotion, contest(championRows, *champion, rows, *challenger));
  deployment.promotion = promotion;
  const auto told = fmt::format("{} {:.4g} against {:.4g} of version {} on {} rows, difference {:.3g} to {:.3g}",
                                promotion.measure, promotion.challenger, promotion.champion, deployment.previous,
                                promotion.rows, promotion.low, promotion.high);
  deployment.steps.push_back("Champion and challenger: " + told + ".");
  if (!promotion.promoted)
    refuse(fail("deploy.worse", LATHE_TEXT("errors", "The model is worse than the one that is served: {told}."),
                LATHE_TEXT("errors", "The version that was served stays."), {{"told", told}}));
  return {};
}

}  // namespace lathe::services
