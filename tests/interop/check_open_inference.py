#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same requests to Lathe's server and to real servers of Open Inference: NVIDIA's Triton, and MLServer.

Compared are the status codes, the keys and types of answers, and the shape of error bodies, over REST and gRPC. Where
Lathe differs from Triton the difference must be among those that are meant (MEANT, with the reason); everything else
fails. MLServer's answers stand beside them in the table.

usage: check_open_inference.py LATHE_CLI FOLDER [--smoke]; FOLDER keeps the virtual environments. --smoke: Triton alone.
"""
import http.client
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import environment
import open_inference_peers as peers

CLI, HOME = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
environment.need(HOME / "triton", ["nvidia-pytriton==0.7.0"])

ROW = [0.5, -1.0, 2.0, 0.25, 1.5, -0.5, 0.0, 3.0]
RAW = struct.pack("<8f", *ROW)
HEADER = "Inference-Header-Content-Length"

# Differences from Triton that are meant.
MISTAKE = "a mistake of the client: 400, not an error of the server"
EXTENSION = "an extension that Lathe does not name among its own"
MEANT = {
    **{f"infer: {name}": MISTAKE for name in (
        "a negative size", "a shape of texts", "more rows than data", "more data than rows", "texts as data", "an object as data", "no name",
        "no shape", "no datatype", "no inputs", "inputs as an object", "a list", "an output without a name", "a number as id", "broken JSON",
        "no JSON", "binary, a text as size", "binary, the JSON cut short")},
    "infer: null as data": "null is a missing value, as in Lathe's other protocols",
    "infer: no rows": "no rows are answered by no rows, as MLServer does",
    "ModelInfer: no rows": "no rows are answered by no rows, as MLServer does",
    "ModelInfer: lists": "lists are answered by lists, as MLServer does",
    "RepositoryModelLoad of an unknown model": MISTAKE,
    "load an unknown model": MISTAKE,
    **{name: "what is not there cannot be unloaded, as with MLServer" for name in ("unload an unknown model", "RepositoryModelUnload of an unknown model")},
    **{name: "Triton's model here belongs to no repository" for name in ("index", "RepositoryIndex")},
    "statistics of an unknown model": "an unknown model is 404, as everywhere else",
    "ModelInfer: more bytes than inputs": "bytes that no input takes are refused, as Triton does over REST",
    "configuration": EXTENSION,
    **{f"{kind}{word}": EXTENSION for kind in ("ModelStatistics", "ModelConfig")
       for word in ("", " of a version", " of an unknown model", " of an unknown version", " of no version", " without a name")},
    **{f"{kind} of no version": "versions of TorchServe's models are texts, so this one is merely unknown" for kind in ("ModelReady", "ModelMetadata")},
}


def given(name="input_tensor", shape=(1, 8), datatype="FP32", data=ROW, **more):
    return {"name": name, "shape": list(shape), "datatype": datatype, "data": data, **more}


def body(*inputs, **more):
    return {"inputs": list(inputs), **more}


def binary(size=len(RAW), raw=RAW, length=None, **more):
    tensor = {"name": "input_tensor", "shape": [1, 8], "datatype": "FP32", "parameters": {"binary_data_size": size}}
    head = json.dumps({"inputs": [tensor], **more}).encode()
    return head + raw, {HEADER: str(len(head) if length is None else length)}


def without(key):
    tensor = given()
    del tensor[key]
    return body(tensor)


def rest_cases():
    """Name, method, path, body, headers."""
    mlp = "/v2/models/mlp"
    asked = [
        ("live", "GET", "/v2/health/live"), ("ready", "GET", "/v2/health/ready"), ("live by POST", "POST", "/v2/health/live"),
        ("server", "GET", "/v2"), ("server by POST", "POST", "/v2"),
        ("model", "GET", mlp), ("model of a version", "GET", mlp + "/versions/1"), ("model of an unknown version", "GET", mlp + "/versions/9"),
        ("model of no version", "GET", mlp + "/versions/x"), ("unknown model", "GET", "/v2/models/none"), ("model by DELETE", "DELETE", mlp),
        ("model ready", "GET", mlp + "/ready"), ("version ready", "GET", mlp + "/versions/1/ready"),
        ("unknown model ready", "GET", "/v2/models/none/ready"), ("unknown version ready", "GET", mlp + "/versions/9/ready"),
        ("statistics", "GET", mlp + "/stats"), ("statistics of all", "GET", "/v2/models/stats"),
        ("statistics of an unknown model", "GET", "/v2/models/none/stats"), ("configuration", "GET", mlp + "/config"),
        ("unknown path", "GET", "/v2/nothing"), ("unknown path below", "GET", mlp + "/nothing"),
        ("index", "POST", "/v2/repository/index"), ("index by GET", "GET", "/v2/repository/index"),
        ("load an unknown model", "POST", "/v2/repository/models/none/load", {}),
        ("unload an unknown model", "POST", "/v2/repository/models/none/unload", {}),
        ("infer by GET", "GET", mlp + "/infer"),
    ]
    two = ROW + ROW
    infers = [
        ("flat", body(given())), ("nested", body(given(data=[ROW]))), ("two rows", body(given(shape=(2, 8), data=two))),
        ("an id", body(given(), id="42")), ("the output named", body(given(), outputs=[{"name": "output_tensor"}])),
        ("no output wanted", body(given(), outputs=[])), ("parameters", body(given(parameters={"any": 1}), parameters={"more": "x", "flag": True})),
        ("whole numbers", body(given(data=[1, 2, 3, 4, 5, 6, 7, 8]))), ("unknown keys", body(given(other=1), more=[1])),
        ("binary output", body(given(), parameters={"binary_data_output": True})),
        ("one binary output", body(given(), outputs=[{"name": "output_tensor", "parameters": {"binary_data": True}}])),
        ("wrong input name", body(given(name="wrong"))), ("an input too many", body(given(), given(name="more"))),
        ("the input twice", body(given(), given())), ("too few columns", body(given(shape=(1, 7), data=ROW[:7]))),
        ("too many columns", body(given(shape=(1, 9), data=ROW + [1]))), ("no rows' dimension", body(given(shape=(8,)))),
        ("a dimension too many", body(given(shape=(1, 1, 8)))), ("a negative size", body(given(shape=(-1, 8)))),
        ("no rows", body(given(shape=(0, 8), data=[]))), ("a shape of texts", body(given(shape=("1", "8")))),
        ("more rows than data", body(given(shape=(2, 8)))), ("more data than rows", body(given(data=two))),
        ("another datatype", body(given(datatype="INT64", data=[1] * 8))), ("an unknown datatype", body(given(datatype="FLOAT"))),
        ("texts as data", body(given(data=["a"] * 8))), ("null as data", body(given(data=[None] * 8))), ("an object as data", body(given(data={"a": 1}))),
        ("no name", without("name")), ("no shape", without("shape")), ("no datatype", without("datatype")), ("no data", without("data")),
        ("no inputs", {}), ("an empty list of inputs", body()), ("inputs as an object", {"inputs": given()}), ("a list", [given()]),
        ("an unknown output", body(given(), outputs=[{"name": "none"}])), ("an output without a name", body(given(), outputs=[{}])),
        ("a number as id", body(given(), id=7)),
    ]
    asked += [("infer: " + name, "POST", mlp + "/infer", what) for name, what in infers]
    asked += [
        ("infer: of a version", "POST", mlp + "/versions/1/infer", body(given())),
        ("infer: of an unknown version", "POST", mlp + "/versions/9/infer", body(given())),
        ("infer: of an unknown model", "POST", "/v2/models/none/infer", body(given())),
        ("infer: broken JSON", "POST", mlp + "/infer", b'{"inputs": [{'), ("infer: no JSON", "POST", mlp + "/infer", b"\xff\xfe"),
        ("infer: an empty body", "POST", mlp + "/infer", b""),
        ("infer: binary", "POST", mlp + "/infer", *binary()),
        ("infer: binary both ways", "POST", mlp + "/infer", *binary(parameters={"binary_data_output": True})),
        ("infer: binary, too few bytes", "POST", mlp + "/infer", *binary(raw=RAW[:-4])),
        ("infer: binary, too many bytes", "POST", mlp + "/infer", *binary(raw=RAW + RAW)),
        ("infer: binary, another size", "POST", mlp + "/infer", *binary(size=28, raw=RAW[:28])),
        ("infer: binary, a text as size", "POST", mlp + "/infer", *binary(size="32")),
        ("infer: binary, the JSON cut short", "POST", mlp + "/infer", *binary(length=10)),
        ("infer: binary, a length beyond the body", "POST", mlp + "/infer", *binary(length=5000)),
        ("infer: binary, no length", "POST", mlp + "/infer", *binary(length="x")),
        ("infer: binary, a negative length", "POST", mlp + "/infer", *binary(length=-1)),
    ]
    return [(*each, *[None] * (5 - len(each))) for each in asked]


def shape_of(value):
    """Keys and types: {"a": "text"} of {"a": "x"}; a list is what its first element is."""
    if isinstance(value, dict):
        return {key: shape_of(each) for key, each in sorted(value.items())}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return {bool: "flag", int: "number", float: "number", str: "text"}.get(type(value), "null")


def described(status, headers, content):
    """What is compared of an answer."""
    length = headers.get(HEADER)
    if status != 200:
        try:
            return status, shape_of(json.loads(content))
        except ValueError:
            return status, "empty" if not content else "no JSON"
    if not content:
        return status, "empty"
    try:
        shape = shape_of(json.loads(content[:int(length)] if length else content))
    except ValueError:
        return status, "no JSON"
    return status, {"JSON": shape, "bytes behind it": len(content) - int(length)} if length else shape


def ask_rest(address, case):
    _, method, path, what, headers = case
    content = what if isinstance(what, (bytes, type(None))) else json.dumps(what).encode()
    connection = http.client.HTTPConnection(address, timeout=60)
    try:
        kind = {"Content-Type": "application/json"} if headers is None else headers
        connection.request(method, path, content, {**kind, **peers.REST_TOKEN})
        answer = connection.getresponse()
        content = answer.read()
        return described(answer.status, answer.headers, content), content
    except (OSError, http.client.HTTPException) as problem:
        return ("no answer", type(problem).__name__), b""
    finally:
        connection.close()


def grpc_cases():
    """Name, method, message."""
    from tritonclient.grpc import service_pb2 as messages

    def infer(model="mlp", version="", raw=(RAW,), name="input_tensor", datatype="FP32", shape=(1, 8), contents=(), outputs=(), count=1):
        request = messages.ModelInferRequest(model_name=model, model_version=version, id="7")
        for _ in range(count):
            tensor = request.inputs.add(name=name, datatype=datatype, shape=shape)
            if contents:
                tensor.contents.fp32_contents.extend(contents)
        for output in outputs:
            request.outputs.add(name=output)
        request.raw_input_contents.extend(raw)
        return request

    def plain(kind, **fields):
        return getattr(messages, kind + "Request")(**fields)

    asked = [("ServerLive", plain("ServerLive")), ("ServerReady", plain("ServerReady")), ("ServerMetadata", plain("ServerMetadata"))]
    for word, fields in (("", {"name": "mlp"}), (" of a version", {"name": "mlp", "version": "1"}),
                         (" of an unknown model", {"name": "none"}), (" of an unknown version", {"name": "mlp", "version": "9"}),
                         (" of no version", {"name": "mlp", "version": "x"}), (" without a name", {})):
        asked += [(f"{kind}{word}", plain(kind, **fields)) for kind in ("ModelReady", "ModelMetadata", "ModelStatistics", "ModelConfig")]
    asked += [("RepositoryIndex", plain("RepositoryIndex")), ("RepositoryModelLoad of an unknown model", plain("RepositoryModelLoad", model_name="none")),
              ("RepositoryModelUnload of an unknown model", plain("RepositoryModelUnload", model_name="none"))]
    infers = [
        ("raw", infer()), ("lists", infer(raw=(), contents=ROW)), ("of a version", infer(version="1")), ("two rows", infer(raw=(RAW + RAW,), shape=(2, 8))),
        ("the output named", infer(outputs=("output_tensor",))), ("of an unknown model", infer(model="none")), ("of an unknown version", infer(version="9")),
        ("without a model", infer(model="")), ("wrong input name", infer(name="wrong")), ("another datatype", infer(datatype="INT32")),
        ("an unknown datatype", infer(datatype="FLOAT")), ("no datatype", infer(datatype="")), ("too few columns", infer(raw=(RAW[:28],), shape=(1, 7))),
        ("no rows' dimension", infer(shape=(8,))), ("no shape", infer(shape=())), ("a negative size", infer(shape=(-1, 8))), ("no rows", infer(raw=(b"",), shape=(0, 8))),
        ("too few bytes", infer(raw=(RAW[:-4],))), ("too many bytes", infer(raw=(RAW + RAW,))), ("too few values", infer(raw=(), contents=ROW[:7])),
        ("neither bytes nor values", infer(raw=())), ("bytes and values", infer(contents=ROW)), ("more bytes than inputs", infer(raw=(RAW, RAW))),
        ("no inputs", infer(raw=(), count=0)), ("bytes without inputs", infer(count=0)), ("the input twice", infer(raw=(RAW, RAW), count=2)),
        ("an unknown output", infer(outputs=("none",))),
    ]
    return asked + [("ModelInfer: " + name, message) for name, message in infers]


def ask_grpc(stub, case):
    import grpc
    from google.protobuf import json_format

    name, message = case
    method = type(message).__name__.removesuffix("Request")
    try:
        answer = getattr(stub, method)(message, timeout=60, metadata=peers.GRPC_TOKEN)
    except grpc.RpcError as problem:
        return (problem.code().name, "details" if problem.details() else "no details"), problem.details()
    shape = shape_of(json_format.MessageToDict(answer, preserving_proto_field_name=True))
    return ("OK", shape), str(answer)


def make_lathe(folder):
    random.seed(3)
    lines = ["x0,x1,x2,x3,x4,x5,x6,x7,y"]
    for _ in range(300):
        x = [round(random.gauss(0, 1), 3) for _ in range(8)]
        lines.append(",".join(map(str, x)) + "," + "abc"[(x[0] + x[1] > 0) + (x[2] > 0.5)])
    (folder / "d.csv").write_text("\n".join(lines) + "\n")
    for arguments in (["train", "--data", "d.csv", "--target", "y", "--epochs", "2"], ["export", "latest", "--out", "mlp", "--name", "mlp"]):
        subprocess.run([CLI, *arguments], cwd=folder, check=True, capture_output=True)
    return subprocess.Popen([CLI, "serve", "mlp", "--json", "--no-token", *(f"--{p}=0" for p in ("http", "management", "grpc", "rest"))],
                            cwd=folder, stdout=subprocess.PIPE, text=True)


def answers(rest, grpc_address):
    """By the case's name: what is compared, and the whole text."""
    import grpc
    from tritonclient.grpc import service_pb2_grpc

    found = {case[0]: ask_rest(rest, case) for case in rest_cases()}
    with grpc.insecure_channel(grpc_address) as channel:
        stub = service_pb2_grpc.GRPCInferenceServiceStub(channel)
        found.update({case[0]: ask_grpc(stub, case) for case in grpc_cases()})
    return found


def told(answer):
    if answer is None:
        return ""
    (status, shape), _ = answer
    return f"{status} {shape if isinstance(shape, str) else json.dumps(shape)}".replace('"', "")


def report(lathe, triton, mlserver):
    """The table of differences; how many of them are not meant."""
    wrong = []
    print("| request | Triton | MLServer | Lathe | |\n|---|---|---|---|---|")
    for name, ours in lathe.items():
        if ours[0] == triton[name][0]:
            if name in MEANT:
                wrong.append(f"{name}: differs no more; it is among the differences that are meant")
            continue
        reason = MEANT.get(name, "")
        print(f"| {name} | {told(triton[name])} | {told(mlserver.get(name))} | {told(ours)} | {reason or 'NOT MEANT'} |")
        if not reason:
            wrong.append(f"{name}: Triton {triton[name][1]!r}, Lathe {ours[1]!r}")
    print(f"{len(lathe)} requests, {sum(ours[0] == triton[name][0] for name, ours in lathe.items())} answered alike")
    return wrong


def main():
    smoke = "--smoke" in sys.argv
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        server = make_lathe(folder)
        try:
            at = json.loads(server.stdout.readline())
            lathe = answers(at["http"], at["grpc"])
        finally:
            server.terminate()
            assert server.wait(30) == 0
        with peers.triton(sys.executable, folder) as addresses:
            triton = answers(*addresses)
        mlserver, skipped = {}, False
        if not smoke:
            python = environment.install(HOME / "mlserver", ["mlserver==1.7.1"])
            skipped = python is None
            if python:
                with peers.mlserver(python, folder) as addresses:
                    mlserver = answers(*addresses)
    wrong = report(lathe, triton, mlserver)
    for each in wrong:
        print("FAILED " + each)
    sys.exit(1 if wrong else 77 if skipped else 0)


if __name__ == "__main__":
    main()
