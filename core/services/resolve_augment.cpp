// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/resolve_augment.h"

#include <algorithm>
#include <limits>

namespace lathe::services {
namespace {

constexpr std::size_t mostImages = 2000;
constexpr std::int64_t gridEdge = 16;
constexpr double harmlessShare = 0.7;
constexpr double hardlyBetter = 1.5;  // times chance

/// Mean grey of the cells of a small grid, as they are and mirrored.
struct Thumbnail {
  std::vector<float> plain, mirrored;
  std::size_t label = 0;
};

std::vector<float> cells(const std::vector<std::uint8_t>& pixels, const spec::Shape& shape, bool mirror) {
  const auto height = shape[1];
  const auto width = shape[2];
  const auto rows = std::min(gridEdge, height);
  const auto columns = std::min(gridEdge, width);
  std::vector<float> sums(static_cast<std::size_t>(rows * columns), 0.0F);
  std::vector<float> counts(sums.size(), 0.0F);
  for (std::int64_t c = 0; c < shape[0]; ++c)
    for (std::int64_t y = 0; y < height; ++y)
      for (std::int64_t x = 0; x < width; ++x) {
        const auto from = mirror ? width - 1 - x : x;
        const auto cell = static_cast<std::size_t>(y * rows / height * columns + x * columns / width);
        sums[cell] += pixels[static_cast<std::size_t>((c * height + y) * width + from)];
        counts[cell] += 1;
      }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= counts[i];
  return sums;
}

std::vector<Thumbnail> thumbnails(const data::Dataset& data, const ImageAt& image) {
  const auto& rows = data.split.train;
  const std::size_t step = std::max<std::size_t>(1, (rows.size() + mostImages - 1) / mostImages);
  std::vector<Thumbnail> result;
  for (std::size_t i = 0; i < rows.size(); i += step) {
    const auto label = data.classes[rows[i]];
    const auto pixels = image(rows[i]);
    if (label < 0 || !pixels) continue;
    result.push_back({cells(*pixels, data.schema.inputShape, false), cells(*pixels, data.schema.inputShape, true),
                      static_cast<std::size_t>(label)});
  }
  return result;
}

using Means = std::vector<std::vector<float>>;

// Of every other thumbnail; a class that has none stays empty.
Means classMeans(const std::vector<Thumbnail>& all, std::size_t classes) {
  Means means(classes);
  std::vector<float> counts(classes, 0.0F);
  for (std::size_t i = 0; i < all.size(); i += 2) {
    auto& mean = means[all[i].label];
    mean.resize(all[i].plain.size(), 0.0F);
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += all[i].plain[k];
    counts[all[i].label] += 1;
  }
  for (std::size_t c = 0; c < classes; ++c)
    for (auto& value : means[c]) value /= counts[c];
  return means;
}

std::size_t nearest(const Means& means, const std::vector<float>& image) {
  std::size_t best = 0;
  double smallest = std::numeric_limits<double>::infinity();
  for (std::size_t c = 0; c < means.size(); ++c) {
    if (means[c].empty()) continue;
    double distance = 0;
    for (std::size_t k = 0; k < image.size(); ++k) {
      const double difference = static_cast<double>(image[k]) - means[c][k];
      distance += difference * difference;
    }
    if (distance < smallest) {
      smallest = distance;
      best = c;
    }
  }
  return best;
}

}  // namespace

Mirroring mirroring(const data::Dataset& data, const ImageAt& image) {
  const std::size_t classes = data.schema.target.classes.size();
  if (!data.schema.image || data.schema.inputShape.size() != 3 || classes < 2 || data.classes.empty())
    return Mirroring::Unknown;
  const auto all = thumbnails(data, image);
  if (all.size() < 2 * classes) return Mirroring::Unknown;
  const auto means = classMeans(all, classes);
  double judged = 0;
  double plain = 0;
  double mirrored = 0;
  for (std::size_t i = 1; i < all.size(); i += 2) {
    judged += 1;
    plain += nearest(means, all[i].plain) == all[i].label ? 1 : 0;
    mirrored += nearest(means, all[i].mirrored) == all[i].label ? 1 : 0;
  }
  const double chance = 1 / static_cast<double>(classes);
  plain /= judged;
  mirrored /= judged;
  if (plain < hardlyBetter * chance) return Mirroring::Unknown;
  return mirrored - chance >= harmlessShare * (plain - chance) ? Mirroring::Harmless : Mirroring::Confusing;
}

void resolveAugment(spec::ExperimentSpec& spec, const data::Dataset& data, const ImageAt& image,
                    std::vector<Message>& reasons, std::vector<Error>& problems) {
  auto& augment = spec.training.augment;
  const bool classes = data.schema.task == spec::Task::Classification;
  if (!data.schema.image && augment.name != "auto" && spec::augments(augment))
    problems.push_back(fail("spec.augment_images", LATHE_TEXT("errors", "Augmentation changes images, not tables."),
                            LATHE_TEXT("errors", "Set training.augment.name to none."))
                           .value());
  if (data.schema.image && !classes && spec::mixesLabels(augment))
    problems.push_back(fail("spec.augment_task", LATHE_TEXT("errors", "Mixup and CutMix mix classes, not numbers."),
                            LATHE_TEXT("errors", "Set training.augment.mixup and training.augment.cutmix to 0."))
                           .value());
  if (augment.name != "auto") return;
  augment.name = "none";
  if (!data.schema.image) return;
  if (!classes) {
    reasons.push_back(
        {LATHE_TEXT("events", "Images are not augmented: moving them could change the numbers to predict."), {}});
    return;
  }
  switch (mirroring(data, image)) {
    case Mirroring::Harmless:
      augment.name = "standard";
      reasons.push_back({LATHE_TEXT("events", "Images are shifted and mirrored: mirrored ones keep their class."), {}});
      return;
    case Mirroring::Confusing:
      augment.name = "light";
      reasons.push_back({LATHE_TEXT("events",
                                    "Images are shifted, turned and zoomed a little, not mirrored: that "
                                    "confuses the classes."),
                         {}});
      return;
    case Mirroring::Unknown:
      augment.name = "light";
      reasons.push_back({LATHE_TEXT("events",
                                    "Images are shifted, turned and zoomed a little, not mirrored: whether "
                                    "that is harmless does not show."),
                         {}});
      return;
  }
}

}  // namespace lathe::services
