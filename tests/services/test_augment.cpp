// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/engine/image_batches.h"
#include "core/services/augment_preview.h"
#include "core/services/resolve_augment.h"
#include "tests/services/workshop.h"

using namespace lathe;
using namespace lathe::tests;

namespace {

spec::ExperimentSpec imagesIn(const TempFolder& folder, const std::string& augment) {
  writeIdxFolder(folder / "pictures", 120, 20);
  spec::ExperimentSpec spec;
  spec.data.path = "pictures";
  spec.training.augment.name = augment;
  spec.training.seed = 11;
  return spec;
}

/// 8 x 8 arrows that point to the left or to the right, on noise.
data::Dataset arrows(bool directed) {
  data::Dataset data;
  data.schema.image = true;
  data.schema.inputShape = {1, 8, 8};
  data.schema.task = spec::Task::Classification;
  data.schema.target.classes = {"one", "other"};
  data.rows = 200;
  Random random(3, "arrows");
  for (std::uint32_t row = 0; row < data.rows; ++row) {
    const int label = static_cast<int>(random.below(2));
    data.classes.push_back(label);
    data.split.train.push_back(row);
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < 8; ++x) {
        const bool bright = directed ? (label == 0 ? x : 7 - x) < 3 : (label == 0 ? y : 7 - y) < 3;
        data.pixels.push_back(static_cast<std::uint8_t>(random.below(100) + (bright ? 120 : 0)));
      }
  }
  return data;
}

services::ImageAt imagesOf(const data::Dataset& data) {
  return [&data](std::uint32_t row) -> Result<std::vector<std::uint8_t>> {
    return std::vector<std::uint8_t>(data.pixels.begin() + row * 64, data.pixels.begin() + row * 64 + 64);
  };
}

}  // namespace

LATHE_TEST("a preview shows the very bytes that the steps of a training see") {
  const TempFolder folder;
  auto experiment = imagesIn(folder, "trivial");
  experiment.training.augment.erasing = 0.5;
  experiment.training.augment.mixup = 1;
  const auto resolved = services::resolve(experiment, folder.path());
  REQUIRE_OK(resolved);
  engine::ImageBatches batches(
      resolved->data,
      engine::Augmenter(resolved->spec.training.augment, resolved->data->schema.inputShape, experiment.training.seed),
      {8, std::nullopt, true});
  for (const std::uint64_t draw : {0U, 3U}) {
    const auto preview = services::previewAugmentation(experiment, folder.path(), {5, 6, draw});
    REQUIRE_OK(preview);
    REQUIRE(preview->rows.size() == 5 && preview->steps.size() == 6 && preview->versions.size() == 5);
    CHECK(preview->shape == (spec::Shape{1, 8, 8}));
    for (std::size_t v = 0; v < preview->steps.size(); ++v) {
      const auto batch = batches.take(preview->rows, preview->steps[v]);
      for (std::size_t i = 0; i < preview->rows.size(); ++i)
        CHECK(std::equal(preview->versions[i][v].begin(), preview->versions[i][v].end(), batch.bytes + i * 64));
    }
    const auto& train = resolved->data->split.train;
    for (std::size_t i = 0; i < preview->rows.size(); ++i) {
      const auto row = preview->rows[i];
      CHECK(std::count(train.begin(), train.end(), row) == 1);
      CHECK(std::count(preview->rows.begin(), preview->rows.end(), row) == 1);
      CHECK(std::equal(preview->originals[i].begin(), preview->originals[i].end(),
                       resolved->data->pixels.begin() + row * 64));
      const auto label = static_cast<std::size_t>(resolved->data->classes[row]);
      CHECK_EQ(preview->labels[i], resolved->data->schema.target.classes[label]);
    }
  }
}

LATHE_TEST("another draw shows other images at other steps, the same one the same") {
  const TempFolder folder;
  const auto experiment = imagesIn(folder, "light");
  const auto first = services::previewAugmentation(experiment, folder.path(), {});
  const auto again = services::previewAugmentation(experiment, folder.path(), {});
  const auto other = services::previewAugmentation(experiment, folder.path(), {4, 4, 1});
  REQUIRE_OK(first);
  REQUIRE_OK(again);
  REQUIRE_OK(other);
  CHECK(first->rows == again->rows && first->versions == again->versions);
  CHECK(first->rows != other->rows && first->steps != other->steps);
  const auto many = services::previewAugmentation(experiment, folder.path(), {100000, 1, 0});
  REQUIRE_OK(many);
  CHECK(many->rows.size() < 120);  // all training images, each once
}

LATHE_TEST("previews that cannot be say why") {
  const Workshop shop;
  auto table = shop.request().spec;
  CHECK_EQ(services::previewAugmentation(table, shop.folder.path(), {}).error().code, std::string("augment.no_images"));
  table.data.path = "nowhere";
  CHECK(!services::previewAugmentation(table, shop.folder.path(), {}));
  const TempFolder folder;
  const auto experiment = imagesIn(folder, "light");
  std::stop_source stop;
  stop.request_stop();
  JobContext job;
  job.stop = stop.get_token();
  CHECK(!services::previewAugmentation(experiment, folder.path(), {}, job));
}

LATHE_TEST("mirroring confuses arrows that point left and right, not what is bright above or below") {
  const auto directed = arrows(true);
  const auto upright = arrows(false);
  CHECK(services::mirroring(directed, imagesOf(directed)) == services::Mirroring::Confusing);
  CHECK(services::mirroring(upright, imagesOf(upright)) == services::Mirroring::Harmless);
  auto random = arrows(true);
  Random coin(5, "labels");
  for (auto& label : random.classes) label = static_cast<std::int32_t>(coin.below(2));
  CHECK(services::mirroring(random, imagesOf(random)) == services::Mirroring::Unknown);
  CHECK(services::mirroring({}, imagesOf(random)) == services::Mirroring::Unknown);
}

LATHE_TEST("an automatic augmentation follows the data, with a reason") {
  const auto augmentOf = [](const data::Dataset& data, std::size_t reasonsWanted) {
    spec::ExperimentSpec spec;
    spec.training.augment.name = "auto";
    std::vector<Message> reasons;
    std::vector<Error> problems;
    services::resolveAugment(spec, data, imagesOf(data), reasons, problems);
    CHECK(problems.empty());
    CHECK_EQ(reasons.size(), reasonsWanted);
    return spec.training.augment.name;
  };
  CHECK_EQ(augmentOf(arrows(true), 1), std::string("light"));
  CHECK_EQ(augmentOf(arrows(false), 1), std::string("standard"));
  auto numbers = arrows(false);
  numbers.schema.task = spec::Task::Regression;
  CHECK_EQ(augmentOf(numbers, 1), std::string("none"));
  data::Dataset table;
  CHECK_EQ(augmentOf(table, 0), std::string("none"));

  const TempFolder folder;
  const auto resolved = services::resolve(imagesIn(folder, "auto"), folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.training.augment.name, std::string("standard"));  // bright above or bright below
  const auto preview = services::previewAugmentation(imagesIn(folder, "auto"), folder.path(), {});
  REQUIRE_OK(preview);
  CHECK(preview->augment == resolved->spec.training.augment);
}

LATHE_TEST("augmenting a table is refused, and mixing numbers") {
  const Workshop shop;
  auto table = shop.request().spec;
  table.training.augment.name = "standard";
  CHECK_EQ(services::resolve(table, shop.folder.path()).error().code, std::string("spec.augment_images"));
  table.training.augment.name = "auto";
  const auto resolved = services::resolve(table, shop.folder.path());
  REQUIRE_OK(resolved);
  CHECK_EQ(resolved->spec.training.augment.name, std::string("none"));
  table.data.task = spec::Task::Regression;
  table.training.augment.name = "light";
  table.training.augment.mixup = 0.2;
  CHECK_EQ(services::resolve(table, shop.folder.path()).error().code, std::string("spec.augment_task"));
}
