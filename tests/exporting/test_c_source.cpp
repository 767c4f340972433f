// SPDX-License-Identifier: GPL-3.0-or-later
#include <bit>
#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/random.h"
#include "core/exporting/c/c_source.h"
#include "tests/exporting/compiled_c.h"
#include "tests/support/testing.h"

using namespace lathe;
using exporting::ModelSource;

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/// Three numbers: the last two, filled, through a dense layer and a normalisation; dropout; softmax.
ModelSource smallModel() {
  using spec::Primitive;
  spec::Program program;
  program.values = {{3}, {2}, {2}, {2}, {2}, {2}, {2}};
  program.parameters = {{"fc.weight", {2, 2}, {}}, {"fc.bias", {2}, {}},   {"norm.weight", {2}, {}},
                        {"norm.bias", {2}, {}},    {"norm.mean", {2}, {}}, {"norm.var", {2}, {}}};
  program.constants = {{"fill", {2}, {5, 6}}};
  program.preprocess = {{Primitive::SelectColumns, "in", {0}, 1, {}, {}, {1, 2}, {}},
                        {Primitive::FillMissing, "in", {1}, 2, {}, {0}, {}, {}}};
  program.model = {{Primitive::Linear, "fc", {2}, 3, {0, 1}, {}, {}, {}},
                   {Primitive::BatchNorm, "norm", {3}, 4, {2, 3, 4, 5}, {}, {}, {0.0, 0.1}},
                   {Primitive::Dropout, "drop", {4}, 5, {}, {}, {}, {0.5}}};
  program.head = {{Primitive::Softmax, "out", {5}, 6, {}, {}, {}, {}}};
  program.prepared = {2};
  program.logits = 5;
  program.output = 6;
  return {"net", {}, program, {{1, 2, 3, 4}, {0.5F, -0.5F}, {2, 3}, {1, -1}, {0.5F, 1}, {4, 9}}, ""};
}

/// A table with a number, a category and a date, whose names are hard on a C compiler.
ModelSource describedModel(const std::string& name = "flowers") {
  using spec::ColumnKind;
  spec::ModelDescription model;
  auto& schema = model.schema;
  schema.inputShape = {4};
  schema.features = {{"size */ of it", ColumnKind::Real, 0, 1, {}},
                     {"colour \"or\" so", ColumnKind::Category, 1, 1, {"red", "/* blue", "gr\xC3\xBC\nn?\?/"}},
                     {"when \xE2\x80\xAE\\", ColumnKind::DateTime, 2, 2, {}}};
  schema.task = spec::Task::Classification;
  schema.target = {"kind", {"a*/", "b\"\\", "\xC3\xA4?\?=", "line\nbreak"}};
  model.fitted.features = {{0.25, true, 1.5, 0.7, {}}, {}, {1200, false, 1100, 0.01, {}}};
  model.fitted.classFrequencies = {0.25, 0.25, 0.25, 0.25};
  model.graph.layers = {{"fc1", "linear", {{"out", 7}}, {"features"}},
                        {"norm", "batchnorm1d", {}, {}},
                        {"act", "relu", {}, {}},
                        {"out", "linear", {{"out", 4}}, {}}};
  const auto program = spec::lower(model);
  REQUIRE_OK(program);
  ModelSource source{name, model, *program, {}, "{\"loss\":\"*/\"}"};
  Random random(4, "weights");
  for (const auto& parameter : program->parameters) {
    auto& numbers = source.weights.emplace_back();
    for (std::int64_t i = 0; i < spec::elementCount(parameter.shape); ++i)
      numbers.push_back(
          static_cast<float>(parameter.name == "norm.running_var" ? 0.5 + random.uniform() : random.normal()));
  }
  return source;
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

/// Says and computes the same, to the bit: normalisations that the text has in the layer before them come back there.
bool sameModel(const ModelSource& a, const ModelSource& b) {
  const auto left = exporting::writeC(a), right = exporting::writeC(b);
  return left && right && left->source == right->source &&
         sameBits(a.weights[a.weights.size() - 2], b.weights[b.weights.size() - 2]) && a.name == b.name &&
         a.model == b.model && a.program == b.program && a.scoring == b.scoring;
}

}  // namespace

LATHE_TEST("a model as C compiles without warnings and predicts what its numbers say") {
  const auto written = exporting::writeC(smallModel());
  REQUIRE_OK(written);
  if (!tests::CompiledC::possible()) return;
  const tests::CompiledC compiled({written->source}, "-O2");
  CHECK_EQ(compiled.problem(), std::string());
  // W (5, 2) + b = (9.5, 22.5), normalised (10, 20.5).
  const auto shares = compiled.predict("net", {9, missing, 2}, 2);
  REQUIRE(shares.size() == 2);
  CHECK(std::abs(shares[0] - 1 / (1 + std::exp(10.5))) < 1e-7);
  CHECK(std::abs(shares[1] - 1 / (1 + std::exp(-10.5))) < 1e-7);
}

LATHE_TEST("C source of a model gives the model back bit for bit, whatever its names and numbers are") {
  for (const char* name : {"flowers", "", "3 fl\xC3\xB6wers/*", "a\nb"}) {
    auto model = describedModel(name);
    const float rare[] = {0.0F,
                          -0.0F,
                          1e-45F,
                          -3.4028235e38F,
                          0.1F,
                          std::numeric_limits<float>::infinity(),
                          -std::numeric_limits<float>::infinity(),
                          missing};
    // Of a layer with a normalisation, and of one without.
    for (const std::size_t i : {std::size_t{0}, model.weights.size() - 2})
      std::copy(std::begin(rare), std::end(rare), model.weights[i].begin());
    REQUIRE(model.program.parameters[model.weights.size() - 2].name == "out.weight");
    const auto written = exporting::writeC(model);
    REQUIRE_OK(written);
    const auto again = exporting::readC(written->source);
    REQUIRE_OK(again);
    CHECK(sameModel(*again, model));
    if (tests::CompiledC::possible()) CHECK_EQ(tests::CompiledC({written->source}).problem(), std::string());
  }
}

LATHE_TEST("generated C names its columns, its classes and its sizes") {
  const auto written = exporting::writeC(describedModel());
  REQUIRE_OK(written);
  for (const char* line :
       {"#define FLOWERS_INPUTS 4\n", "#define FLOWERS_OUTPUTS 4\n", "#define FLOWERS_CLASSES 4\n",
        "int flowers_predict(const float *input, float *output);\n", "extern \"C\" {\n", "0=\"red\", 1=\"/ * blue\""})
    if (written->header.find(line) == std::string::npos)
      testing::reportFailure(__FILE__, __LINE__, std::string("the header lacks ") + line);
  for (const auto* text : {&written->header, &written->source})
    for (std::size_t place = 0; place < text->size();) {
      const auto end = text->find('\n', place);
      CHECK(end - place <= 120);
      place = end + 1;
    }
  if (!tests::CompiledC::possible()) return;
  const tests::CompiledC compiled({written->source});
  REQUIRE(compiled.problem().empty());
  const auto* classes = static_cast<const char* const*>(compiled.symbol("flowers_classes"));
  REQUIRE(classes != nullptr);
  CHECK_EQ(std::string(classes[2]), std::string("\xC3\xA4?\?="));
  CHECK_EQ(std::string(classes[3]), std::string("line\nbreak"));
  CHECK_EQ(std::string(static_cast<const char* const*>(compiled.symbol("flowers_columns"))[0]),
           std::string("size */ of it"));
  CHECK_EQ(static_cast<const long*>(compiled.symbol("flowers_places"))[2], 2L);
}

LATHE_TEST("the header of generated C serves C++ too") {
  const auto written = exporting::writeC(describedModel());
  REQUIRE_OK(written);
  const tests::TempFolder folder;
  if (!tests::outputOfFailure("c++ --version", folder).empty()) return;
  std::ofstream(folder / "flowers.h") << written->header;
  std::ofstream(folder / "main.cpp") << "#include \"flowers.h\"\n"
                                        "int main() { float in[FLOWERS_INPUTS] = {}, out[FLOWERS_OUTPUTS];\n"
                                        "  return flowers_predict(in, out) + (flowers_classes[0] == nullptr); }\n";
  CHECK_EQ(tests::outputOfFailure(
               "c++ -fsyntax-only -Wall -Wextra -Werror -pedantic '" + (folder / "main.cpp").string() + "'", folder),
           std::string());
}

LATHE_TEST("C source that was cut off or changed is refused, or is still the same model") {
  const auto model = describedModel();
  const auto written = exporting::writeC(model);
  REQUIRE_OK(written);
  const auto& whole = written->source;
  for (std::size_t i = 0; i < 60; ++i) CHECK(!exporting::readC(whole.substr(0, whole.size() * i / 60)));
  CHECK(!exporting::readC(whole.substr(0, whole.size() - 5)));
  Random random(9, "bytes");
  int refused = 0;
  for (int i = 0; i < 1500; ++i) {
    auto changed = whole;
    // Numbers and description lie in the second half.
    const auto place = i % 3 == 0 ? random.below(whole.size()) : whole.size() / 2 + random.below(whole.size() / 2);
    changed[place] = static_cast<char>(random.below(256));
    const auto read = exporting::readC(changed);
    if (!read)
      ++refused;
    else
      CHECK(sameModel(*read, model));
  }
  CHECK(refused > 500);
}

LATHE_TEST("C source survives other line ends") {
  const auto model = describedModel();
  const auto written = exporting::writeC(model);
  REQUIRE_OK(written);
  std::string text;
  for (const char c : written->source) text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const auto read = exporting::readC(text);
  REQUIRE_OK(read);
  CHECK(sameModel(*read, model));
}

LATHE_TEST("values that are not needed any more make room in the scratch of generated C") {
  using spec::Primitive;
  ModelSource model{"chain", {}, {}, {}, ""};
  auto& program = model.program;
  program.values = {{50}};
  for (int i = 0; i < 6; ++i) {
    program.values.push_back({50});
    program.values.push_back({50});
    program.parameters.push_back({"weight" + std::to_string(i), {50, 50}, {}});
    model.weights.emplace_back(2500, 0.01F);
    program.model.push_back({Primitive::Linear, "fc", {2 * i}, 2 * i + 1, {i}, {}, {}, {}});
    program.model.push_back({Primitive::Tanh, "act", {2 * i + 1}, 2 * i + 2, {}, {}, {}, {}});
  }
  program.logits = 12;
  const auto written = exporting::writeC(model);
  REQUIRE_OK(written);
  CHECK(written->header.find("#define CHAIN_SCRATCH 100\n") != std::string::npos);
}

LATHE_TEST("generated C takes much scratch from the heap") {
  using spec::Primitive;
  ModelSource model{"wide", {}, {}, {}, ""};
  model.program.values = {{1, 4}, {1, 20000}, {1}};
  model.program.model = {{Primitive::Pad, "pad", {0}, 1, {}, {}, {0, 19996, 0}, {0.5}},
                         {Primitive::ReduceMax, "most", {1}, 2, {}, {}, {1}, {}}};
  model.program.logits = 2;
  const auto written = exporting::writeC(model);
  REQUIRE_OK(written);
  CHECK(written->source.find("malloc(WIDE_SCRATCH") != std::string::npos);
  if (!tests::CompiledC::possible()) return;
  const tests::CompiledC compiled({written->source}, "-O2");
  CHECK_EQ(compiled.problem(), std::string());
  CHECK((compiled.predict("wide", {-1, -2, -3, -4}, 1) == std::vector<float>{0.5F}));
  CHECK((compiled.predict("wide", {-1, 2, 3, -4}, 1) == std::vector<float>{3}));
}

LATHE_TEST("what C cannot hold is an error that names it") {
  auto model = smallModel();
  model.weights[1].push_back(1);
  const auto wrong = exporting::writeC(model);
  REQUIRE(!wrong);
  CHECK_EQ(wrong.error().code, std::string("export.c"));
  CHECK(wrong.error().sentence().find("fc.bias") != std::string::npos);
  model = smallModel();
  model.program.parameters[0].shape = {1 << 13, 1 << 12};
  model.weights[0].assign(std::size_t{1} << 25, 0.5F);
  const auto large = exporting::writeC(model);
  REQUIRE(!large);
  CHECK_EQ(large.error().code, std::string("export.too_large"));
  model = smallModel();
  auto& operation = model.program.model[0];
  operation.primitive = spec::Primitive::Attention;
  operation.layer = "look";
  operation.parameters = {0, 1, 0, 1, 0, 0, 0, 0};
  operation.ints = {1};
  model.program.values[2] = model.program.values[3] = {1, 2};
  const auto adapted = exporting::writeC(model);
  REQUIRE(!adapted);
  CHECK_EQ(adapted.error().code, std::string("export.c"));
  CHECK(adapted.error().sentence().find("look") != std::string::npos);
}
