#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Loads SavedModels that Lathe wrote in TensorFlow and compares their outputs with the engine's: every signature by
tf.saved_model.load, those for prediction by a session too, and all by the C library's loader, which is TensorFlow
Serving's; with and without oneDNN's kernels.

usage: check_savedmodel.py PROGRAM FOLDER, PROGRAM being write_samples; FOLDER keeps the virtual environment.
"""
import ctypes
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import environment

environment.need(sys.argv[2], ["tensorflow-cpu==2.21.0"])

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import numpy as np
import tensorflow as tf

LIMIT = 1e-5
# Groups of one number: what is left of a number less itself is rounding, on either side.
ROUNDING = {"layer_groupnorm_row": 1e-4}


def constant(graph, name):
    return next(each for each in graph.node if each.name == name).attr["value"].tensor.string_val[0].decode()


def numbers(folder, name, about):
    shape = [about["rows"], *about["shape"]]
    given = np.fromfile(folder / f"{name}.in", np.uint8 if about["image"] else np.float32).reshape(shape)
    given = given.astype(np.float32)
    return given.transpose(0, 2, 3, 1) if about["image"] else given


def cells(rows, schema):
    """The same rows with one array a column, as people have them."""
    columns = {}
    for feature in schema["features"]:
        start, width = feature["offset"], feature["width"]
        values = rows[..., start : start + width]
        words = feature.get("vocabulary", [])
        if feature["kind"] in ("category", "boolean"):
            spelled = lambda code: "" if np.isnan(code) else words[int(code)] if 0 <= code < len(words) else "unheard"
            values = np.vectorize(spelled, otypes=[object])(values[..., 0])
        elif width == 1:
            values = values[..., 0]
        columns[feature["name"]] = values
    return columns


def example(columns, row):
    features = {}
    for name, values in columns.items():
        value = np.atleast_1d(values[row]).ravel()
        if value.dtype.kind in "OU":
            feature = tf.train.Feature(bytes_list=tf.train.BytesList(value=[word.encode() for word in value]))
        else:
            # What is missing may be left out.
            if np.isnan(value).all():
                continue
            feature = tf.train.Feature(float_list=tf.train.FloatList(value=value))
        features[name] = feature
    return tf.train.Example(features=tf.train.Features(feature=features)).SerializeToString()


class CLibrary:
    """TF_LoadSessionFromSavedModel and TF_SessionRun of the library that TensorFlow's own Python module has loaded."""

    class Output(ctypes.Structure):
        _fields_ = [("oper", ctypes.c_void_p), ("index", ctypes.c_int)]

    def __init__(self):
        self.lib = ctypes.CDLL(str(pathlib.Path(tf.__file__).parent / "libtensorflow_cc.so.2"))
        for name in ("TF_NewStatus", "TF_NewGraph", "TF_NewSessionOptions", "TF_LoadSessionFromSavedModel", "TF_AllocateTensor", "TF_TensorData", "TF_GraphOperationByName"):
            getattr(self.lib, name).restype = ctypes.c_void_p
        self.lib.TF_Message.restype = ctypes.c_char_p
        self.lib.TF_TensorByteSize.restype = ctypes.c_size_t

    def run(self, home, input_name, given, output_name):
        lib, pointer = self.lib, ctypes.c_void_p
        status, graph, options = pointer(lib.TF_NewStatus()), pointer(lib.TF_NewGraph()), pointer(lib.TF_NewSessionOptions())
        tags = (ctypes.c_char_p * 1)(b"serve")
        session = pointer(lib.TF_LoadSessionFromSavedModel(options, None, str(home).encode(), tags, 1, graph, None, status))
        assert lib.TF_GetCode(status) == 0, lib.TF_Message(status)
        place = lambda name: self.Output(lib.TF_GraphOperationByName(graph, name.split(":")[0].encode()), 0)
        sizes = (ctypes.c_int64 * given.ndim)(*given.shape)
        tensor = pointer(lib.TF_AllocateTensor(1, sizes, given.ndim, ctypes.c_size_t(given.nbytes)))
        ctypes.memmove(lib.TF_TensorData(tensor), np.ascontiguousarray(given).ctypes.data, given.nbytes)
        result = pointer()
        feeds, fetches = place(input_name), place(output_name)
        lib.TF_SessionRun(session, None, ctypes.byref(feeds), ctypes.byref(tensor), 1, ctypes.byref(fetches), ctypes.byref(result), 1, None, 0, None, status)
        assert lib.TF_GetCode(status) == 0, lib.TF_Message(status)
        found = np.frombuffer(ctypes.string_at(lib.TF_TensorData(result), lib.TF_TensorByteSize(result)), np.float32)
        lib.TF_CloseSession(session, status)
        lib.TF_DeleteSession(session, status)
        for value in (tensor, result):
            lib.TF_DeleteTensor(value)
        lib.TF_DeleteGraph(graph)
        return found


class Comparison:
    def __init__(self, folder, name):
        about = json.loads((folder / f"{name}.json").read_text())
        self.scale, self.name = about["scale"], name
        self.expected = np.fromfile(folder / f"{name}.out", np.float32).reshape(about["rows"], about["outputs"])
        self.given = numbers(folder, name, about)
        self.home = folder / name / "1"
        from tensorflow.core.protobuf import saved_model_pb2

        saved = saved_model_pb2.SavedModel()
        saved.ParseFromString((self.home / "saved_model.pb").read_bytes())
        self.meta = saved.meta_graphs[0]
        self.schema = json.loads(constant(self.meta.graph_def, "lathe/schema"))
        self.classes = json.loads(constant(self.meta.graph_def, "lathe/classes"))
        self.largest = {}

    def compare(self, what, found, expected=None):
        expected = self.expected if expected is None else expected
        found = np.asarray(found)
        assert found.dtype == np.float32 and found.size == expected.size, (what, found.dtype, found.shape)
        found = found.reshape(expected.shape)
        assert np.isfinite(found).all(), what
        apart = np.abs(found - expected) / self.scale / np.maximum(1, np.abs(expected / self.scale))
        self.largest[what] = max(self.largest.get(what, 0), float(apart.max()))

    def check_bytes(self):
        weights = sum(len(each.attr["value"].tensor.tensor_content) for each in self.meta.graph_def.node)
        most = 1.02 * weights + 300 * len(self.meta.graph_def.node) + 60_000
        assert self.meta.ByteSize() < most, (self.meta.ByteSize(), weights)
        assert list(self.meta.meta_info_def.tags) == ["serve"]

    def check_load(self):
        loaded = tf.saved_model.load(str(self.home))
        assert {"predict_signature", "serving_default"} <= set(loaded.signatures.keys())
        predict = loaded.signatures["predict_signature"]
        self.compare("load", predict(input_tensor=tf.constant(self.given))["output_tensor"])
        self.compare("one row", predict(input_tensor=tf.constant(self.given[:1]))["output_tensor"], self.expected[:1])
        serving = loaded.signatures["serving_default"]
        names = set(serving.structured_input_signature[1])
        columns = cells(self.given, self.schema)
        if names == {"input_tensor"}:
            assert not any(each["kind"] not in ("integer", "real") for each in self.schema["features"])
            self.compare("serving_default", serving(input_tensor=tf.constant(self.given))["output_tensor"])
        else:
            assert names == set(columns), names
            fed = {name: tf.constant(values) for name, values in columns.items()}
            self.compare("serving_default", serving(**fed)["output_tensor"])
        if "classify" in loaded.signatures or "regress" in loaded.signatures:
            rows = range(min(12, len(self.given)))
            examples = tf.constant([example(columns, row) for row in rows])
            if "classify" in loaded.signatures:
                found = loaded.signatures["classify"](inputs=examples)
                names = [[word.decode() for word in row] for row in found["classes"].numpy()]
                assert names == [self.classes] * len(rows), names
                self.compare("classify", found["scores"], self.expected[: len(rows)])
            else:
                found = loaded.signatures["regress"](inputs=examples)
                assert found["outputs"].shape == (len(rows), 1)
                self.compare("regress", found["outputs"], self.expected[: len(rows)])

    def check_c_library(self, library):
        signature = self.meta.signature_def["predict_signature"]
        given, found = signature.inputs["input_tensor"].name, signature.outputs["output_tensor"].name
        self.compare("C library", library.run(self.home, given, self.given, found))

    def check_session(self):
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            meta = tf.compat.v1.saved_model.loader.load(session, ["serve"], str(self.home))
            signature = meta.signature_def["predict_signature"]
            assert signature.method_name == "tensorflow/serving/predict"
            fetched = signature.outputs["output_tensor"].name
            self.compare("session", session.run(fetched, {signature.inputs["input_tensor"].name: self.given}))
            signature = meta.signature_def["serving_default"]
            if "input_tensor" in signature.inputs:
                return
            columns = cells(self.given, self.schema)
            fed = {info.name: columns[name] for name, info in signature.inputs.items()}
            self.compare("session by column", session.run(fetched, fed))


def check_all(folder):
    samples = sorted(path.parent.parent.name for path in folder.glob("*/1/saved_model.pb"))
    assert len(samples) > 50, samples
    for precision in ("f16", "bf16", "int8"):
        assert sum(each.startswith(f"quantized_{precision}_") for each in samples) >= 10, precision
    wrong, worst, seen = [], {}, {}
    library = CLibrary()
    for sample in samples:
        try:
            comparison = Comparison(folder, sample)
            comparison.check_bytes()
            comparison.check_load()
            comparison.check_session()
            comparison.check_c_library(library)
            found = comparison.largest
            print(f"{sample}: {len(comparison.meta.graph_def.node)} nodes,", ", ".join(f"{k} {v:.1e}" for k, v in found.items()), flush=True)
            for what, value in found.items():
                seen[what] = seen.get(what, 0) + 1
                if sample not in ROUNDING:
                    worst[what] = max(worst.get(what, 0), value)
            if max(found.values()) > ROUNDING.get(sample, LIMIT):
                wrong.append(sample)
        except Exception as error:  # every sample is looked at
            print(f"{sample}: {type(error).__name__}: {error}", flush=True)
            wrong.append(sample)
    for needed in ("serving_default", "classify", "regress", "session by column"):
        assert seen.get(needed), f"no sample has {needed}"
    print("worst:", ", ".join(f"{k} {v:.1e} ({seen[k]})" for k, v in worst.items() if k in seen))
    if wrong:
        sys.exit(f"{len(wrong)} of {len(samples)} differ: {' '.join(wrong)}")
    kernels = "without oneDNN" if os.environ.get("TF_ENABLE_ONEDNN_OPTS") == "0" else "with oneDNN"
    print(f"TensorFlow {tf.__version__} {kernels}: all {len(samples)} agree")


def main():
    if len(sys.argv) > 3:  # a pass of its own, because kernels are chosen when TensorFlow starts
        check_all(pathlib.Path(sys.argv[3]))
        return
    with tempfile.TemporaryDirectory() as name:
        subprocess.run([sys.argv[1], name], check=True)
        for kernels in ("1", "0"):
            passed = subprocess.run([sys.executable, *sys.argv, name], env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": kernels})
            if passed.returncode:
                sys.exit(passed.returncode)


if __name__ == "__main__":
    main()
