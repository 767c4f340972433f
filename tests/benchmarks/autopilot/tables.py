#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""lathe-cli autopilot against CatBoost's defaults and AutoGluon on the same split of the same tables.

tables.py [FOLDER] [--lathe build/release/bin/lathe-cli] [--tables a,b] [--sides lathe,catboost,autogluon]
          [--budget 60] [--threads 1] [--repeats 1] [--partial FILE] [--jobs 1]

FOLDER holds CSV files of export_tables.R (../tables); scikit-learn's own tables and made ones of 10 000 to 50 000 rows
are added. Run it with an interpreter that has scikit-learn and pandas, and catboost and autogluon.tabular for these
sides. A fifth of the rows is held out, another one for each repeat; log loss or rmse on it is what counts. AutoGluon
gets the same time on the same threads. Prints the table with processor seconds, the average rank, and how far wall
time was from the budget. What is in the partial file is not run again.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time
import warnings


def made_tables():
    import numpy
    import pandas
    from sklearn import datasets

    def frame(x, y, classes):
        table = pandas.DataFrame(x, columns=[f"c{i}" for i in range(x.shape[1])])
        table["target"] = [f"k{label}" for label in y] if classes else y
        return table

    random = numpy.random.default_rng(7)
    x, y = datasets.make_classification(20000, 25, n_informative=12, n_redundant=4, n_clusters_per_class=4,
                                        n_classes=3, class_sep=1.0, flip_y=0.02, random_state=1)
    yield "made_clusters", frame(x, y, True)
    x, y = datasets.make_friedman1(30000, 12, noise=1.0, random_state=2)
    yield "made_friedman", frame(x, y, False)
    # Steps and categories, which suit trees.
    x = random.uniform(-1, 1, (20000, 8))
    town = random.integers(0, 12, len(x))
    level = random.normal(0, 1, 12)
    y = (numpy.where(x[:, 0] > 0.2, 2.0, 0.0) + numpy.where(x[:, 1] * x[:, 2] > 0, 1.5, 0) + 1.5 * level[town]
         + numpy.abs(x[:, 3]) + 0.5 * random.normal(size=len(x)))
    table = frame(x, y, False)
    table.insert(0, "town", [f"t{t}" for t in town])
    yield "made_steps", table
    z = random.normal(size=(50000, 10))
    score = z[:, 0] * z[:, 1] + numpy.sin(2 * z[:, 2]) + 0.5 * z[:, 3] - 0.3
    y = (random.uniform(size=len(z)) < 1 / (1 + numpy.exp(-1.5 * score))).astype(int)
    yield "made_smooth", frame(z, y, True)


def tables(folder):
    """name -> (frame, whether it is a classification); the target is the last column."""
    import pandas
    from sklearn import datasets
    found = {}
    for name in ("iris", "wine", "digits", "breast_cancer", "diabetes"):
        data = getattr(datasets, f"load_{name}")()
        frame = pandas.DataFrame(data.data, columns=[f"c{i}" for i in range(data.data.shape[1])])
        frame["target"] = data.target if name == "diabetes" else [f"k{label}" for label in data.target]
        found[name] = frame
    for path in sorted(pathlib.Path(folder).glob("*.csv")) if folder else []:
        frame = pandas.read_csv(path)
        if path.stem in ("Vehicle", "Satellite", "TitanicSurvival"):
            frame["target"] = frame["target"].astype(str)
        found[path.stem] = frame
    found.update(made_tables())
    return {name: (frame.reset_index(drop=True), not pandas.api.types.is_numeric_dtype(frame["target"]))
            for name, frame in found.items()}


def split(frame, classification, repeat):
    from sklearn.model_selection import train_test_split
    fit, held = train_test_split(range(len(frame)), test_size=0.2, random_state=repeat,
                                 stratify=frame["target"] if classification else None)
    return frame.iloc[sorted(fit)].copy(), frame.iloc[sorted(held)].copy()


def lathe(arguments, fit, held, classification):
    with tempfile.TemporaryDirectory() as folder:
        fit.to_csv(f"{folder}/fit.csv", index=False)
        held.to_csv(f"{folder}/held.csv", index=False)
        with open(f"{folder}/out", "w+", encoding="utf-8") as out, open(f"{folder}/err", "w+", encoding="utf-8") as err:
            process = subprocess.Popen(
                [arguments.lathe, "--project", f"{folder}/p.lathe", "autopilot", "--data", f"{folder}/fit.csv",
                 "--test", f"{folder}/held.csv", "--target", "target", "--task",
                 "classification" if classification else "regression", "--budget", f"{arguments.budget}s",
                 "--threads", str(arguments.threads), "--out", f"{folder}/out.d", "--json",
                 *arguments.flags.split()], stdout=out, stderr=err)
            _, status, used = os.wait4(process.pid, 0)
            out.seek(0)
            err.seek(0)
            if status != 0:
                raise SystemExit(err.read()[-2000:])
            result = json.loads(out.read())
        if arguments.keep:
            kept = pathlib.Path(arguments.keep)
            kept.mkdir(parents=True, exist_ok=True)
            (kept / f"{arguments.name}.json").write_text(json.dumps(result, indent=1))
    metrics = result["metrics"]
    goal = "log_loss" if classification else "rmse"
    return {"score": metrics[f"test/{goal}"], "cpu": used.ru_utime + used.ru_stime, "seconds": result["seconds"],
            "held_out": metrics[f"val/{goal}"]}


def scored(classification, truth, prediction, classes=None):
    import numpy
    from sklearn import metrics
    if classification:
        return float(metrics.log_loss(truth, prediction, labels=classes))
    return float(numpy.sqrt(metrics.mean_squared_error(truth, prediction)))


def catboost(arguments, fit, held, classification):
    import pandas
    from catboost import CatBoostClassifier, CatBoostRegressor
    x, y, xt, yt = fit.drop(columns="target"), fit["target"], held.drop(columns="target"), held["target"]
    words = [c for c in x.columns if not pandas.api.types.is_numeric_dtype(x[c])]
    x[words], xt[words] = x[words].fillna("missing").astype(str), xt[words].fillna("missing").astype(str)
    kind = CatBoostClassifier if classification else CatBoostRegressor
    model = kind(verbose=False, thread_count=arguments.threads, random_seed=0, cat_features=words,
                 allow_writing_files=False)
    model.fit(x, y)
    if classification:
        return scored(True, yt, model.predict_proba(xt), list(model.classes_))
    return scored(False, yt, model.predict(xt))


def autogluon(arguments, fit, held, classification):
    from autogluon.tabular import TabularPredictor
    with tempfile.TemporaryDirectory() as folder:
        model = TabularPredictor(label="target", path=folder, verbosity=0,
                                 eval_metric="log_loss" if classification else "root_mean_squared_error")
        model.fit(fit, time_limit=arguments.budget, presets="best_quality", num_cpus=arguments.threads)
        xt, yt = held.drop(columns="target"), held["target"]
        if classification:
            probabilities = model.predict_proba(xt)
            return scored(True, yt, probabilities.to_numpy(), list(probabilities.columns))
        return scored(False, yt, model.predict(xt))


def one(arguments):
    """Score of one side on one table, in a process of its own."""
    warnings.filterwarnings("ignore")
    side, name, repeat = arguments.one.split()
    frame, classification = tables(arguments.folder)[name]
    fit, held = split(frame, classification, int(repeat))
    arguments.name = f"{name}-{repeat}"
    if side == "lathe":
        print(json.dumps(lathe(arguments, fit, held, classification)))
        return
    began, before = time.time(), resource.getrusage(resource.RUSAGE_SELF)
    score = (catboost if side == "catboost" else autogluon)(arguments, fit, held, classification)
    after = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"score": score, "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
                      "seconds": time.time() - began}))


def report(known, sides, budget):
    names = sorted({key.split()[1] for key in known})
    print(f"{'data':22}" + "".join(f"{side:>28}" for side in sides))
    ranks = {side: [] for side in sides}
    for name in names:
        scores, line = {}, f"{name:22}"
        for side in sides:
            rows = [value for key, value in known.items() if key.split()[:2] == [side, name] and value]
            if not rows:
                line += f"{'-':>28}"
                continue
            scores[side] = sum(row["score"] for row in rows) / len(rows)
            line += f"{scores[side]:14.5g} {sum(row['cpu'] for row in rows) / len(rows):8.1f} s cpu"
        print(line)
        if len(scores) == len(sides):
            order = sorted(scores, key=scores.get)
            for side in sides:
                ranks[side].append(order.index(side) + 1)
    print(f"{'average rank':22}" + "".join(f"{sum(ranks[s]) / max(1, len(ranks[s])):28.2f}" for s in sides))
    spent = [value["seconds"] / budget for key, value in known.items() if key.startswith("lathe ") and value]
    if spent:
        print(f"lathe's time, of its budget: {min(spent):.2f} to {max(spent):.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="")
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--tables")
    parser.add_argument("--sides", default="lathe,catboost")
    parser.add_argument("--budget", type=float, default=60)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--flags", default="", help="further flags for lathe-cli, for trying")
    parser.add_argument("--partial")
    parser.add_argument("--keep", default="", help="folder for the whole results of lathe's side")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--one")
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments)
        return
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if partial and partial.exists() else {}
    sides = arguments.sides.split(",")
    wanted = arguments.tables.split(",") if arguments.tables else list(tables(arguments.folder))
    threads = str(arguments.threads)
    environment = dict(os.environ, OMP_NUM_THREADS=threads, OPENBLAS_NUM_THREADS=threads)
    environment.pop("OPENBLAS_CORETYPE", None)

    def work(key):
        done = subprocess.run([sys.executable, __file__, *sys.argv[1:], "--one", key], capture_output=True, text=True,
                              env=environment, check=False)
        if done.returncode != 0:
            print(f"{key}: {done.stderr[-500:]}", file=sys.stderr)
            return None
        return json.loads(done.stdout.splitlines()[-1])

    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        waiting = {}
        for name in wanted:
            for repeat in range(arguments.repeats):
                for side in sides:
                    key = f"{side} {name} {repeat}"
                    if known.get(key) is None:
                        waiting[pool.submit(work, key)] = key
        for done in concurrent.futures.as_completed(waiting):
            known[waiting[done]] = done.result()
            if partial:
                partial.write_text(json.dumps(known, indent=1))
    report({key: value for key, value in known.items() if key.split()[1] in wanted}, sides, arguments.budget)


if __name__ == "__main__":
    main()
