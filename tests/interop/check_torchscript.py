#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads TorchScript files that Lathe exported in Python's torch and compares their outputs with the engine's.

usage: check_torchscript.py PROGRAM, PROGRAM being write_samples. Exit code 77: there is no torch here.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

try:
    import torch
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

LIMIT = 1e-5


def numbers(path, dtype):
    return torch.frombuffer(bytearray(path.read_bytes()), dtype=dtype)


def difference(a, b, scale):
    """The measure of exports: in units of the target's scale, relative beyond 1."""
    a, b = a / scale, b / scale
    return ((a - b).abs() / b.abs().clamp(min=1)).max().item()


def check(folder, name):
    about = json.loads((folder / f"{name}.json").read_text())
    extra = {"schema.json": "", "classes.json": "", "vocabulary.json": ""}
    model = torch.jit.load(str(folder / f"{name}.pt"), _extra_files=extra)
    assert not model.training, "exported in training mode"
    schema, classes, vocabulary = (json.loads(extra[key]) for key in extra)
    assert schema["input_shape"] == about["shape"], schema
    assert classes == schema["target"]["classes"], classes
    for feature in schema["features"]:
        assert vocabulary.get(feature["name"], []) == feature.get("vocabulary", []), feature

    shape = [about["rows"], *about["shape"]]
    given = numbers(folder / f"{name}.in", torch.uint8 if about["image"] else torch.float32).reshape(shape)
    expected = numbers(folder / f"{name}.out", torch.float32).reshape(about["rows"], about["outputs"])
    # Images are taken as bytes and as floats of 0..255.
    for inputs in [given, given.float()] if about["image"] else [given]:
        with torch.no_grad():
            found = model(inputs)
            one = model(inputs[:1])
            some = model(inputs[:32])
            again = model.train()(inputs[:32])
            model.eval()
        assert found.dtype == torch.float32 and found.numel() == expected.numel(), found.shape
        expected = expected.reshape(found.shape)  # [N, H, T] of forecasts
        assert torch.isfinite(found).all()
        scale = about["scale"]
        largest = difference(found, expected, scale)
        print(f"{name}: {about['rows']} rows, {inputs.dtype}, largest difference {largest:.2e}")
        assert largest <= LIMIT, largest
        parts = {"some rows": difference(some, found[:32], scale)}
        # Dropout is gone and normalisation uses what it learnt, whatever mode somebody sets. Newer LibTorch compiles a
        # model after its first calls, and rounds a little differently from then on.
        parts["training mode"] = difference(again, some, scale)
        parts["one row"] = difference(one[0], found[0], scale)
        assert max(parts.values()) <= LIMIT, parts


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], str(folder)], check=True)
        samples = sorted(path.stem for path in folder.glob("*.pt"))
        assert {"classes", "values", "unix_times", "images"} <= set(samples), samples
        tables = ("mlp", "resmlp", "realmlp", "tabm", "ft-transformer")
        images = ("cnn", "resnet-small", "wide-resnet", "mobilenet-small", "resnet18", "mobilenet-v2")
        for template in (*tables, *images, "conv1d", "gru", "lstm", "transformer"):
            assert any(f"_{template}_" in sample for sample in samples), (template, samples)
        for kind in ("conv1d", "gru", "lstm", "attention", "transformer_block", "groupnorm", "upsample", "prelu"):
            assert any(sample.startswith(f"layer_{kind}_") for sample in samples), (kind, samples)
        for precision in ("f16", "bf16", "int8"):
            assert sum(each.startswith(f"quantized_{precision}_") for each in samples) >= 10, precision
        for sample in samples:
            check(folder, sample)
    print(f"torch {torch.__version__}: all agree")


if __name__ == "__main__":
    main()
