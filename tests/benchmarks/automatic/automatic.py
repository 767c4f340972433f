#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does the automatic choice earn its keep? Against the best of 14 hand-picked settings, chosen on validation.

automatic.py [--lathe build/release/bin/lathe-cli] [--tables digits,wine,...] [--repeats 5] [--epochs 20]
             [--fashion FOLDER] [--seeds 3] [--partial FILE] [--jobs 2]

Tables of scikit-learn (run with an interpreter that has it), repeated 5-fold: Lathe gets the training fold as its data
and the held-out fold by --test, which it scores once. By hand: adam with lr 1e-4 to 1e-2 and sgd with lr 1e-3 to 1e-1
and momentum 0, 0.9, 0.99, the best by val/loss of the same run. Everything else is the default on both sides, the
epochs too. Prints mean test log loss (rmse) of both, the difference with its standard error over the folds, and the
time of choosing. What is in the partial file is not trained again.
"""
import argparse
import concurrent.futures
import csv
import json
import pathlib
import statistics
import subprocess
import tempfile

HANDS = [("adam", lr, None) for lr in ("1e-4", "3e-4", "1e-3", "3e-3", "1e-2")] + [
    ("sgd", lr, momentum) for lr in ("1e-3", "1e-2", "1e-1") for momentum in ("0", "0.9", "0.99")]


def load(name):
    from sklearn import datasets
    found = getattr(datasets, f"load_{name}")()
    return found.data, found.target, name != "diabetes"


def write(path, data, target, rows, classification):
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow([f"c{i}" for i in range(data.shape[1])] + ["y"])
        for row in rows:
            label = f"k{target[row]}" if classification else repr(float(target[row]))
            out.writerow([repr(float(value)) for value in data[row]] + [label])


def train(lathe, flags, threads):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([lathe, "--project", f"{folder}/p.lathe", "train", "--json", *flags, "--threads",
                               str(threads)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return None  # diverged: a setting that nobody would take
    return json.loads(done.stdout)


def settings(hand):
    if hand is None:
        return []
    name, rate, momentum = hand
    more = ["--set", f"training.optimizer.momentum={momentum}"] if momentum else []
    return ["--optimizer", name, "--lr", rate, *more]


def compare(lathe, flags, metric, threads):
    """Test score of the automatic and of the best by hand; seconds of both."""
    automatic = train(lathe, [*flags, *settings(None)], threads)
    results = [(train(lathe, [*flags, *settings(hand)], threads), hand) for hand in HANDS]
    results = [(result, hand) for result, hand in results if result]
    best, hand = min(results, key=lambda each: each[0]["metrics"]["val/loss"])
    return {"automatic": automatic["metrics"][metric], "hand": best["metrics"][metric], "which": hand,
            "seconds": automatic["seconds"], "hand_seconds": best["seconds"]}


def table_jobs(arguments, name, folder):
    from sklearn.model_selection import KFold, StratifiedKFold
    data, target, classification = load(name)
    for repeat in range(arguments.repeats):
        kind = StratifiedKFold if classification else KFold
        for fold, (fit, held) in enumerate(kind(5, shuffle=True, random_state=repeat).split(data, target)):
            first, second = f"{folder}/{name}-{repeat}-{fold}.csv", f"{folder}/{name}-{repeat}-{fold}-test.csv"
            write(first, data, target, fit, classification)
            write(second, data, target, held, classification)
            flags = ["--data", first, "--test", second, "--target", "y", "--epochs", str(arguments.epochs), "--seed",
                     str(repeat)]
            yield f"{name} {repeat} {fold} {arguments.epochs}", flags, (
                "test/log_loss" if classification else "test/rmse")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--tables", default="digits,wine,breast_cancer,diabetes")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--fashion")
    parser.add_argument("--fashion-epochs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--partial")
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    lathe = str(pathlib.Path(arguments.lathe).resolve())
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if partial and partial.exists() else {}

    def keep(key, value):
        known[key] = value
        if partial:
            partial.write_text(json.dumps(known, indent=1))

    with tempfile.TemporaryDirectory() as folder:
        jobs = [job for name in arguments.tables.split(",") if name for job in table_jobs(arguments, name, folder)]
        with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
            waiting = {pool.submit(compare, lathe, flags, metric, 1): key for key, flags, metric in jobs
                       if key not in known}
            for done in concurrent.futures.as_completed(waiting):
                keep(waiting[done], done.result())
    if arguments.fashion:
        for seed in range(arguments.seeds):
            key = f"fashion {seed} 0 {arguments.fashion_epochs}"
            if key not in known:
                keep(key, compare(lathe, ["--data", arguments.fashion, "--epochs", str(arguments.fashion_epochs),
                                          "--seed", str(seed)], "test/log_loss", 2))
    names = sorted({key.split()[0] for key in known})
    print(f"{'data':16}{'automatic':>11}{'by hand':>11}{'difference':>12}{'std. error':>12}{'seconds':>9}{'by hand':>9}")
    for name in names:
        rows = [value for key, value in known.items() if key.split()[0] == name]
        differences = [row["automatic"] - row["hand"] for row in rows]
        error = statistics.stdev(differences) / len(rows) ** 0.5 if len(rows) > 1 else float("nan")
        mean = {what: statistics.mean(row[what] for row in rows)
                for what in ("automatic", "hand", "seconds", "hand_seconds")}
        verdict = "" if not error == error or statistics.mean(differences) <= error else "  worse"
        print(f"{name:16}{mean['automatic']:11.5f}{mean['hand']:11.5f}{statistics.mean(differences):+12.5f}{error:12.5f}"
              f"{mean['seconds']:9.2f}{mean['hand_seconds']:9.2f}{verdict}")


if __name__ == "__main__":
    main()
