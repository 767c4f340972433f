// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>

#include "core/engine/batching.h"
#include "core/engine/image_batches.h"
#include "core/spec/schema.h"
#include "tests/engine/engine_samples.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

// Counts what is allocated while it is asked to. Sanitizers bring their own operator new.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LATHE_COUNTS_ALLOCATIONS
namespace {
std::atomic<bool> counting{false};
std::atomic<int> allocations{0};
}  // namespace

void* operator new(std::size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace {

const ChannelScaling scaling{{96}, {1.0F / 80}};

spec::AugmentSpec allOfIt() {
  spec::AugmentSpec spec;
  spec.name = "trivial";
  spec.erasing = 0.5;
  spec.mixup = 0.4;
  spec.cutmix = 1;
  spec.mixProbability = 0.7;
  return spec;
}

std::unique_ptr<ImageBatches> batchesOf(const std::shared_ptr<const data::Dataset>& data, const spec::AugmentSpec& spec,
                                        bool prefetch, std::size_t largest = 16, bool bytes = false) {
  ImageBatches::Options options{largest, scaling, prefetch};
  if (bytes) options.scaling.reset();
  return std::make_unique<ImageBatches>(data, Augmenter(spec, data->schema.inputShape, 3), options);
}

struct Seen {
  std::vector<float> values;
  std::vector<std::uint32_t> partner;
  double share = 1;
  bool operator==(const Seen&) const = default;
};

Seen copyOf(const ImageBatches::Batch& batch, std::size_t rows, std::size_t perRow) {
  Seen seen;
  seen.values.assign(batch.values, batch.values + rows * perRow);
  seen.partner.assign(batch.mixed.partner.begin(), batch.mixed.partner.end());
  seen.share = batch.mixed.share;
  return seen;
}

/// Two epochs as the training loop asks for them, `announced` or not.
std::vector<Seen> twoEpochs(ImageBatches& batches, const data::Dataset& data, bool announced) {
  const BatchPlan plan(data.split.train.size(), 16);
  EpochOrder order(data.split.train, 3);
  std::vector<Seen> all;
  std::int64_t step = 0;
  for (int epoch = 0; epoch < 2; ++epoch) {
    order.next();
    for (std::int64_t i = 0; i < plan.steps(); ++i) {
      const auto rowsOf = [&](std::int64_t at) {
        const auto [first, count] = plan.range(at);
        return order.order().subspan(first, count);
      };
      ++step;
      if (announced && i + 1 < plan.steps()) batches.announce(rowsOf(i + 1), step + 1);
      all.push_back(copyOf(batches.take(rowsOf(i), step), rowsOf(i).size(), 64));
    }
  }
  return all;
}

}  // namespace

LATHE_TEST("batches made ahead are those made when asked for, bit for bit") {
  const auto data = tests::quarterImages(215);
  for (const auto& spec : {spec::AugmentSpec{}, allOfIt()}) {
    const auto plain = batchesOf(data, spec, false);
    const auto ahead = batchesOf(data, spec, true);
    const auto expected = twoEpochs(*plain, *data, true);
    CHECK(twoEpochs(*ahead, *data, true) == expected);
    CHECK(twoEpochs(*ahead, *data, false) == expected);
    CHECK_EQ(plain->madeAhead(), 0);
    CHECK_EQ(ahead->madeAhead(), std::int64_t(expected.size()) - 2);  // the first of each epoch comes unannounced
  }
}

LATHE_TEST("a batch is the dataset's rows, standardised, when nothing is changed") {
  const auto data = tests::quarterImages(40);
  const auto batches = batchesOf(data, {}, true);
  const std::vector<std::uint32_t> rows{7, 0, 39, 7};
  const auto batch = batches->take(rows, 1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (std::size_t p = 0; p < 64; ++p)
      CHECK_EQ(batch.values[i * 64 + p], (float(data->pixels[rows[i] * 64 + p]) - 96) * (1.0F / 80));
  CHECK(batch.mixed.partner.empty());
  const auto raw = batchesOf(data, {}, true, 16, true);
  CHECK(std::memcmp(raw->take(rows, 1).bytes + 64, data->pixels.data(), 64) == 0);
}

LATHE_TEST("another batch than the announced one may be asked for, and the same one again") {
  const auto data = tests::quarterImages(60);
  const auto plain = batchesOf(data, allOfIt(), false);
  const auto batches = batchesOf(data, allOfIt(), true);
  const std::vector<std::uint32_t> first{1, 2, 3};
  const std::vector<std::uint32_t> second{4, 5, 6, 7};
  for (int round = 0; round < 50; ++round) {
    batches->announce(second, 2);
    const auto a = copyOf(batches->take(first, 1), 3, 64);
    const auto b = copyOf(batches->take(first, 9), 3, 64);  // instead of the announced one
    const auto c = copyOf(batches->take(second, 2), 4, 64);
    CHECK(a == copyOf(plain->take(first, 1), 3, 64));
    CHECK(b == copyOf(plain->take(first, 9), 3, 64));
    CHECK(c == copyOf(plain->take(second, 2), 4, 64));
  }
  bool refused = false;
  try {
    static_cast<void>(batches->take(std::vector<std::uint32_t>(17, 1), 3));
  } catch (const std::bad_alloc&) {
    refused = true;
  }
  CHECK(refused);
}

LATHE_TEST("a training that ends in mid-epoch leaves no batch in the making") {
  const auto data = tests::quarterImages(60);
  for (int round = 0; round < 100; ++round) {
    const auto batches = batchesOf(data, allOfIt(), true);
    std::vector<std::uint32_t> next{4, 5, 6};
    batches->announce(next, 2);
    next.assign(3, 999999);  // was copied
    static_cast<void>(batches->take(std::vector<std::uint32_t>{1, 2}, 1));
  }
}

LATHE_TEST("mixed batches name their partners by row and share") {
  const auto data = tests::quarterImages(60);
  auto spec = spec::AugmentSpec{};
  spec.name = "custom";
  spec.mixup = 1;
  const auto batches = batchesOf(data, spec, true, 16);
  const std::vector<std::uint32_t> rows{11, 22, 33, 44};
  const auto batch = batches->take(rows, 5);
  REQUIRE(batch.mixed.partner.size() == rows.size());
  CHECK(batch.mixed.share > 0 && batch.mixed.share < 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto* own = data->pixels.data() + rows[i] * 64;
    const auto* other = data->pixels.data() + batch.mixed.partner[i] * 64;
    for (std::size_t p = 0; p < 64; ++p) {
      const double blended = batch.mixed.share * own[p] + (1 - batch.mixed.share) * other[p];
      CHECK(std::abs(double(batch.values[i * 64 + p]) * 80 + 96 - blended) < 0.6);
    }
  }
}

#ifdef LATHE_COUNTS_ALLOCATIONS
LATHE_TEST("a steady step allocates nothing") {
  const auto data = tests::quarterImages(60);
  const auto batches = batchesOf(data, allOfIt(), true);
  const std::vector<std::uint32_t> rows{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
  const auto steps = [&](std::int64_t first, std::int64_t end) {
    for (auto step = first; step < end; ++step) {
      batches->announce(rows, step + 1);
      static_cast<void>(batches->take(rows, step));
    }
  };
  steps(1, 50);
  counting = true;
  steps(50, 250);
  counting = false;
  CHECK_EQ(allocations.load(), 0);
}
#endif

LATHE_TEST("only a plain standardisation is done while gathering") {
  const auto data = tests::quarterImages(40);
  auto program = spec::lower(tests::modelFor(*data));
  REQUIRE_OK(program);
  const auto found = channelScaling(*program);
  REQUIRE(found.has_value());
  CHECK(found->centre == (std::vector<float>{96}) && found->scale == (std::vector<float>{1.0F / 80}));
  auto more = *program;
  more.preprocess.push_back(more.preprocess.front());
  CHECK(!channelScaling(more));
  const auto table = spec::lower(tests::modelFor(*tests::mixedTable(spec::Task::Classification)));
  REQUIRE_OK(table);
  CHECK(!channelScaling(*table));
}
