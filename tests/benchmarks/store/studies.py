#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What does the bookkeeping of a trial cost? Six floats, a trivial objective, the random sampler, everything committed.

studies.py [--bench build/release/bin/bench_studies] [--trials 1000] [--peer-trials 100] [--repeats 3]
           [--processes 32 --seconds 60]

Beside ours, where it can be imported, Optuna in memory, on SQLite and on its journal file. Then, with --processes, so
many processes write trials of one study of ours: none may be lost, none may fail.
"""
import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time


def ours(arguments):
    told = [json.loads(subprocess.run([arguments.bench, str(arguments.trials)], check=True, capture_output=True,
                                      text=True).stdout) for _ in range(arguments.repeats)]
    return statistics.median(each["ms_a_trial"] for each in told)


def optuna_storage(kind, folder):
    if kind == "memory":
        return None
    if kind == "sqlite":
        return f"sqlite:///{folder}/o.sqlite3"
    from optuna import storages
    backend = getattr(getattr(storages, "journal", None), "JournalFileBackend", None) or storages.JournalFileStorage
    return storages.JournalStorage(backend(f"{folder}/o.journal"))


def peer(arguments, kind):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    times = []
    for _ in range(arguments.repeats):
        with tempfile.TemporaryDirectory() as folder:
            study = optuna.create_study(storage=optuna_storage(kind, folder), sampler=optuna.samplers.RandomSampler(seed=0))
            begin = time.perf_counter()
            study.optimize(lambda trial: sum((trial.suggest_float(name, 0, 1) - 0.3) ** 2 for name in "abcdef"),
                           n_trials=arguments.peer_trials)
            times.append(1e3 * (time.perf_counter() - begin) / arguments.peer_trials)
    return statistics.median(times), optuna.__version__


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", default="build/release/bin/bench_studies")
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--peer-trials", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--processes", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    print(f"Processor: {processor}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| store | ms a trial | seconds for 1000 | ratio |\n|---|---|---|---|")
    mine = ours(arguments)
    print(f"| Lathe, SQLite, one commit a trial | {mine:.3f} | {mine:.3f} | 1 |")
    for kind in ("memory", "sqlite", "journal"):
        try:
            milliseconds, version = peer(arguments, kind)
        except ImportError as error:
            print(f"| Optuna, {kind} | left out: {error} | | |")
            continue
        print(f"| Optuna {version}, {kind} | {milliseconds:.2f} | {milliseconds:.1f} | {milliseconds / mine:.0f} |")
    if arguments.processes:
        done = subprocess.run([arguments.bench, "--processes", str(arguments.processes), str(arguments.seconds)],
                              capture_output=True, text=True)
        print("\n" + done.stdout.strip() + done.stderr.strip())
        raise SystemExit(done.returncode)


main()
