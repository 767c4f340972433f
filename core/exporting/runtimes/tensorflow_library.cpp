// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstring>

#include "core/exporting/runtimes/foreign_runtimes.h"
#include "core/exporting/runtimes/shared_library.h"

namespace lathe::exporting {
namespace {

constexpr int tfFloat = 1;

struct TensorPlace {
  void* operation;
  int index;
};

/// The part of TensorFlow's C API that runs a SavedModel.
struct TensorFlow {
  const char* (*version)() = nullptr;
  void* (*newStatus)() = nullptr;
  int (*code)(const void*) = nullptr;
  const char* (*message)(const void*) = nullptr;
  void* (*newGraph)() = nullptr;
  void* (*newOptions)() = nullptr;
  void* (*load)(const void*, const void*, const char*, const char* const*, int, void*, void*, void*) = nullptr;
  void* (*operation)(void*, const char*) = nullptr;
  void* (*allocate)(int, const std::int64_t*, int, std::size_t) = nullptr;
  void (*drop)(void*) = nullptr;
  void* (*data)(const void*) = nullptr;
  std::size_t (*size)(const void*) = nullptr;
  void (*run)(void*, const void*, const TensorPlace*, void* const*, int, const TensorPlace*, void**, int,
              const void* const*, int, void*, void*) = nullptr;

  bool open() {
    void* library =
        openLibrary("LATHE_TENSORFLOW", {"libtensorflow.so.2", "libtensorflow.so", "libtensorflow_cc.so.2"});
    return library != nullptr && find(library, "TF_Version", version) && find(library, "TF_NewStatus", newStatus) &&
           find(library, "TF_GetCode", code) && find(library, "TF_Message", message) &&
           find(library, "TF_NewGraph", newGraph) && find(library, "TF_NewSessionOptions", newOptions) &&
           find(library, "TF_LoadSessionFromSavedModel", load) && find(library, "TF_GraphOperationByName", operation) &&
           find(library, "TF_AllocateTensor", allocate) && find(library, "TF_DeleteTensor", drop) &&
           find(library, "TF_TensorData", data) && find(library, "TF_TensorByteSize", size) &&
           find(library, "TF_SessionRun", run);
  }
};

const TensorFlow* tensorFlow() {
  static const std::optional<TensorFlow> found = [] {
    std::optional<TensorFlow> library(std::in_place);
    if (!library->open()) library.reset();
    return library;
  }();
  return found ? &*found : nullptr;
}

/// Images in the order of TensorFlow: height, width, channels.
std::vector<float> channelsLast(const std::vector<float>& input, const spec::Shape& shape, std::size_t count) {
  const auto channels = static_cast<std::size_t>(shape[0]), pixels = static_cast<std::size_t>(shape[1] * shape[2]);
  std::vector<float> turned(input.size());
  for (std::size_t row = 0; row < count; ++row)
    for (std::size_t c = 0; c < channels; ++c)
      for (std::size_t p = 0; p < pixels; ++p)
        turned[(row * pixels + p) * channels + c] = input[(row * channels + c) * pixels + p];
  return turned;
}

}  // namespace

std::string tensorFlowName() {
  return tensorFlow() == nullptr ? std::string() : std::string("TensorFlow ") + tensorFlow()->version();
}

PerhapsAnswer runOnTensorFlow(const std::filesystem::path& model, const data::Dataset& rows) {
  constexpr std::size_t rowsAtOnce = 256;
  const auto* tf = tensorFlow();
  if (tf == nullptr) return std::optional<RuntimeAnswer>();
  RuntimeAnswer answer{{rows.rows, 0, {}}, tensorFlowName()};
  void* status = tf->newStatus();
  void* graph = tf->newGraph();
  const char* tag = "serve";
  const auto folder = model.parent_path().string();
  void* session = tf->load(tf->newOptions(), nullptr, folder.c_str(), &tag, 1, graph, nullptr, status);
  if (tf->code(status) != 0) return runtimeFailed(answer.runtime, tf->message(status));
  const TensorPlace in{tf->operation(graph, "input_tensor"), 0}, out{tf->operation(graph, "output_tensor"), 0};
  if (in.operation == nullptr || out.operation == nullptr)
    return runtimeFailed(answer.runtime, "it has no input_tensor or no output_tensor");
  const auto& shape = rows.schema.inputShape;
  for (std::size_t first = 0; first < rows.rows; first += rowsAtOnce) {
    const auto count = std::min(rowsAtOnce, rows.rows - first);
    auto numbers = rawInputs(rows, first, count);
    std::vector<std::int64_t> sizes{static_cast<std::int64_t>(count)};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    if (rows.schema.image) {
      numbers = channelsLast(numbers, shape, count);
      sizes = {sizes[0], sizes[2], sizes[3], sizes[1]};
    }
    void* given = tf->allocate(tfFloat, sizes.data(), static_cast<int>(sizes.size()), numbers.size() * sizeof(float));
    std::memcpy(tf->data(given), numbers.data(), numbers.size() * sizeof(float));
    void* made = nullptr;
    tf->run(session, nullptr, &in, &given, 1, &out, &made, 1, nullptr, 0, nullptr, status);
    tf->drop(given);
    if (tf->code(status) != 0) return runtimeFailed(answer.runtime, tf->message(status));
    const auto* values = static_cast<const float*>(tf->data(made));
    answer.predictions.values.insert(answer.predictions.values.end(), values, values + tf->size(made) / sizeof(float));
    tf->drop(made);
  }
  if (rows.rows > 0) answer.predictions.columns = answer.predictions.values.size() / rows.rows;
  return std::optional(std::move(answer));
}

}  // namespace lathe::exporting
