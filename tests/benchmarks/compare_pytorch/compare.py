#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lathe against PyTorch (and JAX) on small and middle networks: both sides in turn, medians, ratios.

compare.py --lathe build/release/bin/lathe-cli [--peer PYTHON]... [--jax PYTHON] [--works mlp64,...] [--repeats 5]
           [--seconds 2] [--partial FILE]

A work that is in the partial file is not measured again, so that a table can be continued.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import tempfile

import data

HERE = pathlib.Path(__file__).parent
# name: columns, batch, threads, Lathe's flags, goals against loader, tuned, JAX
WORKS = {
    "mlp64": (64, 32, 1, ["--model", "mlp", "--set", "model.hidden=[64,64]", "--set", "model.dropout=0"], (15, 10, 1.3)),
    "mlp1024": (64, 32, 2, ["--model", "mlp", "--set", "model.hidden=[1024,1024]", "--set", "model.dropout=0"],
                (2.5, 2, 1.1)),
    "realmlp": (20, 256, 2, ["--model", "realmlp"], (4, 3, None)),
    "tabm": (20, 256, 2, ["--model", "tabm", "--set", "model.width=128", "--set", "model.blocks=3"], (4, 3, None)),
}


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


def lathe(program, work, table, seconds, guess):
    _, batch, threads, flags, _ = WORKS[work]
    rows = 2048
    epochs = max(2, int(seconds * 1e6 / guess / (rows / batch)))
    with tempfile.TemporaryDirectory() as folder:
        result = last_json([program, "--project", f"{folder}/p.lathe", "train", "--data", table, "--target", "y", *flags,
                            "--batch-size", str(batch), "--epochs", str(epochs), "--threads", str(threads),
                            "--set", "data.split.train=0.98", "--set", "data.split.validation=0.01",
                            "--set", "data.split.test=0.01", "--json"])
    return batch * 1e6 / result["samples_per_second"]


def measure(arguments, work, folder):
    columns, _, threads, _, _ = WORKS[work]
    table = f"{folder}/{work}.csv"
    data.write(table, 2048, columns)
    times = {"lathe": []}
    for peer in arguments.peer:
        for mode in ("loader", "tuned"):
            times[f"{mode} {peer}"] = []
    guess = lathe(arguments.lathe, work, table, 0.2, 1000)
    for _ in range(arguments.repeats):
        times["lathe"].append(lathe(arguments.lathe, work, table, arguments.seconds, guess))
        for peer in arguments.peer:
            for mode in ("loader", "tuned"):
                times[f"{mode} {peer}"].append(last_json(
                    [peer, HERE / "peer_torch.py", work, mode, table, str(threads), str(arguments.seconds)])["us"])
        if arguments.jax and work.startswith("mlp"):
            cores = ["taskset", "-c", "0"] if threads == 1 else []
            times.setdefault("jax", []).append(last_json(
                [*cores, arguments.jax, HERE / "peer_jax.py", work, table, str(arguments.seconds)])["us"])
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--jax")
    parser.add_argument("--works", default=",".join(WORKS))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--partial")
    arguments = parser.parse_args()
    arguments.peer = arguments.peer or ["/usr/bin/python3"]
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if partial and partial.exists() else {}
    with open("/proc/cpuinfo") as file:
        text = file.read()
    model = next(line.split(":")[1].strip() for line in text.splitlines() if line.startswith("model name"))
    sets = [name for name in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if name in text]
    print(f"{model}, {os.cpu_count()} processors, {' '.join(sets)}; medians of {arguments.repeats}, microseconds a step")
    for work in arguments.works.split(","):
        if work not in known:
            with tempfile.TemporaryDirectory() as folder:
                known[work] = measure(arguments, work, folder)
            if partial:
                partial.write_text(json.dumps(known, indent=1))
        times = known[work]
        goals = WORKS[work][4]
        print(f"{work}: lathe {times['lathe']:.1f}")
        for name, value in times.items():
            if name == "lathe":
                continue
            goal = goals[0] if name.startswith("loader") else goals[1] if name.startswith("tuned") else goals[2]
            wanted = f" [{goal}]" if goal else ""
            print(f"  {name}: {value:.1f}, {value / times['lathe']:.2f} times{wanted}")


if __name__ == "__main__":
    main()
