#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives a real TorchServe 0.12 with Lathe's command line: exports, deploys, asks, scales, replaces, rolls back.

usage: check_torchserve.py LATHE_CLI FOLDER [--smoke]; FOLDER keeps the virtual environment. --smoke: one model.
"""
import csv
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import environment
from torchserve_server import call, torchserve

PROGRAM, HOME = sys.argv[1], sys.argv[2]
if shutil.which("java") is None:
    print("SKIPPED: there is no Java; TorchServe was not driven (apt install openjdk-17-jre-headless)")
    sys.exit(77)
environment.need(HOME, ["--no-deps", "torchserve==0.12.0"], system=True)

FAILED = []


def check(holds, what):
    print(("ok    " if holds else "FAILED ") + what, flush=True)
    if not holds:
        FAILED.append(what)


def lathe(*arguments, code=0):
    done = subprocess.run([PROGRAM, *map(str, arguments), "--json"], capture_output=True, text=True, timeout=300)
    if done.returncode != code:
        print(done.stdout, done.stderr)
    check(done.returncode == code, "lathe-cli " + " ".join(map(str, arguments[:2])) + f" exits {code}")
    return json.loads(done.stdout) if done.stdout.strip() else {}


def mixed_table(folder, rows=400, seed=1):
    """Numbers, categories, a date, missing values; two classes."""
    random.seed(seed)
    file = folder / "mixed.csv"
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["age", "job", "since", "score", "bought"])
        for _ in range(rows):
            age, job, score = random.randint(18, 80), random.choice(["clerk", "cook", "pilot"]), random.gauss(0, 1)
            bought = "yes" if age / 40 + score + (job == "pilot") + random.gauss(0, 0.3) > 1.8 else "no"
            writer.writerow(["" if random.random() < 0.05 else age, "" if random.random() < 0.05 else job,
                             f"20{random.randint(10, 23)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}", f"{score:.4f}",
                             bought])
    return file


def texts_table(folder, rows=300):
    random.seed(2)
    file = folder / "texts.csv"
    good, bad = ["fine", "great", "Größe", "非常好", "love it!"], ["poor", "awful", "schlecht", "不好", "hate it?"]
    with open(file, "w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["words", "stars"])
        for _ in range(rows):
            side = random.random() < 0.5
            words = " ".join(random.choice(good if side else bad) for _ in range(random.randint(3, 9)))
            writer.writerow([words, 5 if side else 1])
    return file


def predictions(run, data, folder, project):
    out = folder / "predictions.csv"
    lathe("predict", run, "--data", data, "--out", out, "--project", project)
    with open(out, newline="") as file:
        return list(csv.DictReader(file))


def same(served, wanted):
    worst = 0.0
    for a, b in zip(served, wanted):
        for name, value in b.items():
            try:
                expected = float(value)
            except ValueError:
                if str(a[name]) != value:
                    return float("inf")
                continue
            worst = max(worst, abs(float(a[name]) - expected) / max(1, abs(expected)))
    return worst if len(served) == len(wanted) else float("inf")


def check_handler(inference, name, data, wanted):
    """Every way of asking."""
    url = f"{inference}/predictions/{name}"
    with open(data, newline="") as file:
        rows = list(csv.DictReader(file))[:20]
    wanted = wanted[:20]
    as_json = [{key: (None if value == "" else value) for key, value in row.items()} for row in rows]
    status, body, kind = call("POST", url, json.dumps(as_json).encode())
    check(status == 200 and kind == "application/json" and same(json.loads(body), wanted) < 1e-5, "a list of rows as JSON")
    status, body, _ = call("POST", url, json.dumps({"instances": as_json}).encode())
    check(status == 200 and same(json.loads(body)["predictions"], wanted) < 1e-5, "instances")
    status, body, _ = call("POST", url, json.dumps(as_json[0]).encode())
    check(status == 200 and same([json.loads(body)], wanted[:1]) < 1e-5, "one row")
    text = data.read_text().splitlines()
    status, body, _ = call("POST", url, "\n".join(text[:21]).encode(), "text/csv")
    check(status == 200 and same(json.loads(body), wanted) < 1e-5, "CSV")
    boundary = "lathe-boundary"
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="data"\r\n\r\n{json.dumps(as_json[0])}\r\n--{boundary}--\r\n'
    status, body, _ = call("POST", url, part.encode(), f"multipart/form-data; boundary={boundary}")
    check(status == 200 and same([json.loads(body)], wanted[:1]) < 1e-5, "a multipart form with the part data")
    unseen = dict(as_json[0])
    first = next(iter(unseen))
    del unseen[first]
    status, body, _ = call("POST", url, json.dumps(unseen).encode())
    check(status == 400 and first in json.loads(body)["message"], "a missing column: 400 that names it")
    status, body, _ = call("POST", url, b"{broken")
    check(status == 400, "broken JSON: 400")
    status, body, _ = call("POST", url, json.dumps({**as_json[0], "job": "astronaut", "extra": 1}).encode())
    check(status == 200, "an unseen category and an extra column")


def train_again(folder, inference, management, project):
    """A run of a project: deployed, trained on new data, watched, rolled back by itself."""
    place = ["--to", "torchserve", "--url", management, "--predict-url", inference]
    first = lathe("deploy", "latest", *place, "--name", "again", "--project", project)
    check(first.get("healthy") is True and first.get("version") == "1.0", "a run by its number")
    new = folder / "new"
    new.mkdir()
    fresh = mixed_table(new, 600, 7)
    again = lathe("deploy", "retrain", "again", "--data", fresh, "--project", project)
    promotion = again.get("promotion", {})
    check(again.get("promoted") is True and again.get("previous") == "1.0" and promotion.get("rows", 0) > 50,
          f"trained on new data and promoted: {promotion}")
    lathe("deploy", "retrain", "again", "--data", fresh, "--project", project, "--max-latency", "0.001", code=4)
    _, body, _ = call("GET", f"{management}/models/again")
    check(json.loads(body)[0]["modelVersion"] == again.get("version"), "one that is too slow is not served")
    # Its workers end while it is watched.
    watching = subprocess.Popen([PROGRAM, "deploy", "latest", *place, "--name", "again", "--project", str(project), "--watch", "60s",
                                 "--json"], stdout=subprocess.PIPE, text=True)
    bad = ""
    for _ in range(240):
        _, body, _ = call("GET", f"{management}/models/again")
        bad = json.loads(body)[0]["modelVersion"]
        if bad != again.get("version"):
            break
        time.sleep(0.25)
    call("PUT", f"{management}/models/again/{bad}?min_worker=0&max_worker=0&synchronous=true")
    out, _ = watching.communicate(timeout=120)
    told = json.loads(out)
    check(watching.returncode == 4 and told["watch"]["rolled_back"] is True, f"rolled back by itself: {told.get('steps', [])[-1:]}")
    _, body, _ = call("GET", f"{management}/models/again")
    check(json.loads(body)[0]["modelVersion"] == again.get("version"), "the version before answers again")
    listed = lathe("deploy", "list", "--project", project)["deployments"]
    check(listed[0]["state"] == "rolled back" and listed[0]["reason"]["code"] == "deploy.refused", "and the record says so")


def drive(folder, inference, management, store, smoke):
    project = folder / "project.lathe"
    table = mixed_table(folder)
    lathe("train", "--data", table, "--target", "bought", "--epochs", 3, "--project", project)
    exported = lathe("export", "latest", "--format", "torchserve,onnx", "--name", "mixed", "--out", folder / "out", "--project",
                     project)
    check(exported.get("parity", {}).get("ok") is True, "the archive holds what the run learnt")
    names = zipfile.ZipFile(folder / "out/mixed.mar").namelist()
    check({"MAR-INF/MANIFEST.json", "model.pt", "lathe_handler.py", "index_to_name.json", "model-config.yaml"} <= set(names),
          "what an archive holds")
    deployed = lathe("deploy", folder / "out", "--to", "torchserve", "--url", management, "--predict-url", inference,
                     "--model-store", store)
    check(deployed.get("healthy") is True and deployed.get("max_diff", 1) <= 1e-5 and deployed.get("version") == "1.0",
          f"deployed: {deployed.get('max_diff')}, {deployed.get('latency_ms')} ms")
    wanted = predictions("latest", table, folder, project)
    check_handler(inference, "mixed", table, wanted)
    asked = lathe("request", "--url", inference, "--protocol", "torchserve", "--model", "mixed", "--data", table)
    check(same(asked["outputs"], wanted) < 1e-5, "request: every row as predict has it")
    if smoke:
        return

    again = lathe("deploy", folder / "out", "--to", "torchserve", "--url", management, "--predict-url", inference)
    check(again.get("healthy") is True and again.get("version") == "2.0" and again.get("previous") == "1.0",
          "a second version, lent over HTTP")
    _, body, _ = call("GET", f"{management}/models/mixed")
    check(json.loads(body)[0]["modelVersion"] == "2.0", "the second version answers")
    lathe("deploy", folder / "out", "--to", "torchserve", "--url", management, "--predict-url", inference, "--version", "2.0",
          code=1)
    status, _, _ = call("PUT", f"{management}/models/mixed/2.0?min_worker=2&max_worker=2&synchronous=true")
    check(status == 200, "scaled to two workers")
    _, body, _ = call("GET", f"{management}/models/mixed/2.0")
    os.kill(json.loads(body)[0]["workers"][0]["pid"], signal.SIGKILL)
    time.sleep(1)
    answers = [call("POST", f"{inference}/predictions/mixed/2.0", json.dumps({"instances": [[30, 1, 5000, 0, 0.5]]}).encode())[0]
               for _ in range(30)]
    check(answers[-1] == 200 and answers.count(200) >= 25, f"a killed worker: {answers.count(200)} of 30 answered")

    # An export that predicts something else than it says: refused, and the champion stays.
    false = folder / "false"
    shutil.copytree(folder / "out", false)
    about = json.loads((false / "lathe-export.json").read_text())
    about["reference_outputs"] = [[b, a] for a, b in about["reference_outputs"]]
    (false / "lathe-export.json").write_text(json.dumps(about))
    refused = lathe("deploy", false, "--to", "torchserve", "--url", management, "--predict-url", inference, code=4)
    check(refused.get("healthy") is False and "instead of" in refused.get("error", {}).get("message", ""),
          "a model that answers differently is unhealthy, with both answers")
    _, body, _ = call("GET", f"{management}/models/mixed/all")
    check([each["modelVersion"] for each in json.loads(body)] == ["1.0", "2.0"], "and was taken back")

    texts = texts_table(folder)
    lathe("train", "--data", texts, "--target", "stars", "--epochs", 2, "--project", project, "--set", "data.roles.words=feature")
    lathe("export", "latest", "--format", "torchserve", "--name", "texts", "--out", folder / "texts", "--project", project)
    done = lathe("deploy", folder / "texts", "--to", "torchserve", "--url", management, "--predict-url", inference)
    check(done.get("healthy") is True, "a model of texts")
    asked = lathe("request", "--url", inference, "--protocol", "torchserve", "--model", "texts", "--data", texts)
    check(same(asked["outputs"], predictions("latest", texts, folder, project)) < 1e-5, "texts are hashed as Lathe hashes them")

    fashion = pathlib.Path("/usr/share/datasets/fashion-mnist")
    if fashion.exists():
        lathe("train", "--data", fashion, "--epochs", 1, "--project", project, "--set", "training.batch_size=512", "--model", "mlp")
        lathe("export", "latest", "--format", "torchserve", "--name", "fashion", "--out", folder / "fashion", "--project", project)
        done = lathe("deploy", folder / "fashion", "--to", "torchserve", "--url", management, "--predict-url", inference)
        check(done.get("healthy") is True, f"a model of images: {done.get('max_diff')}")
    lathe("train", "--data", table, "--target", "bought", "--epochs", 3, "--project", project)
    train_again(folder, inference, management, project)
    for version in ("1.0", "2.0"):
        status, _, _ = call("DELETE", f"{management}/models/mixed/{version}")
        check(status == 200, f"unregistered {version}")
    lathe("request", "--url", inference, "--protocol", "torchserve", "--model", "mixed", "--data", table, code=1)
    lathe("deploy", folder / "out", "--to", "torchserve", "--url", "http://127.0.0.1:9", code=1)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        with torchserve(folder, HOME) as (inference, management, store):
            try:
                drive(folder, inference, management, store, "--smoke" in sys.argv)
            finally:
                if FAILED:
                    log = [line for line in (folder / "server.log").read_text().splitlines() if "ERROR" in line or "Error" in line]
                    print("\n".join(log[:20]))
    print(f"{len(FAILED)} failed" if FAILED else "TorchServe was driven without a failure")
    return 1 if FAILED else 0


if __name__ == "__main__":
    sys.exit(main())
