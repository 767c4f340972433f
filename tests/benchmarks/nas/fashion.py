#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Architecture search on Fashion-MNIST against random search in the same space, training and time.

    fashion.py LATHE_CLI FOLDER [--time 30m] [--data /usr/share/datasets/fashion-mnist] [--seed N]

Both searches run one after the other, each with the whole time and both cores. What is in FOLDER is gone on with, so it
may be interrupted at any moment. At the end: test accuracy of each winner with its 95 % interval (Wilson 1927), and the
difference on the same test rows with its interval (McNemar's pairs); an interval that holds 0 is called a tie."""
import argparse
import csv
import json
import math
import pathlib
import subprocess
import sys

FLAGS = ["--space", "cells", "--metric", "val/accuracy", "--epochs", "1", "--final-epochs", "30", "--batch-size", "128",
         "--optimizer", "adamw", "--lr", "0.003", "--max-flops", "40M", "--confirm-top", "1", "--confirm-seeds", "2",
         "--set", "training.schedule.name=one_cycle", "--set", "training.augment.name=standard"]


def lathe(cli, *arguments):
    done = subprocess.run([cli, "--json", *arguments], stdout=subprocess.PIPE)
    if not done.stdout:
        sys.exit(f"{' '.join(arguments)} printed nothing (exit {done.returncode})")
    return json.loads(done.stdout)


def search(args, method):
    project = str(args.folder / f"{method}.lathe")
    if not pathlib.Path(project, "store.sqlite3").exists():
        return lathe(args.cli, "nas", "--data", args.data, "--method", method, "--timeout", args.time, "--seed",
                     str(args.seed), "--workers", "2", "--project", project, *FLAGS)
    found = lathe(args.cli, "study", "show", "1", "--project", project)
    if found["status"] == "completed":
        return found
    return lathe(args.cli, "study", "resume", "1", "--project", project)


def wilson(right, n, z=1.96):
    p = right / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return middle - half, middle + half


def predictions(args, method, run):
    out = args.folder / f"{method}.csv"
    lathe(args.cli, "predict", str(run), "--data", args.data, "--split", "test", "--out", str(out), "--project",
          str(args.folder / f"{method}.lathe"))
    with open(out, newline="") as file:
        return [row["prediction"] for row in csv.DictReader(file)]


def labels(data):
    import gzip
    for name in ("t10k-labels-idx1-ubyte.gz", "t10k-labels-idx1-ubyte"):
        path = pathlib.Path(data, name)
        if path.exists():
            raw = (gzip.open if name.endswith("gz") else open)(path, "rb").read()
            return [str(value) for value in raw[8:]]
    sys.exit("the data bring no test labels")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cli")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--time", default="30m")
    parser.add_argument("--data", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    truth = labels(args.data)
    result, right = {}, {}
    for method in ("evolution", "random"):
        found = search(args, method)
        if found.get("status") != "completed":
            sys.exit(f"{method}: {found.get('error', found.get('status'))}")
        predicted = predictions(args, method, found["best"]["run"])
        right[method] = [a == b for a, b in zip(predicted, truth)]
        count = sum(right[method])
        low, high = wilson(count, len(truth))
        result[method] = {"test_accuracy": count / len(truth), "low": low, "high": high, "trials": found["trials"],
                          "seconds": found["seconds"], "parameters": found["parameters"], "flops": found["flops"],
                          "latency_ms": found["latency_ms"]}
    n = len(truth)
    gains = [int(a) - int(b) for a, b in zip(right["evolution"], right["random"])]
    mean = sum(gains) / n
    half = 1.96 * math.sqrt(sum((g - mean) ** 2 for g in gains)) / n
    result["difference"] = {"mean": mean, "low": mean - half, "high": mean + half,
                            "verdict": "tie" if mean - half <= 0 <= mean + half
                            else "evolution" if mean > 0 else "random"}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
