// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/exporting/runtimes/shared_library.h"
#include "core/exporting/table_columns.h"

namespace lathe::exporting {
namespace {

// ONNX Runtime's C API is a table of functions whose order never changes; Debian 12 has no header of it. The places are
// those of API version 1.
constexpr std::uint32_t apiVersion = 11;
constexpr int floatType = 1, stringType = 8;
constexpr int onlyErrors = 3;
enum Place : std::size_t {
  GetErrorMessage = 2,
  CreateEnv = 3,
  CreateSession = 7,
  Run = 9,
  CreateSessionOptions = 10,
  SetIntraOpNumThreads = 24,
  SessionGetInputCount = 30,
  CreateTensor = 48,
  CreateTensorWithData = 49,
  GetTensorMutableData = 51,
  FillStringTensor = 52,
  GetTensorShapeElementCount = 64,
  GetTensorTypeAndShape = 65,
  CreateCpuMemoryInfo = 69,
  GetAllocatorWithDefaultOptions = 78,
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

using Shape = std::vector<std::int64_t>;

/// What one input gets: words, or else numbers.
struct Input {
  std::string name;
  Shape shape;
  ColumnCells cells;
};

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
           good(call<void*, std::size_t*>(SessionGetInputCount, m_session, &m_inputs)) &&
           good(call<int, int, void**>(CreateCpuMemoryInfo, 1, 0, &m_memory)) &&
           good(call<void**>(GetAllocatorWithDefaultOptions, &m_allocator));
  }

  bool run(std::vector<Input>& inputs, std::vector<float>& output) {
    std::vector<void*> given;
    std::vector<const char*> names;
    void* made = nullptr;
    bool done = true;
    for (auto& input : inputs) {
      names.push_back(input.name.c_str());
      done = done && tensor(input, given.emplace_back());
    }
    done = done && compute(names, given, made) && take(made, output);
    given.push_back(made);
    for (void* value : given)
      if (value != nullptr) release(ReleaseValue, value);
    return done;
  }

  [[nodiscard]] std::size_t inputs() const { return m_inputs; }
  [[nodiscard]] const std::string& problem() const { return m_problem; }

 private:
  template <class... Arguments>
  void* call(Place place, Arguments... arguments) const {
    return reinterpret_cast<void* (*)(Arguments...)>(const_cast<void*>(m_api[place]))(arguments...);
  }
  bool tensor(Input& input, void*& made) {
    const auto& shape = input.shape;
    auto& [words, numbers] = input.cells;
    if (words.empty())
      return good(call<void*, void*, std::size_t, const std::int64_t*, std::size_t, int, void**>(
          CreateTensorWithData, m_memory, numbers.data(), numbers.size() * sizeof(float), shape.data(), shape.size(),
          floatType, &made));
    std::vector<const char*> texts;
    for (const auto& word : words) texts.push_back(word.c_str());
    return good(call<void*, const std::int64_t*, std::size_t, int, void**>(CreateTensor, m_allocator, shape.data(),
                                                                           shape.size(), stringType, &made)) &&
           good(call<void*, const char* const*, std::size_t>(FillStringTensor, made, texts.data(), texts.size()));
  }
  bool compute(const std::vector<const char*>& names, const std::vector<void*>& given, void*& made) {
    const char* out = "output_tensor";
    return good(
        call<void*, void*, const char* const*, void* const*, std::size_t, const char* const*, std::size_t, void**>(
            Run, m_session, nullptr, names.data(), given.data(), given.size(), &out, 1, &made));
  }
  bool take(void* made, std::vector<float>& output) {
    void *facts = nullptr, *numbers = nullptr;
    std::size_t count = 0;
    const bool done = good(call<void*, void**>(GetTensorTypeAndShape, made, &facts)) &&
                      good(call<void*, std::size_t*>(GetTensorShapeElementCount, facts, &count)) &&
                      good(call<void*, void**>(GetTensorMutableData, made, &numbers));
    if (done) output.insert(output.end(), static_cast<float*>(numbers), static_cast<float*>(numbers) + count);
    if (facts != nullptr) release(ReleaseTensorTypeAndShapeInfo, facts);
    return done;
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
  void *m_session = nullptr, *m_memory = nullptr, *m_allocator = nullptr;
  std::size_t m_inputs = 0;
  std::string m_problem;
};

/// Raw rows whole, or each column for itself.
std::vector<Input> inputsOf(const data::Dataset& rows, std::size_t first, std::size_t count, bool byColumn) {
  const auto& schema = rows.schema;
  auto shape = schema.inputShape;
  shape.insert(shape.begin(), static_cast<std::int64_t>(count));
  auto numbers = rawInputs(rows, first, count);
  std::vector<Input> inputs;
  if (!byColumn) {
    inputs.push_back({"input_tensor", shape, {{}, std::move(numbers)}});
    return inputs;
  }
  const auto names = columnInputs(schema);
  const auto rowWidth = static_cast<std::size_t>(schema.inputShape.back());
  for (std::size_t i = 0; i < names.size(); ++i) {
    shape.back() = schema.features[i].width;
    inputs.push_back({names[i], shape, cellsOf(schema.features[i], numbers, rowWidth)});
  }
  return inputs;
}

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
  const bool byColumn = session.inputs() > 1 || isColumnsFile(model.filename().string());
  for (std::size_t first = 0; first < rows.rows; first += rowsAtOnce) {
    const auto count = std::min(rowsAtOnce, rows.rows - first);
    auto inputs = inputsOf(rows, first, count, byColumn);
    if (!session.run(inputs, answer.predictions.values)) return runtimeFailed(answer.runtime, session.problem());
  }
  if (rows.rows > 0) answer.predictions.columns = answer.predictions.values.size() / rows.rows;
  return std::optional(std::move(answer));
}

}  // namespace lathe::exporting
