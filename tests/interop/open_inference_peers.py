# SPDX-License-Identifier: GPL-3.0-or-later
"""Real Open Inference servers on ports of their own, each with one function: `mlp`, eight numbers to three.

Run as a program it is Triton's side of it: open_inference_peers.py HTTP_PORT GRPC_PORT METRICS_PORT."""
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.request

from torchserve_server import free_ports

# For what pytriton restricts: statistics and the repository.
TOKEN = "open"
REST_TOKEN = {"triton-access-token": TOKEN}
GRPC_TOKEN = (("triton-grpc-protocol-triton-access-token", TOKEN),)

MLSERVER_MODEL = '''
import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse


class Mlp(MLModel):
    async def predict(self, payload):
        values = NumpyCodec.decode_input(payload.inputs[0]).astype(np.float32)
        total = values.sum(axis=1, keepdims=True)
        output = NumpyCodec.encode_output("output_tensor", np.concatenate([total, total / 2, total / 4], axis=1))
        return InferenceResponse(id=payload.id, model_name=self.name, model_version=self.version, outputs=[output])
'''


@contextlib.contextmanager
def started(command, folder, ports, name):
    """Gives the addresses of HTTP and gRPC once the model is ready."""
    log = folder / f"{name}.log"
    with open(log, "w") as out:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=out, start_new_session=True,
                                   env=dict(os.environ, OMP_NUM_THREADS="1", CUDA_VISIBLE_DEVICES=""))
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                if urllib.request.urlopen(f"http://127.0.0.1:{ports[0]}/v2/models/mlp/ready", timeout=5).status == 200:
                    break
            if process.poll() is not None:
                break
            time.sleep(0.2)
        else:
            process.kill()
        if process.poll() is not None:
            raise SystemExit(f"{name} did not start:\n{log.read_text()[-3000:]}")
        yield f"127.0.0.1:{ports[0]}", f"127.0.0.1:{ports[1]}"
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def triton(python, folder):
    ports = free_ports(3)
    return started([str(python), __file__, *map(str, ports)], folder, ports, "Triton")


def mlserver(python, folder):
    ports = free_ports(3)
    home = folder / "mlserver"
    home.mkdir()
    (home / "mlp.py").write_text(MLSERVER_MODEL)
    (home / "settings.json").write_text(json.dumps({"host": "127.0.0.1", "http_port": ports[0], "grpc_port": ports[1],
                                                    "metrics_port": ports[2], "parallel_workers": 0}))
    tensor = {"datatype": "FP32"}
    (home / "model-settings.json").write_text(json.dumps({
        "name": "mlp", "implementation": "mlp.Mlp", "parameters": {"version": "1"},
        "inputs": [{"name": "input_tensor", "shape": [-1, 8], **tensor}],
        "outputs": [{"name": "output_tensor", "shape": [-1, 3], **tensor}]}))
    return started([str(pathlib.Path(python).parent / "mlserver"), "start", "."], home, ports, "MLServer")


def serve_function(http, grpc, metrics):
    import numpy as np
    from pytriton.decorators import batch
    from pytriton.model_config import ModelConfig, Tensor
    from pytriton.triton import Triton, TritonConfig, TritonSecurityConfig

    @batch
    def mlp(input_tensor):
        total = input_tensor.sum(axis=1, keepdims=True)
        return [np.concatenate([total, total / 2, total / 4], axis=1).astype(np.float32)]

    config = TritonConfig(http_port=http, grpc_port=grpc, metrics_port=metrics, http_address="127.0.0.1", grpc_address="127.0.0.1")
    with Triton(config=config, security_config=TritonSecurityConfig(access_token=TOKEN)) as server:
        server.bind(model_name="mlp", infer_func=mlp, inputs=[Tensor(name="input_tensor", dtype=np.float32, shape=(8,))],
                    outputs=[Tensor(name="output_tensor", dtype=np.float32, shape=(3,))], config=ModelConfig(max_batch_size=64))
        server.serve()


if __name__ == "__main__":
    serve_function(*map(int, sys.argv[1:4]))
