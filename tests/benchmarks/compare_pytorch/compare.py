#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lathe against PyTorch (and JAX) on small and middle networks: both sides in turn, medians, ratios.

compare.py --lathe build/release/bin/lathe-cli [--peer PYTHON]... [--jax PYTHON] [--works mlp64,...] [--repeats 5]
           [--seconds 2] [--images FOLDER] [--partial FILE]

A work that is in the partial file is not measured again, so that a table can be continued. The peers need numpy, and for
the work csv pandas; FOLDER holds Fashion-MNIST.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile
import time

import data

HERE = pathlib.Path(__file__).parent
MLP = ["--model", "mlp", "--set", "model.dropout=0"]
CNN = ["--model", "cnn"]
# name: columns, batch, threads, Lathe's flags, goals against loader, tuned, JAX
WORKS = {
    "mlp64": (64, 32, 1, [*MLP, "--set", "model.hidden=[64,64]"], (15, 10, 1.3)),
    "mlp1024": (64, 32, 2, [*MLP, "--set", "model.hidden=[1024,1024]"], (2.5, 2, 1.1)),
    "realmlp": (20, 256, 2, ["--model", "realmlp"], (4, 3, None)),
    "tabm": (20, 256, 2, ["--model", "tabm", "--set", "model.width=128", "--set", "model.blocks=3"], (4, 3, None)),
    "cnn": (0, 64, 2, CNN, (1.7, 1.35, None)),
    # Theirs in bfloat16, Lathe's in float32, which is faster than theirs.
    "cnn-bf16": (0, 64, 2, CNN, (1.3, 1.2, None)),
    "gru": (0, 64, 2, ["--model", "gru", "--set", "model.hidden=128", "--set", "model.dropout=0"], (1.2, 1.1, None)),
    "trials": (64, 32, 1, [], (12, 8, 3)),
    "csv": (20, 256, 2, [*MLP, "--set", "model.hidden=[64,64]"], (3, None, None)),
}
ADAMW = ["--optimizer", "adamw", "--lr", "0.001"]
SECONDS = ("trials", "csv")  # works that are measured whole


def environment():
    """The same for both sides, without what forces a kind of processor on OpenBLAS."""
    result = dict(os.environ)
    result.pop("OPENBLAS_CORETYPE", None)
    return result


def last_json(command):
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def split(train):
    rest = (1 - train) / 2
    return ["--set", f"data.split.train={train}", "--set", f"data.split.validation={rest:.4f}",
            "--set", f"data.split.test={rest:.4f}"]


def lathe(program, work, path, seconds, guess):
    """Microseconds a step."""
    _, batch, threads, flags, _ = WORKS[work]
    rows = {"cnn": 58800, "cnn-bf16": 58800, "gru": 4000}.get(work, 2007)
    epochs = max(1, round(seconds * 1e6 / guess / (rows / batch)))
    source = ["--data", path, *split(0.98)]
    if work == "gru":
        source += ["--target", "y", "--time", "t", "--window", "64", "--horizon", "1", "--task", "forecast"]
    elif not work.startswith("cnn"):
        source += ["--target", "y"]
    with tempfile.TemporaryDirectory() as folder:
        result = last_json([program, "--project", f"{folder}/p.lathe", "train", *source, *flags, *ADAMW, "--batch-size",
                            str(batch), "--epochs", str(epochs), "--threads", str(threads), "--json"])
    return batch * 1e6 / result["samples_per_second"]


def together(commands):
    """Seconds of the slowest of several processes, each a core, by their own account."""
    running = [subprocess.Popen(["taskset", "-c", str(core), *map(str, command)], stdout=subprocess.PIPE, text=True,
                                env=environment()) for core, command in enumerate(commands)]
    return max(json.loads(process.communicate()[0].strip().splitlines()[-1])["seconds"] for process in running)


def measure_trials(arguments, table):
    """Seconds of 32 trainings of 2000 steps: one process with a worker a core, or a process a core."""
    shapes = [f"{width},{depth}" for width, depth in data.trials()]
    cores = os.cpu_count()
    # Back and forth, so that each core gets as much: the list grows, and every second trial is deeper.
    shares = [[shape for i, shape in enumerate(shapes) if core in (i % (2 * cores), 2 * cores - 1 - i % (2 * cores))]
              for core in range(cores)]
    bench = pathlib.Path(arguments.lathe).parent / "bench_trials"
    times = {}
    for _ in range(arguments.repeats):
        times.setdefault("lathe", []).append(last_json([bench, table, "2000", str(cores), *reversed(shapes)])["seconds"])
        for peer in arguments.peer:
            for mode in ("loader", "tuned"):
                times.setdefault(f"{mode} {peer}", []).append(
                    together([peer, HERE / "peer_torch.py", "trials", mode, table, *share] for share in shares))
        if arguments.jax:
            times.setdefault("jax", []).append(
                together([arguments.jax, HERE / "peer_jax.py", "trials", table, *share] for share in shares))
    return times


def measure_csv(arguments, table):
    """Seconds of whole processes, from the file to the end of the first epoch; Lathe's measures and tests as well."""
    _, batch, threads, flags, _ = WORKS["csv"]
    times = {}

    def whole(name, command):
        start = time.perf_counter()
        subprocess.run(list(map(str, command)), check=True, capture_output=True, env=environment())
        times.setdefault(name, []).append(time.perf_counter() - start)

    for _ in range(arguments.repeats):
        with tempfile.TemporaryDirectory() as folder:
            whole("lathe", [arguments.lathe, "--project", f"{folder}/p.lathe", "train", "--data", table, "--target", "y",
                            *flags, *ADAMW, "--batch-size", batch, "--epochs", "1", "--threads", threads, "--json"])
        for peer in arguments.peer:
            whole(f"loader {peer}", [peer, HERE / "peer_torch.py", "csv", "loader", table, threads])
    return times


def measure_steps(arguments, work, path):
    threads = WORKS[work][2]
    times = {}
    guess = lathe(arguments.lathe, work, path, 0.2, 1000)
    for _ in range(arguments.repeats):
        times.setdefault("lathe", []).append(lathe(arguments.lathe, work, path, arguments.seconds, guess))
        for peer in arguments.peer:
            for mode in ("loader", "tuned"):
                times.setdefault(f"{mode} {peer}", []).append(last_json(
                    [peer, HERE / "peer_torch.py", work, mode, path, str(threads), str(arguments.seconds)])["us"])
        if arguments.jax and work in ("mlp64", "mlp1024", "cnn", "gru"):
            cores = ["taskset", "-c", "0"] if threads == 1 else []
            times.setdefault("jax", []).append(last_json(
                [*cores, arguments.jax, HERE / "peer_jax.py", work, path, str(arguments.seconds)])["us"])
    return times


def measure(arguments, work, folder):
    path = f"{folder}/{work}.csv"
    if work.startswith("cnn"):
        path = arguments.images
    elif work == "gru":
        data.write_series(path, 4160)
    else:
        data.write(path, 1_000_000 if work == "csv" else 2048, WORKS[work][0])
    special = {"trials": measure_trials, "csv": measure_csv}.get(work)
    times = special(arguments, path) if special else measure_steps(arguments, work, path)
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--jax")
    parser.add_argument("--works", default=",".join(WORKS))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--images", default="/usr/share/datasets/fashion-mnist")
    parser.add_argument("--partial")
    arguments = parser.parse_args()
    arguments.peer = arguments.peer or ["/usr/bin/python3"]
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if partial and partial.exists() else {}
    with open("/proc/cpuinfo") as file:
        text = file.read()
    model = next(line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name"))
    sets = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if name in text]
    print(f"{model}, {os.cpu_count()} processors, {' '.join(sets)}; medians of {arguments.repeats}, microseconds a step; {', '.join(SECONDS)}: seconds")
    for work in arguments.works.split(","):
        if work not in known:
            with tempfile.TemporaryDirectory() as folder:
                known[work] = measure(arguments, work, folder)
            if partial:
                partial.write_text(json.dumps(known, indent=1))
        times = known[work]
        goals = WORKS[work][4]
        digits = 2 if work in SECONDS else 1
        print(f"{work}: lathe {times['lathe']:.{digits}f}")
        for name, value in times.items():
            if name == "lathe":
                continue
            goal = goals[0] if name.startswith("loader") else goals[1] if name.startswith("tuned") else goals[2]
            wanted = f" [{goal}]" if goal else ""
            print(f"  {name}: {value:.{digits}f}, {value / times['lathe']:.2f} times{wanted}")


if __name__ == "__main__":
    main()
