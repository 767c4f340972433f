#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lathe's server asked by other people's clients: tritonclient (HTTP with its binary extension, gRPC) and the stubs of
tensorflow-serving-api. Every answer is compared with what `lathe-cli predict` says of the same rows.

usage: check_server.py LATHE_CLI FOLDER, FOLDER keeping the virtual environment. Exit code 77: it cannot be installed.
"""
import csv
import json
import math
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import environment

CLI = os.path.abspath(sys.argv[1])
PACKAGES = {
    "triton": ["tritonclient[http,grpc]"],
    # Its dependencies would bring the whole of TensorFlow; these few have what it imports.
    "tensorflow": ["--no-deps", "grpcio", "typing_extensions", "numpy", "protobuf", "tensorflow-protobuf==2.11.0",
                   "tensorflow-serving-api==2.21.0"],
}
LIMIT = 1e-5


def lathe(folder, *arguments):
    done = subprocess.run([CLI, *arguments, "--json"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def write_tables(folder):
    random.seed(3)
    with open(folder / "numbers.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow([f"x{i}" for i in range(8)] + ["y"])
        for _ in range(400):
            x = [round(random.gauss(0, 1), 3) for _ in range(8)]
            out.writerow(x + ["abc"[(x[0] + x[1] > 0) + (x[2] > 0.5)]])
    with open(folder / "mixed.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["size", "colour", "when", "price"])
        for _ in range(400):
            size, colour = round(random.random() * 10, 2), random.choice(["red", "green", "blue"])
            day = f"2024-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
            out.writerow(["" if random.random() < 0.05 else size, colour, day, round(3 * size + len(colour), 2)])


def prepare(folder):
    """Two exports, some rows of each, and what predict says of them."""
    write_tables(folder)
    models = {}
    for name, table, target, task in (("wine", "numbers.csv", "y", "classification"), ("house", "mixed.csv", "price", "regression")):
        lathe(folder, "train", "--data", table, "--target", target, "--task", task, "--epochs", "3", "--project", f"{name}.lathe")
        lathe(folder, "export", "latest", "--out", name, "--name", name, "--project", f"{name}.lathe")
        lathe(folder, "predict", name, "--data", table, "--out", f"{name}.predicted.csv")
        with open(folder / table, newline="") as file:
            rows = list(csv.DictReader(file))[:12]
        with open(folder / f"{name}.predicted.csv", newline="") as file:
            expected = [[float(v) for k, v in row.items() if k.startswith("prob_") or task == "regression"]
                        for row in list(csv.DictReader(file))[:12]]
        models[name] = (rows, expected, target)
    return models


class Server:
    def __init__(self, folder, *what):
        command = [CLI, "serve", *what, "--json", *(f"--{p}=0" for p in ("http", "management", "grpc", "rest"))]
        self.folder = folder
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
        self.at = json.loads(self.process.stdout.readline())
        self.token = pathlib.Path(self.at["token_file"]).read_text()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(30) == 0, self.process.returncode


def close(found, expected):
    found, expected = [float(v) for v in found], list(expected)
    assert len(found) == len(expected), (len(found), len(expected))
    for a, b in zip(found, expected):
        assert abs(a - b) <= LIMIT * max(1, abs(b)), (a, b)


def flat(expected):
    return [value for row in expected for value in row]


def numbers_of(rows, target):
    return [[float(v) for k, v in row.items() if k != target] for row in rows]


def check_triton(server, models):
    import numpy as np
    import tritonclient.grpc as over_grpc
    import tritonclient.http as over_http
    from tritonclient.utils import InferenceServerException

    rows, expected, target = models["wine"]
    raw = np.array(numbers_of(rows, target), dtype=np.float32)
    mixed, prices, price = models["house"]
    steps = 0
    for module, address in ((over_http, server.at["http"]), (over_grpc, server.at["grpc"])):
        client = module.InferenceServerClient(address)
        assert client.is_server_live() and client.is_server_ready()
        assert client.is_model_ready("wine") and client.is_model_ready("wine", "1") and not client.is_model_ready("none")
        about = client.get_model_metadata("wine", **({} if module is over_http else {"as_json": True}))
        assert about["inputs"][0]["name"] == "input_tensor" and about["outputs"][0]["name"] == "output_tensor", about
        assert client.get_server_metadata() is not None

        given = module.InferInput("input_tensor", list(raw.shape), "FP32")
        given.set_data_from_numpy(raw)
        answer = client.infer("wine", [given], request_id="42", outputs=[module.InferRequestedOutput("output_tensor")])
        close(answer.as_numpy("output_tensor").ravel(), flat(expected))
        close(client.infer("wine", [given]).as_numpy("output_tensor").ravel(), flat(expected))
        if module is over_http:
            given.set_data_from_numpy(raw, binary_data=False)
            plain = client.infer("wine", [given], outputs=[module.InferRequestedOutput("output_tensor", binary_data=False)])
            close(plain.as_numpy("output_tensor").ravel(), flat(expected))

        inputs = []
        for column in ("size", "colour", "when"):
            cells = [row[column] for row in mixed]
            if column == "size":
                values = np.array([float(c) if c else np.nan for c in cells], dtype=np.float32)
            else:
                values = np.array([c.encode() for c in cells], dtype=np.object_)
            inputs.append(module.InferInput(column, [len(cells)], "FP32" if column == "size" else "BYTES"))
            inputs[-1].set_data_from_numpy(values)
        close(client.infer("house", inputs).as_numpy("output_tensor").ravel(), flat(prices))

        for bad, part in ((("wrong", [1, 8], "FP32"), "unexpected inference input"), (("input_tensor", [1, 7], "FP32"), "unexpected shape"),
                          (("input_tensor", [1, 8], "INT64"), "data-type")):
            wrong = module.InferInput(*bad)
            wrong.set_data_from_numpy(np.zeros(bad[1], dtype=np.int64 if bad[2] == "INT64" else np.float32))
            try:
                client.infer("wine", [wrong])
                raise AssertionError(f"{bad} was taken")
            except InferenceServerException as problem:
                assert part in str(problem), problem
        headers = {"authorization": "Bearer " + server.token}
        index = client.get_model_repository_index(**({} if module is over_http else {"as_json": True}))
        assert "wine" in json.dumps(index)
        try:
            client.unload_model("wine")
            raise AssertionError("unloaded without the token")
        except InferenceServerException:
            pass
        client.unload_model("wine", headers=headers)
        assert not client.is_model_ready("wine")
        client.load_model("wine", headers=headers)
        assert client.is_model_ready("wine")
        client.close()
        steps += 1
    print(f"tritonclient: HTTP and gRPC agree on {len(rows)} and {len(mixed)} rows")


def check_tensorflow(server, models):
    import grpc
    import numpy as np
    from google.protobuf import wrappers_pb2
    from tensorflow.core.example import example_pb2
    from tensorflow.core.framework import tensor_pb2, types_pb2
    from tensorflow_serving.apis import (classification_pb2, get_model_metadata_pb2, inference_pb2, predict_pb2,
                                         prediction_service_pb2_grpc, regression_pb2)

    def tensor(values):
        array = np.asarray(values)
        message = tensor_pb2.TensorProto()
        for size in array.shape:
            message.tensor_shape.dim.add().size = size
        if array.dtype == object:
            message.dtype = types_pb2.DT_STRING
            message.string_val.extend(v.encode() for v in array.ravel())
        else:
            message.dtype = types_pb2.DT_FLOAT
            message.tensor_content = array.astype("<f4").tobytes()
        return message

    rows, expected, target = models["wine"]
    raw = numbers_of(rows, target)
    mixed, prices, _ = models["house"]
    channel = grpc.insecure_channel(server.at["grpc"])
    stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)

    # The mission's example: a name, a version, predict_signature with one input and one output tensor.
    request = predict_pb2.PredictRequest()
    request.model_spec.name = "wine"
    request.model_spec.version.CopyFrom(wrappers_pb2.Int64Value(value=1))
    request.model_spec.signature_name = "predict_signature"
    request.inputs["input_tensor"].CopyFrom(tensor(raw))
    answer = stub.Predict(request, 10)
    close(answer.outputs["output_tensor"].float_val, flat(expected))
    assert [d.size for d in answer.outputs["output_tensor"].tensor_shape.dim] == [len(rows), 3]
    assert answer.model_spec.version.value == 1

    request = predict_pb2.PredictRequest()
    request.model_spec.name = "house"
    request.inputs["size"].CopyFrom(tensor([float(r["size"]) if r["size"] else math.nan for r in mixed]))
    for column in ("colour", "when"):
        request.inputs[column].CopyFrom(tensor(np.array([r[column] for r in mixed], dtype=object)))
    close(stub.Predict(request, 10).outputs["output_tensor"].float_val, flat(prices))

    def example(row, skip):
        message = example_pb2.Example()
        for name, value in row.items():
            if name == skip:
                continue
            if name.startswith("x") or name == "size":
                message.features.feature[name].float_list.value.append(float(value) if value else math.nan)
            else:
                message.features.feature[name].bytes_list.value.append(value.encode())
        return message

    classify = classification_pb2.ClassificationRequest()
    classify.model_spec.name = "wine"
    classify.input.example_list.examples.extend(example(r, target) for r in rows)
    classes = stub.Classify(classify, 10).result.classifications
    close([c.score for row in classes for c in row.classes], flat(expected))
    assert [c.label for c in classes[0].classes] == ["a", "b", "c"]
    regress = regression_pb2.RegressionRequest()
    regress.model_spec.name = "house"
    regress.input.example_list.examples.extend(example(r, "price") for r in mixed)
    close([r.value for r in stub.Regress(regress, 10).result.regressions], flat(prices))
    multi = inference_pb2.MultiInferenceRequest()
    task = multi.tasks.add()
    task.model_spec.name = "wine"
    task.method_name = "tensorflow/serving/classify"
    multi.input.CopyFrom(classify.input)
    assert len(stub.MultiInference(multi, 10).results[0].classification_result.classifications) == len(rows)
    metadata = get_model_metadata_pb2.GetModelMetadataRequest()
    metadata.model_spec.name = "house"
    metadata.metadata_field.append("signature_def")
    packed = stub.GetModelMetadata(metadata, 10).metadata["signature_def"]
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert packed.Unpack(signatures)
    assert sorted(signatures.signature_def["serving_default"].inputs) == ["colour", "size", "when"]

    request.model_spec.name = "none"
    try:
        stub.Predict(request, 10)
        raise AssertionError("an unknown model answered")
    except grpc.RpcError as problem:
        assert problem.code() == grpc.StatusCode.NOT_FOUND and problem.details() == "Servable not found for request: Latest(none)"
    check_models(server)
    print(f"tensorflow-serving-api: PredictionService agrees on {len(rows)} and {len(mixed)} rows")


def add_error_codes():
    """ModelService's messages import an enumeration that the small package of TensorFlow's messages has elsewhere."""
    import types
    from google.protobuf import descriptor_pb2, descriptor_pool

    pool = descriptor_pool.Default()
    codes = descriptor_pb2.FileDescriptorProto(name="xla/tsl/protobuf/error_codes.proto", package="tensorflow.error", syntax="proto3")
    enumeration = codes.enum_type.add(name="Code")
    for number, word in enumerate(("OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND")):
        enumeration.value.add(name=word, number=number)
    pool.AddSerializedFile(codes.SerializeToString())
    outer = descriptor_pb2.FileDescriptorProto(name="tensorflow/core/protobuf/error_codes.proto", package="tensorflow.error.dummy",
                                               dependency=[codes.name], public_dependency=[0], syntax="proto3")
    pool.AddSerializedFile(outer.SerializeToString())
    module = types.ModuleType("tensorflow.core.protobuf.error_codes_pb2")
    module.xla_dot_tsl_dot_protobuf_dot_error__codes__pb2 = types.ModuleType("error_codes_pb2")
    sys.modules[module.__name__] = module
    import tensorflow.core.protobuf
    tensorflow.core.protobuf.error_codes_pb2 = module


def check_models(server):
    add_error_codes()
    import grpc
    from tensorflow_serving.apis import get_model_status_pb2, model_management_pb2, model_service_pb2_grpc

    stub = model_service_pb2_grpc.ModelServiceStub(grpc.insecure_channel(server.at["grpc"]))

    def states(name):
        request = get_model_status_pb2.GetModelStatusRequest()
        request.model_spec.name = name
        return [(s.version, s.state) for s in stub.GetModelStatus(request, 10).model_version_status]

    available = get_model_status_pb2.ModelVersionStatus.AVAILABLE
    assert states("wine") == [(1, available)], states("wine")
    try:
        states("none")
        raise AssertionError("an unknown model has a state")
    except grpc.RpcError as problem:
        assert problem.details() == "Could not find any versions of model none", problem
    request = model_management_pb2.ReloadConfigRequest()
    config = request.config.model_config_list.config.add()
    config.name, config.base_path, config.model_platform = "renamed", str(server.folder / "house"), "tensorflow"
    config.version_labels["stable"] = 1
    try:
        stub.HandleReloadConfigRequest(request, 10)
        raise AssertionError("reloaded without the token")
    except grpc.RpcError as problem:
        assert problem.code() == grpc.StatusCode.UNAUTHENTICATED, problem
    metadata = (("authorization", "Bearer " + server.token),)
    answer = stub.HandleReloadConfigRequest(request, 60, metadata=metadata)
    assert answer.status.error_code == 0, answer
    assert states("renamed") == [(1, available)] and (1, available) not in states("wine")
    print("tensorflow-serving-api: ModelService tells the states and takes a new configuration")


def main():
    name = sys.argv[3] if len(sys.argv) > 3 else ""
    if name:
        check = {"triton": check_triton, "tensorflow": check_tensorflow}[name]
        environment.need(pathlib.Path(sys.argv[2]) / name, PACKAGES[name])
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            models = prepare(folder)
            server = Server(folder, "wine", "house")
            try:
                check(server, models)
            finally:
                server.stop()
        return
    # Each client in a process and an environment of its own: their protobuf versions differ.
    skipped = False
    for each in PACKAGES:
        code = subprocess.run([sys.executable, __file__, CLI, sys.argv[2], each]).returncode
        skipped = skipped or code == 77
        if code not in (0, 77):
            sys.exit(f"{each}: exit code {code}")
    sys.exit(77 if skipped else 0)


if __name__ == "__main__":
    main()
