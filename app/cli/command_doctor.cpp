// SPDX-License-Identifier: GPL-3.0-or-later
#include <CLI/App.hpp>
#include <algorithm>
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/services/doctor.h"

namespace lathe::cli {
namespace {

using services::Check;

const char* stateName(Check::State state) {
  return state == Check::State::Good ? "good" : state == Check::State::Warning ? "warning" : "bad";
}

/// Who else than LibTorch and Lathe itself checks exports here.
Check exportRuntimes() {
  const auto names = exporting::foreignRuntimes();
  const auto has = [&](std::string_view name) {
    return std::any_of(names.begin(), names.end(), [&](const auto& each) { return each.starts_with(name); });
  };
  std::vector<std::string> missing;
  if (!has("ONNX Runtime")) missing.emplace_back("LATHE_ONNXRUNTIME (libonnxruntime.so)");
  if (!has("TensorFlow")) missing.emplace_back("LATHE_TENSORFLOW (libtensorflow.so)");
  Check check{Check::State::Good,
              "doctor.export_runtimes",
              {names.empty() ? LATHE_TEXT("errors", "Exports that are no TorchScript are checked by Lathe alone.")
                             : LATHE_TEXT("errors", "Exports are also checked by {runtimes}."),
               {{"runtimes", fmt::format("{}", fmt::join(names, ", "))}}},
              {}};
  if (!missing.empty())
    check.hint = {LATHE_TEXT("errors", "For more of them let these variables name the files: {missing}."),
                  {{"missing", fmt::format("{}", fmt::join(missing, ", "))}}};
  return check;
}

Result<int> doctor(Context& context) {
  const auto engine = context.engine();
  std::error_code error;
  const auto project = context.projectFolder();
  const auto folder = std::filesystem::is_directory(project, error) ? project : std::filesystem::current_path(error);
  auto checks = services::diagnose(engine ? engine->get() : nullptr, folder);
  if (engine) checks.push_back(exportRuntimes());
  if (!engine)
    checks.insert(checks.begin(),
                  {Check::State::Bad, engine.error().code, engine.error().message, engine.error().hint});

  Json json = Json::array();
  Table table;
  for (const char* title : {"state", "check", "what to do"}) table.column(title);
  const Check* bad = nullptr;
  for (const auto& check : checks) {
    json.push_back({{"code", check.code},
                    {"state", stateName(check.state)},
                    {"message", check.message.render()},
                    {"hint", check.hint.render()}});
    table.row({stateName(check.state), check.message.render(), check.hint.render()});
    if (check.state == Check::State::Bad && bad == nullptr) bad = &check;
  }
  if (bad == nullptr) return context.print({{"checks", std::move(json)}}, table.text());
  if (!context.globals().json) LATHE_TRY(writeOut(table.text()));
  return context.printFailure({bad->code, bad->message, bad->hint}, {{"checks", std::move(json)}});
}

}  // namespace

void addDoctor(CLI::App& root, Action& chosen) {
  root.add_subcommand("doctor", "What this machine has, and what to fix")->callback([&chosen] { chosen = doctor; });
}

}  // namespace lathe::cli
