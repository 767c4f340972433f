// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/search/contour.h"
#include "core/search/importance.h"
#include "core/search/study_axes.h"
#include "core/search/study_math.h"
#include "core/services/study_table.h"

/// What pictures of a study show, from its table. Pure; those that are not quick even for few trials say so.
namespace lathe::services {

/// Sampler and pruner names, in the order in which they are listed to people.
[[nodiscard]] const std::vector<std::string>& samplerNames();
[[nodiscard]] const std::vector<std::string>& prunerNames();
/// The sampler that a pruner goes with when none is named.
[[nodiscard]] std::string customarySampler(const std::string& pruner);

/// One a trial, as it is to be minimised; NaN unless it has completed with a finite value.
[[nodiscard]] std::vector<double> minimisedValues(const StudyTable& table, std::size_t goal = 0);
[[nodiscard]] std::vector<spec::Configuration> configurationsOf(const StudyTable& table);

/// The best value up to each trial, as it counts.
[[nodiscard]] search::BestSoFar bestOver(const StudyTable& table, std::size_t goal = 0);

enum class ImportanceMethod : std::uint8_t {
  Fanova,   ///< what moves the value; seconds for thousands of trials
  PedAnova  ///< what matters for being among the best; quick
};
[[nodiscard]] search::FanovaReport importanceOf(const StudyTable& table, std::size_t goal, ImportanceMethod method);

/// Values over two parameters, as they count. Averaged: takes as long as fANOVA.
[[nodiscard]] search::Contour contourOf(const StudyTable& table, std::size_t goal, std::size_t first,
                                        std::size_t second, search::ContourKind kind);

/// 0 for the best to 1 for the worst trial; NaN where there is no value.
[[nodiscard]] std::vector<double> rankSharesOf(const StudyTable& table, std::size_t goal = 0);

/// Trials that no other one dominates, by the first goal from the best on.
[[nodiscard]] std::vector<std::size_t> frontOf(const StudyTable& table);
/// The volume that the trials up to each dominate; empty with one goal or before a trial has completed.
[[nodiscard]] std::vector<double> hypervolumeOf(const StudyTable& table);

/// When each trial ran, in seconds after the study began, and in which lane; lane -1: it never did.
struct TrialSpan {
  double start = 0, end = 0;
  int lane = -1;
};
[[nodiscard]] std::vector<TrialSpan> timelineOf(const StudyTable& table, std::int64_t nowMicros);

}  // namespace lathe::services
