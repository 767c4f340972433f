// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/services/augment_preview.h"

#include <algorithm>

#include "core/base/random.h"
#include "core/engine/augment.h"
#include "core/services/data_cache.h"
#include "core/services/resolve_augment.h"

namespace lathe::services {
namespace {

/// Different rows, in the order drawn.
std::vector<std::uint32_t> drawRows(std::vector<std::uint32_t> rows, std::size_t count, const spec::TrainingSpec& of,
                                    std::uint64_t draw) {
  Random random(of.seed + draw, "preview");
  count = std::min(count, rows.size());
  for (std::size_t i = 0; i < count; ++i) std::swap(rows[i], rows[i + random.below(rows.size() - i)]);
  rows.resize(count);
  return rows;
}

tl::unexpected<Error> noImages() {
  return fail("augment.no_images", LATHE_TEXT("errors", "There are no training images to show."),
              LATHE_TEXT("errors", "Choose image data."));
}

}  // namespace

Result<AugmentPreview> previewAugmentation(const spec::ExperimentSpec& spec, const std::filesystem::path& base,
                                           const AugmentPreviewRequest& request, const JobContext& job) {
  const auto where = located(spec.data, base);
  auto source = openShared(where, job);
  if (!source) return passOn(source);
  const auto data = (*source)->outline(where, job);
  if (!data) return passOn(data);
  if (!data->schema.image || data->split.train.empty()) return noImages();
  const ImageAt image = [&](std::uint32_t row) { return (*source)->image(row); };

  auto resolved = spec;
  std::vector<Message> reasons;
  std::vector<Error> problems;
  resolveAugment(resolved, *data, image, reasons, problems);
  if (!problems.empty()) return tl::unexpected<Error>(problems.front());

  AugmentPreview preview;
  preview.shape = data->schema.inputShape;
  preview.augment = resolved.training.augment;
  preview.rows =
      drawRows(data->split.train, static_cast<std::size_t>(std::max(1, request.images)), spec.training, request.draw);
  std::vector<const std::uint8_t*> sources;
  const auto bytes = static_cast<std::size_t>(spec::elementCount(preview.shape));
  for (const auto row : preview.rows) {
    if (job.cancelled()) return fail(cancelledCode, LATHE_TEXT("errors", "Showing images was cancelled."), "");
    auto pixels = image(row);
    if (!pixels) return passOn(pixels);
    if (pixels->size() != bytes) return noImages();
    preview.originals.push_back(std::move(*pixels));
    preview.labels.push_back((*source)->cell(row, static_cast<int>((*source)->columnNames().size()) - 1));
  }
  for (const auto& pixels : preview.originals) sources.push_back(pixels.data());

  preview.versions.resize(preview.rows.size());
  const engine::Augmenter augmenter(preview.augment, preview.shape, spec.training.seed);
  engine::Augmenter::BatchSpace space;
  for (int v = 0; v < request.versions; ++v) {
    const auto step = static_cast<std::int64_t>(request.draw) * request.versions + v + 1;
    preview.steps.push_back(step);
    augmenter.batch(sources, preview.rows, step, space, [&](std::size_t place, const std::uint8_t* changed) {
      preview.versions[place].emplace_back(changed, changed + bytes);
    });
  }
  return preview;
}

}  // namespace lathe::services
