// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/services/kept_data.h"
#include "core/services/study_settings.h"
#include "core/services/training_service.h"

namespace lathe::services {

/// The folds of a study, each a part of its data with preparations of its own, so that nothing of a held-out row is in
/// what judges it. Every repetition deals the rows anew; all trials have the same folds. Thread-safe.
class StudyFolds {
 public:
  StudyFolds(const std::shared_ptr<KeptData>& whole, const StudySettings& settings);
  [[nodiscard]] int count() const { return static_cast<int>(m_folds.size()); }
  /// From 1.
  [[nodiscard]] KeptData& fold(int number) { return *m_folds[static_cast<std::size_t>(number - 1)]; }

 private:
  std::vector<std::unique_ptr<KeptData>> m_folds;
};

/// Null without folds.
[[nodiscard]] std::shared_ptr<StudyFolds> makeFolds(const std::shared_ptr<KeptData>& whole,
                                                    const StudySettings& settings);

/// Whether these data can be dealt into that many folds: "study.folds_sequence" for windows, "study.folds_groups" for
/// rows that belong together or follow one another, "study.folds_rows" for too few.
Result<void> checkFolds(const ResolvedTraining& resolved, const StudySettings& settings);

/// What the held-out rows of one fold cost its model, a file beside the fold's checkpoint.
Result<void> writeLosses(const std::filesystem::path& file, const std::vector<double>& losses);
/// Of all folds of a run; of a row that was held out in several repetitions the mean, for it is one row and no more.
/// `whole`: the data that the folds are parts of. Empty where a fold has no losses.
[[nodiscard]] std::vector<double> lossesOfFolds(const std::filesystem::path& runFolder, const data::Dataset& whole,
                                                const StudySettings& settings);

[[nodiscard]] std::filesystem::path foldFolder(const std::filesystem::path& runFolder, int fold);
inline constexpr const char* lossesFile = "held-out.losses";

}  // namespace lathe::services
