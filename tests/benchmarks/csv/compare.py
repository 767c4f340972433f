#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads one table of a million rows with Lathe, pandas, polars and pyarrow, in turn, and prints times and ratios.

    compare.py --bench build/release/bin/bench_csv [--rows 1000000] [--repeats 5] [--folder FOLDER]

The table has 20 columns: 10 reals with full digits, 5 integers, 4 categories and a date-time, the same for every run.
Peers that cannot be imported are left out. Each reading runs in a process of its own, pinned to one core or two; the
first reading, which fills the disk's cache, is not counted. Dates count: pandas and polars are asked for them once
more, since their defaults leave them as text; Lathe and pyarrow always parse them. The ratio that counts is against
the fastest peer, whatever it does with dates. On a busy machine look at the processor time of one core.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile

PEERS = {
    "pandas": "import pandas; pandas.read_csv(path)",
    "pandas, dates": "import pandas; pandas.read_csv(path, parse_dates=['when'])",
    "polars": "import polars; polars.read_csv(path)",
    "polars, dates": "import polars; polars.read_csv(path, try_parse_dates=True)",
    "pyarrow": "import pyarrow.csv; pyarrow.csv.read_csv(path)",
}

TIMER = """
import sys, time, json
path, repeats, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
{imports}
{setup}
times, processor = [], []
for i in range(repeats + 1):
    start, clock = time.perf_counter(), time.process_time()
    table = {call}
    times.append(time.perf_counter() - start)
    processor.append(time.process_time() - clock)
    del table
print(json.dumps([times[1:], processor[1:]]))
"""


def write_table(path, rows):
    generator = random.Random(7)
    names = ["real%d" % i for i in range(10)] + ["count%d" % i for i in range(5)]
    names += ["colour", "town", "size", "grade", "when"]
    colours = ["red", "green", "blue", "yellow", "black", "white"]
    towns = ["town-%03d" % i for i in range(400)]
    sizes = ["small", "medium", "large"]
    grades = ["A", "B", "C", "D", "E"]
    gauss, randrange, choice = generator.gauss, generator.randrange, generator.choice
    with open(path, "w") as out:
        out.write(",".join(names) + "\n")
        for i in range(rows):
            cells = [repr(gauss(0.0, 10.0 ** (k % 4))) for k in range(10)]
            cells += [str(randrange(10 ** (k + 2))) for k in range(5)]
            cells += [choice(colours), choice(towns), choice(sizes), choice(grades)]
            cells.append(
                "20%02d-%02d-%02d %02d:%02d:%02d"
                % (randrange(25), randrange(1, 13), randrange(1, 29), randrange(24), randrange(60), randrange(60))
            )
            out.write(",".join(cells) + "\n")


def processor_name():
    with open("/proc/cpuinfo") as info:
        lines = info.read().splitlines()
    name = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown")
    flags = next((line.split(":")[1].split() for line in lines if line.startswith("flags")), [])
    return name + ", " + " ".join(flag for flag in ("avx2", "avx512f", "avx512bw") if flag in flags)


def pinned(cores, command):
    environment = dict(os.environ, POLARS_MAX_THREADS=str(cores), OMP_NUM_THREADS=str(cores))
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    return subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
    ).stdout.decode()


def time_peer(expression, path, repeats, cores):
    imports, call = expression.split("; ")
    setup = "import pyarrow; pyarrow.set_cpu_count(threads)" if "pyarrow" in imports else ""
    program = TIMER.format(imports=imports, call=call, setup=setup)
    output = pinned(cores, [sys.executable, "-c", program, path, str(repeats), str(cores)])
    return [statistics.median(column) for column in json.loads(output)]


def time_lathe(bench, path, repeats, cores):
    result = json.loads(pinned(cores, [bench, path, str(repeats)]))
    return [result["median"], result["processor"]], [result["memory"], result["peak"]]


def importable(expression):
    return subprocess.run([sys.executable, "-c", expression.split("; ")[0]], stderr=subprocess.DEVNULL).returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True)
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--folder", default=os.path.join(tempfile.gettempdir(), "lathe-bench"))
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    path = os.path.join(options.folder, "mixed-%d.csv" % options.rows)
    if not os.path.exists(path):
        write_table(path + ".part", options.rows)
        os.rename(path + ".part", path)
    print("processor:", processor_name())
    print("file: %d rows x 20 columns, %.0f MB" % (options.rows, os.path.getsize(path) / 1e6))
    peers = {name: call for name, call in PEERS.items() if importable(call)}
    content = options.rows * 20 * 8
    for cores in (1, 2):
        if len(os.sched_getaffinity(0)) < cores:
            print("%d cores: this process may use fewer" % cores)
            continue
        lathe, memory = time_lathe(options.bench, path, options.repeats, cores)
        times = {name: time_peer(call, path, options.repeats, cores) for name, call in peers.items()}
        again, _ = time_lathe(options.bench, path, options.repeats, cores)
        lathe = [statistics.median(pair) for pair in zip(lathe, again)]
        print("%d core%s, medians of %d readings:" % (cores, "" if cores == 1 else "s", options.repeats))
        print("  %-14s %6.3f s, %6.3f s of processor time, resident memory %.2f times the numeric content,"
              " %.2f times while it is inspected" % ("lathe", lathe[0], lathe[1], memory[0] / content, memory[1] / content))
        for name, (seconds, processor) in sorted(times.items(), key=lambda item: item[1]):
            print("  %-14s %6.3f s, %6.3f s of processor time: %5.2f and %5.2f times lathe's"
                  % (name, seconds, processor, seconds / lathe[0], processor / lathe[1]))
        if times:
            best = [min(column) for column in zip(*times.values())]
            print("  lathe is %.2f times as fast as the best of them (%.2f by processor time)"
                  % (best[0] / lathe[0], best[1] / lathe[1]))


if __name__ == "__main__":
    main()
