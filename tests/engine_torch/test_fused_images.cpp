// SPDX-License-Identifier: GPL-3.0-or-later
// The fused executor on images and sequences against LibTorch: logits, gradients of every parameter, running
// statistics.
#include "tests/engine_torch/fused_pair.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

void agrees(const Layers& layers, const spec::Shape& shape, std::int64_t outputs, double tolerance = 2e-5) {
  for (const int threads : {1, 2, 3})
    for (const std::size_t batch : {1, 5, 16, 64, 130}) {
      Pair pair(layers, shape, outputs, batch, threads);
      // Twice, so that what the first batch left behind is part of the second.
      for (const std::size_t first : {0, 40}) {
        const double apart = pair.compare(first, batch);
        if (apart > tolerance)
          testing::reportFailure(__FILE__, __LINE__, fmt::format("{} rows, {} threads: {}", batch, threads, apart));
      }
      CHECK(pair.compare(3, (batch + 1) / 2) < tolerance);
      CHECK(pair.compareEvaluating(batch) < tolerance);
    }
}

spec::LayerNode conv(const char* name, std::int64_t out, std::int64_t kernel, spec::ValueMap more = {},
                     std::vector<std::string> inputs = {}) {
  more["out"] = out;
  more["kernel"] = std::vector<std::int64_t>{kernel};
  return node(name, "conv2d", std::move(more), std::move(inputs));
}

}  // namespace

LATHE_TEST("convolutions, batch normalisation, relu and pools of an image network agree with LibTorch") {
  agrees({conv("conv1", 12, 3, {{"bias", false}}), node("bn1", "batchnorm2d"), node("act1", "relu"),
          node("pool1", "maxpool2d"), conv("conv2", 20, 3, {{"bias", false}}), node("bn2", "batchnorm2d"),
          node("act2", "relu"), node("pool2", "maxpool2d"), node("flat", "flatten"),
          node("fc", "linear", {{"out", 24}}), node("act3", "relu"), node("output", "linear", {{"out", 3}})},
         {1, 10, 9}, 3);
}

LATHE_TEST("strides, dilation, biases and wide convolutions agree with LibTorch") {
  agrees(
      {conv("conv1", 70, 3, {{"stride", std::vector<std::int64_t>{2}}}), node("act1", "silu"),
       conv("conv2", 9, 3,
            {{"dilation", std::vector<std::int64_t>{2}}, {"padding", std::vector<std::int64_t>{1}}, {"bias", false}}),
       node("bn2", "batchnorm2d"), conv("conv3", 5, 1), node("act3", "tanh"), node("average", "globalavgpool"),
       node("output", "linear", {{"out", 2}})},
      {3, 12, 11}, 2);
}

LATHE_TEST("residual sums, other pools and concatenated channels agree with LibTorch") {
  agrees({conv("stem", 8, 3, {{"bias", false}}), node("bn0", "batchnorm2d"), node("act0", "relu"),
          conv("a", 8, 3, {{"bias", false}}), node("bna", "batchnorm2d"), node("sum", "add", {}, {"act0", "bna"}),
          node("act1", "relu"), node("mean", "avgpool2d", {{"kernel", std::vector<std::int64_t>{2}}}, {"act1"}),
          node("largest", "maxpool2d",
               {{"kernel", std::vector<std::int64_t>{3}},
                {"stride", std::vector<std::int64_t>{2}},
                {"padding", std::vector<std::int64_t>{1}}},
               {"act1"}),
          node("both", "concat", {}, {"mean", "largest"}), conv("b", 6, 3), node("flat", "flatten"),
          node("output", "linear", {{"out", 4}})},
         {2, 8, 8}, 4);
}

LATHE_TEST("recurrent layers agree with LibTorch, both kinds, directions and stacked") {
  for (const char* kind : {"gru", "lstm"}) {
    agrees({node("walk", kind, {{"hidden", 24}, {"output", "last"}}), node("output", "linear", {{"out", 2}})}, {9, 5},
           2);
    agrees({node("walk", kind, {{"hidden", 17}, {"layers", 2}, {"bidirectional", true}}),
            node("pool", "pool_sequence", {{"mode", "mean"}}), node("output", "linear", {{"out", 3}})},
           {6, 4}, 3);
    agrees({node("first", "linear", {{"out", 70}}), node("act", "tanh"),
            node("walk", kind, {{"hidden", 70}, {"bidirectional", true}, {"output", "last"}}),
            node("output", "linear", {{"out", 2}})},
           {4, 3}, 2);
  }
}

LATHE_TEST("convolutions along sequences agree with LibTorch") {
  agrees({node("conv1", "conv1d", {{"out", 10}, {"kernel", 5}, {"bias", false}}), node("bn1", "batchnorm1d"),
          node("act1", "relu"), node("pool1", "maxpool1d"), node("conv2", "conv1d", {{"out", 12}, {"kernel", 3}}),
          node("act2", "gelu"), node("flat", "flatten"), node("output", "linear", {{"out", 2}})},
         {14, 3}, 2);
  agrees({node("conv1", "conv1d", {{"out", 9}, {"kernel", 3}, {"stride", 2}}), node("act1", "relu"),
          node("largest", "pool_sequence", {{"mode", "max"}}), node("output", "linear", {{"out", 2}})},
         {12, 10}, 2);
  agrees({node("flat", "flatten"), node("fc", "linear", {{"out", 16}}), node("act", "relu"),
          node("output", "linear", {{"out", 2}})},
         {7, 3}, 2);
  // What a pool, a sum and a normalisation read and make stands time first for whoever comes after.
  agrees({node("up", "linear", {{"out", 6}, {"bias", false}}), node("bn", "batchnorm1d"),
          node("conv", "conv1d", {{"out", 6}}), node("sum", "add", {}, {"bn", "conv"}), node("pool", "maxpool1d"),
          node("flat", "flatten"), node("output", "linear", {{"out", 2}})},
         {8, 4}, 2);
}
