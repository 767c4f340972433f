// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/engine/checkpoint.h"
#include "core/engine/training_loop.h"
#include "core/exporting/c/c_source.h"
#include "core/exporting/formats/format_writers.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

/// The engine that runs any program, by its name in checkpoints.
constexpr const char* programEngine = "torch";

engine::Checkpoint checkpointOf(const ModelSource& source) {
  engine::Checkpoint checkpoint;
  checkpoint.meta = {{"format", engine::checkpointFormat},
                     {"engine", programEngine},
                     {"model", spec::toJson(source.model)},
                     {engine::scoringKey, source.scoring}};
  for (std::size_t i = 0; i < source.weights.size(); ++i) {
    const auto& parameter = source.program.parameters[i];
    const auto& values = source.weights[i];
    checkpoint.add(parameter.name, "F32", parameter.shape, values.size() * sizeof(float), values.data());
  }
  return checkpoint;
}

}  // namespace

Result<WrittenModel> writeCSource(const FormatSource& source) {
  LATHE_ASSIGN(model, modelSourceOf(source.checkpoint, source.name));
  LATHE_ASSIGN(text, writeC(model));
  WrittenModel written{source.name + ".c", {source.name + ".h"}};
  LATHE_TRY(writeFileAtomically(source.folder / written.file, text.source));
  LATHE_TRY(writeFileAtomically(source.folder / written.along.front(), text.header));
  return written;
}

Result<std::unique_ptr<engine::Predictor>> loadCSource(engine::Engine& engine, const fs::path& file) {
  LATHE_ASSIGN(text, readFile(file, largestCSource));
  auto read = readC(text);
  if (!read && read.error().code != "export.bad_c") return passOn(read);
  if (!read) {
    auto problem = std::move(read).error();
    problem.message.args.emplace_back("file", file.string());
    problem.message.text = LATHE_TEXT("errors", "{file} is not C written by Lathe, or was changed: {reason}.");
    return tl::unexpected<Error>(std::move(problem));
  }
  const auto& model = *read;
  LATHE_ASSIGN(scratch, ScratchFolder::make());
  const auto checkpoint = scratch.path() / "model.ckpt";
  LATHE_TRY(engine::writeCheckpoint(checkpointOf(model), checkpoint));
  return engine.load(checkpoint);
}

}  // namespace lathe::exporting
