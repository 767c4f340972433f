// SPDX-License-Identifier: GPL-3.0-or-later
// What an augmentation draws: how often, how far, and always the same for the same seed, step and row.
#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "core/engine/augment.h"
#include "tests/support/testing.h"

using namespace lathe;
using namespace lathe::engine;

namespace {

using Bytes = std::vector<std::uint8_t>;

spec::AugmentSpec custom(const std::function<void(spec::AugmentSpec&)>& set) {
  spec::AugmentSpec spec;
  spec.name = "custom";
  set(spec);
  return spec;
}

spec::AugmentSpec named(const std::string& name) {
  spec::AugmentSpec spec;
  spec.name = name;
  return spec;
}

spec::AugmentSpec everything() {
  return custom([](auto& spec) {
    spec.horizontalFlip = spec.verticalFlip = spec.trivial = true;
    spec.shift = 0.2;
    spec.rotation = 30;
    spec.scale = 0.3;
    spec.brightness = spec.contrast = spec.saturation = 0.4;
    spec.hue = 0.1;
    spec.erasing = 0.5;
    spec.mixup = 0.4;
    spec.cutmix = 1;
    spec.border = "edge";
  });
}

Bytes noise(const spec::Shape& shape) {
  Random random(3, "image");
  Bytes image(static_cast<std::size_t>(spec::elementCount(shape)));
  for (auto& value : image) value = static_cast<std::uint8_t>(random.below(256));
  return image;
}

Bytes seen(const Augmenter& augmenter, const Bytes& image, std::uint32_t row, std::int64_t step) {
  Augmenter::Workspace space;
  Bytes out(image.size(), 77);
  augmenter.image(image.data(), row, step, out.data(), space);
  return out;
}

/// To compare in a set.
std::string textOf(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

constexpr int draws = 4000;

}  // namespace

LATHE_TEST("augmentation: presets are single settings, none changes nothing") {
  CHECK(!spec::augments({}));
  CHECK(!spec::augments(named("auto")));
  CHECK(!spec::augments(custom([](auto&) {})));
  for (const char* name : {"light", "standard", "trivial"}) CHECK(spec::augments(named(name)));
  // Safe for digits and letters: nothing is mirrored.
  CHECK(!spec::augmentSettings(named("light")).horizontalFlip);
  CHECK(!spec::augmentSettings(named("trivial")).horizontalFlip);
  CHECK(spec::augmentSettings(named("standard")).horizontalFlip);
  auto off = named("none");
  off.erasing = off.mixup = 1;
  CHECK(!spec::augments(off));
  CHECK(!spec::mixesLabels(off));
  auto joined = named("light");
  joined.rotation = 90;  // counts for custom only
  joined.cutmix = 1;
  CHECK(spec::mixesLabels(joined));
  CHECK_EQ(spec::augmentSettings(joined).cutmix, 1.0);
  CHECK(spec::augmentSettings(joined).rotation < 20);
}

LATHE_TEST("augmentation: the same seed, step and row see the same, any other one something else") {
  const spec::Shape shape{3, 16, 20};
  const auto image = noise(shape);
  const Augmenter first(everything(), shape, 5);
  const Augmenter again(everything(), shape, 5);
  const Augmenter other(everything(), shape, 6);
  std::set<std::string> different;
  for (std::uint32_t row = 0; row < 5; ++row)
    for (std::int64_t step = 1; step <= 5; ++step) {
      const auto out = seen(first, image, row, step);
      CHECK(out == seen(again, image, row, step));
      CHECK(out != seen(other, image, row, step));
      different.insert(textOf(out));
    }
  CHECK_EQ(different.size(), std::size_t{25});
}

LATHE_TEST("augmentation: a mirror image comes every other time, and exactly") {
  const spec::Shape shape{1, 3, 4};
  const auto image = noise(shape);
  const Augmenter augmenter(custom([](auto& spec) { spec.horizontalFlip = true; }), shape, 1);
  Bytes mirrored;
  for (int y = 0; y < 3; ++y)
    for (int x = 3; x >= 0; --x) mirrored.push_back(image[static_cast<std::size_t>(y * 4 + x)]);
  int count = 0;
  for (int step = 1; step <= draws; ++step) {
    const auto out = seen(augmenter, image, 7, step);
    CHECK(out == image || out == mirrored);
    count += out == mirrored ? 1 : 0;
  }
  // Three standard deviations of a fair coin.
  CHECK(std::abs(count - draws / 2) < 3 * std::sqrt(draws) / 2);
}

LATHE_TEST("augmentation: a padded crop takes every place, each about as often") {
  const spec::Shape shape{1, 16, 16};
  Bytes image(256, 0);
  image[8 * 16 + 8] = 255;
  const Augmenter augmenter(custom([](auto& spec) { spec.shift = 0.125; }), shape, 1);
  std::map<std::size_t, int> places;
  for (int step = 1; step <= draws; ++step) {
    const auto out = seen(augmenter, image, 0, step);
    REQUIRE(std::count(out.begin(), out.end(), 255) == 1);
    ++places[static_cast<std::size_t>(std::find(out.begin(), out.end(), 255) - out.begin())];
  }
  CHECK_EQ(places.size(), std::size_t{25});  // 2 pixels each way
  for (const auto& [place, count] : places) {
    CHECK(std::abs(int(place / 16) - 8) <= 2 && std::abs(int(place % 16) - 8) <= 2);
    CHECK(std::abs(count - draws / 25) < 5 * std::sqrt(draws / 25));
  }
}

LATHE_TEST("augmentation: an image upside down comes every other time, and exactly") {
  const Bytes image{1, 2, 3, 4, 5, 6};
  const Bytes turned{4, 5, 6, 1, 2, 3};
  const Augmenter augmenter(custom([](auto& spec) { spec.verticalFlip = true; }), {1, 2, 3}, 5);
  int count = 0;
  for (int step = 1; step <= draws; ++step) {
    const auto out = seen(augmenter, image, 3, step);
    REQUIRE(out == image || out == turned);
    count += out == turned ? 1 : 0;
  }
  CHECK(std::abs(count - draws / 2) < 4 * std::sqrt(draws / 4.0));
}

LATHE_TEST("augmentation: a turn goes either way and no further than asked") {
  // A bar from the middle to the right tells the angle by where its end lands.
  constexpr int side = 41;
  constexpr int middle = side / 2;
  Bytes image(side * side, 0);
  for (int x = middle; x < side - 2; ++x) image[middle * side + x] = 255;
  const Augmenter augmenter(custom([](auto& spec) { spec.rotation = 40; }), {1, side, side}, 5);
  double least = 0, most = 0;
  for (int step = 1; step <= 500; ++step) {
    const auto out = seen(augmenter, image, 0, step);
    double weight = 0, x = 0, y = 0;
    for (int row = 0; row < side; ++row)
      for (int column = 0; column < side; ++column) {
        const double value = out[static_cast<std::size_t>(row * side + column)];
        weight += value;
        x += value * (column - middle);
        y += value * (row - middle);
      }
    REQUIRE(weight > 0);
    const double angle = std::atan2(y, x) * 180 / 3.14159265358979;
    least = std::min(least, angle);
    most = std::max(most, angle);
  }
  CHECK(least > -41.5 && least < -35);
  CHECK(most < 41.5 && most > 35);
}

LATHE_TEST("augmentation: a zoom enlarges and shrinks, no further than asked") {
  constexpr int side = 40;
  Bytes image(side * side, 0);
  for (int y = 10; y < 30; ++y)
    for (int x = 10; x < 30; ++x) image[static_cast<std::size_t>(y * side + x)] = 200;
  const Augmenter augmenter(custom([](auto& spec) { spec.scale = 0.3; }), {1, side, side}, 5);
  double least = 10, most = 0;
  for (int step = 1; step <= 500; ++step) {
    const auto out = seen(augmenter, image, 0, step);
    double sum = 0;
    for (const auto value : out) sum += value;
    const double factor = std::sqrt(sum / (200.0 * 400));
    least = std::min(least, factor);
    most = std::max(most, factor);
  }
  CHECK(least > 0.68 && least < 0.75);
  CHECK(most < 1.32 && most > 1.25);
}

LATHE_TEST(
    "augmentation: brightness, contrast, saturation and hue change that and nothing else, within their factors") {
  // Three pixels of one colour and one of another: [C,H,W].
  const Bytes image{100, 100, 100, 60, 80, 80, 80, 60, 40, 40, 40, 60};
  const spec::Shape shape{3, 2, 2};
  const auto rangeOf = [&](const auto& set, const std::function<double(const Bytes&)>& measure) {
    const Augmenter augmenter(custom(set), shape, 5);
    double least = 1e9, most = -1e9;
    for (int step = 1; step <= 1000; ++step) {
      const double value = measure(seen(augmenter, image, 0, step));
      least = std::min(least, value);
      most = std::max(most, value);
    }
    return std::pair(least, most);
  };
  const auto near = [](double value, double wanted) { return std::abs(value - wanted) < 0.03 * std::abs(wanted) + 1; };
  // Brightness: the first byte from 100 x 0.6 to 100 x 1.4, all by the same factor.
  const auto bright = rangeOf([](auto& spec) { spec.brightness = 0.4; },
                              [&](const Bytes& out) {
                                CHECK(std::abs(out[0] * 0.4 - out[8]) <= 1);
                                return static_cast<double>(out[0]);
                              });
  CHECK(near(bright.first, 60));
  CHECK(near(bright.second, 140));
  // Contrast: the difference of the two colours in one channel, 40, from 24 to 56.
  const auto contrast = rangeOf([](auto& spec) { spec.contrast = 0.4; },
                                [](const Bytes& out) { return static_cast<double>(out[0]) - out[3]; });
  CHECK(near(contrast.first, 24));
  CHECK(near(contrast.second, 56));
  // Saturation: the difference of two channels, 60, from 36 to 84; the grey pixel stays.
  const auto colour = rangeOf([](auto& spec) { spec.saturation = 0.4; },
                              [](const Bytes& out) {
                                for (const int channel : {3, 7, 11})
                                  CHECK(std::abs(out[static_cast<std::size_t>(channel)] - 60) <= 1);
                                return static_cast<double>(out[0]) - out[8];
                              });
  CHECK(near(colour.first, 36));
  CHECK(near(colour.second, 84));
  // Hue: the colour (100, 80, 40) lies at 40 degrees; 0.1 of the circle either way reaches from 4 to 76, where green
  // has become the strongest. Strongest and weakest stay, and so does the grey pixel.
  const auto hue = rangeOf([](auto& spec) { spec.hue = 0.1; },
                           [](const Bytes& out) {
                             for (const int channel : {3, 7, 11}) CHECK(out[static_cast<std::size_t>(channel)] == 60);
                             CHECK(std::max(out[0], out[4]) == 100 && out[8] == 40);
                             return static_cast<double>(out[4]) - out[0];
                           });
  CHECK(near(hue.first, -56));
  CHECK(near(hue.second, 16));
}

LATHE_TEST("augmentation: erasing takes the asked share of images and a rectangle of the paper's size") {
  const spec::Shape shape{3, 24, 30};
  const Bytes image(3 * 24 * 30, 100);
  const Augmenter augmenter(custom([](auto& spec) { spec.erasing = 0.3; }), shape, 1);
  int erased = 0;
  for (int step = 1; step <= draws; ++step) {
    const auto out = seen(augmenter, image, 0, step);
    if (out == image) continue;
    ++erased;
    int top = 24, bottom = -1, left = 30, right = -1;
    for (int c = 0; c < 3; ++c)
      for (int y = 0; y < 24; ++y)
        for (int x = 0; x < 30; ++x)
          if (out[static_cast<std::size_t>((c * 24 + y) * 30 + x)] != 100) {
            top = std::min(top, y), bottom = std::max(bottom, y);
            left = std::min(left, x), right = std::max(right, x);
          }
    const double area = double(bottom - top + 1) * (right - left + 1) / (24 * 30);
    CHECK(area > 0.01 && area < 0.43);
  }
  CHECK(std::abs(erased - 0.3 * draws) < 3 * std::sqrt(draws * 0.21));
}

LATHE_TEST("augmentation: trivial draws fourteen operations, among them none, at all strengths") {
  const spec::Shape shape{3, 16, 16};
  const auto image = noise(shape);
  const Augmenter augmenter(named("trivial"), shape, 1);
  std::set<std::string> different;
  int same = 0;
  for (int step = 1; step <= draws; ++step) {
    const auto out = seen(augmenter, image, 0, step);
    same += out == image ? 1 : 0;
    different.insert(textOf(out));
  }
  // Always the identity, sometimes another operation at strength 0; noise has full contrast and is not stretched.
  CHECK(same > draws / 14 && same < draws / 3);
  // Nine operations of 60 strengths, and some of fewer.
  CHECK(different.size() > 450 && different.size() < 700);
}

LATHE_TEST("augmentation: mixup shares follow their Beta distribution") {
  for (const double alpha : {0.1, 0.4, 1.0, 3.0}) {
    const Augmenter augmenter(custom([&](auto& spec) { spec.mixup = alpha; }), {1, 4, 4}, 1);
    double sum = 0;
    double squares = 0;
    Mixing mixing;
    for (int step = 1; step <= draws; ++step) {
      augmenter.drawMixing(step, 6, mixing);
      CHECK(mixing.kind == Mixing::Kind::Mixup);
      CHECK(mixing.share >= 0 && mixing.share <= 1);
      auto places = mixing.partner;
      std::sort(places.begin(), places.end());
      CHECK(places == (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5}));
      sum += mixing.share;
      squares += mixing.share * mixing.share;
    }
    const double mean = sum / draws;
    const double variance = squares / draws - mean * mean;
    CHECK(std::abs(mean - 0.5) < 0.03);
    CHECK(std::abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.015);
  }
}

LATHE_TEST("augmentation: the share of a cutmix is the part that was not pasted over") {
  const spec::Shape shape{2, 12, 7};
  const Augmenter augmenter(custom([](auto& spec) { spec.cutmix = 1; }), shape, 1);
  const Bytes own(2 * 12 * 7, 1);
  const Bytes other(2 * 12 * 7, 2);
  Bytes out(own.size());
  Mixing mixing;
  double sum = 0;
  for (int step = 1; step <= draws; ++step) {
    augmenter.drawMixing(step, 2, mixing);
    CHECK(mixing.kind == Mixing::Kind::Cutmix);
    augmenter.mix(mixing, own.data(), other.data(), out.data());
    const auto kept = static_cast<double>(std::count(out.begin(), out.end(), 1));
    CHECK(std::abs(mixing.share - kept / double(out.size())) < 1e-12);
    sum += mixing.share;
  }
  CHECK(sum / draws > 0.5 && sum / draws < 0.8);  // uniform shares, more when the box is cut at an edge
}

LATHE_TEST("augmentation: the asked part of the batches is mixed, half of them each way") {
  auto spec = custom([](auto& each) {
    each.mixup = each.cutmix = 1;
    each.mixProbability = 0.4;
  });
  const Augmenter augmenter(spec, {1, 8, 8}, 2);
  int none = 0;
  int cut = 0;
  Mixing mixing;
  for (int step = 1; step <= draws; ++step) {
    augmenter.drawMixing(step, 4, mixing);
    none += mixing.kind == Mixing::Kind::None ? 1 : 0;
    cut += mixing.kind == Mixing::Kind::Cutmix ? 1 : 0;
  }
  CHECK(std::abs(none - 0.6 * draws) < 3 * std::sqrt(draws * 0.24));
  CHECK(std::abs(cut - 0.2 * draws) < 3 * std::sqrt(draws * 0.16));
  augmenter.drawMixing(1, 1, mixing);
  CHECK(mixing.kind == Mixing::Kind::None);  // one image has nobody to be mixed with
}

LATHE_TEST("augmentation: images of one pixel, one channel and any proportions") {
  for (const spec::Shape& shape :
       {spec::Shape{1, 1, 1}, {3, 1, 1}, {1, 1, 9}, {3, 9, 1}, {1, 2, 2}, {4, 5, 3}, {3, 40, 8}})
    for (const auto& spec : {everything(), named("light"), named("standard"), named("trivial")}) {
      const auto image = noise(shape);
      const Augmenter augmenter(spec, shape, 9);
      Mixing mixing;
      for (int step = 1; step <= 200; ++step) {
        const auto out = seen(augmenter, image, 1, step);
        CHECK(out == seen(augmenter, image, 1, step));
        augmenter.drawMixing(step, 3, mixing);
        if (mixing.kind == Mixing::Kind::None) continue;
        Bytes mixed(image.size());
        augmenter.mix(mixing, image.data(), out.data(), mixed.data());
        for (std::size_t i = 0; i < mixed.size(); ++i)
          CHECK(mixed[i] >= std::min(image[i], out[i]) && mixed[i] <= std::max(image[i], out[i]));
      }
    }
}
