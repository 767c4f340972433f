// SPDX-License-Identifier: GPL-3.0-or-later
// Layers of the FT-Transformer, numeric embeddings and the autoencoder's error, against LibTorch's own modules and
// against the papers' formulas worked out one number at a time.
#include <cmath>
#include <numbers>

#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/layer_kind.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
namespace nn = torch::nn;

namespace {

constexpr std::int64_t rows = 5;

torch::Tensor noise(std::vector<std::int64_t> shape, const char* stream = "input") {
  auto values = torch::empty(shape, torch::kFloat64);
  Random random(6, stream);
  for (std::int64_t i = 0; i < values.numel(); ++i) values.data_ptr<double>()[i] = random.normal();
  return values;
}

/// One layer over the inputs of a context, in double precision, parameters moved away from zero.
class Layer {
 public:
  Layer(const std::string& kind, spec::ValueMap attributes, const spec::GraphContext& context,
        std::vector<std::string> inputs)
      : m_runner(programOf(kind, std::move(attributes), context, std::move(inputs)), torch::Device(torch::kCPU)) {
    ParameterStore store(m_runner.program(), torch::Device(torch::kCPU), false);
    store.initialise(5);
    for (std::size_t i = 0; i < store.all().size(); ++i) {
      auto values = store.all()[i].to(torch::kFloat64).contiguous().clone();
      m_parameters.push_back(values + noise(values.sizes().vec(), "more") * 0.2);
    }
  }
  [[nodiscard]] torch::Tensor run(const TensorList& inputs) const {
    return m_runner.model(inputs, m_parameters, nullptr);
  }
  [[nodiscard]] torch::Tensor named(const std::string& name) const {
    const auto& all = m_runner.program().parameters;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == "tested." + name) return m_parameters[i];
    lathe::testing::reportFailure(__FILE__, __LINE__, "no parameter " + name);
    return {};
  }
  [[nodiscard]] bool decays(const std::string& name) const {
    for (const auto& parameter : m_runner.program().parameters)
      if (parameter.name == "tested." + name) return parameter.decay;
    return true;
  }

 private:
  static spec::Program programOf(const std::string& kind, spec::ValueMap attributes, const spec::GraphContext& context,
                                 std::vector<std::string> inputs) {
    spec::Program program;
    for (const auto& input : context.inputs) {
      program.prepared.push_back(static_cast<int>(program.values.size()));
      program.values.push_back(input.shape);
    }
    const spec::ModelGraph graph{{{"tested", kind, std::move(attributes), std::move(inputs)},
                                  {"flat", "flatten", {}, {}},
                                  {"end", "linear", {{"out", context.outputs}}, {}}}};
    REQUIRE_OK(spec::lowerGraph(graph, context, program));
    while (program.model.back().layer != "tested") program.model.pop_back();
    program.logits = program.model.back().output;
    return program;
  }

  ProgramRunner m_runner;
  TensorList m_parameters;
};

bool near(const torch::Tensor& a, const torch::Tensor& b, double tolerance = 1e-9) {
  return a.sizes().equals(b.sizes()) && (a - b).abs().max().item<double>() <= tolerance;
}

spec::GraphContext tableOf(std::int64_t width, std::int64_t numbers, std::vector<std::vector<float>> bins = {}) {
  spec::GraphContext context{{{"features", {width}, {}}}, 1};
  context.inputs[0].parts.numbers = numbers;
  context.inputs[0].parts.bins = std::move(bins);
  return context;
}

/// Equation (1) of Gorishniy et al. 2022 for one number: e[t] of T bins with edges b[0..T].
std::vector<double> encodedByThePaper(double x, const std::vector<float>& b, std::size_t places) {
  std::vector<double> e(places, 0);
  if (b.size() < 2) {
    e[0] = x;
    return e;
  }
  const std::size_t bins = b.size() - 1;
  for (std::size_t t = 1; t <= bins; ++t) {
    if (x < b[t - 1] && t > 1)
      e[t - 1] = 0;
    else if (x >= b[t] && t < bins)
      e[t - 1] = 1;
    else
      e[t - 1] = (x - b[t - 1]) / (static_cast<double>(b[t]) - b[t - 1]);
  }
  return e;
}

torch::Tensor eachLinear(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  return torch::einsum("nkd,kcd->nkc", {x, weight}) + bias;
}

}  // namespace

LATHE_TEST("the piecewise-linear encoding is the paper's, beyond its bins and on their edges too") {
  const std::vector<std::vector<float>> bins{{-1, -0.25F, 0, 2}, {0, 4}, {}, {-3, -2, -1, 0, 1, 2}};
  const Layer layer("piecewise_embedding", {{"size", 4}}, tableOf(6, 4, bins), {"features"});
  auto x = noise({40, 6}) * 2;
  for (std::int64_t i = 0; i < 4; ++i) x[i][0] = static_cast<double>(bins[0][static_cast<std::size_t>(i)]);
  auto encoded = torch::zeros({40, 4, 5}, torch::kFloat64);
  for (std::int64_t n = 0; n < 40; ++n)
    for (std::int64_t f = 0; f < 4; ++f) {
      const auto e = encodedByThePaper(x[n][f].item<double>(), bins[static_cast<std::size_t>(f)], 5);
      for (std::int64_t t = 0; t < 5; ++t) encoded[n][f][t] = e[static_cast<std::size_t>(t)];
    }
  const auto tokens = torch::relu(eachLinear(encoded, layer.named("weight"), layer.named("bias")));
  const auto expected = torch::cat({tokens.flatten(1), x.narrow(1, 4, 2)}, 1);
  CHECK(near(layer.run({x}), expected, 1e-6));
}

LATHE_TEST("the periodic embedding is sines and cosines, a linear layer a column, and a ReLU") {
  const Layer layer("periodic_embedding", {{"size", 3}, {"waves", 7}, {"sigma", 0.4}}, tableOf(5, 3), {"features"});
  const auto x = noise({rows, 5});
  const auto v = x.narrow(1, 0, 3).unsqueeze(-1) * layer.named("frequency") * (2 * std::numbers::pi);
  const auto waves = torch::cat({torch::sin(v), torch::cos(v)}, -1);
  const auto tokens = torch::relu(eachLinear(waves, layer.named("weight"), layer.named("bias")));
  CHECK(near(layer.run({x}), torch::cat({tokens.flatten(1), x.narrow(1, 3, 2)}, 1)));
}

LATHE_TEST("the feature tokenizer makes a token of every column and a class token, none of which decays") {
  auto context = tableOf(4, 3);
  context.inputs.push_back({"categories", {2}, {3, 5}});
  const Layer layer("feature_tokenizer", {{"width", 6}}, context, {"features", "categories"});
  const auto x = noise({rows, 4});
  const auto codes = torch::tensor({{0, 4}, {1, 0}, {2, 2}, {0, 1}, {1, 3}}, torch::kInt64);
  const auto given = layer.run({x, codes});
  CHECK(given.sizes().vec() == (std::vector<std::int64_t>{rows, 7, 6}));
  for (std::int64_t n = 0; n < rows; ++n) {
    CHECK(near(given[n][0], layer.named("cls")));
    for (std::int64_t f = 0; f < 4; ++f)
      CHECK(near(given[n][1 + f], x[n][f] * layer.named("token_weight")[f] + layer.named("token_bias")[f]));
    for (std::int64_t k = 0; k < 2; ++k)
      CHECK(near(given[n][5 + k], layer.named("category" + std::to_string(k))[codes[n][k].item<std::int64_t>()] +
                                      layer.named("category_bias")[k]));
  }
  for (const char* name : {"cls", "token_weight", "token_bias", "category0", "category_bias"})
    CHECK(!layer.decays(name));
  const Layer embedded("feature_tokenizer", {{"width", 6}, {"numbers", "periodic"}}, tableOf(4, 3), {"features"});
  const auto v = x.narrow(1, 0, 3).unsqueeze(-1) * embedded.named("frequency") * (2 * std::numbers::pi);
  const auto tokens = torch::relu(
      eachLinear(torch::cat({torch::sin(v), torch::cos(v)}, -1), embedded.named("weight"), embedded.named("bias")));
  const auto out = embedded.run({x});
  CHECK(near(out.narrow(1, 1, 3), tokens));
  CHECK(near(out.narrow(1, 4, 1),
             x.narrow(1, 3, 1).unsqueeze(-1) * embedded.named("token_weight") + embedded.named("token_bias")));
}

LATHE_TEST("the FT-Transformer's block is LibTorch's attention and the paper's ReGLU") {
  constexpr std::int64_t steps = 4, width = 12;
  spec::GraphContext context{{{"sequence", {steps, width}, {}}}, 1};
  for (const bool norm : {true, false})
    for (const char* keep : {"all", "first"}) {
      const Layer layer("ft_block", {{"heads", 3}, {"first_norm", norm}, {"keep", keep}}, context, {"sequence"});
      const auto x = noise({rows, steps, width});
      nn::MultiheadAttention attention(nn::MultiheadAttentionOptions(width, 3));
      attention->to(torch::kFloat64);
      const torch::NoGradGuard noGrad;
      attention->in_proj_weight.copy_(layer.named("self_attn.in_proj_weight"));
      attention->in_proj_bias.copy_(layer.named("self_attn.in_proj_bias"));
      attention->out_proj->weight.copy_(layer.named("self_attn.out_proj.weight"));
      attention->out_proj->bias.copy_(layer.named("self_attn.out_proj.bias"));
      const auto seen =
          norm ? torch::layer_norm(x, {width}, layer.named("norm1.weight"), layer.named("norm1.bias")) : x;
      const auto turned = seen.transpose(0, 1);
      const auto sum = x + std::get<0>(attention(turned, turned, turned)).transpose(0, 1);
      const auto again = torch::layer_norm(sum, {width}, layer.named("norm2.weight"), layer.named("norm2.bias"));
      const auto halves = torch::linear(again, layer.named("linear1.weight"), layer.named("linear1.bias")).chunk(2, -1);
      CHECK_EQ(halves[0].size(2), 16);
      const auto out = sum + torch::linear(halves[0] * torch::relu(halves[1]), layer.named("linear2.weight"),
                                           layer.named("linear2.bias"));
      CHECK(near(layer.run({x}), keep == std::string("first") ? out.narrow(1, 0, 1) : out, 1e-9));
    }
}

LATHE_TEST("the reconstruction error is a mean over the cells that are there") {
  auto context = tableOf(2 + 8 + 3 + 1, 2);
  context.inputs[0].parts.dates = 1;
  context.inputs[0].parts.oneHot = {3};
  context.inputs.push_back({"categories", {2}, {4, 1}});
  context.inputs.push_back({"missing", {6}, {}});
  // The decoder under test is the features' input of another context: what it gives is free.
  context.inputs.insert(context.inputs.begin(), {"sequence", {2 + 8 + 3 + 4 + 1}, {}});
  const Layer layer("reconstruction_error", {}, context, {"sequence", "features", "categories", "missing"});
  const auto decoded = noise({rows, 18}, "decoded");
  auto features = noise({rows, 14});
  const auto group = torch::tensor({0, 2, 1, 1, 0}, torch::kInt64);
  features.narrow(1, 10, 3).copy_(torch::one_hot(group, 3).to(torch::kFloat64));
  const auto codes = torch::tensor({{3, 0}, {0, 0}, {1, 0}, {2, 0}, {3, 0}}, torch::kInt64);
  const auto missing = torch::tensor({{0., 0., 0., 0., 0., 0.},
                                      {1., 0., 0., 0., 0., 0.},
                                      {0., 0., 1., 0., 1., 0.},
                                      {0., 1., 0., 1., 0., 0.},
                                      {1., 1., 1., 1., 1., 1.}},
                                     torch::kFloat64);
  namespace F = torch::nn::functional;
  const auto none = F::CrossEntropyFuncOptions().reduction(torch::kNone);
  auto errors = torch::zeros({rows, 6}, torch::kFloat64);
  errors.narrow(1, 0, 2).copy_((decoded.narrow(1, 0, 2) - features.narrow(1, 0, 2)).square());
  errors.select(1, 2).copy_((decoded.narrow(1, 2, 8) - features.narrow(1, 2, 8)).square().mean(1));
  errors.select(1, 3).copy_(F::cross_entropy(decoded.narrow(1, 10, 3), group, none) / std::log(3.0));
  errors.select(1, 4).copy_(F::cross_entropy(decoded.narrow(1, 13, 4), codes.select(1, 0), none) / std::log(4.0));
  const auto given = layer.run({decoded, features, codes, missing});
  CHECK(given.sizes().vec() == (std::vector<std::int64_t>{rows, 1}));
  for (std::int64_t n = 0; n < rows; ++n) {
    double sum = 0;
    double count = 0;
    for (std::int64_t c = 0; c < 6; ++c) {
      if (missing[n][c].item<double>() > 0) continue;
      sum += errors[n][c].item<double>();
      count += 1;
    }
    CHECK(std::abs(given[n][0].item<double>() - (count > 0 ? sum / count : 0)) < 1e-9);
  }
}
