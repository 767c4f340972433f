#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long do a thousand trials of a small network take? lathe-cli search against Optuna with PyTorch, whole processes.

throughput.py [--lathe build/release/bin/lathe-cli] [--trials 1000] [--peers people,tuned] [--peer-trials 1000]
              [--sampler tpe] [--repeats 1]

Digits (scikit-learn's copy), an MLP of 64-64-64-10, batches of 36, at most 200 steps (5 epochs) a trial, ASHA with eta 3
from the first epoch on (rungs 1, 3 and 5 on both sides); learning rate and weight decay are searched. Both sides train and
validate on the same rows, at a constant rate, and begin each trial with the repeat's seed, which has much to do with the
best value that can be found. The last column is the ratio of the times at which both sides had come within 2 % of the
worse one of their two best values, whole commands again, for each repeat. Both sides have two cores: two workers here, two
processes of one thread there, on one study. `people`: DataLoader, SQLite, as the tutorials write it; `tuned`: batches by
indexing, JournalFileStorage. Seconds are of the whole command, reading the data and all else included. A side that is
given fewer trials (--peer-trials) is scaled by their number, and the table says so.
"""
import argparse
import csv
import datetime
import gzip
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

SPACE = {"parameters": [
    {"name": "training.optimizer.lr", "type": "float", "low": 1e-4, "high": 1e-1, "log": True},
    {"name": "training.optimizer.weight_decay", "type": "float", "low": 1e-6, "high": 1e-1, "log": True}]}
EPOCHS, BATCH = 5, 36


def digits_file(folder):
    """The rows in a random order that a column tells: both sides train on the same 80 % and validate on the same 10 %."""
    import sklearn
    source = pathlib.Path(sklearn.__file__).parent / "datasets/data/digits.csv.gz"
    target = folder / "digits.csv"
    with gzip.open(source, "rt") as lines, open(target, "w") as out:
        rows = list(csv.reader(lines))
        random.Random(0).shuffle(rows)
        out.write(",".join(["order"] + [f"p{i}" for i in range(64)] + ["digit"]) + "\n")
        for order, row in enumerate(rows):
            out.write(",".join([str(order)] + [str(int(float(value))) for value in row]) + "\n")
    return target


def lathe(arguments, folder, data, seed):
    (folder / "space.json").write_text(json.dumps(SPACE))
    project = folder / "p.lathe"
    shutil.rmtree(project, ignore_errors=True)
    command = [os.path.abspath(arguments.lathe), "search", "--data", str(data), "--target", "digit", "--time", "order",
               "--set", "data.split.train=0.8", "--set", "data.split.validation=0.1", "--set", "data.split.test=0.1",
               "--model", "mlp",
               "--set", "model.hidden=[64,64]", "--set", "model.dropout=0", "--optimizer",
               "adamw", "--set", "training.schedule.name=constant", "--batch-size", str(BATCH), "--epochs", str(EPOCHS), "--metric", "val/loss", "--space",
               str(folder / "space.json"), "--sampler", arguments.sampler, "--pruner", "asha", "--min-epochs", "1",
               "--trials", str(arguments.trials), "--workers", "2", "--confirm-seeds", "1", "--seed", str(seed), "--project", str(project),
               "--json"]
    begin, clock = time.perf_counter(), time.time()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - begin
    if done.returncode:
        sys.exit(done.stderr)
    told = json.loads(done.stdout)
    return {"seconds": seconds, "best": told["best"]["value"], "trials": told["trials"], "pruned": told["pruned"],
            "curve": best_so_far(arguments, project, clock)}


def best_so_far(arguments, project, begin):
    """(seconds since the command began, best value) whenever it improved."""
    shown = json.loads(subprocess.run([os.path.abspath(arguments.lathe), "study", "show", "1", "--project", str(project),
                                       "--json"], capture_output=True, text=True, check=True).stdout)
    at = lambda text: datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    return improvements((at(t["ended"]) - begin, t["values"]["val/loss"]) for t in shown["list"] if t["status"] == "completed")


def improvements(ended):
    curve, best = [], float("inf")
    for seconds, value in sorted(ended):
        if value < best:
            best = value
            curve.append((seconds, best))
    return curve


def peer(arguments, folder, data, kind, seed):
    storage = folder / "peer.storage"
    for old in folder.glob("peer.storage*"):
        old.unlink()
    here = str(pathlib.Path(__file__).with_name("throughput_peer.py"))
    command = [sys.executable, here, kind, str(storage), str(data), str(arguments.peer_trials), arguments.sampler,
               str(seed)]
    environment = {k: v for k, v in os.environ.items() if k != "OPENBLAS_CORETYPE"}
    begin, clock = time.perf_counter(), time.time()
    subprocess.run(command + ["create"], check=True, env=environment)
    workers = [subprocess.Popen(command + [str(i)], env=environment) for i in range(2)]
    if any([worker.wait() for worker in workers]):
        return None
    seconds = time.perf_counter() - begin
    told = json.loads(subprocess.run(command + ["show"], check=True, capture_output=True, text=True).stdout)
    told["curve"] = improvements((ended - clock, value) for ended, value in told.pop("ended"))
    return {"seconds": seconds, **told}


def reached(curve, value):
    return next((seconds for seconds, best in curve if best <= value), None)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--peer-trials", type=int, default=1000)
    parser.add_argument("--peers", default="people,tuned")
    parser.add_argument("--sampler", default="tpe")
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        data = digits_file(folder)
        ours, theirs = [], {}
        for seed in range(arguments.repeats):
            ours.append(lathe(arguments, folder, data, seed))
            for kind in filter(None, arguments.peers.split(",")):
                # Optuna's journal is sometimes read while half a line of it is written, which ends a process.
                done = next(filter(None, (peer(arguments, folder, data, kind, seed) for _ in range(5))), None)
                theirs.setdefault(kind, []).append(done or sys.exit(f"the peer {kind} failed five times"))
        processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
        print(f"Processor: {processor}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; sampler {arguments.sampler}\n")
        print("| side | trials | pruned | seconds | ms a trial | best val/loss | ratio of time | to the same value |")
        print("|---|---|---|---|---|---|---|---|")
        mine = statistics.median(each["seconds"] for each in ours)
        last = ours[-1]
        best = statistics.median(each["best"] for each in ours)
        print(f"| lathe-cli | {last['trials']} | {last['pruned']} | {mine:.1f} | {1e3 * mine / last['trials']:.1f} | "
              f"{best:.4f} | 1 | 1 |")
        for kind, runs in theirs.items():
            seconds = statistics.median(each["seconds"] for each in runs)
            whole = seconds * arguments.trials / arguments.peer_trials
            other = runs[-1]
            best = statistics.median(each["best"] for each in runs)
            ratios = []
            for one, two in zip(ours, runs):
                level = 1.02 * max(one["best"], two["best"])
                ratios.append(reached(two["curve"], level) / reached(one["curve"], level))
            print(f"| Optuna + PyTorch, {kind} | {other['trials']} | {other['pruned']} | {seconds:.1f} | "
                  f"{1e3 * seconds / other['trials']:.1f} | {best:.4f} | {whole / mine:.1f} | "
                  f"{', '.join(f'{ratio:.1f}' for ratio in sorted(ratios))} |")


main()
