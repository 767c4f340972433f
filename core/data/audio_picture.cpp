// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numbers>
#include <opencv2/core.hpp>

#include "core/data/audio_clips.h"
#include "core/spec/mel.h"

namespace lathe::data {
namespace {

constexpr double windowSeconds = 0.025;
constexpr double lowestPitch = 20;  // Hz
constexpr double range = 80;        // dB

// Windows that begin equally far from each other, one a row.
cv::Mat windowsOf(std::span<const std::int16_t> clip, int width, int window) {
  cv::Mat rows = cv::Mat::zeros(width, window, CV_32F);
  const auto length = static_cast<std::int64_t>(clip.size());
  const std::int64_t room = std::max<std::int64_t>(0, length - window);
  for (int x = 0; x < width; ++x) {
    const std::int64_t first = room * x / std::max(1, width - 1);
    float* row = rows.ptr<float>(x);
    for (std::int64_t n = 0; n < std::min<std::int64_t>(window, length - first); ++n) {
      const double hann = 0.5 - 0.5 * std::cos(2 * std::numbers::pi * static_cast<double>(n) / window);
      row[n] = static_cast<float>(hann) * static_cast<float>(clip[static_cast<std::size_t>(first + n)]) / fullScale;
    }
  }
  return rows;
}

}  // namespace

std::vector<std::uint8_t> clipPicture(std::span<const std::int16_t> clip, int rate, int height, int width) {
  const int window = cv::getOptimalDFTSize(std::max(16, static_cast<int>(std::lround(windowSeconds * rate)))) / 2 * 2;
  spec::MelForm form{rate, window, 1, height, lowestPitch, static_cast<double>(rate) / 2};
  form.low = std::min(form.low, form.high / 4);
  cv::Mat spectrum;
  cv::dft(windowsOf(clip, width, window), spectrum, cv::DFT_ROWS | cv::DFT_COMPLEX_OUTPUT);
  const auto bins = static_cast<int>(form.bins());
  cv::Mat power(width, bins, CV_32F);
  for (int x = 0; x < width; ++x)
    for (int k = 0; k < bins; ++k) {
      const auto& value = spectrum.at<cv::Vec2f>(x, k);
      power.at<float>(x, k) = value[0] * value[0] + value[1] * value[1];
    }
  auto filters = spec::melFilters(form);
  const cv::Mat bank(height, bins, CV_32F, filters.data());
  const cv::Mat mel = bank * power.t();
  double loudest = 0;
  cv::minMaxLoc(mel, nullptr, &loudest);
  std::vector<std::uint8_t> picture(static_cast<std::size_t>(height) * static_cast<std::size_t>(width), 0);
  if (!(loudest > 0)) return picture;
  for (int m = 0; m < height; ++m) {
    std::uint8_t* const row = &picture[static_cast<std::size_t>(height - 1 - m) * static_cast<std::size_t>(width)];
    for (int x = 0; x < width; ++x) {
      const double decibels = 10 * std::log10(std::max(mel.at<float>(m, x) / loudest, 1e-30)) + range;
      row[x] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(decibels / range, 0.0, 1.0)));
    }
  }
  return picture;
}

}  // namespace lathe::data
