#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What exports cost: every template trained for a step on small real data and written in every format.

exports.py [--lathe build/release/bin/lathe-cli] [--templates mlp,cnn,...] [--formats onnx,...] [--quantize bf16,...]
           [--partial FILE] [--budget SECONDS]

Prints seconds to write (goal: 2), seconds of the check in a fresh process beside them, bytes of the file against those
of the weights (parameters x 4; goal: within 2 % from 100 kB of weights on; C is text, so its ratio is only told), and
the parity. Data: scikit-learn's wine, breast cancer and diabetes tables, iris with its species as text, Fashion-MNIST's
test images, matplotlib's prices of a share; what is not installed is left out, loudly. What is in the partial file is
not run again; with a budget the script ends in time and is called again. C is for tables and small networks: beyond a
million parameters it is left out.
"""
import argparse
import csv
import gzip
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import time

FORMATS = ("torchscript", "onnx", "torchserve", "savedmodel", "triton", "c")
MOST_IN_C = 1_000_000
IMAGES = ("cnn", "resnet-small", "wide-resnet", "mobilenet-small", "resnet18", "resnet34", "resnet50", "mobilenet-v2")
SEQUENCES = ("conv1d", "gru", "lstm", "transformer")
ANOMALIES = ("autoencoder",)


def plain_table(source, target):
    """scikit-learn's own CSV: numbers behind a line that counts them; the last column is the class."""
    with open(source, encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow([f"c{i}" for i in range(len(rows[0]) - 1)] + ["target"])
        out.writerows([*row[:-1], f"k{row[-1]}"] for row in rows)


def iris(source, target):
    """The species is a word among the inputs, with a few cells missing; the width of the petal is predicted."""
    with open(source, encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "species", "target"])
        for i, (a, b, c, width, kind) in enumerate(rows):
            out.writerow(["" if i % 17 == 5 else a, b, c, "" if i % 11 == 3 else head[2 + int(kind)], width])


def fashion(source, target, count=1000):
    """A folder of IDX files with the first test images and nothing else."""
    target.mkdir()
    with gzip.open(source / "t10k-images-idx3-ubyte.gz") as file:
        file.read(16)
        pixels = file.read(count * 784)
    with gzip.open(source / "t10k-labels-idx1-ubyte.gz") as file:
        file.read(8)
        labels = file.read(count)
    for name, first in (("train", 0), ("t10k", count * 4 // 5)):
        last = count * 4 // 5 if name == "train" else count
        (target / f"{name}-images-idx3-ubyte").write_bytes(
            struct.pack(">iiii", 2051, last - first, 28, 28) + pixels[first * 784:last * 784])
        (target / f"{name}-labels-idx1-ubyte").write_bytes(struct.pack(">ii", 2049, last - first) + labels[first:last])


def prices(source, target):
    import numpy as np
    rows = np.load(source)["price_data"]
    with open(target, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["date", "open", "high", "low", "volume", "close"])
        for row in rows[:600]:
            out.writerow([row["date"], row["open"], row["high"], row["low"], row["volume"], row["close"]])


def first(*paths):
    return next((path for path in paths if path is not None and pathlib.Path(path).exists()), None)


def data_sets(folder):
    """name -> flags of `train`; those that are not installed are named on standard error."""
    found, sklearn = {}, None
    try:
        import sklearn.datasets
        sklearn = pathlib.Path(sklearn.datasets.__file__).parent / "data"
    except ImportError:
        sklearn = first("/usr/lib/python3/dist-packages/sklearn/datasets/data")
    if sklearn is None:
        print("NOT THERE: scikit-learn's tables", file=sys.stderr)
    else:
        sklearn = pathlib.Path(sklearn)
        plain_table(sklearn / "wine_data.csv", folder / "wine.csv")
        plain_table(sklearn / "breast_cancer.csv", folder / "breast_cancer.csv")
        iris(sklearn / "iris.csv", folder / "iris.csv")
        found["wine"] = ["--data", folder / "wine.csv", "--target", "target"]
        found["iris"] = ["--data", folder / "iris.csv", "--target", "target", "--task", "regression"]
        found["anomalies"] = ["--data", folder / "breast_cancer.csv", "--target", "target", "--task", "anomaly"]
    pictures = first("/usr/share/datasets/fashion-mnist")
    if pictures is None:
        print("NOT THERE: Fashion-MNIST (dataset-fashion-mnist)", file=sys.stderr)
    else:
        fashion(pathlib.Path(pictures), folder / "fashion")
        found["fashion"] = ["--data", folder / "fashion"]
    try:
        import matplotlib
        shares = pathlib.Path(matplotlib.get_data_path()) / "sample_data/goog.npz"
        prices(shares, folder / "prices.csv")
        found["prices"] = ["--data", folder / "prices.csv", "--target", "close", "--time", "date", "--window", "16",
                           "--horizon", "1"]
    except (ImportError, OSError) as problem:
        print(f"NOT THERE: matplotlib's prices ({problem})", file=sys.stderr)
    return found


def sets_of(template):
    if template in IMAGES:
        return ("fashion",)
    if template in SEQUENCES:
        return ("prices",)
    return ("anomalies",) if template in ANOMALIES else ("wine", "iris")


def run(*command):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True)
    if done.returncode not in (0, 4):
        return None, done.stderr.strip().splitlines()[-1:] or [f"code {done.returncode}"]
    return json.loads(done.stdout), None


def measure(lathe, template, data, flags, formats, quantize):
    """Rows of the table for one training."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        project = ["--project", folder / "p.lathe", "--json"]
        trained, problem = run(lathe, *project, "train", *flags, "--model", template, "--epochs", "1", "--lr", "0.001",
                               "--batch-size", "64", "--name", "m")
        if problem:
            return [{"template": template, "data": data, "problem": problem[0]}]
        about, problem = run(lathe, *project, "runs", "show", "latest")
        parameters = parameters_of(lathe, project, folder, about)
        rows = []
        for format_name in formats:
            if format_name == "c" and parameters > MOST_IN_C:
                continue
            start = time.monotonic()
            made, problem = run(lathe, *project, "export", "latest", "--format", format_name, "--out",
                                folder / "out" / format_name, *(["--quantize", quantize] if quantize else []))
            row = {"template": template, "data": data, "format": format_name, "quantize": quantize,
                   "parameters": parameters, "whole": time.monotonic() - start}
            if problem:
                rows.append({**row, "problem": problem[0]})
                continue
            file = made["files"][0]
            rows.append({**row, "write": file["seconds"]["write"], "verify": file["seconds"]["verify"],
                         "bytes": file["bytes"], "along": sum(each["bytes"] for each in file.get("along", [])),
                         "max_diff": file["parity"]["max_diff"], "ok": file["parity"]["ok"],
                         "runtime": file["parity"]["runtime"], "quantization": file.get("quantization")})
        return rows


def parameters_of(lathe, project, folder, about):
    """From the best checkpoint: the program's own numbers, without the optimiser's."""
    checkpoint = pathlib.Path(about["runs"][0].get("checkpoint") or next((folder / "p.lathe").rglob("best.ckpt")))
    with open(checkpoint, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    count = 0
    for name, tensor in header.items():
        if name.startswith("__") or tensor["dtype"] != "F32" or "/" in name:
            continue
        size = 1
        for extent in tensor["shape"]:
            size *= extent
        count += size
    return count


def show(rows):
    print("| template, data | format | parameters | write s [2] | check s | kB | of the weights [1.02] | difference |")
    print("|---|---|---|---|---|---|---|---|")
    slow, large = [], []
    for row in rows:
        name = f"{row['template']}, {row['data']}"
        if "problem" in row:
            print(f"| {name} | {row.get('format', 'train')} | {row['problem']} | | | | | |")
            continue
        weights = 4 * row["parameters"]
        ratio = row["bytes"] / weights
        kind = row["format"] + (f" {row['quantize']}" if row["quantize"] else "")
        print(f"| {name} | {kind} | {row['parameters']} | {row['write']:.3f} | {row['verify']:.2f} | "
              f"{row['bytes'] / 1e3:.1f} | {ratio:.3f} | {row['max_diff']:.1e} |")
        if row["write"] > 2:
            slow.append(f"{name} {kind}")
        if ratio > 1.02 and weights >= 100_000 and row["format"] != "c" and not row["quantize"]:
            large.append(f"{name} {kind}: {ratio:.3f}, {row['bytes'] - weights} bytes more")
    print(f"\nslower than 2 s: {slow or 'none'}\nlarger than 1.02 of at least 100 kB of weights: {large or 'none'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--templates", default="")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--quantize", default="", help="precisions beside float32")
    parser.add_argument("--partial", default="")
    parser.add_argument("--budget", type=float, default=1e9)
    options = parser.parse_args()
    lathe = pathlib.Path(options.lathe).resolve()
    partial = pathlib.Path(options.partial) if options.partial else None
    rows = json.loads(partial.read_text()) if partial and partial.exists() else []
    done = {(row["template"], row["data"], row.get("quantize", "")) for row in rows}
    known = subprocess.run([lathe, "train", "--data", "none", "--model", "?"], capture_output=True, text=True).stderr
    known = known[known.rindex("Choose ") + 7:].rstrip(". \n").replace(" or ", ", ").split(", ")
    chosen = options.templates.split(",") if options.templates else known
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        found = data_sets(pathlib.Path(name))
        for template in chosen:
            for data in sets_of(template):
                for quantize in ["", *filter(None, options.quantize.split(","))]:
                    if data not in found or (template, data, quantize) in done:
                        continue
                    if time.monotonic() - started > options.budget:
                        print("the budget is spent; call it again to go on", file=sys.stderr)
                        show(rows)
                        return
                    rows += measure(lathe, template, data, found[data], options.formats.split(","), quantize)
                    if partial:
                        partial.write_text(json.dumps(rows, indent=1))
    show(rows)


if __name__ == "__main__":
    main()
