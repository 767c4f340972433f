// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

/// The fixed numbers of a log-mel front end.
namespace lathe::spec {

/// Sizes of a short-time Fourier transform and its bank of filters.
struct MelForm {
  std::int64_t rate = 16000;  ///< Hz
  std::int64_t window = 400;  ///< samples
  std::int64_t hop = 160;     ///< samples
  std::int64_t mels = 64;
  double low = 20;     ///< Hz
  double high = 8000;  ///< Hz
  [[nodiscard]] std::int64_t bins() const { return window / 2 + 1; }
  /// Whole windows that fit; 0 when not even one does.
  [[nodiscard]] std::int64_t frames(std::int64_t samples) const {
    return samples < window ? 0 : 1 + (samples - window) / hop;
  }
};

/// The windowed transform as correlations: [2 bins, 1, window], cosines first, then sines. Hann's window (periodic),
/// scaled so that a sine of amplitude a gives the power a^2 in its bin.
[[nodiscard]] std::vector<float> fourierBasis(const MelForm& form);
/// Triangles of height 1 that overlap by half, equally spaced on the mel scale 2595 log10(1 + f / 700) (O'Shaughnessy
/// 1987, as HTK and torchaudio have it): [mels, bins]. A triangle too narrow for any bin takes the nearest one.
[[nodiscard]] std::vector<float> melFilters(const MelForm& form);

}  // namespace lathe::spec
