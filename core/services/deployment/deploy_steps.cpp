// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/deploy_steps.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <unistd.h>

#include "core/base/files.h"
#include "core/services/export_files.h"

namespace lathe::services {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t mostNumbersAtOnce = std::size_t{1} << 18;  // TorchServe takes 6.5 MB of text

/// As few requests as a server takes.
Result<std::vector<float>> askAll(const Expected& expected, const Ask& ask) {
  const auto rows = expected.outputs.rows;
  const auto width = std::max<std::size_t>(1, expected.rows.numbers.size() / rows);
  const auto most = std::max<std::size_t>(1, mostNumbersAtOnce / width);
  std::vector<float> all;
  for (std::size_t first = 0; first < rows; first += most) {
    auto some = ask(first, std::min(most, rows - first));
    if (!some) return some;
    all.insert(all.end(), some->begin(), some->end());
  }
  return all;
}

double secondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

OtherAnswer otherAnswer(const exporting::ParityReport& report, std::span<const float> found,
                        std::span<const float> wanted) {
  const auto row = report.failingRows.empty() ? 0U : report.failingRows.front();
  const auto columns = wanted.size() / static_cast<std::size_t>(std::max<std::int64_t>(1, report.rows));
  const auto part = [&](std::span<const float> all) {
    const auto some = all.subspan(row * columns, columns);
    return std::vector<float>(some.begin(), some.end());
  };
  return {static_cast<std::int64_t>(row), part(found), part(wanted)};
}

Error differs(const exporting::ParityReport& report, const OtherAnswer& other) {
  return fail("deploy.differs",
              LATHE_TEXT("errors",
                         "The server answers differently from the trained model: the largest difference on {rows} rows "
                         "is {difference}; row {row} gives {found} instead of {wanted}."),
              LATHE_TEXT("errors", "Check that the server runs this export and nothing changes its inputs."),
              {{"rows", std::to_string(report.rows)},
               {"difference", fmt::format("{:.3g}", report.maxDiff)},
               {"row", std::to_string(other.row + 1)},
               {"found", fmt::format("{}", fmt::join(other.found, ", "))},
               {"wanted", fmt::format("{}", fmt::join(other.wanted, ", "))}})
      .value();
}

}  // namespace

const char* formatFor(DeployTarget target) {
  switch (target) {
    case DeployTarget::TfServing:
      return "savedmodel";
    case DeployTarget::Triton:
      return "triton";
    default:
      return "torchscript";
  }
}

const char* targetName(DeployTarget target) {
  switch (target) {
    case DeployTarget::TfServing:
      return "tfserving";
    case DeployTarget::Triton:
      return "triton";
    case DeployTarget::Lathe:
      return "lathe";
    default:
      return "torchserve";
  }
}

Result<fs::path> fileOf(const exporting::ExportLocation& what, const char* format) {
  for (const auto& file : what.manifest.files)
    if (file.format == format) return what.folder / file.path;
  return fail("deploy.no_format", LATHE_TEXT("errors", "The export {name} holds no {format} file."),
              LATHE_TEXT("errors", "Export the run again with --format {format}."),
              {{"name", what.manifest.name}, {"format", format}});
}

Result<Expected> expectedOf(const exporting::ExportManifest& manifest) {
  Expected expected;
  expected.rows.shape = manifest.schema.inputShape;
  for (const auto& row : manifest.referenceRows)
    expected.rows.numbers.insert(expected.rows.numbers.end(), row.begin(), row.end());
  expected.outputs.rows = manifest.referenceOutputs.size();
  expected.outputs.columns = manifest.referenceOutputs.empty() ? 0 : manifest.referenceOutputs.front().size();
  for (const auto& row : manifest.referenceOutputs)
    expected.outputs.values.insert(expected.outputs.values.end(), row.begin(), row.end());
  expected.model.schema = manifest.schema;
  expected.model.fitted.targetStd = manifest.targetStd;
  expected.model.fitted.targetStds = manifest.targetStds;
  if (expected.outputs.rows == 0)
    return fail("deploy.no_rows", LATHE_TEXT("errors", "The export {name} brings no reference rows to compare."),
                LATHE_TEXT("errors", "Export the run again."), {{"name", manifest.name}});
  return expected;
}

Result<void> compareAnswers(const Expected& expected, const Ask& ask, Deployment& deployment, const JobContext& job,
                            int timed) {
  const auto rows = expected.outputs.rows;
  job.report({"verify", 0, static_cast<double>(rows), "rows"});
  auto answered = askAll(expected, ask);
  deployment.rows = static_cast<std::int64_t>(rows);
  if (!answered) {
    deployment.why = answered.error();
    return {};
  }
  engine::Predictions found{rows, answered->size() / rows, std::move(*answered)};
  if (found.columns != expected.outputs.columns || found.values.size() != expected.outputs.values.size()) {
    deployment.why =
        fail("deploy.bad_answer", LATHE_TEXT("errors", "{server} gave an answer that cannot be read: {reason}."),
             LATHE_TEXT("errors", "Check that the address is that of the protocol that was chosen."),
             {{"server", deployment.endpoint},
              {"reason", fmt::format("{} numbers instead of {}", found.values.size(), expected.outputs.values.size())}})
            .value();
    return {};
  }
  const auto report = exporting::compare(found, expected.outputs, expected.model);
  deployment.maxDiff = report.maxDiff;
  deployment.healthy = report.ok;
  if (!report.ok) {
    deployment.other = otherAnswer(report, found.values, expected.outputs.values);
    deployment.why = differs(report, *deployment.other);
  }
  std::vector<double> times;
  for (int i = 0; i < timed && !job.cancelled(); ++i) {
    const auto start = std::chrono::steady_clock::now();
    const auto answer = ask(static_cast<std::size_t>(i) % rows, 1);
    if (!answer) {
      deployment.healthy = false;
      deployment.why = answer.error();
      break;
    }
    times.push_back(1e3 * secondsSince(start));
  }
  if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "The deployment was cancelled."), "");
  if (!times.empty()) {
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
    deployment.latencyMs = times[times.size() / 2];
  }
  return {};
}

std::int64_t newestVersion(const fs::path& folder) {
  std::int64_t newest = 0;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const auto name = entry->path().filename().string();
    std::int64_t version = 0;
    const auto [stop, problem] = std::from_chars(name.data(), name.data() + name.size(), version);
    if (problem == std::errc() && stop == name.data() + name.size()) newest = std::max(newest, version);
  }
  return newest;
}

Result<void> placeVersion(const fs::path& folder, const std::string& version,
                          const std::vector<std::pair<fs::path, std::string>>& files) {
  std::error_code error;
  if (fs::exists(folder / version, error))
    return fail("deploy.version_taken", LATHE_TEXT("errors", "{folder} holds a version {version} already."),
                LATHE_TEXT("errors", "Choose another version, or leave it out to get the next one."),
                {{"folder", folder.string()}, {"version", version}});
  const auto staging = folder / fmt::format(".lathe-{}-{}", version, ::getpid());
  const bool made = fs::create_directories(folder, error);
  if (!error) fs::create_directory(staging, error);
  if (error) return fileError(error.value(), staging);
  for (const auto& [from, name] : files) {
    fs::create_directories((staging / name).parent_path(), error);
    if (!error) fs::copy_file(from, staging / name, error);
    if (error) break;
  }
  if (!error) fs::rename(staging, folder / version, error);
  if (!error) return {};
  const auto problem = fileError(error.value(), folder / version);
  fs::remove_all(staging, error);
  if (made) fs::remove(folder, error);
  return problem;
}

void removeVersion(const fs::path& folder, const std::string& version) {
  std::error_code ignored;
  fs::remove_all(folder / version, ignored);
  fs::remove(folder, ignored);  // only when it is empty
}

std::string besidePort(const std::string& host, int port) {
  const bool six = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}", six ? "[" : "", host, six ? "]" : "", port);
}

Result<Deployment> deploy(const DeployRequest& request, const JobContext& job) {
  LATHE_TRY(checkExportName(request.name.empty() ? request.what.manifest.name : request.name));
  switch (request.target) {
    case DeployTarget::TfServing:
      return deployToTfServing(request, job);
    case DeployTarget::Triton:
      return deployToTriton(request, job);
    default:
      return deployToTorchServe(request, job);
  }
}

}  // namespace lathe::services
