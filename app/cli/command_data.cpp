// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/spec_flags.h"
#include "app/cli/values_json.h"
#include "core/base/clock.h"
#include "core/services/data_service.h"
#include "core/spec/spec_json.h"

namespace lathe::cli {
namespace {

/// 2024-01-31 12:30:00, without the time where it is midnight.
std::string shortTime(double seconds) {
  auto text = isoTime(static_cast<std::int64_t>(std::llround(seconds * 1e6)));
  text.resize(std::min<std::size_t>(text.size(), 19));
  if (text.size() == 19 && text.compare(11, 8, "00:00:00") == 0)
    text.resize(10);
  else if (text.size() > 10)
    text[10] = ' ';
  return text;
}

/// A number of the column for people: dates as dates.
std::string valueText(const spec::ColumnProfile& column, double value) {
  const bool date = column.kind == spec::ColumnKind::DateTime && std::isfinite(value);
  return date ? shortTime(value) : shortNumber(value);
}

/// Times are ISO 8601 in the contract, and statistics of a column of times are times.
void nameTimes(const spec::DataProfile& profile, Json& columns) {
  for (std::size_t i = 0; i < profile.columns.size(); ++i) {
    const auto& column = profile.columns[i];
    if (column.kind != spec::ColumnKind::DateTime) continue;
    const auto iso = [](double seconds) {
      return std::isfinite(seconds) ? Json(isoTime(static_cast<std::int64_t>(std::llround(seconds * 1e6)))) : Json();
    };
    columns[i]["min"] = iso(column.min);
    columns[i]["max"] = iso(column.max);
    columns[i]["mean"] = iso(column.mean);
  }
}

std::string columnTable(const spec::DataProfile& profile) {
  Table table;
  table.column("column");
  table.column("kind");
  table.column("role");
  for (const char* title : {"missing", "distinct", "min", "mean", "max"}) table.column(title, Table::Align::Right);
  for (const auto& column : profile.columns)
    table.row({column.name, spec::name(column.kind), spec::name(column.role), grouped(column.missing),
               (column.distinctExact ? "" : "~") + grouped(column.distinct), valueText(column, column.min),
               valueText(column, column.mean), valueText(column, column.max)});
  return table.empty() ? "" : table.text();
}

/// "cats 120, dogs 80"
std::string classText(const spec::DataProfile& profile) {
  constexpr std::size_t most = 20;
  std::string out;
  for (std::size_t i = 0; i < std::min(most, profile.classes.size()); ++i)
    out += fmt::format("{}{} {}", i > 0 ? ", " : "", profile.classes[i], grouped(profile.classCounts.at(i)));
  return profile.classes.size() > most ? out + " ..." : out;
}

std::string inspectText(const services::InspectedData& data) {
  const auto& profile = data.profile;
  std::string out = fmt::format("{}: {}{}{}, {}", profile.path, profile.format, profile.summary.empty() ? "" : ", ",
                                profile.summary, counted(profile.rows, "row", "rows"));
  if (profile.testRows > 0) out += fmt::format(" and {} to test on", grouped(profile.testRows));
  out += fmt::format(", {}, read in {}\n", byteText(static_cast<double>(profile.bytes)), durationText(profile.seconds));
  if (const auto columns = columnTable(profile); !columns.empty()) out += "\n" + columns;
  if (data.cannotTrain) {
    out += "\nCannot train on it as it is: " + data.cannotTrain->sentence() + "\n";
  } else {
    out += fmt::format("\n{}{}{}, {} train, {} validation, {} test rows\n", spec::name(profile.task),
                       profile.target.empty() ? "" : " of ", profile.target, grouped(profile.trainRows),
                       grouped(profile.validationRows), grouped(profile.heldOutRows));
    if (profile.audio) out += fmt::format("clips a class: {}\n", classText(profile));
  }
  for (const auto& warning : profile.warnings) out += "warning: " + warning.sentence() + "\n";
  return out;
}

/// A column that was named but is not there is a mistake in what was typed, not something seen in the data.
Result<void> requireColumns(const spec::DataSpec& spec, const spec::DataProfile& profile) {
  std::vector<std::string> known;
  for (const auto& column : profile.columns) known.push_back(column.name);
  auto named = spec::targetNames(spec);
  for (const auto& [column, role] : spec.roles) named.push_back(column);
  for (const auto& [column, kind] : spec.kinds) named.push_back(column);
  for (const auto& name : named) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = spec::nearest(name, known);
    return fail(
        "data.no_column", "The data has no column {column}.",
        near.empty() ? "lathe-cli data inspect without it shows the columns there are." : "Did you mean {near}?",
        {{"column", name}, {"near", near}});
  }
  return {};
}

Result<int> inspect(Context& context, const SpecFlags& flags) {
  LATHE_ASSIGN(spec, buildSpec(flags, context));
  LATHE_TRY(requireData(spec, "data inspect"));
  const auto service = services::makeDataService();
  ProgressLine line;
  LATHE_ASSIGN(data, service->inspect(spec.data, std::filesystem::current_path(), context.job(line)));
  line.clear();
  LATHE_TRY(requireColumns(spec.data, data.profile));
  data.profile.path = spec.data.path;
  auto json = profileJson(data.profile);
  nameTimes(data.profile, json["columns"]);
  json["cannot_train"] = data.cannotTrain ? errorJson(*data.cannotTrain) : Json();
  return context.print(json, inspectText(data));
}

}  // namespace

void addData(CLI::App& root, Action& chosen) {
  auto* data = root.add_subcommand("data", "Look at data");
  data->require_subcommand(1);
  auto* command = data->add_subcommand("inspect", "What Lathe sees in a data file or folder");
  auto flags = std::make_shared<SpecFlags>();
  command
      ->add_option(
          "file", flags->data,
          "CSV, TSV, .npy, .npz, a folder of images or of WAV and FLAC files by class, or a folder of IDX files")
      ->type_name("FILE")
      ->required();
  addDataFlags(*command, *flags);
  command->callback([flags, &chosen] { chosen = [flags](Context& context) { return inspect(context, *flags); }; });
}

}  // namespace lathe::cli
