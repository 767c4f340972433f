// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/exporting/runtimes/shared_library.h"

namespace lathe::exporting {
namespace {

// ONNX Runtime's C API is a table of functions whose order never changes; Debian 12 has no header of it. The places are
// those of API version 1.
constexpr std::uint32_t apiVersion = 11;
constexpr int floatType = 1;
constexpr int onlyErrors = 3;
enum Place : std::size_t {
  GetErrorMessage = 2,
  CreateEnv = 3,
  CreateSession = 7,
  Run = 9,
  CreateSessionOptions = 10,
  SetIntraOpNumThreads = 24,
  CreateTensorWithData = 49,
  GetTensorMutableData = 51,
  GetTensorShapeElementCount = 64,
  GetTensorTypeAndShape = 65,
  CreateCpuMemoryInfo = 69,
  ReleaseStatus = 93,
  ReleaseValue = 96,
  ReleaseTensorTypeAndShapeInfo = 99
};

struct ApiBase {
  const void* const* (*api)(std::uint32_t version);
  const char* (*version)();
};

const ApiBase* base() {
  static const ApiBase* const found = []() -> const ApiBase* {
    void* library = openLibrary("LATHE_ONNXRUNTIME", {"libonnxruntime.so.1", "libonnxruntime.so"});
    const ApiBase* (*get)() = nullptr;
    return library != nullptr && find(library, "OrtGetApiBase", get) ? get() : nullptr;
  }();
  return found;
}

/// One session; what it holds lives as long as the process that was started for it.
class OnnxSession {
 public:
  explicit OnnxSession(const void* const* api) : m_api(api) {}

  bool open(const char* file) {
    void *environment = nullptr, *options = nullptr;
    return good(call<int, const char*, void**>(CreateEnv, onlyErrors, "lathe", &environment)) &&
           good(call<void**>(CreateSessionOptions, &options)) &&
           good(call<void*, int>(SetIntraOpNumThreads, options, 1)) &&
           good(call<void*, const char*, void*, void**>(CreateSession, environment, file, options, &m_session)) &&
           good(call<int, int, void**>(CreateCpuMemoryInfo, 1, 0, &m_memory));
  }

  bool run(std::vector<float>& input, const std::vector<std::int64_t>& shape, std::vector<float>& output) {
    void *given = nullptr, *made = nullptr, *facts = nullptr, *numbers = nullptr;
    const char *in = "input_tensor", *out = "output_tensor";
    std::size_t count = 0;
    const bool done =
        good(call<void*, void*, std::size_t, const std::int64_t*, std::size_t, int, void**>(
            CreateTensorWithData, m_memory, input.data(), input.size() * sizeof(float), shape.data(), shape.size(),
            floatType, &given)) &&
        good(call<void*, void*, const char* const*, void* const*, std::size_t, const char* const*, std::size_t, void**>(
            Run, m_session, nullptr, &in, &given, 1, &out, 1, &made)) &&
        good(call<void*, void**>(GetTensorTypeAndShape, made, &facts)) &&
        good(call<void*, std::size_t*>(GetTensorShapeElementCount, facts, &count)) &&
        good(call<void*, void**>(GetTensorMutableData, made, &numbers));
    if (done) output.insert(output.end(), static_cast<float*>(numbers), static_cast<float*>(numbers) + count);
    if (facts != nullptr) release(ReleaseTensorTypeAndShapeInfo, facts);
    for (void* value : {given, made})
      if (value != nullptr) release(ReleaseValue, value);
    return done;
  }

  [[nodiscard]] const std::string& problem() const { return m_problem; }

 private:
  template <class... Arguments>
  void* call(Place place, Arguments... arguments) const {
    return reinterpret_cast<void* (*)(Arguments...)>(const_cast<void*>(m_api[place]))(arguments...);
  }
  void release(Place place, void* thing) const {
    reinterpret_cast<void (*)(void*)>(const_cast<void*>(m_api[place]))(thing);
  }
  /// A status is an error.
  bool good(void* status) {
    if (status == nullptr) return true;
    m_problem = reinterpret_cast<const char* (*)(const void*)>(const_cast<void*>(m_api[GetErrorMessage]))(status);
    release(ReleaseStatus, status);
    return false;
  }

  const void* const* m_api;
  void *m_session = nullptr, *m_memory = nullptr;
  std::string m_problem;
};

}  // namespace

std::string onnxRuntimeName() {
  return base() == nullptr ? std::string() : std::string("ONNX Runtime ") + base()->version();
}

PerhapsAnswer runOnOnnxRuntime(const std::filesystem::path& model, const data::Dataset& rows) {
  constexpr std::size_t rowsAtOnce = 256;
  const auto* api = base() == nullptr ? nullptr : base()->api(apiVersion);
  if (api == nullptr) return std::optional<RuntimeAnswer>();
  RuntimeAnswer answer{{rows.rows, 0, {}}, onnxRuntimeName()};
  OnnxSession session(api);
  if (!session.open(model.c_str())) return runtimeFailed(answer.runtime, session.problem());
  for (std::size_t first = 0; first < rows.rows; first += rowsAtOnce) {
    const auto count = std::min(rowsAtOnce, rows.rows - first);
    std::vector<std::int64_t> shape{static_cast<std::int64_t>(count)};
    shape.insert(shape.end(), rows.schema.inputShape.begin(), rows.schema.inputShape.end());
    auto input = rawInputs(rows, first, count);
    if (!session.run(input, shape, answer.predictions.values)) return runtimeFailed(answer.runtime, session.problem());
  }
  if (rows.rows > 0) answer.predictions.columns = answer.predictions.values.size() / rows.rows;
  return std::optional(std::move(answer));
}

}  // namespace lathe::exporting
