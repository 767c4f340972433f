# SPDX-License-Identifier: GPL-3.0-or-later
"""What both scripts share: running jobs, the partial file, statistics over seeds, the table."""
import argparse
import json
import os
import pathlib
import platform
import random
import statistics
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import drivers


def arguments_for(parser, problems, samplers, trials, seeds):
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--problems", default=problems, help="comma separated")
    parser.add_argument("--samplers", default=samplers, help="comma separated, FAMILY:NAME")
    parser.add_argument("--trials", type=int, default=trials)
    parser.add_argument("--seeds", type=int, default=seeds)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--peer-python", help="interpreter for the peers; else this one")
    parser.add_argument("--partial", help="file that keeps what was run")
    parser.add_argument("--resume", action="store_true", help="go on from the partial file")
    parser.add_argument("--jobs", type=int, default=1, help="studies at once; times are true with 1 only")
    parser.add_argument("--lathe-flag", action="append", default=[],
                        help="more for lathe-cli, each one; {trials} is replaced")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)


def run(arguments, script, keep):
    """All studies; {(problem, sampler): [kept result a seed]} and {sampler: why it is missing}. `keep` makes what is
    stored of an outcome."""
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if arguments.resume and partial and partial.exists() else {}
    lathe = str(pathlib.Path(arguments.lathe).resolve())
    jobs = [{"problem": problem, "sampler": sampler, "seed": seed, "trials": arguments.trials, "lathe": lathe,
             "flags": arguments.lathe_flag}
            for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds)
            for problem in arguments.problems.split(",") for sampler in arguments.samplers.split(",")]

    def key(job):
        return f"{job['problem']} {job['sampler']} {job['seed']} {job['trials']} {' '.join(job['flags'])}".strip()

    lock, local, children = threading.Lock(), threading.local(), []
    missing, failures = {}, {}
    done = sum(key(job) in known for job in jobs)

    def do(job):
        nonlocal done
        with lock:
            if job["sampler"] in missing:
                return
        if arguments.peer_python and not job["sampler"].startswith("lathe:"):
            if not hasattr(local, "child"):
                local.child = drivers.Child(arguments.peer_python, script)
                with lock:
                    children.append(local.child)
            outcome = local.child.outcome(job)
        else:
            outcome = drivers.outcome(job)
        with lock:
            if "unavailable" in outcome:
                missing[job["sampler"]] = outcome["unavailable"]
                return
            if "failed" in outcome:
                print(f"{key(job)}: {outcome['failed']}", file=sys.stderr)
                failures[job["sampler"]] = failures.get(job["sampler"], 0) + 1
                return
            known[key(job)] = keep(job["problem"], outcome)
            done += 1
            print(f"{done} of {len(jobs)}: {key(job)}", file=sys.stderr)
            if partial:
                fresh = partial.with_suffix(".new")
                fresh.write_text(json.dumps(known, indent=0))
                fresh.replace(partial)

    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(do, [job for job in jobs if key(job) not in known]))
    for child in children:
        child.close()
    for sampler, count in failures.items():
        missing[sampler] = f"{count} studies failed"
    results = {}
    for job in jobs:
        if key(job) in known:
            results.setdefault((job["problem"], job["sampler"]), {})[job["seed"]] = known[key(job)]
    return results, missing


def interval(values, resamples=2000):
    """Of the mean, by a bootstrap over seeds, 95 %."""
    generator = random.Random(1)
    means = sorted(statistics.fmean(generator.choices(values, k=len(values))) for _ in range(resamples))
    return means[int(0.025 * resamples)], means[int(0.975 * resamples)]


def ranks(scores):
    """{name: rank from 1}, smaller is better, equal ones share."""
    return {name: 1 + sum(other < score for other in scores.values())
            + (sum(other == score for other in scores.values()) - 1) / 2 for name, score in scores.items()}


def average_ranks(score, problems, samplers):
    """Over problems that all samplers have; score(problem, sampler) is a number or None."""
    sums, count = dict.fromkeys(samplers, 0.0), 0
    for problem in problems:
        scores = {sampler: score(problem, sampler) for sampler in samplers}
        if None in scores.values():
            continue
        count += 1
        for sampler, rank in ranks(scores).items():
            sums[sampler] += rank
    return {sampler: total / count if count else float("nan") for sampler, total in sums.items()}


def show(header, rows):
    widths = [max(len(row[i]) for row in [header, *rows]) for i in range(len(header))]
    for number, row in enumerate([header, *rows]):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def machine():
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = next((line.split(":", 1)[1].strip() for line in file if line.startswith("model name")), name)
    except OSError:
        pass
    return f"{name}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
