// SPDX-License-Identifier: GPL-3.0-or-later
// Bags of text codes against torch::nn::EmbeddingBag, and whole trainings where nothing but a word tells the answer.
#include <cmath>
#include <limits>

#include "core/base/random.h"
#include "core/engine_fused/network.h"
#include "core/engine_torch/batch_source.h"
#include "core/engine_torch/torch_engine.h"
#include "core/spec/templates.h"
#include "core/spec/text_program.h"
#include "tests/engine/engine_samples.h"
#include "tests/engine_torch/torch_testing.h"
#include "tests/support/temp_folder.h"

using namespace lathe;
using namespace lathe::tests;
using engine::TensorList;
using engine::TrainingControl;

namespace {

constexpr std::int64_t rows = 40;
constexpr std::int64_t places = 9;
constexpr std::int64_t buckets = 30;
constexpr std::int64_t size = 4;

/// [rows, 2, places]: of any length from none to all places, -1 behind.
torch::Tensor someCodes() {
  auto codes = torch::full({rows, 2, places}, -1, torch::kInt32);
  Random random(4, "codes");
  for (std::int64_t row = 0; row < rows; ++row)
    for (std::int64_t k = 0; k < 2; ++k) {
      const auto count = static_cast<std::int64_t>(random.below(places + 1));
      for (std::int64_t i = 0; i < count; ++i)
        codes.data_ptr<std::int32_t>()[(row * 2 + k) * places + i] = static_cast<std::int32_t>(random.below(buckets));
    }
  return codes;
}

torch::Tensor bagOf(const torch::Tensor& codes, const TensorList& weights) {
  spec::Operation operation;
  operation.primitive = spec::Primitive::EmbeddingBag;
  const TensorList inputs{codes};
  return engine::runNetworkPrimitive({operation, inputs, weights, {}});
}

/// LibTorch's module takes no negative codes: one more bucket is its padding.
torch::Tensor reference(const torch::Tensor& codes, const torch::Tensor& weight) {
  auto more = torch::cat({weight, torch::zeros({1, weight.size(1)}, weight.options())});
  const auto padded = torch::where(codes < 0, torch::full_like(codes, buckets), codes).to(torch::kInt64);
  return torch::nn::functional::embedding_bag(
      padded, more, torch::nn::functional::EmbeddingBagFuncOptions().mode(torch::kMean).padding_idx(buckets));
}

engine::TrainingRequest requestOf(const std::shared_ptr<data::Dataset>& data, const std::string& name,
                                  spec::ValueMap settings, const std::filesystem::path& folder, int epochs) {
  auto request = requestFor(data, folder, epochs);
  if (name == "ft-transformer") {
    request.model.preprocessing.categories = "embedding";
    settings.insert({{"width", 16}, {"blocks", 1}, {"heads", 2}});
  }
  const auto context = spec::graphContext(data->schema, request.model.fitted, request.model.preprocessing);
  auto graph = spec::buildTemplate(name, settings, {context, data->schema.task, 280});
  REQUIRE_OK(graph);
  request.model.graph = std::move(*graph);
  request.training.optimizer.lr = 3e-3;
  return request;
}

double accuracyOf(const std::string& name, bool tells, const std::filesystem::path& folder) {
  const auto engine = engine::makeTorchEngine();
  const auto data = textTable(spec::Task::Classification, 2000, tells);
  RecordingObserver observer;
  const auto summary = train(*engine, requestOf(data, name, {}, folder, 24), observer);
  REQUIRE_OK(summary);
  return observer.curve("val/accuracy").back().second;
}

}  // namespace

LATHE_TEST("text: a bag is the mean of LibTorch's EmbeddingBag, and says where there is none") {
  const auto codes = someCodes();
  const TensorList weights{torch::randn({buckets, size}), torch::randn({buckets, size})};
  const auto bags = bagOf(codes, weights);
  CHECK((bags.sizes() == torch::IntArrayRef{rows, 2, size + 1}));
  for (std::int64_t k = 0; k < 2; ++k) {
    const auto column = codes.select(1, k);
    const auto expected = reference(column, weights[static_cast<std::size_t>(k)]);
    CHECK(torch::allclose(bags.select(1, k).narrow(1, 0, size), expected, 0, 1e-6));
    const auto none = (column >= 0).sum(1).eq(0).to(torch::kFloat32);
    CHECK(none.sum().item<float>() > 0);
    CHECK(torch::equal(bags.select(1, k).select(1, size), none));
  }
  // Fewer places where the rest is empty, and the codes of a raw row: floats, NaN and nonsense among them.
  auto raw = torch::cat({codes.to(torch::kFloat32), torch::full({rows, 2, 3}, -1.0F)}, 2);
  raw.select(2, places).fill_(std::numeric_limits<float>::quiet_NaN());
  raw.select(2, places + 1).fill_(static_cast<float>(buckets));
  raw.select(2, places + 2).fill_(std::numeric_limits<float>::infinity());
  CHECK(torch::equal(bagOf(raw, weights), bags));
}

LATHE_TEST("text: gradients of a bag are LibTorch's, whatever the number of threads") {
  const auto codes = someCodes();
  const auto start = torch::randn({2, buckets, size}, torch::kFloat64);
  const auto slopes = torch::randn({rows, 2, size + 1}, torch::kFloat64);
  const auto gradients = [&](torch::Dtype type) {
    TensorList weights{start[0].to(type).clone().set_requires_grad(true),
                       start[1].to(type).clone().set_requires_grad(true)};
    (bagOf(codes, weights) * slopes.to(type)).sum().backward();
    return torch::stack({weights[0].grad(), weights[1].grad()});
  };
  const auto given = gradients(torch::kFloat64);
  for (std::int64_t k = 0; k < 2; ++k) {
    auto weight = start[k].clone().set_requires_grad(true);
    (reference(codes.select(1, k), weight) * slopes.select(1, k).narrow(1, 0, size)).sum().backward();
    CHECK(torch::allclose(given[k], weight.grad(), 0, 1e-12));
  }
  const int before = at::get_num_threads();
  at::set_num_threads(1);
  const auto alone = gradients(torch::kFloat32);
  at::set_num_threads(3);
  const auto together = gradients(torch::kFloat32);
  at::set_num_threads(before);
  CHECK(torch::equal(alone, together));
}

LATHE_TEST("text: batches gather codes as long as they need, a raw row has all places") {
  const auto data = textTable(spec::Task::Classification, 60);
  const std::vector<std::uint32_t> chosen{7, 1, 59};
  const auto raw = engine::rawRows(*data, chosen, torch::Device(torch::kCPU));
  CHECK((raw.sizes() == torch::IntArrayRef{3, data->schema.inputShape[0]}));
  const auto codes = engine::textRows(*data, chosen, torch::Device(torch::kCPU));
  std::size_t longest = 0;
  for (const auto row : chosen)
    for (const auto& texts : data->texts) longest = std::max(longest, texts.of(row).size());
  CHECK((codes.sizes() == torch::IntArrayRef{3, 2, static_cast<std::int64_t>(longest)}));
  const auto padded = raw.narrow(1, 7, 192).view({3, 2, 96});
  CHECK(torch::equal(padded.narrow(2, 0, codes.size(2)), codes.to(torch::kFloat32)));
  CHECK(padded.narrow(2, codes.size(2), 96 - codes.size(2)).eq(-1).all().item<bool>());
  // Row 1 has no title.
  CHECK(codes[1][1].eq(-1).all().item<bool>());
}

LATHE_TEST("text: where only a word tells the class it is learnt, and without the word there is nothing to learn") {
  const TempFolder folder;
  for (const char* name : {"mlp", "ft-transformer"}) {
    const double told = accuracyOf(name, true, folder / "told");
    if (!(told > 0.95))
      lathe::testing::reportFailure(__FILE__, __LINE__, name + std::string(" ") + std::to_string(told));
    const double guessed = accuracyOf(name, false, folder / "guessed");
    if (!(guessed < 0.5))
      lathe::testing::reportFailure(__FILE__, __LINE__, name + std::string(" guesses ") + std::to_string(guessed));
  }
}

LATHE_TEST("text: paused in mid-epoch and resumed equals uninterrupted, and the export agrees") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  const std::vector<std::pair<std::string, spec::Task>> cases{{"mlp", spec::Task::Classification},
                                                              {"resmlp", spec::Task::Regression},
                                                              {"realmlp", spec::Task::Regression},
                                                              {"tabm", spec::Task::Classification},
                                                              {"ft-transformer", spec::Task::Regression}};
  for (const auto& [name, task] : cases) {
    const auto data = textTable(task);
    const spec::ValueMap settings = name == "tabm" ? spec::ValueMap{{"members", 4}} : spec::ValueMap{};
    RecordingObserver whole, before, after;
    const auto summary = train(*engine, requestOf(data, name, settings, folder / "whole", 3), whole);
    REQUIRE_OK(summary);
    auto parts = requestOf(data, name, settings, folder / "parts", 3);
    const auto paused = trainUntil(*engine, parts, before, 12, TrainingControl::Request::Pause);
    REQUIRE_OK(paused);
    parts.resumeFrom = paused->lastCheckpoint;
    REQUIRE_OK(train(*engine, parts, after));
    CHECK(sameTensors(folder / "whole/last.ckpt", folder / "parts/last.ckpt"));
    const double difference = exportDifference(*engine, summary->bestCheckpoint, *data, folder.path());
    if (!(difference <= 1e-5))
      lathe::testing::reportFailure(__FILE__, __LINE__, name + " differs by " + std::to_string(difference));
    std::filesystem::remove_all(folder / "whole");
    std::filesystem::remove_all(folder / "parts");
  }
}

LATHE_TEST("text: the fused executor trains bags as LibTorch does, with any number of threads") {
  const TempFolder folder;
  const auto engine = engine::makeTorchEngine();
  for (const char* name : {"mlp", "tabm"}) {
    const auto data = textTable(spec::Task::Classification);
    spec::ValueMap settings{{"dropout", 0}};
    if (std::string(name) == "tabm") settings["members"] = 4;
    auto request = requestOf(data, name, settings, folder / "a", 2);
    const auto program = spec::lower(request.model);
    REQUIRE_OK(program);
    REQUIRE(spec::textInput(*program).has_value());
    CHECK(!engine::FusedNetwork::obstacle(*program).has_value());
    RecordingObserver reference;
    request.training.executor = "libtorch";
    REQUIRE_OK(train(*engine, request, reference));
    for (const int threads : {1, 2, 3}) {
      RecordingObserver fused;
      request.training.executor = "fused";
      request.training.threads = threads;
      request.checkpointFolder = folder / std::to_string(threads);
      REQUIRE_OK(train(*engine, request, fused));
      const auto& a = fused.curve("train/loss");
      const auto& b = reference.curve("train/loss");
      REQUIRE(a.size() == b.size() && a.size() > 10);
      for (std::size_t i = 0; i < a.size(); ++i) CHECK(std::abs(a[i].second - b[i].second) < 1e-4);
      const auto& c = fused.curve("val/loss");
      const auto& d = reference.curve("val/loss");
      for (std::size_t i = 0; i < c.size(); ++i) CHECK(std::abs(c[i].second - d[i].second) < 1e-4);
    }
  }
}
