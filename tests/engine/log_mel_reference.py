#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the numbers that test_log_mel.cpp expects, from NumPy's FFT and the formulas that torchaudio documents
(functional.melscale_fbanks with mel_scale="htk" and norm=None, Spectrogram with power=2 and center=False)."""
import numpy as np

RATE, WINDOW, HOP, MELS, LOW, HIGH = 8000, 200, 80, 16, 20.0, 4000.0

n = np.arange(2000)
turn = 2 * np.pi * n / RATE
sound = 0.5 * np.sin(440 * turn) + np.where(n >= 1000, 0.25 * np.sin(1600 * turn), 0)
sound = np.round(sound * 32768) / 32768  # clips are kept as 16 bits


def htk(hertz):
    return 2595 * np.log10(1 + hertz / 700)


edges = 700 * (10 ** (np.linspace(htk(LOW), htk(HIGH), MELS + 2) / 2595) - 1)
bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
rising = (bins[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
falling = (edges[2:, None] - bins[None]) / np.diff(edges)[1:, None]
bank = np.maximum(0, np.minimum(rising, falling))

hann = np.sin(np.pi * np.arange(WINDOW) / WINDOW) ** 2
frames = np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]
power = np.abs(np.fft.rfft(frames * hann) * 2 / hann.sum()) ** 2
mel = bank @ power.T

absolute = np.log(mel + 1e-8)
relative = np.log(mel / (np.mean(sound**2) + 1e-10) + 1e-6)
relative = (relative - relative.mean()) / (relative.std() + 1e-2)
print("columns", mel.shape[1], "bands without a bin", int((bank.sum(1) == 0).sum()))
for name, picture in (("none", absolute), ("clip", relative)):
    print(name)
    for band, frame in ((3, 0), (4, 5), (9, 20), (10, 12), (2, 0), (8, 12), (0, 0), (15, 22)):
        print(f'{{{band}, {frame}, {picture[band, frame]:.9f}}},')
