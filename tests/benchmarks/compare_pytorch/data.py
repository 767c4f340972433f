# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that all sides train on, made from a seed, and how the peers read them."""
import csv
import gzip
import math
import random

import numpy as np

CLASSES = 10


def write(path, count, columns, seed=1):
    """Numbers of a standard normal, and a class that depends on them."""
    generator = np.random.default_rng(seed)
    weights = generator.standard_normal((columns, CLASSES))
    with open(path, "w") as file:
        file.write(",".join(f"x{i}" for i in range(columns)) + ",y\n")
        for first in range(0, count, 10000):
            values = generator.standard_normal((min(10000, count - first), columns))
            for row, label in zip(values, (values @ weights).argmax(1)):
                file.write(",".join("%.6f" % value for value in row) + f",c{label}\n")


def write_series(path, count, seed=1):
    """Eight waves with noise; the last one is asked for."""
    generator = random.Random(seed)
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["t", *[f"x{k}" for k in range(7)], "y"])
        for i in range(count):
            waves = [math.sin(i * 0.01 * (k + 1)) for k in range(7)] + [math.sin(i * 0.05) * math.sin(i * 0.007)]
            writer.writerow([i, *[f"{wave + 0.1 * generator.gauss(0, 1):.5f}" for wave in waves]])


def read(path):
    with open(path) as file:
        return list(csv.reader(file))[1:]


def scaled(x):
    return (x - x.mean(0)) / x.std(0)


def table(path):
    """[N,F] standardised, and classes."""
    lines = read(path)
    x = np.array([line[:-1] for line in lines], dtype=np.float32)
    return scaled(x), np.array([int(line[-1][1:]) for line in lines])


def windows(path, length):
    """[N,T,F] standardised, and the value behind each window."""
    x = scaled(np.array([line[1:] for line in read(path)], dtype=np.float32))
    return np.stack([x[i : i + length] for i in range(len(x) - length)]), x[length:, -1].copy()


def images(folder):
    """Fashion-MNIST as bytes, [N,28,28], and its classes."""
    def bytes_of(name, skip):
        with gzip.open(folder / name) as file:
            return np.frombuffer(file.read(), dtype=np.uint8)[skip:]

    labels = bytes_of("train-labels-idx1-ubyte.gz", 8)
    return bytes_of("train-images-idx3-ubyte.gz", 16).reshape(len(labels), 28, 28), labels.astype(np.int64)


def trials():
    """Width and depth of 32 different perceptrons."""
    return [(round(16 * 16 ** (i / 31)), 1 + i % 4) for i in range(32)]
