# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts a TorchServe of a virtual environment on ports of its own."""
import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def call(method, url, body=None, kind="application/json"):
    request = urllib.request.Request(url, data=body, method=method, headers={"Content-Type": kind} if body else {})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode(), answer.headers.get("Content-Type")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), error.headers.get("Content-Type")


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@contextlib.contextmanager
def torchserve(folder, home):
    """A server of its own ports; gives inference and management addresses and the store."""
    inference, management, metrics, grpc1, grpc2 = free_ports(5)
    store, run = folder / "store", folder / "run"
    for each in (store, run / "tmp", run / "logs"):
        each.mkdir(parents=True)
    config = folder / "config.properties"
    config.write_text(f"""inference_address=http://127.0.0.1:{inference}
management_address=http://127.0.0.1:{management}
metrics_address=http://127.0.0.1:{metrics}
grpc_inference_address=127.0.0.1
grpc_management_address=127.0.0.1
grpc_inference_port={grpc1}
grpc_management_port={grpc2}
model_store={store}
disable_token_authorization=true
enable_model_api=true
install_py_dep_per_model=false
number_of_netty_threads=2
job_queue_size=1000
""")
    surroundings = dict(os.environ, TEMP=str(run / "tmp"), TMPDIR=str(run / "tmp"), LOG_LOCATION=str(run / "logs"),
                        METRICS_LOCATION=str(run / "logs"), OMP_NUM_THREADS="1")
    surroundings["PATH"] = f"{pathlib.Path(home) / 'bin'}:{surroundings['PATH']}"
    log = open(folder / "server.log", "w")
    process = subprocess.Popen([str(pathlib.Path(home) / "bin/torchserve"), "--start", "--foreground", "--ncs", "--ts-config",
                                str(config)], env=surroundings, stdout=log, stderr=log, cwd=run, start_new_session=True)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                if call("GET", f"http://127.0.0.1:{inference}/ping")[0] == 200:
                    break
            time.sleep(0.2)
        else:
            print((folder / "server.log").read_text()[-3000:])
            raise SystemExit("TorchServe did not start")
        yield f"http://127.0.0.1:{inference}", f"http://127.0.0.1:{management}", store
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
