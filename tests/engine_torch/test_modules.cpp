// SPDX-License-Identifier: GPL-3.0-or-later
// Layers against LibTorch's modules of the same name, with the same weights: outputs, gradients, and what is random.
#include <cmath>

#include "core/engine_torch/parameter_store.h"
#include "core/engine_torch/program_runner.h"
#include "core/spec/layer_kind.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;
namespace nn = torch::nn;

namespace {

torch::Tensor noise(std::vector<std::int64_t> shape, const char* stream = "input") {
  auto values = torch::empty(shape, torch::kFloat64);
  Random random(6, stream);
  for (std::int64_t i = 0; i < values.numel(); ++i) values.data_ptr<double>()[i] = random.normal();
  return values;
}

/// One layer that reads x [N, ...], in double precision.
class Layer {
 public:
  Layer(const std::string& kind, spec::ValueMap attributes, const torch::Tensor& x)
      : m_runner(programOf(kind, std::move(attributes), x), torch::Device(torch::kCPU)), m_x(x) {
    ParameterStore store(m_runner.program(), torch::Device(torch::kCPU), false);
    store.initialise(5);
    for (std::size_t i = 0; i < store.all().size(); ++i) {
      auto values = store.all()[i].to(torch::kFloat64).contiguous().clone();
      // Biases that start at zero would hide mistakes.
      if (values.abs().max().item<double>() == 0) values = noise(values.sizes().vec(), "bias") * 0.3;
      m_parameters.push_back(values.set_requires_grad(m_runner.program().parameters[i].trainable));
    }
  }

  [[nodiscard]] torch::Tensor run(Random* dropout = nullptr) const {
    return m_runner.model({m_x}, m_parameters, dropout);
  }
  [[nodiscard]] torch::Tensor named(const std::string& name) const {
    const auto& all = m_runner.program().parameters;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (all[i].name == "tested." + name) return m_parameters[i];
    return {};
  }
  [[nodiscard]] std::size_t count() const { return m_parameters.size(); }

 private:
  static spec::Program programOf(const std::string& kind, spec::ValueMap attributes, const torch::Tensor& x) {
    const spec::Shape shape(x.sizes().begin() + 1, x.sizes().end());
    const char* input = shape.size() == 3 ? "image" : shape.size() == 2 ? "sequence" : "features";
    const spec::GraphContext context{{{input, shape, {}}}, 1};
    spec::Program program;
    program.values.push_back(shape);
    program.prepared = {0};
    const spec::ModelGraph graph{{{"tested", kind, std::move(attributes), {}},
                                  {"flat", "flatten", {}, {}},
                                  {"end", "linear", {{"out", 1}}, {}}}};
    REQUIRE_OK(spec::lowerGraph(graph, context, program));
    while (program.model.back().layer != "tested") program.model.pop_back();
    program.parameters.resize(program.parameters.size() - 2);
    program.logits = program.model.back().output;
    return program;
  }

  ProgramRunner m_runner;
  torch::Tensor m_x;
  TensorList m_parameters;
};

torch::Tensor weighed(const torch::Tensor& y) {
  return (y.reshape({-1}) * torch::sin(torch::arange(y.numel(), torch::kFloat64) * 1.7 + 0.3)).sum();
}

/// Copies the layer's parameters by name, compares outputs, then every gradient.
template <class Forward>
void compare(const std::string& what, const Layer& layer, nn::Module& module, const Forward& forward) {
  const auto report = [&](const std::string& text) {
    lathe::testing::reportFailure(__FILE__, __LINE__, what + ": " + text);
  };
  module.to(torch::kFloat64);
  module.eval();
  const auto theirs = module.named_parameters();
  CHECK_EQ(theirs.size(), layer.count());
  {
    const torch::NoGradGuard noGrad;
    for (const auto& entry : theirs) {
      const auto ours = layer.named(entry.key());
      if (!ours.defined() || !ours.sizes().equals(entry.value().sizes())) return report("no " + entry.key());
      auto target = entry.value();
      target.copy_(ours);
    }
  }
  const auto given = layer.run();
  const torch::Tensor expected = forward();
  if (!given.sizes().equals(expected.sizes()) || !torch::allclose(given, expected, 1e-9, 1e-9))
    return report("another output");
  weighed(given).backward();
  weighed(expected).backward();
  for (const auto& entry : theirs)
    if (!torch::allclose(layer.named(entry.key()).grad(), entry.value().grad(), 1e-8, 1e-9))
      report("another gradient of " + entry.key());
}

}  // namespace

LATHE_TEST("modules: convolutions") {
  const auto image = noise({2, 4, 7, 6});
  const auto sequence = noise({2, 9, 4});
  nn::Conv1d conv1d(nn::Conv1dOptions(4, 6, 3).stride(2).padding(1).dilation(2).groups(2));
  compare("conv1d",
          Layer("conv1d", {{"out", 6}, {"stride", 2}, {"padding", 1}, {"dilation", 2}, {"groups", 2}}, sequence),
          *conv1d, [&] { return conv1d(sequence.transpose(1, 2)).transpose(1, 2); });
  nn::Conv2d depthwise(nn::Conv2dOptions(4, 8, 3).padding(1).groups(4));
  compare("depthwise", Layer("conv2d", {{"out", 8}, {"groups", 4}}, image), *depthwise,
          [&] { return depthwise(image); });
  nn::ConvTranspose2d transposed(
      nn::ConvTranspose2dOptions(4, 6, {3, 2}).stride({2, 3}).padding({1, 0}).output_padding({1, 2}).groups(2));
  compare("conv_transpose2d",
          Layer("conv_transpose2d",
                {{"out", 6},
                 {"kernel", std::vector<std::int64_t>{3, 2}},
                 {"stride", std::vector<std::int64_t>{2, 3}},
                 {"padding", std::vector<std::int64_t>{1, 0}},
                 {"output_padding", std::vector<std::int64_t>{1, 2}},
                 {"groups", 2}},
                image),
          *transposed, [&] { return transposed(image); });
}

LATHE_TEST("modules: normalisation and PReLU") {
  const auto image = noise({3, 6, 4, 5});
  const auto sequence = noise({3, 7, 6});
  nn::GroupNorm groups(nn::GroupNormOptions(3, 6));
  compare("groupnorm", Layer("groupnorm", {{"groups", 3}}, image), *groups, [&] { return groups(image); });
  nn::GroupNorm along(nn::GroupNormOptions(2, 6));
  compare("groupnorm of sequences", Layer("groupnorm", {{"groups", 2}}, sequence), *along,
          [&] { return along(sequence.transpose(1, 2)).transpose(1, 2); });
  nn::InstanceNorm2d instance(nn::InstanceNorm2dOptions(6).affine(true));
  compare("instancenorm", Layer("instancenorm", {}, image), *instance, [&] { return instance(image); });
  nn::PReLU one;
  compare("prelu", Layer("prelu", {}, image), *one, [&] { return one(image); });
  nn::PReLU each(nn::PReLUOptions().num_parameters(6));
  compare("prelu of sequences", Layer("prelu", {{"per_channel", true}}, sequence), *each,
          [&] { return each(sequence.transpose(1, 2)).transpose(1, 2); });
  // Training mode of sequences: over the batch and all steps.
  const Layer batch("batchnorm1d", {}, sequence);
  nn::BatchNorm1d theirs(nn::BatchNorm1dOptions(6));
  theirs->to(torch::kFloat64);
  {
    const torch::NoGradGuard noGrad;
    theirs->bias.copy_(batch.named("bias"));
    theirs->running_mean.copy_(batch.named("running_mean"));
  }
  Random random(1);
  CHECK(torch::allclose(batch.run(&random), theirs(sequence.transpose(1, 2)).transpose(1, 2), 1e-9, 1e-9));
  CHECK(torch::allclose(batch.named("running_mean"), theirs->running_mean, 1e-9, 1e-9));
}

LATHE_TEST("modules: LSTM and GRU, stacked, in both directions, and their last step") {
  const auto x = noise({3, 8, 5});
  for (const std::int64_t layers : {1, 2})
    for (const bool both : {false, true}) {
      const spec::ValueMap all{{"hidden", 4}, {"layers", layers}, {"bidirectional", both}};
      auto ends = all;
      ends["output"] = "last";
      nn::LSTM lstm(nn::LSTMOptions(5, 4).num_layers(layers).bidirectional(both).batch_first(true));
      compare("lstm", Layer("lstm", all, x), *lstm, [&] { return std::get<0>(lstm(x)); });
      lstm->zero_grad();
      const auto last = [&](const torch::Tensor& hidden) {
        return both ? torch::cat({hidden[-2], hidden[-1]}, 1) : hidden[-1];
      };
      compare("lstm, last", Layer("lstm", ends, x), *lstm, [&] { return last(std::get<0>(std::get<1>(lstm(x)))); });
      nn::GRU gru(nn::GRUOptions(5, 4).num_layers(layers).bidirectional(both).batch_first(true));
      compare("gru", Layer("gru", all, x), *gru, [&] { return std::get<0>(gru(x)); });
      gru->zero_grad();
      compare("gru, last", Layer("gru", ends, x), *gru, [&] { return last(std::get<1>(gru(x))); });
    }
}

LATHE_TEST("modules: attention and transformer blocks") {
  const auto x = noise({3, 7, 8});
  const auto steps = x.transpose(0, 1);
  nn::MultiheadAttention attention(nn::MultiheadAttentionOptions(8, 2));
  compare("attention", Layer("attention", {{"heads", 2}}, x), *attention,
          [&] { return std::get<0>(attention(steps, steps, steps)).transpose(0, 1); });
  nn::TransformerEncoderLayer relu(nn::TransformerEncoderLayerOptions(8, 4).dim_feedforward(11).dropout(0.1));
  compare("transformer_block, post",
          Layer("transformer_block", {{"heads", 4}, {"feed_forward", 11}, {"norm", "post"}}, x), *relu,
          [&] { return relu(steps).transpose(0, 1); });
  nn::TransformerEncoderLayer pre(
      nn::TransformerEncoderLayerOptions(8, 2).dim_feedforward(32).activation(torch::kGELU));
  // Xiong 2020, figure 1 (b), of the same parts.
  compare("transformer_block, pre", Layer("transformer_block", {{"heads", 2}, {"activation", "gelu"}}, x), *pre, [&] {
    const auto normal = pre->norm1(steps);
    const auto attended = steps + std::get<0>(pre->self_attn(normal, normal, normal));
    const auto wide = torch::gelu(pre->linear1(pre->norm2(attended)));
    return (attended + pre->linear2(wide)).transpose(0, 1);
  });
}

LATHE_TEST("modules: what has no weights") {
  const auto image = noise({2, 3, 6, 7});
  const auto sequence = noise({2, 9, 4});
  const auto same = [&](const char* kind, spec::ValueMap attributes, const torch::Tensor& x, const torch::Tensor& y) {
    const auto given = Layer(kind, std::move(attributes), x).run();
    if (!given.sizes().equals(y.sizes()) || !torch::allclose(given, y, 1e-12, 1e-12))
      lathe::testing::reportFailure(__FILE__, __LINE__, std::string(kind) + " differs");
  };
  const auto turned = sequence.transpose(1, 2);
  same("avgpool2d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, image,
       nn::AvgPool2d(nn::AvgPool2dOptions(3).stride(2).padding(1))(image));
  same("avgpool2d", {{"kernel", 3}, {"padding", 1}, {"count_padding", false}}, image,
       nn::AvgPool2d(nn::AvgPool2dOptions(3).padding(1).count_include_pad(false))(image));
  same("avgpool1d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, sequence,
       nn::AvgPool1d(nn::AvgPool1dOptions(3).stride(2).padding(1))(turned).transpose(1, 2));
  same("maxpool1d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, sequence,
       nn::MaxPool1d(nn::MaxPool1dOptions(3).stride(2).padding(1))(turned).transpose(1, 2));
  const std::vector<std::int64_t> size{4, 3};
  same("adaptiveavgpool2d", {{"size", size}}, image,
       nn::AdaptiveAvgPool2d(nn::AdaptiveAvgPool2dOptions({4, 3}))(image));
  same("adaptivemaxpool2d", {{"size", size}}, image,
       nn::AdaptiveMaxPool2d(nn::AdaptiveMaxPool2dOptions({4, 3}))(image));
  same("globalmaxpool", {}, image, std::get<0>(image.flatten(2).max(2)));
  same("globalavgpool", {}, sequence, sequence.mean(1));
  const std::vector<double> twice{2, 2};
  same("upsample", {}, image, nn::Upsample(nn::UpsampleOptions().scale_factor(twice).mode(torch::kNearest))(image));
  same("upsample", {{"mode", "bilinear"}}, image,
       nn::Upsample(nn::UpsampleOptions().scale_factor(twice).mode(torch::kBilinear).align_corners(false))(image));
  const std::vector<std::int64_t> edges{1, 2, 3, 0};
  same("pad", {{"padding", edges}, {"mode", "reflect"}}, image,
       nn::ReflectionPad2d(nn::ReflectionPad2dOptions({1, 2, 3, 0}))(image));
  same("pad", {{"padding", edges}, {"mode", "replicate"}}, image,
       nn::ReplicationPad2d(nn::ReplicationPad2dOptions({1, 2, 3, 0}))(image));
  same("pad", {{"padding", edges}, {"value", 2.5}}, image,
       nn::ConstantPad2d(nn::ConstantPad2dOptions({1, 2, 3, 0}, 2.5))(image));
  same("mish", {}, image, nn::Mish()(image));
  same("elu", {{"alpha", 0.7}}, image, nn::ELU(nn::ELUOptions().alpha(0.7))(image));
  same("selu", {}, image, nn::SELU()(image));
  same("leaky_relu", {{"slope", 0.2}}, image, nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2))(image));
  same("hardswish", {}, image * 3, torch::hardswish(image * 3));
  same("hardsigmoid", {}, image * 3, torch::hardsigmoid(image * 3));
  same("softplus", {}, image, nn::Softplus()(image));
  same("relu6", {}, image * 5, nn::ReLU6()(image * 5));
  // Vaswani 2017, section 3.5, at step 2: sin(2), cos(2), sin(2 / 100), cos(2 / 100).
  const auto coded = Layer("positional_encoding", {}, torch::zeros({1, 3, 4}, torch::kFloat64)).run()[0][2];
  const auto expected = torch::tensor({std::sin(2.0), std::cos(2.0), std::sin(0.02), std::cos(0.02)}, torch::kFloat64);
  CHECK(torch::allclose(coded, expected, 1e-6, 1e-6));
}

LATHE_TEST("stochastic depth drops whole rows, keeps the mean and does nothing when evaluating") {
  const Layer layer("stochastic_depth", {{"p", 0.3}}, torch::ones({4000, 2, 3}, torch::kFloat64));
  CHECK(layer.run().equal(torch::ones({4000, 2, 3}, torch::kFloat64)));
  Random random(3);
  const auto y = layer.run(&random).flatten(1);
  CHECK(std::get<0>(y.max(1)).equal(std::get<0>(y.min(1))));
  CHECK(std::abs(y.max().item<double>() - 1 / 0.7) < 1e-6);
  CHECK(std::abs((y > 0).to(torch::kFloat64).mean().item<double>() - 0.7) < 0.03);
}

LATHE_TEST("dropout inside layers comes from the run's generator alone") {
  const auto x = noise({4, 6, 8});
  const std::vector<std::pair<const char*, spec::ValueMap>> kinds{
      {"lstm", {{"hidden", 5}, {"layers", 3}, {"dropout", 0.4}}},
      {"gru", {{"hidden", 5}, {"layers", 2}, {"bidirectional", true}, {"dropout", 0.4}}},
      {"attention", {{"heads", 2}, {"dropout", 0.4}}},
      {"transformer_block", {{"heads", 2}, {"dropout", 0.4}}}};
  for (const auto& [kind, attributes] : kinds) {
    const Layer layer(kind, attributes, x);
    Random first(9), second(9), other(10);
    const auto once = layer.run(&first);
    torch::manual_seed(123);
    CHECK(once.equal(layer.run(&second)));
    CHECK(!once.equal(layer.run(&other)));
    CHECK(!once.equal(layer.run(&first)));
    CHECK(!once.equal(layer.run()));
    CHECK(layer.run().equal(layer.run()));
  }
  // Without a probability training and evaluation agree, layer by layer or all at once.
  const Layer plain("gru", {{"hidden", 5}, {"layers", 2}}, x);
  Random random(1);
  CHECK(plain.run(&random).equal(plain.run()));
}
