// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/pruner_flags.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <fmt/format.h>

#include "app/cli/choices.h"
#include "app/cli/context.h"
#include "app/cli/search_flags.h"
#include "app/cli/typed_numbers.h"

namespace lathe::cli {
namespace {

struct PrunerFlag {
  const char* option;
  std::string PrunerFlags::*value;
  const char* type;
  const char* help;
  std::vector<std::string> pruners;
};

const std::vector<PrunerFlag>& all() {
  static const std::vector<PrunerFlag> flags{
      {"--percentile",
       &PrunerFlags::percentile,
       "P",
       "With percentile: the best P per cent of the trials go on (default 25)",
       {"percentile"}},
      {"--startup-trials",
       &PrunerFlags::startupTrials,
       "N",
       "With median and percentile: nothing is stopped before so many trials are complete (default 5)",
       {"median", "percentile"}},
      {"--patience",
       &PrunerFlags::patience,
       "N",
       "With patient: epochs without an improvement until a trial is stopped (default 3)",
       {"patient"}},
      {"--min-delta",
       &PrunerFlags::minDelta,
       "X",
       "With patient: by how much the goal has to improve (default by anything)",
       {"patient"}},
      {"--lower", &PrunerFlags::lower, "X", "With threshold: trials whose goal is below are stopped", {"threshold"}},
      {"--upper", &PrunerFlags::upper, "X", "With threshold: trials whose goal is above are stopped", {"threshold"}},
      {"--significance",
       &PrunerFlags::significance,
       "A",
       "With wilcoxon: the level of its test (default 0.1); less stops fewer trials",
       {"wilcoxon"}},
  };
  return flags;
}

Result<void> checkFits(const PrunerFlags& flags, const std::string& pruner) {
  for (const auto& flag : all()) {
    if ((flags.*flag.value).empty()) continue;
    if (std::find(flag.pruners.begin(), flag.pruners.end(), pruner) != flag.pruners.end()) continue;
    return usage(std::string(flag.option).substr(2),
                 pruner == "none" ? fmt::format("{} does nothing without a pruner.", flag.option)
                                  : fmt::format("{} does nothing with the pruner {}.", flag.option, pruner),
                 fmt::format("It is for --pruner {}.", listText(flag.pruners)));
  }
  return {};
}

/// A number for which `fits` holds.
Result<void> readReal(const char* option, const std::string& text, bool (*fits)(double), const char* hint,
                      double& field) {
  if (text.empty()) return {};
  LATHE_ASSIGN(value, realNumber(option, text));
  if (!fits(value))
    return usage(std::string(option).substr(2), fmt::format("{} {} is out of range.", option, text), hint);
  field = value;
  return {};
}

Result<void> readBounds(const PrunerFlags& flags, services::StudySettings& settings) {
  if (settings.pruner != "threshold") return {};
  if (flags.lower.empty() && flags.upper.empty())
    return usage("threshold", "The pruner threshold needs a bound.",
                 "Give --upper X, --lower X or both: values of the goal beyond which a trial is hopeless.");
  const auto read = [](const char* option, const std::string& text, std::optional<double>& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, realNumber(option, text));
    field = value;
    return {};
  };
  LATHE_TRY(read("--lower", flags.lower, settings.lower));
  LATHE_TRY(read("--upper", flags.upper, settings.upper));
  if (settings.lower && settings.upper && *settings.lower >= *settings.upper)
    return usage("lower", fmt::format("--lower {} is not below --upper {}.", flags.lower, flags.upper),
                 "Exchange them, or give one.");
  return {};
}

}  // namespace

void addPrunerFlags(CLI::App& command, PrunerFlags& flags) {
  for (const auto& flag : all()) command.add_option(flag.option, flags.*flag.value, flag.help)->type_name(flag.type);
}

Result<void> readPrunerFlags(const PrunerFlags& flags, services::StudySettings& settings) {
  LATHE_TRY(checkFits(flags, settings.pruner));
  LATHE_TRY(readBounds(flags, settings));
  LATHE_TRY(readReal(
      "--percentile", flags.percentile, [](double value) { return value > 0 && value < 100; },
      "Give a number above 0 and below 100.", settings.percentile));
  LATHE_TRY(readReal(
      "--min-delta", flags.minDelta, [](double value) { return value >= 0; }, "Give a number from 0 on.",
      settings.minDelta));
  LATHE_TRY(readReal(
      "--significance", flags.significance, [](double value) { return value > 0 && value < 1; },
      "Give a number above 0 and below 1.", settings.significance));
  const auto whole = [](const char* option, const std::string& text, std::int64_t& field) -> Result<void> {
    if (text.empty()) return {};
    LATHE_ASSIGN(value, wholeNumber(option, text, 1));
    field = value;
    return {};
  };
  LATHE_TRY(whole("--startup-trials", flags.startupTrials, settings.startupTrials));
  return whole("--patience", flags.patience, settings.patience);
}

}  // namespace lathe::cli
