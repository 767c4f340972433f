// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/context.h"

namespace CLI {
class App;
}

/// Each function adds commands to the command line. Parsing only stores what was typed and puts the command into
/// `chosen`; it runs afterwards.
namespace lathe::cli {

void addData(CLI::App& root, Action& chosen);       ///< data inspect
void addSpec(CLI::App& root, Action& chosen);       ///< spec new, show, validate
void addTrain(CLI::App& root, Action& chosen);      ///< train, resume
void addRuns(CLI::App& root, Action& chosen);       ///< runs list, show, compare, rm, restore
void addMetrics(CLI::App& root, Action& chosen);    ///< metrics
void addPredict(CLI::App& root, Action& chosen);    ///< predict, evaluate
void addExport(CLI::App& root, Action& chosen);     ///< export, verify
void addServe(CLI::App& root, Action& chosen);      ///< serve
void addDeploy(CLI::App& root, Action& chosen);     ///< deploy
void addRequest(CLI::App& root, Action& chosen);    ///< request
void addDoctor(CLI::App& root, Action& chosen);     ///< doctor
void addSearch(CLI::App& root, Action& chosen);     ///< search
void addNas(CLI::App& root, Action& chosen);        ///< nas
void addStudy(CLI::App& root, Action& chosen);      ///< study
void addAutopilot(CLI::App& root, Action& chosen);  ///< autopilot
void addHelp(CLI::App& root, Action& chosen);       ///< help

/// The path of a command below the root: "runs list".
[[nodiscard]] std::string commandPath(const CLI::App& command);
/// Usage, options and commands below it.
[[nodiscard]] std::string helpText(const CLI::App& command);

}  // namespace lathe::cli
