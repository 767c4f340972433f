#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads ONNX files that Lathe wrote in ONNX Runtime and compares their outputs with the engine's.

usage: check_onnx.py PROGRAM FOLDER, PROGRAM being write_samples; FOLDER keeps the virtual environment.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import environment

environment.need(sys.argv[2], ["onnx==1.17.0", "onnxruntime==1.20.1", "numpy<2.3"])

import numpy as np
import onnx
import onnxruntime

LIMIT = 1e-5
# Groups of one number: what is left of a number less itself is rounding, on either side.
ROUNDING = {"layer_groupnorm_row": 1e-4}
# Integers: a number that lies between two steps may take either, so that a few outputs differ by what a step is worth;
# on average much less is allowed.
STEP, MEAN = 0.05, 1e-3


def by_column(session, rows):
    """Raw rows as one input a column: codes become the words of the schema, missing and unseen ones too."""
    metadata = session.get_modelmeta().custom_metadata_map
    schema, inputs = json.loads(metadata["schema"]), json.loads(metadata["lathe.inputs"])
    assert [each.name for each in session.get_inputs()] == [each["input"] for each in inputs]
    given = {}
    for feature, about, described in zip(schema["features"], inputs, session.get_inputs()):
        assert feature["name"] == about["column"] and about["input"].isidentifier(), about
        cells = rows[..., feature["offset"] : feature["offset"] + feature.get("width", 1)]
        if about["type"] == "string":
            assert described.type == "tensor(string)"
            words = feature.get("vocabulary", [])
            word = lambda code: "" if np.isnan(code) else words[int(code)] if 0 <= code < len(words) else "never \N{SNOWMAN} seen"
            cells = np.array([word(code) for code in cells.ravel()], dtype=object).reshape(cells.shape)
        else:
            assert described.type == "tensor(float)"
        given[about["input"]] = cells
    return given


def check_columns(folder, name, rows, expected, options, difference):
    """The graph with one input a column, beside NAME.onnx, answers the same."""
    file = folder / f"{name}.columns.onnx"
    model = onnx.load(str(file))
    onnx.checker.check_model(model, full_check=True)
    onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_outputs()] == ["output_tensor"]
    found = session.run(None, by_column(session, rows))[0].reshape(expected.shape)
    kinds = sum(each.type == "tensor(string)" for each in session.get_inputs())
    largest = difference(found, expected)
    print(f"    by column: {len(session.get_inputs())} inputs, {kinds} of text, largest difference {largest:.2e}")
    return largest <= LIMIT


def check(folder, name):
    about = json.loads((folder / f"{name}.json").read_text())
    file = folder / f"{name}.onnx"
    model = onnx.load(str(file))
    onnx.checker.check_model(model, full_check=True)
    assert model.metadata_props, "no metadata"
    weights = sum(len(each.raw_data) for each in model.graph.initializer)
    assert file.stat().st_size < 1.02 * weights + 60_000, (file.stat().st_size, weights)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    assert [each.name for each in session.get_inputs()] == ["input_tensor"]
    assert [each.name for each in session.get_outputs()] == ["output_tensor"]
    shape = [about["rows"], *about["shape"]]
    given = np.fromfile(folder / f"{name}.in", np.uint8 if about["image"] else np.float32).reshape(shape)
    integers = about["precision"].startswith("int8")
    expected = np.fromfile(folder / f"{name}.{'reader' if integers else 'out'}", np.float32)
    expected = expected.reshape(about["rows"], about["outputs"])
    found = session.run(None, {"input_tensor": given.astype(np.float32)})[0]
    assert found.dtype == np.float32 and found.size == expected.size, found.shape
    found = found.reshape(expected.shape)
    assert np.isfinite(found).all()
    scale = about["scale"]
    difference = lambda a, b: float((np.abs(a - b) / scale / np.maximum(1, np.abs(b / scale))).max())
    largest = difference(found, expected)
    one = session.run(None, {"input_tensor": given[:1].astype(np.float32)})[0].reshape(1, -1)
    alone = difference(one, found[:1])
    print(f"{name}: {about['rows']} rows, {len(model.graph.node)} nodes, largest difference {largest:.2e}, alone {alone:.1e}")
    wrong = []
    if (folder / f"{name}.columns.onnx").exists():
        # Against the other graph in the same runtime: what the two have in common is checked below.
        if not check_columns(folder, name, given.astype(np.float32), found, options, difference):
            wrong = [f"{name}.columns"]
    if integers:
        mean = float(np.abs((found - expected) / scale).mean())
        apart = float((np.abs(found - expected) / scale > LIMIT).mean())
        print(f"    mean difference {mean:.2e}, {apart:.1%} of the outputs are not the same")
        return wrong if largest <= STEP and mean <= MEAN and alone <= STEP else [*wrong, name]
    limit = ROUNDING.get(name, LIMIT)
    return wrong if largest <= limit and alone <= limit else [*wrong, name]


def main():
    onnxruntime.set_default_logger_severity(3)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], str(folder)], check=True)
        files = list(folder.glob("*.onnx"))
        columns = [path for path in files if path.name.endswith(".columns.onnx")]
        samples = sorted(path.stem for path in files if path not in columns)
        assert len(columns) > 20, columns
        assert len(samples) > 50, samples
        for precision in ("f16", "bf16", "int8", "int8-static"):
            assert sum(each.startswith(f"quantized_{precision}_") for each in samples) >= 10, precision
        wrong = []
        for sample in samples:
            try:
                wrong += check(folder, sample)
            except Exception as error:  # every sample is looked at
                print(f"{sample}: {error}")
                wrong.append(sample)
    if wrong:
        sys.exit(f"{len(wrong)} of {len(samples)} differ: {' '.join(wrong)}")
    print(f"ONNX Runtime {onnxruntime.__version__}: all {len(samples)} agree")


if __name__ == "__main__":
    main()
