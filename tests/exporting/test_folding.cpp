// SPDX-License-Identifier: GPL-3.0-or-later
// Normalisations that become part of the layer before them, whatever format is written afterwards.
#include <cmath>
#include <cstring>
#include <limits>

#include "core/base/random.h"
#include "core/exporting/folding.h"
#include "tests/support/testing.h"

using namespace lathe;
using exporting::Folding;
using exporting::Weights;
using spec::Primitive;

namespace {

/// A convolution without a bias, its normalisation, another one that reads the same as the sum behind it.
spec::Program residualProgram() {
  spec::Program program;
  for (int i = 0; i < 7; ++i) program.values.push_back({3, 4, 4});
  const auto norm = [&](const char* name) {
    for (const char* role : {".weight", ".bias", ".mean", ".var"})
      program.parameters.push_back({std::string(name) + role, {3}, {}});
  };
  program.parameters.push_back({"conv1.weight", {3, 3, 3, 3}, {}});
  norm("norm1");
  program.parameters.push_back({"conv2.weight", {3, 3, 3, 3}, {}});
  program.parameters.push_back({"conv2.bias", {3}, {}});
  norm("norm2");
  const std::vector<std::int64_t> window{1, 1, 1, 1, 1, 1, 1};
  program.model = {{Primitive::Conv2d, "conv1", {0}, 1, {0}, {}, window, {}},
                   {Primitive::BatchNorm, "norm1", {1}, 2, {1, 2, 3, 4}, {}, {}, {1e-5, 0.1}},
                   {Primitive::Conv2d, "conv2", {2}, 3, {5, 6}, {}, window, {}},
                   {Primitive::BatchNorm, "norm2", {3}, 4, {7, 8, 9, 10}, {}, {}, {1e-5, 0.1}},
                   {Primitive::Add, "sum", {4, 2}, 5, {}, {}, {}, {}}};
  program.logits = 5;
  return program;
}

Weights numbersFor(const spec::Program& program) {
  Random random(3, "weights");
  Weights weights;
  for (const auto& parameter : program.parameters) {
    auto& numbers = weights.emplace_back(static_cast<std::size_t>(spec::elementCount(parameter.shape)));
    for (float& number : numbers)
      number = static_cast<float>(parameter.name.ends_with(".var") ? 0.5 + random.uniform() : random.normal());
  }
  return weights;
}

bool sameBits(const Weights& a, const Weights& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i].size() != b[i].size() || std::memcmp(a[i].data(), b[i].data(), a[i].size() * sizeof(float)) != 0)
      return false;
  return true;
}

}  // namespace

LATHE_TEST("a normalisation that alone reads a convolution becomes its weights and its bias") {
  const auto program = residualProgram();
  const Folding folding(program);
  const auto& folded = folding.program();
  REQUIRE(folded.model.size() == 3);
  REQUIRE(folded.parameters.size() == 4);
  // What the norm made is made by the layer; values keep their numbers.
  CHECK_EQ(folded.model[0].output, 2);
  CHECK_EQ(folded.model[1].output, 4);
  CHECK((folded.model[2].inputs == std::vector<int>{4, 2}));
  CHECK_EQ(folded.parameters[static_cast<std::size_t>(folded.model[0].parameters.at(1))].name,
           std::string("conv1.bias"));
  const auto whole = numbersFor(program);
  const auto numbers = folding.folded(whole);
  const double scale = static_cast<double>(whole[1][2]) / std::sqrt(static_cast<double>(whole[4][2]) + 1e-5);
  CHECK_EQ(numbers[0][60], static_cast<float>(static_cast<double>(whole[0][60]) * scale));
  const auto bias = static_cast<std::size_t>(folded.model[0].parameters[1]);
  CHECK_EQ(numbers[bias][2],
           static_cast<float>(static_cast<double>(whole[2][2]) - static_cast<double>(whole[3][2]) * scale));
}

LATHE_TEST("a normalisation stays where others read the layer too, or share its weights") {
  auto program = residualProgram();
  program.model.back().inputs = {4, 1};
  CHECK_EQ(Folding(program).program().model.size(), std::size_t{4});
  program = residualProgram();
  program.model[2].parameters = {0, 6};
  const Folding shared(program);
  CHECK_EQ(shared.program().model.size(), std::size_t{5});
  CHECK(shared.program() == program);
}

LATHE_TEST("numbers that were folded can be unfolded and fold to the same bits again") {
  const auto program = residualProgram();
  const Folding folding(program);
  auto first = folding.folded(numbersFor(program));
  constexpr float infinite = std::numeric_limits<float>::infinity();
  const std::vector<float> rare{0.0F, -0.0F, 1e-45F, -3.4028235e38F, infinite, 1.0F, 0.99999994F, 1.1754944e-38F};
  std::copy(rare.begin(), rare.end(), first[0].begin());
  const auto bias = static_cast<std::size_t>(folding.program().model[0].parameters.at(1));
  first[bias] = {0.0F, -0.0F, 3.0F};
  const auto whole = folding.unfolded(first);
  REQUIRE(whole.size() == program.parameters.size());
  for (std::size_t i = 0; i < whole.size(); ++i)
    CHECK_EQ(static_cast<std::int64_t>(whole[i].size()), spec::elementCount(program.parameters[i].shape));
  CHECK(sameBits(folding.folded(whole), first));
}
