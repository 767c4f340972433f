// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/deployment/training_inputs.h"

#include <algorithm>
#include <numeric>

#include "core/base/files.h"
#include "core/services/parity_rows.h"
#include "core/spec/spec_json.h"

namespace lathe::services {
namespace {

constexpr const char* fileName = "training-inputs.json";
constexpr std::uintmax_t largestFile = std::uintmax_t{1} << 26;

bool sameBins(const InputCounts& layout, const InputCounts& kept) {
  return std::all_of(kept.columns.begin(), kept.columns.end(), [&](const ColumnCounts& column) {
    return std::any_of(layout.columns.begin(), layout.columns.end(), [&](const ColumnCounts& each) {
      return each.name == column.name && each.edges == column.edges && each.words == column.words;
    });
  });
}

std::vector<std::uint32_t> trainingRowsOf(const data::Dataset& dataset) {
  if (!dataset.split.train.empty()) return dataset.split.train;
  std::vector<std::uint32_t> all(dataset.rows);
  std::iota(all.begin(), all.end(), 0U);
  return all;
}

}  // namespace

Result<InputCounts> trainingInputs(const Project& project, store::RunNumber run, const std::filesystem::path& folder,
                                   const InputCounts& layout, const JobContext& job) {
  if (const auto text = readFile(folder / fileName, largestFile))
    if (auto kept = inputCountsFrom(*text); kept && sameBins(layout, *kept)) return kept;
  LATHE_ASSIGN(specJson, project.store().runSpec(run));
  LATHE_ASSIGN(spec, spec::fromJson(specJson));
  LATHE_ASSIGN(modelJson, project.store().runModel(run));
  LATHE_ASSIGN(model, spec::modelDescriptionFromJson(modelJson));
  LATHE_ASSIGN(rows, parityRows(spec, model.schema, project.folder(), job));
  auto counts = countedLike(layout, rows.source, trainingRowsOf(rows.source));
  // A project that may only be read counts again next time.
  (void)writeFileAtomically(folder / fileName, toJson(counts)).has_value();
  return counts;
}

}  // namespace lathe::services
