// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <onnx/onnx_pb.h>

#include "core/base/random.h"
#include "core/exporting/manifest.h"
#include "core/exporting/onnx/onnx_model.h"
#include "core/exporting/quantization.h"
#include "core/exporting/torchscript_source.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::exporting;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

/// Two numbers through an embedding-free network: a dense layer, a convolution-free head.
spec::Program denseProgram() {
  using spec::Primitive;
  spec::Program program;
  program.values = {{3}, {2}, {2}};
  program.parameters = {{"fc.weight", {2, 3}, {}}, {"fc.bias", {2}, {}}};
  program.model = {{Primitive::Linear, "fc", {0}, 1, {0, 1}, {}, {}, {}}};
  program.head = {{Primitive::Softmax, "out", {1}, 2, {}, {}, {}, {}}};
  program.prepared = {0};
  program.logits = 1;
  program.output = 2;
  return program;
}

onnx::ModelProto written(const OnnxStorage& storage) {
  const std::vector<std::vector<float>> weights{{1.27F, -0.5F, 0, 0.01F, 0.127F, -0.02F}, {0.5F, -0.5F}};
  const auto bytes = writeOnnx(denseProgram(), weights, {}, storage);
  onnx::ModelProto model;
  if (!bytes || !model.ParseFromString(*bytes)) testing::reportFailure(__FILE__, __LINE__, "no ONNX model");
  return model;
}

std::vector<std::string> operations(const onnx::ModelProto& model) {
  std::vector<std::string> names;
  for (const auto& node : model.graph().node()) names.push_back(node.op_type());
  return names;
}

const onnx::TensorProto& initializer(const onnx::ModelProto& model, const std::string& part) {
  for (const auto& each : model.graph().initializer())
    if (each.name().ends_with(part)) return each;
  testing::reportFailure(__FILE__, __LINE__, "no " + part);
  return model.graph().initializer(0);
}

}  // namespace

LATHE_TEST("numbers become the nearest of half precision, ties to even, and too large ones its largest") {
  const std::vector<std::pair<float, std::uint16_t>> known{{0.0F, 0x0000},
                                                           {-0.0F, 0x8000},
                                                           {1.0F, 0x3c00},
                                                           {-2.0F, 0xc000},
                                                           {65504.0F, 0x7bff},
                                                           {65519.0F, 0x7bff},
                                                           {65520.0F, 0x7bff},
                                                           {1e30F, 0x7bff},
                                                           {-infinity, 0xfbff},
                                                           {std::ldexp(1.0F, -14), 0x0400},
                                                           {std::ldexp(1.0F, -24), 0x0001},
                                                           {std::ldexp(1.0F, -25), 0x0000},
                                                           {std::ldexp(1.5F, -25), 0x0001},
                                                           {1.0F + std::ldexp(1.0F, -11), 0x3c00},
                                                           {1.0F + std::ldexp(3.0F, -11), 0x3c02},
                                                           {std::nanf(""), 0x7e00}};
  for (const auto& [value, bits] : known) CHECK_EQ(halfBits(value), bits);
  for (std::uint32_t bits = 0; bits < 0x7c00; ++bits)
    CHECK_EQ(halfBits(fromHalfBits(static_cast<std::uint16_t>(bits))), static_cast<std::uint16_t>(bits));
  CHECK(std::isnan(fromHalfBits(0x7e00)));
  CHECK_EQ(fromHalfBits(0xfc00), -infinity);
  Random random(3, "halves");
  for (int i = 0; i < 2000; ++i) {
    const auto value = static_cast<float>((random.uniform() - 0.5) * 200);
    CHECK(std::abs(fromHalfBits(halfBits(value)) - value) <= std::abs(value) / 2048 + 1e-7F);
  }
}

LATHE_TEST("numbers become the nearest bfloat16, ties to even, and too large ones its largest") {
  CHECK_EQ(bfloat16Bits(1.0F), std::uint16_t{0x3f80});
  CHECK_EQ(bfloat16Bits(1.0F + std::ldexp(1.0F, -8)), std::uint16_t{0x3f80});
  CHECK_EQ(bfloat16Bits(1.0F + std::ldexp(3.0F, -8)), std::uint16_t{0x3f82});
  CHECK_EQ(bfloat16Bits(-std::numeric_limits<float>::max()), std::uint16_t{0xff7f});
  CHECK_EQ(bfloat16Bits(infinity), std::uint16_t{0x7f7f});
  CHECK(std::isnan(fromBFloat16Bits(bfloat16Bits(std::nanf("")))));
  for (std::uint32_t bits = 0; bits < 0x7f80; ++bits)
    CHECK_EQ(bfloat16Bits(fromBFloat16Bits(static_cast<std::uint16_t>(bits))), static_cast<std::uint16_t>(bits));
}

LATHE_TEST("each output channel has its own int8 scale, and what is not a number counts as zero") {
  const std::vector<float> numbers{1.27F, -0.5F, 0, 0, 0, 0, std::nanf(""), 2, infinity};
  const auto weights = int8Weights(numbers, {3, 3}, 0);
  REQUIRE(weights.scales.size() == 3);
  CHECK(std::abs(weights.scales[0] - 0.01F) < 1e-7F);
  CHECK_EQ(weights.scales[1], 1.0F);
  CHECK((weights.values == std::vector<std::int8_t>{127, -50, 0, 0, 0, 0, 0, 127, 127}));
  const auto columns = int8Weights(std::vector<float>{1, 10, -2, 5}, {2, 2}, 1);
  CHECK((columns.values == std::vector<std::int8_t>{64, 127, -127, 64}));
  // What was rounded once stays as it is.
  Random random(5, "weights");
  std::vector<float> many(40 * 7 * 3);
  for (float& value : many) value = static_cast<float>(random.normal());
  for (const std::size_t axis : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
    const spec::Shape shape{40, 7, 3};
    const auto once = int8Weights(many, shape, axis);
    auto back = many;
    const auto inner = innerSize(shape, axis);
    for (std::size_t i = 0; i < back.size(); ++i) {
      const auto scale = once.scales[channelOf(i, inner, once.scales.size())];
      back[i] = static_cast<float>(once.values[i]) * scale;
      CHECK(std::abs(back[i] - many[i]) <= 0.501F * scale);
    }
    CHECK(int8Weights(back, shape, axis).values == once.values);
  }
}

LATHE_TEST("precisions have the command line's names, and formats say which they are written with") {
  for (const auto& known : precisionNames()) CHECK_EQ(std::string(name(*precisionNamed(known))), known);
  CHECK(precisionNamed("") == Precision::Float32);
  CHECK(!precisionNamed("int4").has_value());
  CHECK(checkQuantizable("c", Precision::Float32).has_value());
  const auto refused = checkQuantizable("c", Precision::Int8);
  REQUIRE(!refused);
  CHECK_EQ(refused.error().sentence(),
           std::string("c is not written quantised. Choose onnx, torchscript, torchserve, savedmodel or triton."));
  for (const char* format : {"onnx", "torchscript", "torchserve", "savedmodel", "triton"})
    CHECK(checkQuantizable(format, Precision::BFloat16).has_value());
  CHECK(checkQuantizable("triton", Precision::Int8Static).has_value());
  for (const char* format : {"torchscript", "savedmodel"})
    CHECK_EQ(checkQuantizable(format, Precision::Int8Static).error().code, std::string("export.not_quantised"));
}

LATHE_TEST("a dense layer in int8 multiplies integers in an ONNX file, each row in its own range") {
  const auto model = written({Precision::Int8});
  CHECK((operations(model) == std::vector<std::string>{"Abs", "ReduceMax", "Max", "Div", "DynamicQuantizeLinear",
                                                       "MatMulInteger", "Cast", "Mul", "Mul", "Mul", "Add", "Softmax",
                                                       "Identity"}));
  const auto& weights = initializer(model, "fc.weight");
  CHECK_EQ(weights.data_type(), static_cast<int>(onnx::TensorProto::UINT8));
  // Transposed, and 128 is zero.
  const std::vector<int> expected{255, 138, 78, 255, 128, 108};
  REQUIRE(weights.raw_data().size() == expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK_EQ(static_cast<int>(static_cast<unsigned char>(weights.raw_data()[i])), expected[i]);
  CHECK_EQ(initializer(model, "fc.bias").data_type(), static_cast<int>(onnx::TensorProto::FLOAT));
}

LATHE_TEST("half precision is cast before it is used, and a measured range is rounded to its steps") {
  for (const auto& [precision, type] : {std::pair{Precision::Float16, onnx::TensorProto::FLOAT16},
                                        std::pair{Precision::BFloat16, onnx::TensorProto::BFLOAT16}}) {
    const auto model = written({precision});
    CHECK((operations(model) == std::vector<std::string>{"Cast", "MatMul", "Add", "Softmax", "Identity"}));
    CHECK_EQ(initializer(model, "fc.weight").data_type(), static_cast<int>(type));
    CHECK_EQ(initializer(model, "fc.weight").raw_data().size(), std::size_t{12});
  }
  const auto model = written({Precision::Int8Static, {{0, {-1.0F, 4.1F}}}});
  CHECK((operations(model) == std::vector<std::string>{"QuantizeLinear", "DequantizeLinear", "DequantizeLinear",
                                                       "MatMul", "DequantizeLinear", "Add", "Softmax", "Identity"}));
  CHECK_EQ(initializer(model, "fc.bias").data_type(), static_cast<int>(onnx::TensorProto::INT32));
  CHECK_EQ(initializer(model, "fc.weight").data_type(), static_cast<int>(onnx::TensorProto::UINT8));
}

LATHE_TEST("TorchScript keeps quantised weights in members that become float32 where they are used") {
  const auto program = denseProgram();
  const auto plain = writeTorchScriptSource(program);
  CHECK(plain.code.find("torch.linear(v0, self.p0_fc_weight, self.p1_fc_bias)") != std::string::npos);
  CHECK((plain.scaleNames == std::vector<std::string>{"", ""}));
  const auto half = writeTorchScriptSource(program, Precision::Float16);
  CHECK(half.code.find("torch.linear(v0, torch.to(self.p0_fc_weight, 6), self.p1_fc_bias)") != std::string::npos);
  const auto int8 = writeTorchScriptSource(program, Precision::Int8);
  CHECK((int8.scaleNames == std::vector<std::string>{"s0_fc_weight", ""}));
  CHECK(int8.code.find("torch.mul(torch.to(self.p0_fc_weight, 6), self.s0_fc_weight)") != std::string::npos);
}

LATHE_TEST("a manifest keeps what a quantised file is beside float32, and refuses what is no such thing") {
  ExportManifest manifest;
  manifest.name = "m";
  manifest.schema.task = spec::Task::Regression;
  manifest.schema.target = {"y", {}};
  manifest.schema.features = {{"x", spec::ColumnKind::Real, 0, 1, {}}};
  manifest.schema.inputShape = {1};
  ExportedFile file;
  file.path = "m.onnx";
  file.format = "onnx";
  file.sha256 = std::string(64, 'a');
  file.quantization = Quantization{"int8", 1000, 0.25, 1.5, 0.5, 2, "rmse", 0.125, 0.12};
  manifest.files = {file, file};
  manifest.files[1].quantization.reset();
  const auto json = toJson(manifest);
  const auto back = manifestFromJson(json);
  REQUIRE_OK(back);
  CHECK(back->files[0].quantization == file.quantization);
  CHECK(!back->files[1].quantization.has_value());
  for (const auto& [from, to] : {std::pair{"\"kind\": \"int8\"", "\"kind\": 8"},
                                 {"\"kind\": \"int8\"", "\"kind\": \"\""},
                                 {"\"float_bytes\": 1000", "\"float_bytes\": -1"},
                                 {"\"quantization\": {", "\"quantization\": [{}], \"other\": {"}}) {
    auto wrong = json;
    REQUIRE(wrong.find(from) != std::string::npos);
    wrong.replace(wrong.find(from), std::strlen(from), to);
    const auto refused = manifestFromJson(wrong);
    REQUIRE(!refused);
    CHECK_EQ(refused.error().code, std::string("export.bad_manifest"));
  }
}
