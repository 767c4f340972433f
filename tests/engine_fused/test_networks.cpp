// SPDX-License-Identifier: GPL-3.0-or-later
// Whole networks in the fused executor without LibTorch: any number of threads finds the same, the gradients are what
// differences of the loss say, and sanitizers see all of it.
#include <cmath>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/engine_fused/network.h"
#include "core/spec/layer_kind.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

using Layers = std::vector<spec::LayerNode>;
using Sizes = std::vector<std::int64_t>;

spec::LayerNode node(const char* name, const char* kind, spec::ValueMap attributes = {},
                     std::vector<std::string> inputs = {}) {
  return {name, kind, std::move(attributes), std::move(inputs)};
}

constexpr std::size_t dataRows = 60;
constexpr std::size_t outputs = 2;
constexpr std::int64_t textPlaces = 12;

struct Buckets {
  std::int64_t count;
};

/// A network with its memory: the same weights and rows however many threads it has.
class Sample {
 public:
  Sample(const Layers& layers, const char* input, const spec::Shape& shape, std::size_t batch, int threads) {
    const spec::GraphContext context{{{input, shape, {}}}, static_cast<std::int64_t>(outputs)};
    m_program.values.push_back(shape);
    m_program.prepared.push_back(0);
    const auto done = spec::lowerGraph({layers}, context, m_program);
    if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
    Random random(4, "sample");
    m_numbers.resize(dataRows * static_cast<std::size_t>(spec::elementCount(shape)));
    for (auto& number : m_numbers) number = static_cast<float>(random.normal());
    m_inputs.push_back({m_numbers.data(), nullptr, false});
    start(batch, threads);
  }

  /// Over a table of numbers, one of them without bins, and two columns of categories.
  Sample(const Layers& layers, std::int64_t numbers, std::size_t batch, int threads) {
    spec::GraphContext context{{{"features", {numbers}, {}}, {"categories", {2}, {4, 9}}},
                               static_cast<std::int64_t>(outputs)};
    context.inputs[0].parts.numbers = numbers;
    for (std::int64_t f = 0; f < numbers; ++f)
      context.inputs[0].parts.bins.push_back(f == 1 ? std::vector<float>{} : std::vector<float>{-1.5F, -0.4F, 0.3F, 2});
    m_program.values = {{numbers}, {2}};
    m_program.prepared = {0, 1};
    const auto done = spec::lowerGraph({layers}, context, m_program);
    if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
    Random random(4, "table");
    m_numbers.resize(dataRows * static_cast<std::size_t>(numbers));
    for (auto& number : m_numbers) number = static_cast<float>(random.normal());
    for (std::size_t row = 0; row < dataRows; ++row)
      for (const std::uint64_t values : {4, 9}) m_codes.push_back(static_cast<std::int64_t>(random.below(values)));
    m_inputs.push_back({m_numbers.data(), nullptr, false});
    m_inputs.push_back({nullptr, m_codes.data(), false});
    start(batch, threads);
  }

  /// Over two columns of text with so many buckets; every seventh row has none.
  Sample(const Layers& layers, Buckets buckets, std::size_t batch, int threads) {
    const spec::GraphContext context{{{"text", {2, textPlaces}, {buckets.count, buckets.count}}},
                                     static_cast<std::int64_t>(outputs)};
    m_program.values.push_back({2, textPlaces});
    m_program.prepared.push_back(0);
    const auto done = spec::lowerGraph({layers}, context, m_program);
    if (!done) testing::reportFailure(__FILE__, __LINE__, done.error().sentence());
    Random random(4, "texts");
    m_starts.push_back(0);
    for (std::uint32_t row = 0; row < dataRows; ++row) {
      m_textOfRow.push_back(row);
      const auto count = row % 7 == 0 ? 0 : 1 + random.below(textPlaces);
      for (std::uint64_t i = 0; i < count; ++i)
        m_texts.push_back(static_cast<std::uint16_t>(random.below(static_cast<std::uint64_t>(buckets.count))));
      m_starts.push_back(m_texts.size());
    }
    const FusedText column{m_textOfRow.data(), m_starts.data(), m_texts.data()};
    m_inputs.push_back({nullptr, nullptr, false, {column, column}});
    start(batch, threads);
  }

  std::vector<float> logits(std::size_t count, bool training = true) {
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < count; ++i) rows.push_back(static_cast<std::uint32_t>((i * 7) % dataRows));
    const auto given = m_network->forward(rows, training ? std::optional<std::uint64_t>(9) : std::nullopt);
    return {given.begin(), given.end()};
  }

  /// The loss is a sum of logits, each with a weight of its own.
  static double weightOf(std::size_t i) { return std::sin(1.3 * static_cast<double>(i) + 0.4); }
  double loss(std::size_t count) {
    double sum = 0;
    const auto all = logits(count);
    for (std::size_t i = 0; i < all.size(); ++i) sum += weightOf(i) * double{all[i]};
    return sum;
  }
  std::vector<float> gradients(std::size_t count) {
    std::vector<float> gradient(logits(count).size());
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = static_cast<float>(weightOf(i));
    m_network->backward(gradient);
    return {m_network->gradients(), m_network->gradients() + m_count};
  }

  /// Each parameter that learns: its name, memory and place among the gradients.
  void eachParameter(const std::function<void(const std::string&, std::vector<float>&, std::ptrdiff_t)>& visit) {
    for (std::size_t i = 0; i < m_places.size(); ++i)
      if (m_places[i].offset >= 0) visit(m_program.parameters[i].name, m_weights[i], m_places[i].offset);
  }

 private:
  void start(std::size_t batch, int threads) {
    Random random(4, "weights");
    std::vector<FusedParameter> parameters;
    std::ptrdiff_t offset = 0;
    for (const auto& parameter : m_program.parameters) {
      auto& memory = m_weights.emplace_back(static_cast<std::size_t>(spec::elementCount(parameter.shape)));
      const float start = parameter.init.kind == spec::Initialiser::Kind::Ones ? 1.0F : 0.0F;
      for (auto& weight : memory)
        weight = start + (parameter.trainable ? static_cast<float>(0.3 * random.normal()) : 0);
      parameters.push_back({memory.data(), parameter.trainable ? offset : -1});
      if (parameter.trainable) offset += (static_cast<std::ptrdiff_t>(memory.size()) + 15) / 16 * 16;
      m_places.push_back(parameters.back());
    }
    m_count = static_cast<std::size_t>(offset);
    m_network = std::make_unique<FusedNetwork>(m_program, m_inputs, parameters, m_count, batch, threads);
  }

  spec::Program m_program;
  std::vector<FusedInput> m_inputs;
  std::vector<float> m_numbers;
  std::vector<std::uint32_t> m_textOfRow;
  std::vector<std::uint64_t> m_starts;
  std::vector<std::uint16_t> m_texts;
  std::vector<std::int64_t> m_codes;
  std::deque<std::vector<float>> m_weights;
  std::vector<FusedParameter> m_places;
  std::size_t m_count = 0;
  std::unique_ptr<FusedNetwork> m_network;
};

double difference(const std::vector<float>& a, const std::vector<float>& b) {
  double worst = a.size() == b.size() ? 0 : 1e9, largest = 1e-3;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    worst = std::max(worst, std::abs(double{a[i]} - double{b[i]}));
    largest = std::max(largest, std::abs(double{b[i]}));
  }
  return worst / largest;
}

/// make(batch, threads) gives a sample.
template <class Make>
void holds(const Make& make) {
  for (const std::size_t batch : {std::size_t{5}, std::size_t{40}, std::size_t{130}}) {
    Sample one = make(batch, 1);
    const auto logits = one.logits(batch);
    const auto gradients = one.gradients(batch);
    const auto evaluated = one.logits(batch, false);
    for (const int threads : {2, 3}) {
      Sample other = make(batch, threads);
      CHECK(difference(other.logits(batch), logits) < 1e-5);
      CHECK(difference(other.gradients(batch), gradients) < 2e-5);
      CHECK(difference(other.logits(batch, false), evaluated) < 1e-5);
      Sample again = make(batch, threads);
      Sample twin = make(batch, threads);
      CHECK(again.gradients(batch) == twin.gradients(batch));
    }
  }
  // Some numbers of each parameter, by differences of the loss.
  Sample sample = make(20, 2);
  const auto gradients = sample.gradients(20);
  double scale = 1e-2;
  for (const float gradient : gradients) scale = std::max(scale, std::abs(double{gradient}));
  sample.eachParameter([&](const std::string& name, std::vector<float>& weights, std::ptrdiff_t offset) {
    for (std::size_t i = 0; i < weights.size(); i += 1 + weights.size() / 5) {
      constexpr float step = 2e-3F;
      const float known = weights[i];
      weights[i] = known + step;
      const double more = sample.loss(20);
      weights[i] = known - step;
      const double less = sample.loss(20);
      weights[i] = known;
      const double expected = (more - less) / (2 * double{step});
      const double given = double{gradients[static_cast<std::size_t>(offset) + i]};
      if (std::abs(given - expected) > 0.02 * scale)
        testing::reportFailure(__FILE__, __LINE__,
                               name + "[" + std::to_string(i) + "]: " + std::to_string(given) + ", by differences " +
                                   std::to_string(expected));
    }
  });
}

void holds(const Layers& layers, const char* input, const spec::Shape& shape) {
  holds([&](std::size_t batch, int threads) { return Sample(layers, input, shape, batch, threads); });
}

spec::LayerNode conv(const char* name, std::int64_t out, std::int64_t kernel) {
  return node(name, "conv2d", {{"out", out}, {"kernel", Sizes{kernel}}, {"bias", false}});
}

}  // namespace

LATHE_TEST("tables: linear layers, normalisation and dropout") {
  holds({node("fc1", "linear", {{"out", 40}}), node("norm", "layernorm"), node("act", "gelu"),
         node("drop", "dropout", {{"p", 0.2}}), node("fc2", "linear", {{"out", 24}}), node("bn", "batchnorm1d"),
         node("act2", "tanh"), node("output", "linear", {{"out", 2}})},
        "features", {9});
}

LATHE_TEST("tables: what embeds numbers and categories, alone and beside each other") {
  const auto over = [](const Layers& layers, std::int64_t numbers) {
    holds([&](std::size_t batch, int threads) { return Sample(layers, numbers, batch, threads); });
  };
  const auto categories = node("embed", "embedding", {{"size", 3}}, {"categories"});
  const auto output = node("output", "linear", {{"out", 2}});
  over({categories, node("join", "concat", {}, {"features", "embed"}), node("fc", "linear", {{"out", 12}}),
        node("act", "tanh"), output},
       5);
  for (const auto& columns :
       {node("columns", "piecewise_embedding", {{"size", 4}}, {"features"}),
        node("columns", "periodic_embedding", {{"size", 4}, {"waves", 3}, {"sigma", 0.3}}, {"features"}),
        node("columns", "numeric_embedding", {{"size", 3}, {"waves", 4}}, {"features"})})
    over({categories, columns, node("join", "concat", {}, {"columns", "embed"}), node("fc", "linear", {{"out", 10}}),
          node("act", "tanh"), output},
         5);
}

LATHE_TEST("tables: learnt scales, parametric activations and ensembles") {
  const auto over = [](const Layers& layers) {
    holds([&](std::size_t batch, int threads) { return Sample(layers, std::int64_t{6}, batch, threads); });
  };
  for (const char* function : {"mish", "silu"})
    over({node("clip", "smooth_clip", {}, {"features"}), node("scale", "scale", {{"rate", 6.0}}),
          node("fc1", "linear", {{"out", 14}, {"parametrization", "ntk"}}),
          node("act1", "parametric_activation", {{"function", function}}),
          node("output", "linear", {{"out", 2}, {"parametrization", "ntk"}})});
  over({node("r1", "ensemble_scale", {{"members", 4}, {"start", "signs"}}, {"features"}),
        node("fc1", "linear", {{"out", 13}, {"bias", false}}),
        node("s1", "ensemble_scale", {{"members", 4}, {"bias", true}}), node("act1", "tanh"),
        node("output", "ensemble_linear", {{"out", 2}})});
}

LATHE_TEST("text: bags of codes, and rows without any") {
  const Layers layers{node("bag", "text_embedding", {{"size", 5}}, {"text"}), node("fc", "linear", {{"out", 12}}),
                      node("act", "tanh"), node("output", "linear", {{"out", 2}})};
  holds([&](std::size_t batch, int threads) { return Sample(layers, Buckets{23}, batch, threads); });
}

LATHE_TEST("images: convolutions, normalisation, pools and residual sums") {
  holds({conv("conv1", 9, 3), node("bn1", "batchnorm2d"), node("act1", "silu"), conv("conv2", 9, 3),
         node("bn2", "batchnorm2d"), node("sum", "add", {}, {"act1", "bn2"}),
         node("mean", "avgpool2d", {{"kernel", Sizes{2}}}), conv("conv3", 20, 1), node("bn3", "batchnorm2d"),
         node("flat", "flatten"), node("fc", "linear", {{"out", 12}}), node("act3", "tanh"),
         node("output", "linear", {{"out", 2}})},
        "image", {2, 6, 5});
  // Where a rectifier or a pool turns, a difference says nothing: threads against each other are what is compared.
  for (const int threads : {2, 3}) {
    const Layers layers{
        conv("conv1", 12, 3),       node("bn1", "batchnorm2d"),       node("act1", "relu"),
        node("pool1", "maxpool2d"), node("average", "globalavgpool"), node("output", "linear", {{"out", 2}})};
    Sample one(layers, "image", {1, 9, 8}, 64, 1), other(layers, "image", {1, 9, 8}, 64, threads);
    CHECK(difference(other.logits(64), one.logits(64)) < 1e-5);
    CHECK(difference(other.gradients(64), one.gradients(64)) < 2e-5);
  }
}

LATHE_TEST("sequences: recurrent layers and convolutions") {
  for (const char* kind : {"gru", "lstm"})
    holds({node("walk", kind, {{"hidden", 18}, {"layers", 2}, {"bidirectional", true}, {"output", "last"}}),
           node("output", "linear", {{"out", 2}})},
          "sequence", {6, 4});
  holds({node("conv", "conv1d", {{"out", 10}, {"kernel", 3}}), node("act", "tanh"),
         node("mean", "pool_sequence", {{"mode", "mean"}}), node("output", "linear", {{"out", 2}})},
        "sequence", {8, 9});
}
