// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_folds.h"

#include <cstring>
#include <string>

#include "core/base/files.h"
#include "core/data/dataset_part.h"

namespace lathe::services {

StudyFolds::StudyFolds(const std::shared_ptr<KeptData>& whole, const StudySettings& settings) {
  for (int repeat = 0; repeat < std::max(1, settings.foldRepeats); ++repeat)
    for (int fold = 0; fold < settings.folds; ++fold) {
      const auto seed = settings.seed + static_cast<std::uint64_t>(repeat);
      m_folds.push_back(std::make_unique<KeptData>(whole, [folds = settings.folds, fold, seed](const auto& dataset) {
        const auto rows = data::foldOf(dataset, folds, fold, seed);
        return data::partOf(dataset, rows.train, rows.heldOut);
      }));
    }
}

std::shared_ptr<StudyFolds> makeFolds(const std::shared_ptr<KeptData>& whole, const StudySettings& settings) {
  return settings.hasFolds() ? std::make_shared<StudyFolds>(whole, settings) : nullptr;
}

Result<void> checkFolds(const ResolvedTraining& resolved, const StudySettings& settings) {
  if (!settings.hasFolds()) return {};
  const auto& split = resolved.data->split;
  if (resolved.data->schema.sequence.window > 0)
    return fail("study.folds_sequence", LATHE_TEXT("errors", "Windows overlap, so they cannot be dealt into folds."),
                LATHE_TEXT("errors", "Search without folds: the validation rows come after the training rows."));
  const auto& method = resolved.spec.data.split.method;
  if (method == "group" || method == "time")
    return fail("study.folds_groups",
                LATHE_TEXT("errors", "The split keeps rows together by {column}, which folds would tear apart."),
                LATHE_TEXT("errors", "Search without folds, or split by chance."), {{"column", method}});
  const auto rows = split.train.size() + split.validation.size();
  if (rows < 2 * static_cast<std::size_t>(settings.folds))
    return fail("study.folds_rows", LATHE_TEXT("errors", "{rows} rows are too few for {folds} folds."),
                LATHE_TEXT("errors", "Ask for fewer folds."),
                {{"rows", std::to_string(rows)}, {"folds", std::to_string(settings.folds)}});
  return {};
}

std::filesystem::path foldFolder(const std::filesystem::path& runFolder, int fold) {
  return runFolder / ("fold-" + std::to_string(fold));
}

Result<void> writeLosses(const std::filesystem::path& file, const std::vector<double>& losses) {
  std::string bytes(losses.size() * sizeof(double), '\0');
  std::memcpy(bytes.data(), losses.data(), bytes.size());
  return writeFileAtomically(file, bytes);
}

std::vector<double> lossesOfFolds(const std::filesystem::path& runFolder, int folds) {
  std::vector<double> all;
  for (int fold = 1; fold <= folds; ++fold) {
    const auto bytes = readFile(foldFolder(runFolder, fold) / lossesFile);
    if (!bytes || bytes->empty()) return {};
    const auto before = all.size();
    all.resize(before + bytes->size() / sizeof(double));
    std::memcpy(all.data() + before, bytes->data(), (all.size() - before) * sizeof(double));
  }
  return all;
}

}  // namespace lathe::services
