// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <cmath>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/spec_flags.h"
#include "app/cli/values_json.h"
#include "core/services/data_service.h"

namespace lathe::cli {
namespace {

std::string columnTable(const spec::DataProfile& profile) {
  Table table;
  table.column("column");
  table.column("kind");
  table.column("role");
  for (const char* title : {"missing", "distinct", "min", "mean", "max"}) table.column(title, Table::Align::Right);
  for (const auto& column : profile.columns)
    table.row({column.name, spec::name(column.kind), spec::name(column.role), grouped(column.missing),
               (column.distinctExact ? "" : "~") + grouped(column.distinct), shortNumber(column.min),
               shortNumber(column.mean), shortNumber(column.max)});
  return table.empty() ? "" : table.text();
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
  }
  for (const auto& warning : profile.warnings) out += "warning: " + warning.sentence() + "\n";
  return out;
}

Result<int> inspect(Context& context, const SpecFlags& flags) {
  LATHE_ASSIGN(spec, buildSpec(flags, context));
  LATHE_TRY(requireData(spec, "data inspect"));
  const auto service = services::makeDataService();
  ProgressLine line;
  LATHE_ASSIGN(data, service->inspect(spec.data, std::filesystem::current_path(), context.job(line)));
  line.clear();
  data.profile.path = spec.data.path;
  auto json = profileJson(data.profile);
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
      ->add_option("file", flags->data, "CSV, TSV, .npy, .npz, a folder of images by class, or a folder of IDX files")
      ->type_name("FILE")
      ->required();
  addDataFlags(*command, *flags);
  command->callback([flags, &chosen] { chosen = [flags](Context& context) { return inspect(context, *flags); }; });
}

}  // namespace lathe::cli
