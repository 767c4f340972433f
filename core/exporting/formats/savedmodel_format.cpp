// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/files.h"
#include "core/exporting/formats/format_writers.h"

namespace lathe::exporting {

Result<WrittenModel> writeSavedModelFolder(const FormatSource& source) {
  const auto file = std::filesystem::path(source.name) / "1" / "saved_model.pb";
  std::error_code error;
  std::filesystem::create_directories((source.folder / file).parent_path(), error);
  if (error) return fileError(error.value(), source.folder / file);
  LATHE_TRY(source.engine.exportSavedModel(source.checkpoint, source.folder / file));
  return WrittenModel{file, {}};
}

}  // namespace lathe::exporting
