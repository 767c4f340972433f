// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/study_folds.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "core/base/files.h"
#include "core/data/dataset_part.h"

namespace lathe::services {

namespace {

std::uint64_t seedOf(const StudySettings& settings, int number) {
  return settings.seed + static_cast<std::uint64_t>(number / settings.folds);
}

}  // namespace

StudyFolds::StudyFolds(const std::shared_ptr<KeptData>& whole, const StudySettings& settings) {
  for (int number = 0; number < std::max(1, settings.foldRepeats) * settings.folds; ++number) {
    const auto deal = [folds = settings.folds, number, seed = seedOf(settings, number)](const auto& dataset) {
      const auto rows = data::foldOf(dataset, folds, number % folds, seed);
      return data::partOf(dataset, rows.train, rows.heldOut);
    };
    m_folds.push_back(std::make_unique<KeptData>(whole, deal));
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

std::vector<double> lossesOfFolds(const std::filesystem::path& runFolder, const data::Dataset& whole,
                                  const StudySettings& settings) {
  const int repeats = std::max(1, settings.foldRepeats);
  std::vector<double> sums(whole.rows, 0);
  std::vector<bool> held(whole.rows, false);
  for (int number = 0; number < repeats * settings.folds; ++number) {
    const auto rows = data::foldOf(whole, settings.folds, number % settings.folds, seedOf(settings, number)).heldOut;
    const auto bytes = readFile(foldFolder(runFolder, number + 1) / lossesFile);
    if (!bytes || bytes->empty() || bytes->size() != rows.size() * sizeof(double)) return {};
    std::vector<double> losses(rows.size());
    std::memcpy(losses.data(), bytes->data(), bytes->size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      sums[rows[i]] += losses[i] / repeats;
      held[rows[i]] = true;
    }
  }
  std::vector<double> all;
  for (std::size_t row = 0; row < sums.size(); ++row)
    if (held[row]) all.push_back(sums[row]);
  return all;
}

}  // namespace lathe::services
