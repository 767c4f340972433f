#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests a second of Lathe's server: one row of a small MLP over loopback with wrk, gRPC with a C++ client.

usage: serving.py BUILD_FOLDER [--seconds N] [--reload SECONDS] [--peer NAME=URL:PID ...] [--torchserve FOLDER]

--reload keeps the load up for so long while the model is loaded anew every 10 s, and wants no failed request and flat
memory. Each --peer is another server that answers POST URL with the same body (TorchServe, for example); PID is the
process whose processor time, its children's included, is counted. --torchserve starts a TorchServe 0.12 of the virtual
environment FOLDER (made where it is missing, as tests/interop does) with the same model, as it comes (one worker, batch 1)
and as it is best (two workers, batch 8, 5 ms).
"""
import argparse
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile

CONNECTIONS = (1, 8, 32, 1000)
COLUMNS = 8


def processor_seconds(pid):
    """Of a process and its living descendants."""
    total = 0
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                total += processor_seconds(child)
    except FileNotFoundError:
        pass
    return total


def resident_megabytes(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) / 1024


def milliseconds(text):
    number, unit = re.match(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


def wrk(folder, url, connections, seconds, pid):
    script = folder / "post.lua"
    row = {f"x{i}": round(0.25 * i - 1, 2) for i in range(COLUMNS)}
    script.write_text(f"wrk.method='POST'\nwrk.body='{json.dumps(row)}'\nwrk.headers['Content-Type']='application/json'\n")
    before = processor_seconds(pid)
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency", "-s", str(script), url],
                         capture_output=True, text=True).stdout
    used = processor_seconds(pid) - before
    requests = int(re.search(r"(\d+) requests in", out).group(1))
    errors = sum(int(n) for n in re.findall(r"(?:connect|read|write|timeout) (\d+)", out))
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return {"connections": connections, "requests_per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1)),
            "p50_ms": milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", out).group(1)), "p99_ms": milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", out).group(1)),
            "cpu_us_per_request": 1e6 * used / max(1, requests), "errors": errors + (int(wrong.group(1)) if wrong else 0)}


def make_model(cli, folder):
    random.seed(1)
    lines = [",".join([f"x{i}" for i in range(COLUMNS)] + ["y"])]
    for _ in range(600):
        x = [round(random.gauss(0, 1), 3) for _ in range(COLUMNS)]
        lines.append(",".join(map(str, x)) + "," + "abc"[(x[0] + x[1] > 0) + (x[2] > 0.5)])
    (folder / "d.csv").write_text("\n".join(lines) + "\n")
    for arguments in (["train", "--data", "d.csv", "--target", "y", "--epochs", "3"], ["export", "latest", "--out", "mlp", "--name", "mlp"]):
        subprocess.run([cli, *arguments], cwd=folder, check=True, capture_output=True)


def show(name, figures):
    for each in figures:
        print(f"| {name} | {each['connections']} | {each['requests_per_second']:.0f} | {each['p50_ms']:.2f} | {each['p99_ms']:.2f} | "
              f"{each['cpu_us_per_request']:.0f} | {each['errors']} |", flush=True)


def reload_under_load(folder, at, pid, seconds):
    url = f"http://{at['http']}/predictions/mlp"
    load = f"http://{at['http']}/v2/repository/models/mlp/load"
    script = folder / "post.lua"
    running = subprocess.Popen(["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "10s", "-s", str(script), url], stdout=subprocess.PIPE, text=True)
    memory = []
    end = time.time() + seconds
    while time.time() < end - 1:
        time.sleep(min(10, max(0.1, end - 1 - time.time())))
        urllib.request.urlopen(urllib.request.Request(load, data=b"{}", method="POST")).read()
        memory.append(resident_megabytes(pid))
    out = running.communicate()[0]
    failed = re.findall(r"(?:Socket errors.*|Non-2xx.*)", out)
    requests = re.search(r"(\d+) requests in", out).group(1)
    print(f"{seconds} s of load with {len(memory)} reloads: {requests} requests, failed: {failed or 'none'}, "
          f"memory {memory[min(5, len(memory) - 1)]:.0f} MB after a minute, at most {max(memory):.0f}, at the end {memory[-1]:.0f}")
    if failed:
        sys.exit("requests failed while models were reloaded")


def measure_torchserve(cli, folder, environment, seconds):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "interop"))
    from torchserve_server import call, torchserve
    subprocess.run([cli, "export", "latest", "--format", "torchserve", "--out", "mar", "--name", "mlp"], cwd=folder, check=True,
                   capture_output=True)
    for name, query in (("TorchServe, 1 worker, batch 1", "initial_workers=1&batch_size=1&max_batch_delay=100"),
                        ("TorchServe, 2 workers, batch 8, 5 ms", "initial_workers=2&batch_size=8&max_batch_delay=5")):
        place = folder / query.split("&")[0]
        place.mkdir()
        with torchserve(place, environment) as (inference, management, store):
            archive = store / "mlp.mar"
            archive.write_bytes(without_configuration((folder / "mar/mlp.mar").read_bytes()))
            status, body, _ = call("POST", f"{management}/models?url=mlp.mar&synchronous=true&{query}")
            assert status == 200, body
            known = subprocess.run(["pgrep", "-f", str(place)], capture_output=True, text=True).stdout.split()
            pid = next(int(each) for each in known if pathlib.Path(f"/proc/{each}/comm").read_text().strip() == "java")
            url = f"{inference}/predictions/mlp"
            wrk(folder, url, 8, 3, pid)
            show(name, [wrk(folder, url, c, seconds, pid) for c in CONNECTIONS if c <= 32])


def without_configuration(archive):
    """The archive without its model-config.yaml, which would take the place of what is asked for at registration."""
    given, made = zipfile.ZipFile(io.BytesIO(archive)), io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        for entry in given.namelist():
            content = given.read(entry)
            if entry == "MAR-INF/MANIFEST.json":
                about = json.loads(content)
                about["model"].pop("configFile")
                content = json.dumps(about).encode()
            out.writestr(entry, content)
    return made.getvalue()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--reload", type=int, default=0)
    parser.add_argument("--peer", action="append", default=[])
    parser.add_argument("--torchserve", default="")
    options = parser.parse_args()
    binaries = pathlib.Path(options.build).resolve() / "bin"
    cli = str(binaries / "lathe-cli")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_model(cli, folder)
        server = subprocess.Popen([cli, "serve", "mlp", "--json", "--no-token", *(f"--{p}=0" for p in ("http", "management", "grpc", "rest"))],
                                  cwd=folder, stdout=subprocess.PIPE, text=True)
        try:
            at = json.loads(server.stdout.readline())
            print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n")
            print("| server | connections | requests/s | p50 ms | p99 ms | CPU us/request | errors |\n|---|---|---|---|---|---|---|")
            url = f"http://{at['http']}/predictions/mlp"
            wrk(folder, url, 8, 1, server.pid)
            show("Lathe", [wrk(folder, url, c, options.seconds, server.pid) for c in CONNECTIONS])
            for peer in options.peer:
                name, rest = peer.split("=", 1)
                address, pid = rest.rsplit(":", 1)
                show(name, [wrk(folder, address, c, options.seconds, int(pid)) for c in CONNECTIONS])
            if options.torchserve:
                measure_torchserve(cli, folder, options.torchserve, options.seconds)
            print(f"\nresident memory: {resident_megabytes(server.pid):.0f} MB")
            for at_once in (1, 8, 32, 128):
                before = processor_seconds(server.pid)
                done = subprocess.run([str(binaries / "bench_serving_grpc"), at["grpc"], "mlp", str(COLUMNS), str(at_once), str(options.seconds)],
                                      capture_output=True, text=True)
                figures = json.loads(done.stdout)
                used = 1e6 * (processor_seconds(server.pid) - before) / max(1, figures["calls_per_second"] * options.seconds)
                print(f"gRPC Predict: {done.stdout.strip()}, CPU {used:.0f} us/call")
            if options.reload:
                reload_under_load(folder, at, server.pid, options.reload)
        finally:
            server.terminate()
            assert server.wait(30) == 0


if __name__ == "__main__":
    main()
