// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/augment.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace lathe::engine {
namespace {

constexpr double smallestErased = 0.02;  // Zhong 2017, section 4.2: s_l, s_h, r_1
constexpr double largestErased = 0.4;
constexpr double flattestErased = 0.3;
constexpr int erasingAttempts = 100;

constexpr std::uint64_t trivialStrengths = 31;
constexpr double largestShear = 0.99;
constexpr double largestTrivialShift = 1.0 / 3;
constexpr double largestTrivialTurn = 135;
constexpr double largestTrivialChange = 0.99;
constexpr int fewestBits = 2;

enum class Trivial : std::uint8_t {
  Identity,
  ShearX,
  ShearY,
  ShiftX,
  ShiftY,
  Turn,
  Brightness,
  Saturation,
  Contrast,
  Sharpness,
  Posterize,
  Solarize,
  Stretch,
  Equalize
};
constexpr std::uint64_t trivialKinds = 14;

double between(Random& random, double low, double high) { return low + (high - low) * random.uniform(); }
double factorAround(Random& random, double reach) { return between(random, std::max(0.0, 1 - reach), 1 + reach); }
bool heads(Random& random) { return random.next() >> 63 != 0; }

int wholeBetween(Random& random, int reach) {
  return static_cast<int>(random.below(2 * static_cast<std::uint64_t>(reach) + 1)) - reach;
}

int pixelsOf(double share, int edge) { return static_cast<int>(std::lround(share * edge)); }

/// A positive uniform number, so that its logarithm is finite.
double positive(Random& random) { return std::max(random.uniform(), std::numeric_limits<double>::min()); }

/// Logarithm of a Gamma(shape, 1) variate: Marsaglia and Tsang 2000; shapes below 1 by their section 6, in logarithms,
/// since the variate itself would underflow.
double logGamma(Random& random, double shape) {
  if (shape < 1) {
    const double larger = logGamma(random, shape + 1);
    return larger + std::log(positive(random)) / shape;
  }
  const double d = shape - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = random.normal();
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    if (std::log(positive(random)) < 0.5 * x * x + d - d * v + d * std::log(v)) return std::log(d * v);
  }
}

/// Beta(alpha, alpha).
double beta(Random& random, double alpha) {
  const double first = logGamma(random, alpha);
  const double second = logGamma(random, alpha);
  return 1 / (1 + std::exp(second - first));
}

/// Yun 2019, section 3.1: a box of the area 1 - share about a uniform centre, cut at the image's edge.
Rectangle drawBox(Random& random, const ImageShape& shape, double share) {
  const double side = std::sqrt(1 - share);
  const int height = static_cast<int>(shape.height * side);
  const int width = static_cast<int>(shape.width * side);
  const int y = static_cast<int>(random.below(static_cast<std::uint64_t>(shape.height)));
  const int x = static_cast<int>(random.below(static_cast<std::uint64_t>(shape.width)));
  Rectangle box;
  box.top = std::clamp(y - height / 2, 0, shape.height);
  box.left = std::clamp(x - width / 2, 0, shape.width);
  box.height = std::clamp(y - height / 2 + height, 0, shape.height) - box.top;
  box.width = std::clamp(x - width / 2 + width, 0, shape.width) - box.left;
  return box;
}

ImageShape imageShape(const spec::Shape& shape) {
  return {static_cast<int>(shape.at(0)), static_cast<int>(shape.at(1)), static_cast<int>(shape.at(2))};
}

}  // namespace

Augmenter::Augmenter(const spec::AugmentSpec& spec, const spec::Shape& shape, std::uint64_t seed)
    : m_spec(spec::augmentSettings(spec)),
      m_shape(imageShape(shape)),
      m_border(m_spec.border == "edge" ? Border::Edge : Border::Black),
      m_active(spec::augments(spec)),
      m_mixes(spec::mixesLabels(m_spec)),
      m_imageKey(Random(seed, "augment").next()),
      m_mixKey(Random(seed, "mix").next()) {}

void Augmenter::image(const std::uint8_t* source, std::uint32_t row, std::int64_t step, std::uint8_t* out,
                      Workspace& space) const {
  // A generator of its own for each image of each step.
  Random random(Random(m_imageKey + static_cast<std::uint64_t>(step)).next() + row);
  move(source, out, random, space.warp);
  if (m_spec.trivial) applyTrivial(out, random, space);
  if (m_spec.brightness > 0)
    changeBrightness(out, m_shape, static_cast<float>(factorAround(random, m_spec.brightness)));
  if (m_spec.contrast > 0) changeContrast(out, m_shape, static_cast<float>(factorAround(random, m_spec.contrast)));
  if (m_spec.saturation > 0)
    changeSaturation(out, m_shape, static_cast<float>(factorAround(random, m_spec.saturation)));
  if (m_spec.hue > 0) turnHue(out, m_shape, static_cast<float>(between(random, -m_spec.hue, m_spec.hue)));
  if (m_spec.erasing > 0 && random.uniform() < m_spec.erasing) erase(out, random);
}

void Augmenter::move(const std::uint8_t* source, std::uint8_t* out, Random& random, WarpSpace& space) const {
  const bool mirrorX = m_spec.horizontalFlip && heads(random);
  const bool mirrorY = m_spec.verticalFlip && heads(random);
  int dx = 0;
  int dy = 0;
  if (m_spec.shift > 0) {
    dx = wholeBetween(random, pixelsOf(m_spec.shift, m_shape.width));
    dy = wholeBetween(random, pixelsOf(m_spec.shift, m_shape.height));
  }
  if (m_spec.rotation <= 0 && m_spec.scale <= 0) {
    copyMoved(source, m_shape, mirrorX, mirrorY, dx, dy, m_border, out);
    return;
  }
  const double turn = m_spec.rotation > 0 ? between(random, -m_spec.rotation, m_spec.rotation) : 0;
  const double enlarge = m_spec.scale > 0 ? between(random, 1 - m_spec.scale, 1 + m_spec.scale) : 1;
  auto map = aboutMiddle(m_shape, turn, enlarge, 0, 0);
  map.x0 -= dx;
  map.y0 -= dy;
  if (mirrorX) map = {-map.xx, -map.xy, m_shape.width - 1 - map.x0, map.yx, map.yy, map.y0};
  if (mirrorY) map = {map.xx, map.xy, map.x0, -map.yx, -map.yy, m_shape.height - 1 - map.y0};
  copyWarped(source, m_shape, map, m_border, out, space);
}

void Augmenter::applyTrivial(std::uint8_t* image, Random& random, Workspace& space) const {
  const auto kind = static_cast<Trivial>(random.below(trivialKinds));
  const double strength = static_cast<double>(random.below(trivialStrengths)) / (trivialStrengths - 1);
  const double sign = heads(random) ? 1 : -1;
  const auto factor = static_cast<float>(1 + sign * strength * largestTrivialChange);
  // The operation reads a copy wherever it cannot work in place.
  const auto before = [&] {
    space.image.assign(image, image + m_shape.size());
    return space.image.data();
  };
  const auto warp = [&](double degrees, double shearX, double shearY) {
    copyWarped(before(), m_shape, aboutMiddle(m_shape, degrees, 1, shearX, shearY), m_border, image, space.warp);
  };
  const auto shift = [&](int dx, int dy) { copyMoved(before(), m_shape, false, false, dx, dy, m_border, image); };
  switch (kind) {
    case Trivial::Identity:
      return;
    case Trivial::ShearX:
      return warp(0, sign * strength * largestShear, 0);
    case Trivial::ShearY:
      return warp(0, 0, sign * strength * largestShear);
    case Trivial::ShiftX:
      return shift(pixelsOf(sign * strength * largestTrivialShift, m_shape.width), 0);
    case Trivial::ShiftY:
      return shift(0, pixelsOf(sign * strength * largestTrivialShift, m_shape.height));
    case Trivial::Turn:
      return warp(sign * strength * largestTrivialTurn, 0, 0);
    case Trivial::Brightness:
      return changeBrightness(image, m_shape, factor);
    case Trivial::Saturation:
      return changeSaturation(image, m_shape, factor);
    case Trivial::Contrast:
      return changeContrast(image, m_shape, factor);
    case Trivial::Sharpness:
      return changeSharpness(before(), m_shape, factor, image);
    case Trivial::Posterize:
      return posterize(image, m_shape, 8 - static_cast<int>(std::lround(strength * (8 - fewestBits))));
    case Trivial::Solarize:
      return solarize(image, m_shape, static_cast<int>(std::lround(256 * (1 - strength))));
    case Trivial::Stretch:
      return stretchContrast(image, m_shape);
    case Trivial::Equalize:
      return equalize(image, m_shape);
  }
}

void Augmenter::erase(std::uint8_t* image, Random& random) const {
  const double area = static_cast<double>(m_shape.plane());
  for (int attempt = 0; attempt < erasingAttempts; ++attempt) {
    const double target = area * between(random, smallestErased, largestErased);
    const double aspect = std::exp(between(random, std::log(flattestErased), -std::log(flattestErased)));
    const int height = static_cast<int>(std::lround(std::sqrt(target * aspect)));
    const int width = static_cast<int>(std::lround(std::sqrt(target / aspect)));
    if (height < 1 || width < 1 || height >= m_shape.height || width >= m_shape.width) continue;
    const int top = static_cast<int>(random.below(static_cast<std::uint64_t>(m_shape.height - height) + 1));
    const int left = static_cast<int>(random.below(static_cast<std::uint64_t>(m_shape.width - width) + 1));
    for (int c = 0; c < m_shape.channels; ++c)
      for (int y = top; y < top + height; ++y) {
        auto* line = image + (static_cast<std::ptrdiff_t>(c) * m_shape.height + y) * m_shape.width + left;
        for (int x = 0; x < width; x += 8) {
          const std::uint64_t noise = random.next();
          std::memcpy(line + x, &noise, static_cast<std::size_t>(std::min(8, width - x)));
        }
      }
    return;
  }
}

void Augmenter::drawMixing(std::int64_t step, std::size_t count, Mixing& mixing) const {
  mixing.kind = Mixing::Kind::None;
  mixing.share = 1;
  if (!m_mixes || count < 2) return;
  Random random(m_mixKey + static_cast<std::uint64_t>(step));
  if (random.uniform() >= m_spec.mixProbability) return;
  const bool both = m_spec.mixup > 0 && m_spec.cutmix > 0;
  const bool cut = both ? heads(random) : m_spec.cutmix > 0;
  mixing.kind = cut ? Mixing::Kind::Cutmix : Mixing::Kind::Mixup;
  mixing.share = beta(random, cut ? m_spec.cutmix : m_spec.mixup);
  if (cut) {
    mixing.box = drawBox(random, m_shape, mixing.share);
    const double pasted = static_cast<double>(mixing.box.height) * mixing.box.width;
    mixing.share = 1 - pasted / static_cast<double>(m_shape.plane());
  }
  mixing.partner.resize(count);
  std::iota(mixing.partner.begin(), mixing.partner.end(), 0U);
  random.shuffle(mixing.partner);
}

void Augmenter::batch(std::span<const std::uint8_t* const> sources, std::span<const std::uint32_t> rows,
                      std::int64_t step, BatchSpace& space, const Finished& finished) const {
  const std::size_t size = m_shape.size();
  const std::size_t count = rows.size();
  auto& mixing = space.mixing;
  drawMixing(step, count, mixing);
  if (!m_active) {
    for (std::size_t i = 0; i < count; ++i) finished(i, sources[i]);
    return;
  }
  space.image.resize(size);
  if (mixing.kind == Mixing::Kind::None) {
    for (std::size_t i = 0; i < count; ++i) {
      image(sources[i], rows[i], step, space.image.data(), space.images);
      finished(i, space.image.data());
    }
    return;
  }
  if (space.changed.size() < count * size) space.changed.resize(count * size);
  for (std::size_t i = 0; i < count; ++i)
    image(sources[i], rows[i], step, space.changed.data() + i * size, space.images);
  for (std::size_t i = 0; i < count; ++i) {
    mix(mixing, space.changed.data() + i * size, space.changed.data() + mixing.partner[i] * size, space.image.data());
    finished(i, space.image.data());
  }
}

void Augmenter::mix(const Mixing& mixing, const std::uint8_t* own, const std::uint8_t* other, std::uint8_t* out) const {
  if (mixing.kind == Mixing::Kind::Cutmix)
    paste(own, other, m_shape, mixing.box, out);
  else
    blend(own, other, static_cast<float>(mixing.share), m_shape.size(), out);
}

}  // namespace lathe::engine
