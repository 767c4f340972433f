// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/base/random.h"
#include "core/engine/augment_pixels.h"
#include "core/spec/augment_spec.h"
#include "core/spec/graph.h"

namespace lathe::engine {

/// How the images of one batch are mixed.
struct Mixing {
  enum class Kind : std::uint8_t { None, Mixup, Cutmix };
  Kind kind = Kind::None;
  double share = 1;                    ///< of the own image and label
  Rectangle box;                       ///< cutmix: what is pasted
  std::vector<std::uint32_t> partner;  ///< for each place in the batch the place it is mixed with
};

/// The augmentation of a training as a pure function: what a step sees of an image depends on the run's seed, the step
/// and the row alone, never on the batch it comes in, on when it is made, or by which thread. So a training resumed in
/// mid-epoch, one that makes its batches ahead and a preview in the window all see the same bytes, and a checkpoint
/// needs no more than the seed and the step.
///
/// Operations in their order: mirror, shift (pad and random crop, He 2016), turn and zoom (one bilinear resampling for
/// all of them), one random operation (TrivialAugment, Mueller and Hutter 2021, its wide space; moves are about the
/// middle and at most a third of the edge, since the paper's 32 pixels were meant for larger images), brightness,
/// contrast, saturation, hue, erasing (Zhong 2017: 2 to 40 % of the area, aspect 0.3 to 3.3, filled with noise). Then a
/// batch is mixed: mixup (Zhang 2018, one share a batch, from Beta(alpha, alpha)) or cutmix (Yun 2019), each with the
/// images of the batch in a random order.
///
/// Immutable; any thread, each with a workspace of its own. Does not allocate once the workspace has grown.
class Augmenter {
 public:
  struct Workspace {
    std::vector<std::uint8_t> image;
    WarpSpace warp;
  };

  /// What a whole batch needs.
  struct BatchSpace {
    Workspace images;
    Mixing mixing;                      ///< of the batch made last
    std::vector<std::uint8_t> changed;  ///< images before they are mixed
    std::vector<std::uint8_t> image;
  };
  /// Called with each place of a batch and its finished image, which is valid during the call.
  using Finished = std::function<void(std::size_t place, const std::uint8_t* image)>;

  /// `shape` is [C,H,W], each at least 1.
  Augmenter(const spec::AugmentSpec& spec, const spec::Shape& shape, std::uint64_t seed);

  [[nodiscard]] bool active() const { return m_active; }
  [[nodiscard]] bool mixes() const { return m_mixes; }
  [[nodiscard]] const ImageShape& shape() const { return m_shape; }

  /// `source`, an image of the dataset with this row number, as `step` (from 1) sees it before mixing; into `out`, of
  /// the same size and elsewhere.
  void image(const std::uint8_t* source, std::uint32_t row, std::int64_t step, std::uint8_t* out,
             Workspace& space) const;
  /// The batch that `step` sees: sources[i] is the dataset's image of rows[i]. Mixed images come from this batch alone.
  void batch(std::span<const std::uint8_t* const> sources, std::span<const std::uint32_t> rows, std::int64_t step,
             BatchSpace& space, const Finished& finished) const;
  /// How a batch of `count` images is mixed at a step; kind None for most of what has one image.
  void drawMixing(std::int64_t step, std::size_t count, Mixing& mixing) const;
  /// One image of a mixed batch from its own and its partner's, both already changed by image().
  void mix(const Mixing& mixing, const std::uint8_t* own, const std::uint8_t* other, std::uint8_t* out) const;

 private:
  void move(const std::uint8_t* source, std::uint8_t* out, Random& random, WarpSpace& space) const;
  void applyTrivial(std::uint8_t* image, Random& random, Workspace& space) const;
  void erase(std::uint8_t* image, Random& random) const;

  spec::AugmentSpec m_spec;
  ImageShape m_shape;
  Border m_border;
  bool m_active;
  bool m_mixes;
  std::uint64_t m_imageKey;
  std::uint64_t m_mixKey;
};

}  // namespace lathe::engine
