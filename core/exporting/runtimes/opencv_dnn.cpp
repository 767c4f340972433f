// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <filesystem>

#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/exporting/runtimes/opencv_module.h"
#include "core/exporting/runtimes/shared_library.h"
#include "core/spec/targets.h"

namespace lathe::exporting {
namespace fs = std::filesystem;
namespace {

struct OpenCv {
  OpenCvVersionFunction version = nullptr;
  OpenCvRunFunction run = nullptr;
};

/// The module of this build, beside the running program, or the one that LATHE_OPENCV names.
const OpenCv& openCv() {
  static const OpenCv found = [] {
    std::error_code error;
    const auto program = fs::read_symlink("/proc/self/exe", error);
    const auto module = program.parent_path().parent_path() / "lib" / "lathe" / "liblathe_opencv.so";
    void* library = openLibrary("LATHE_OPENCV", {module.c_str()});
    OpenCv all;
    const bool whole =
        library != nullptr && find(library, openCvVersionName, all.version) && find(library, openCvRunName, all.run);
    return whole ? all : OpenCv();
  }();
  return found;
}

}  // namespace

std::string openCvName() {
  return openCv().run == nullptr ? std::string() : std::string("OpenCV ") + openCv().version();
}

// Several rows at once show whether it keeps rows apart.
PerhapsAnswer runOnOpenCv(const fs::path& model, const data::Dataset& rows) {
  constexpr int rowsAtOnce = 64;
  if (openCv().run == nullptr) return std::optional<RuntimeAnswer>();
  RuntimeAnswer answer{{rows.rows, 0, {}}, openCvName()};
  auto& [count, columns, values] = answer.predictions;
  columns = static_cast<std::size_t>(spec::elementCount(spec::outputShape(rows.schema)));
  values.resize(count * columns);
  std::vector<int> shape{static_cast<int>(count)};
  for (const auto size : rows.schema.inputShape) shape.push_back(static_cast<int>(size));
  const auto input = rawInputs(rows, 0, count);
  std::array<char, 400> problem{};
  OpenCvRun run;
  run.file = model.c_str();
  run.input = input.data();
  run.shape = shape.data();
  run.dimensions = static_cast<int>(shape.size());
  run.rowsAtOnce = rowsAtOnce;
  run.output = values.data();
  run.outputs = values.size();
  run.problem = problem.data();
  run.problemSize = problem.size();
  const int failed = openCv().run(&run);
  if (run.unsupported) return std::optional<RuntimeAnswer>();
  if (failed != 0) return runtimeFailed(answer.runtime, problem.data());
  return std::optional(std::move(answer));
}

}  // namespace lathe::exporting
