// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/exporting/c/c_source.h"

#include <fmt/format.h>

#include "core/exporting/c/c_block.h"
#include "core/exporting/c/c_header.h"
#include "core/exporting/c/c_writer.h"
#include "core/exporting/folding.h"

namespace lathe::exporting {
namespace {

/// Floats that NAME_predict() keeps on the stack; more come from malloc().
constexpr std::int64_t mostOnStack = (std::int64_t{64} << 10) / 4;

Result<void> checkNumbers(const ModelSource& model) {
  const auto& program = model.program;
  if (model.weights.size() != program.parameters.size()) return notInC(model.name, "parameters are missing");
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < program.parameters.size(); ++i) {
    const auto& parameter = program.parameters[i];
    if (std::ssize(model.weights[i]) != spec::elementCount(parameter.shape) || model.weights[i].empty())
      return notInC(parameter.name, "it has another number of parameters than its shape says");
    bytes += std::ssize(model.weights[i]) * std::int64_t{sizeof(float)};
  }
  for (const auto& constant : program.constants) bytes += std::ssize(constant.data) * std::int64_t{sizeof(float)};
  if (bytes <= largestCModel) return {};
  return fail("export.too_large",
              LATHE_TEXT("errors", "The model has {bytes} MB of numbers, too many for C source of {most} MB."),
              LATHE_TEXT("errors", "Export it as ONNX or TorchScript, or choose a smaller model."),
              {{"bytes", std::to_string(bytes >> 20)}, {"most", std::to_string(largestCModel >> 20)}});
}

std::string preamble(const ModelSource& model, bool allocates) {
  const auto upper = namesOf(model).upper;
  return fmt::format(
      "#include <math.h>\n#include <stddef.h>\n{}#include <string.h>\n\n"
      "#ifdef __clang__\n#pragma STDC FP_CONTRACT OFF\n#endif\n\n"
      "#ifndef {}_SUM\n#define {}_SUM double\n#endif\ntypedef {}_SUM real;\n\n",
      allocates ? "#include <stdlib.h>\n" : "", upper, upper, upper);
}

/// Parameters that nothing reads are kept for the reader, and hidden from the compiler.
void appendNumbers(std::string& out, const ModelSource& model, const CWriter& writer) {
  const auto& program = model.program;
  for (std::size_t i = 0; i < program.constants.size(); ++i)
    if (writer.readsConstant(i)) {
      out += fmt::format("/* {}: {} */\n", cComment(program.constants[i].name),
                         spec::shapeText(program.constants[i].shape));
      appendFloats(out, "static const float " + constantArray(program, i), program.constants[i].data);
    }
  for (std::size_t i = 0; i < program.parameters.size(); ++i) {
    const bool read = writer.readsParameter(i);
    out += fmt::format("/* {}: {} */\n", cComment(program.parameters[i].name),
                       spec::shapeText(program.parameters[i].shape));
    if (!read) out += "#if 0\n";
    appendFloats(out, "static const float " + parameterArray(program, i), model.weights[i]);
    if (!read) out += "#endif\n";
  }
}

std::string functions(const ModelSource& model, const CWriter& writer) {
  const auto [name, upper] = namesOf(model);
  const auto scratch = writer.plan().size();
  std::string text = fmt::format(
      "\nvoid {0}_predict_with(const float *input, float *output, float *scratch)\n{{\n{1}{2}}}\n\n"
      "int {0}_predict(const float *input, float *output)\n{{\n",
      name, scratch > 0 ? "    float *const s = scratch;\n" : "    (void)scratch;\n", writer.statements());
  if (scratch <= mostOnStack)
    text += fmt::format("    float scratch[{}_SCRATCH];\n", upper);
  else
    text += fmt::format(
        "    float *const scratch = (float *)malloc({}_SCRATCH * sizeof(float));\n"
        "    if (scratch == NULL) return 1;\n",
        upper);
  text += fmt::format("    {}_predict_with(input, output, scratch);\n", name);
  if (scratch > mostOnStack) text += "    free(scratch);\n";
  return text + "    return 0;\n}\n";
}

}  // namespace

Result<CSource> writeC(const ModelSource& whole) {
  LATHE_TRY(checkNumbers(whole));
  auto model = whole;
  auto fold = folded(whole.program, whole.weights);
  model.program = std::move(fold.program);
  model.weights = std::move(fold.weights);
  CWriter writer(model.program);
  LATHE_TRY(writer.write());
  const auto scratch = writer.plan().size();
  CSource result;
  auto& out = result.source;
  out = cUsage(model) + preamble(model, scratch > mostOnStack) + cDeclarations(model, scratch) + "\n" +
        cNameArrays(model) + writer.kernels() + writer.tables();
  appendNumbers(out, model, writer);
  out += functions(model, writer);
  out += modelBlock(model);
  result.header = cHeader(model, scratch);
  return result;
}

}  // namespace lathe::exporting
