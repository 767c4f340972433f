// SPDX-License-Identifier: GPL-3.0-or-later
// Layers of sequences, more of images, and shapes: what they give, what they cost, and what they refuse in words.
#include <cmath>

#include "core/spec/layer_kind.h"
#include "tests/spec/layer_checks.h"

using namespace lathe;
using namespace lathe::spec;
using namespace lathe::spec::testing;

namespace {

using Ints = std::vector<std::int64_t>;

const GraphContext row = tableContext(9, 1);
const GraphContext image = imageContext({4, 8, 6}, 1);
const GraphContext sequence = sequenceContext({10, 8});

}  // namespace

LATHE_TEST("convolutions of images: parameters and operations by hand") {
  // Depthwise: a 3 x 3 filter a channel.
  expectLayer("conv2d", {{"out", 4}, {"groups", 4}, {"bias", false}}, image, {{4, 8, 6}, 4L * 9, 2L * 9 * 4 * 48});
  expectLayer("separable_conv2d", {{"out", 10}}, image,
              {{10, 8, 6}, 4L * 9 + 4L * 10 + 10, 2L * 9 * 4 * 48 + 2L * 4 * 10 * 48});
  expectLayer("conv_transpose2d", {{"out", 6}}, image, {{6, 16, 12}, 4L * 6 * 4 + 6, 2L * 4 * 6 * 4 * 48});
  expectLayer("conv_transpose2d",
              {{"out", 6}, {"kernel", 3}, {"stride", 2}, {"padding", 1}, {"output_padding", 1}, {"groups", 2}}, image,
              {{6, 16, 12}, 4L * 3 * 9 + 6, 2L * 4 * 3 * 9 * 48});
  // Squeeze to a quarter and back.
  expectLayer("squeeze_excite", {{"reduction", 4}}, image,
              {{4, 8, 6}, (4 + 1) + (4 + 4), 2L * 192 + 2 * 4 + 2 * 4 + 1 + 4});
  expectLayer("squeeze_excite", {{"channels", 3}}, sequence, {{10, 8}, (24 + 3) + (24 + 8), 2L * 80 + 4 * 24 + 11});
  CHECK_EQ(refusal("conv_transpose2d", {{"output_padding", 2}}, image),
           "The output padding of layer layer, 2 x 2, must be smaller than its stride. Use less output padding.");
  CHECK_EQ(refusal("conv_transpose2d", {{"out", 5}, {"groups", 2}}, image),
           "Layer layer cannot split 4 input and 5 output channels into 2 groups. Choose a number of groups that "
           "divides both.");
  CHECK_EQ(refusal("conv_transpose2d", {{"padding", 20}}, image),
           "The padding of layer layer cuts off all that it makes of 4 x 8 x 6. Use less padding or a larger kernel.");
  CHECK_EQ(refusal("separable_conv2d", {}, row),
           "Layer layer needs an image (channels x height x width), but is given 9. Convolutions belong before a "
           "Flatten or a Global average pool.");
  CHECK_EQ(refusal("squeeze_excite", {}, row),
           "Layer layer needs an image or a sequence, but is given 9. It belongs after a convolution.");
}

LATHE_TEST("pools: windows, sizes and what is too large") {
  expectLayer("avgpool2d", {}, image, {{4, 4, 3}, 0, 4L * 48});
  expectLayer("avgpool2d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, image, {{4, 4, 3}, 0, 9L * 48});
  expectLayer("maxpool1d", {}, sequence, {{5, 8}, 0, 2L * 40});
  expectLayer("avgpool1d", {{"kernel", 3}, {"stride", 2}, {"padding", 1}}, sequence, {{5, 8}, 0, 3L * 40});
  expectLayer("adaptiveavgpool2d", {{"size", Ints{2, 3}}}, image, {{4, 2, 3}, 0, 192});
  expectLayer("adaptivemaxpool2d", {{"size", 10}}, image, {{4, 10, 10}, 0, 400});
  expectLayer("globalavgpool", {}, sequence, {{8}, 0, 80});
  expectLayer("globalmaxpool", {}, sequence, {{8}, 0, 80});
  expectLayer("globalmaxpool", {}, image, {{4}, 0, 192});
  CHECK_EQ(refusal("maxpool1d", {{"kernel", 11}}, sequence),
           "The kernel of layer layer, 11, is larger than its input, 10 x 8. Use a smaller kernel or fewer pools "
           "before it.");
  CHECK_EQ(refusal("avgpool1d", {{"kernel", 3}, {"padding", 2}}, sequence),
           "The padding of layer layer is more than half of its kernel, 3. Use less padding.");
  CHECK_EQ(refusal("avgpool1d", {}, image),
           "Layer layer needs a sequence (steps x features), but is given 4 x 8 x 6. Let it read the input named "
           "sequence, or put a Reshape before it.");
  CHECK_EQ(refusal("adaptiveavgpool2d", {{"size", Ints{1, 2, 3}}}, image),
           "layer.size has 3 numbers. Give one number for both directions, or height and width.");
  CHECK_EQ(refusal("globalmaxpool", {}, row),
           "Layer layer needs an image or a sequence, but is given 9. It belongs after the last convolution, instead "
           "of a Flatten.");
}

LATHE_TEST("sequences: parameters and operations by hand") {
  expectLayer("conv1d", {{"out", 6}}, sequence, {{10, 6}, 6L * 8 * 3 + 6, 2L * 8 * 3 * 6 * 10});
  expectLayer("conv1d", {{"out", 6}, {"kernel", 4}, {"stride", 2}, {"padding", 0}, {"groups", 2}, {"bias", false}},
              sequence, {{4, 6}, 6L * 4 * 4, 2L * 4 * 4 * 6 * 4});
  expectLayer("lstm", {{"hidden", 5}}, sequence, {{10, 5}, 4L * 5 * (8 + 5 + 2), 10L * 2 * 20 * 13});
  expectLayer("gru", {{"hidden", 5}, {"output", "last"}}, sequence, {{5}, 3L * 5 * (8 + 5 + 2), 10L * 2 * 15 * 13});
  expectLayer("lstm", {{"hidden", 5}, {"layers", 2}, {"bidirectional", true}}, sequence,
              {{10, 10}, 2L * 20 * (8 + 5 + 2) + 2L * 20 * (10 + 5 + 2), 10L * 2 * 40 * (13 + 15)});
  // 4 D^2 + 4 D, and 8 T D^2 + 4 T^2 D with five a number of the softmax.
  expectLayer("attention", {{"heads", 2}}, sequence,
              {{10, 8}, 4L * 64 + 4 * 8, 8L * 10 * 64 + 4L * 100 * 8 + 5L * 2 * 100});
  const std::int64_t attention = 8L * 10 * 64 + 4L * 100 * 8 + 5L * 4 * 100;
  expectLayer("transformer_block", {}, sequence,
              {{10, 8}, 288 + 32 + (8 * 32 + 32) + (32 * 8 + 8), attention + 4L * 10 * 8 * 32 + 10L * 32 + 16L * 80});
  expectLayer("positional_encoding", {}, sequence, {{10, 8}, 0, 80});
  expectLayer("positional_encoding", {{"mode", "learnt"}}, sequence, {{10, 8}, 80, 80});
  expectLayer("pool_sequence", {}, sequence, {{8}, 0, 80});
  expectLayer("pool_sequence", {{"mode", "last"}}, sequence, {{8}, 0, 0});
  CHECK_EQ(refusal("gru", {}, row),
           "Layer layer needs a sequence (steps x features), but is given 9. Let it read the input named sequence, or "
           "put a Reshape before it.");
  CHECK_EQ(refusal("attention", {{"heads", 3}}, sequence),
           "Layer layer cannot split the 8 features of 10 x 8 among 3 heads. Choose a number of heads that divides the "
           "features, or put a Linear layer before it.");
  CHECK_EQ(refusal("transformer_block", {}, image),
           "Layer layer needs a sequence (steps x features), but is given 4 x 8 x 6. Let it read the input named "
           "sequence, or put a Reshape before it.");
  CHECK_EQ(refusal("conv1d", {{"kernel", 11}, {"padding", 0}}, sequence),
           "The kernel of layer layer, 11, is larger than its input, 10 x 8. Use a smaller kernel, more padding or "
           "fewer pools before it.");
  CHECK_EQ(refusal("positional_encoding", {}, sequenceContext({100000, 200})),
           "Layer layer would store 20000000 fixed numbers for a sequence of 100000 x 200. Shorten the sequence with a "
           "pool or a stride before it.");
  CHECK(refusal("positional_encoding", {{"mode", "learnt"}}, sequenceContext({100000, 200})).empty());
}

LATHE_TEST("normalisation of groups, and of sequences") {
  expectLayer("groupnorm", {{"groups", 2}}, image, {{4, 8, 6}, 8, 7L * 192});
  expectLayer("groupnorm", {{"groups", 4}}, sequence, {{10, 8}, 16, 7L * 80});
  expectLayer("instancenorm", {}, image, {{4, 8, 6}, 8, 7L * 192});
  expectLayer("batchnorm1d", {}, sequence, {{10, 8}, 16, 2L * 80});
  CHECK_EQ(refusal("groupnorm", {{"groups", 3}}, image),
           "Layer layer cannot split the 4 channels of 4 x 8 x 6 into 3 groups. Choose a number of groups that divides "
           "the channels.");
  CHECK_EQ(refusal("instancenorm", {}, imageContext({4, 1, 1}, 1)),
           "Layer layer needs more than one value a channel, but is given 4 x 1 x 1. Put it before the last pool, or "
           "use GroupNorm.");
  CHECK_EQ(refusal("instancenorm", {}, row),
           "Layer layer needs an image or a sequence, but is given 9. Use LayerNorm or BatchNorm1d for rows of "
           "numbers.");
}

LATHE_TEST("shapes are laid out anew only when the numbers fit") {
  expectLayer("reshape", {{"sizes", Ints{4, 20}}}, sequence, {{4, 20}, 0, 0});
  expectLayer("reshape", {{"sizes", Ints{-1, 1}}}, row, {{9, 1}, 0, 0});
  expectLayer("reshape", {{"sizes", Ints{2, -1, 4}}}, sequence, {{2, 10, 4}, 0, 0});
  expectLayer("permute", {}, sequence, {{8, 10}, 0, 0});
  expectLayer("permute", {{"order", Ints{1, 2, 0}}}, image, {{8, 6, 4}, 0, 0});
  expectLayer("upsample", {{"factor", Ints{2, 3}}}, image, {{4, 16, 18}, 0, 0});
  expectLayer("upsample", {{"mode", "bilinear"}}, image, {{4, 16, 12}, 0, 8L * 768});
  expectLayer("pad", {{"padding", Ints{1, 2, 3, 4}}}, image, {{4, 15, 9}, 0, 0});
  expectLayer("pad", {{"padding", Ints{1, 2}}}, sequence, {{13, 8}, 0, 0});
  CHECK_EQ(refusal("reshape", {{"sizes", Ints{3, -1}}}, sequence),
           "Layer layer cannot lay 10 x 8 out as [3,-1]: these are 80 numbers. Give up to four sizes that multiply to "
           "80; one of them may be -1.");
  for (const auto& sizes :
       {Ints{-1, -1}, Ints{0, 80}, Ints{}, Ints{2, 2, 2, 2, 5}, Ints{81, -1}, Ints{1000000000, 1000000000, -1}})
    CHECK(!refusal("reshape", {{"sizes", sizes}}, sequence).empty());
  CHECK_EQ(refusal("permute", {{"order", Ints{0, 0}}}, sequence),
           "Layer layer cannot put the dimensions of 10 x 8 into the order [0,0]. Name each dimension once, counted "
           "from 0.");
  CHECK(!refusal("permute", {}, image).empty());
  CHECK_EQ(refusal("pad", {{"padding", Ints{1, 2, 3}}}, image),
           "layer.padding has 3 numbers. Give one number, four for an image (left, right, top, bottom), or two for a "
           "sequence (before, after).");
  CHECK_EQ(refusal("pad", {{"padding", 10}, {"mode", "reflect"}}, sequence),
           "Layer layer mirrors more than there is of 10 x 8. Pad less than the size, or use another mode.");
  CHECK(refusal("pad", {{"padding", 9}, {"mode", "reflect"}}, sequence).empty());
  CHECK_EQ(refusal("pad", {}, row),
           "Layer layer needs an image or a sequence, but is given 9. Rows of numbers cannot be padded.");
}

LATHE_TEST("factors stretch over sizes of 1, and nothing else") {
  const auto given = [](const Ints& a, const Ints& b) {
    const auto count = elementCount(a), other = elementCount(b);
    return analyse({{{"a", "linear", {{"out", count}}, {"features"}},
                     {"ra", "reshape", {{"sizes", a}}, {}},
                     {"b", "linear", {{"out", other}}, {"features"}},
                     {"rb", "reshape", {{"sizes", b}}, {}},
                     {"product", "multiply", {}, {"ra", "rb"}}}},
                   tableContext(3, 1))
        .layers.back();
  };
  CHECK(given({4, 2, 3}, {4, 1, 1}).output == (Shape{4, 2, 3}));
  CHECK(given({1, 3}, {5, 1}).output == (Shape{5, 3}));
  CHECK_EQ(given({4, 2, 3}, {4, 1, 1}).flops, 24);
  const auto wrong = given({4, 2}, {3, 2});
  REQUIRE(wrong.error.has_value());
  CHECK_EQ(wrong.error->sentence(),
           "Layer product multiplies inputs whose sizes are equal or 1, but is given 4 x 2 and 3 x 2. Make the two "
           "branches end in the same shape, or put a Reshape before one.");
  CHECK(given({4, 2}, {4}).error.has_value());
}

LATHE_TEST("newer activations keep the shape; PReLU learns a slope") {
  for (const auto* kind :
       {"mish", "elu", "selu", "leaky_relu", "hardswish", "hardsigmoid", "softplus", "relu6", "stochastic_depth"}) {
    expectLayer(kind, {}, row, {{9}, 0, 9});
    expectLayer(kind, {}, sequence, {{10, 8}, 0, 80});
  }
  expectLayer("prelu", {}, image, {{4, 8, 6}, 1, 192});
  expectLayer("prelu", {{"per_channel", true}}, image, {{4, 8, 6}, 4, 192});
  expectLayer("prelu", {{"per_channel", true}}, sequence, {{10, 8}, 8, 80});
  CHECK(!refusal("stochastic_depth", {{"p", 1.0}}, row).empty());
}

LATHE_TEST("the memory for the backward pass counts what large layers make inside") {
  const auto kept = [](const std::string& kind, const ValueMap& attributes) {
    return reportOf({"layer", kind, attributes, {}}, sequence).activations;
  };
  CHECK_EQ(kept("permute", {}), 0);
  // Scores and shares of two heads, queries, keys, values, what is mixed, and the output.
  CHECK_EQ(kept("attention", {{"heads", 2}}), 2L * 2 * 100 + 5 * 80);
  CHECK_EQ(kept("lstm", {{"hidden", 5}, {"layers", 2}}), 2L * 7 * 50);
}
