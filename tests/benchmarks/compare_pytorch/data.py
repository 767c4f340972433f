# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that both sides train on, made from a seed: a table of numbers with a class, as a CSV or as arrays."""
import csv
import random

CLASSES = 10


def rows(count, columns, seed=1):
    """Numbers of a standard normal, and a class that depends on them."""
    generator = random.Random(seed)
    weights = [[generator.gauss(0, 1) for _ in range(columns)] for _ in range(CLASSES)]
    for _ in range(count):
        values = [generator.gauss(0, 1) for _ in range(columns)]
        scores = [sum(w * v for w, v in zip(weight, values)) for weight in weights]
        yield values, scores.index(max(scores))


def write(path, count, columns):
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([f"x{i}" for i in range(columns)] + ["y"])
        for values, label in rows(count, columns):
            writer.writerow([f"{value:.6f}" for value in values] + [f"c{label}"])
