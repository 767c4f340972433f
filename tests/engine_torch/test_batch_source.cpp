// SPDX-License-Identifier: GPL-3.0-or-later
// Batches of images against what LibTorch makes of the same rows, and mixed labels against its cross-entropy.
#include <cmath>

#include "core/engine/losses.h"
#include "core/engine_torch/batch_source.h"
#include "core/spec/schema.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

std::shared_ptr<data::Dataset> colourImages() {
  auto data = tests::quarterImages(60);
  data->schema.inputShape = {3, 4, 6};
  data->pixels.clear();
  Random random(5, "colours");
  for (std::size_t i = 0; i < data->rows * 72; ++i)
    data->pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
  return data;
}

ProgramRunner runnerFor(const data::Dataset& data) {
  auto model = tests::modelFor(data);
  if (data.schema.inputShape[0] == 3) {
    model.fitted.channelMean = {123.7F, 116.3F, 103.5F};
    model.fitted.channelStd = {58.4F, 57.1F, 57.4F};
  }
  auto program = spec::lower(model);
  return {std::move(*program), torch::Device(torch::kCPU)};
}

bool sameBits(const torch::Tensor& a, const torch::Tensor& b) { return a.sizes() == b.sizes() && torch::equal(a, b); }

const std::vector<std::uint32_t> someRows{3, 41, 0, 3, 17, 59, 22};

}  // namespace

LATHE_TEST("gathered images are those of the program, bit for bit and channels-last") {
  for (const auto& data : {tests::quarterImages(60), colourImages()}) {
    const auto runner = runnerFor(*data);
    BatchSource source(data, runner, 8, {});
    const auto expected = runner.preprocess(rawRows(*data, someRows, torch::kCPU)).front();
    const auto evaluated = source.batch(someRows).front();
    const auto trained = source.training(someRows, 1).inputs.front();
    CHECK(sameBits(evaluated, expected) && sameBits(trained, expected));
    CHECK(trained.strides() == expected.strides() && evaluated.strides() == expected.strides());
    CHECK(trained.is_contiguous(at::MemoryFormat::ChannelsLast));
  }
}

LATHE_TEST("augmented images are the augmenter's, standardised; ahead or not gives the same bits") {
  const auto data = colourImages();
  const auto runner = runnerFor(*data);
  spec::TrainingSpec training;
  training.seed = 8;
  training.augment.name = "trivial";
  training.augment.erasing = 0.4;
  BatchSource ahead(data, runner, 8, training);
  BatchSource plain(data, runner, 8, training, {false, BatchSource::Images::WithData});
  const Augmenter augmenter(training.augment, data->schema.inputShape, training.seed);
  Augmenter::Workspace space;
  for (std::int64_t step = 1; step <= 12; ++step) {
    const auto count = step % 3 == 0 ? std::size_t{4} : someRows.size();
    const std::span<const std::uint32_t> rows(someRows.data(), count);
    auto bytes = torch::empty({std::int64_t(count), 3, 4, 6}, torch::kUInt8);
    for (std::size_t i = 0; i < count; ++i)
      augmenter.image(data->pixels.data() + rows[i] * 72, rows[i], step, bytes.data_ptr<std::uint8_t>() + i * 72,
                      space);
    const auto expected = runner.preprocess(bytes).front();
    ahead.announce({someRows.data(), (step + 1) % 3 == 0 ? std::size_t{4} : someRows.size()}, step + 1);
    CHECK(sameBits(ahead.training(rows, step).inputs.front(), expected));
    CHECK(sameBits(plain.training(rows, step).inputs.front(), expected));
  }
}

LATHE_TEST("images that live on the device give the same batches, also where training steps augment them") {
  for (const bool augmented : {false, true}) {
    const auto data = colourImages();
    const auto runner = runnerFor(*data);
    spec::TrainingSpec training;
    if (augmented) training.augment.name = "trivial";
    BatchSource there(data, runner, 8, training, {true, BatchSource::Images::OnDevice});
    BatchSource here(data, runner, 8, training, {true, BatchSource::Images::WithData});
    // More rows than a batch has, as evaluation asks for.
    const std::vector<std::uint32_t> many{0, 59, 7, 7, 31, 12, 40, 2, 19, 58, 33};
    CHECK(sameBits(there.batch(many).front(), here.batch(many).front()));
    for (std::int64_t step = 1; step <= 4; ++step)
      CHECK(sameBits(there.training(someRows, step).inputs.front(), here.training(someRows, step).inputs.front()));
  }
}

LATHE_TEST("the loss of a mixed batch is LibTorch's cross-entropy with the labels mixed") {
  const auto data = tests::quarterImages(60);
  const auto runner = runnerFor(*data);
  const auto model = tests::modelFor(*data);
  for (const bool cut : {false, true})
    for (const double smoothing : {0.0, 0.1}) {
      spec::TrainingSpec training;
      training.augment.name = "custom";
      (cut ? training.augment.cutmix : training.augment.mixup) = 1;
      training.loss.labelSmoothing = smoothing;
      BatchSource source(data, runner, 8, training);
      const Loss loss(training.loss, model, data);
      for (std::int64_t step = 1; step <= 5; ++step) {
        const auto batch = source.training(someRows, step);
        REQUIRE(batch.mixed.partner.size() == someRows.size());
        const auto count = static_cast<std::int64_t>(someRows.size());
        auto soft = torch::zeros({count, 4});
        for (std::int64_t i = 0; i < count; ++i) {
          const auto at = static_cast<std::size_t>(i);
          soft[i][data->classes[someRows[at]]] += batch.mixed.share;
          soft[i][data->classes[batch.mixed.partner[at]]] += 1 - batch.mixed.share;
        }
        const auto logits = torch::sin(torch::arange(count * 4, torch::kFloat32) * 1.7 + step).view({count, 4});
        const auto leaf = logits.clone().set_requires_grad(true);
        const auto theirs = torch::nn::functional::cross_entropy(
            leaf, soft, torch::nn::functional::CrossEntropyFuncOptions().label_smoothing(smoothing));
        theirs.backward();
        auto gradient = torch::empty_like(logits);
        const auto ours = loss.evaluate({logits.data_ptr<float>(), std::size_t(logits.numel())}, someRows,
                                        {gradient.data_ptr<float>(), std::size_t(gradient.numel())}, batch.mixed);
        CHECK(std::abs(ours.loss - theirs.item<double>()) < 2e-6);
        CHECK(torch::allclose(gradient, leaf.grad(), 1e-5, 1e-7));
      }
    }
}
