#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""realmlp and tabm with their defaults against scikit-learn's and CatBoost's defaults on tables that come in packages.

tables.py FOLDER [--lathe build/release/bin/lathe-cli] [--tables a,b] [--models realmlp,tabm,...] [--folds 5]
          [--partial FILE] [--jobs 2]

FOLDER holds the CSV files of export_tables.R; scikit-learn's and vega_datasets' own tables are added. Run it with an
interpreter that has scikit-learn (and catboost, vega_datasets: what is missing is left out). Every model sees the same
folds, one thread each; log loss or rmse on the held-out fold, averaged, with the processor seconds of all folds.
Prints the table and the average rank. What is in the partial file is not run again.
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
import warnings

LATHE = ("realmlp", "tabm", "mlp")


def tables(folder):
    """name -> (frame, whether it is a classification); the target is the last column."""
    import pandas
    from sklearn import datasets
    found = {}
    for name in ("breast_cancer", "wine", "digits", "diabetes"):
        data = getattr(datasets, f"load_{name}")()
        frame = pandas.DataFrame(data.data, columns=[f"c{i}" for i in range(data.data.shape[1])])
        frame["target"] = data.target if name == "diabetes" else [f"k{label}" for label in data.target]
        found[name] = frame
    try:
        from vega_datasets import data as vega
        cars = vega.cars().drop(columns=["Name", "Year"])
        found["cars"] = cars.dropna(subset=["Miles_per_Gallon"]).assign(target=lambda f: f.Miles_per_Gallon).drop(
            columns=["Miles_per_Gallon"])
    except ImportError:
        pass
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        frame = pandas.read_csv(path)
        if path.stem in ("Vehicle", "Satellite", "TitanicSurvival"):
            frame["target"] = frame["target"].astype(str)
        found[path.stem] = frame
    return {name: (frame.reset_index(drop=True), not pandas.api.types.is_numeric_dtype(frame["target"]))
            for name, frame in found.items()}


def folds_of(frame, classification, folds):
    from sklearn.model_selection import KFold, StratifiedKFold
    kind = StratifiedKFold if classification else KFold
    return list(kind(folds, shuffle=True, random_state=0).split(frame, frame["target"]))


def lathe_fold(program, model, flags, fit, held, classification):
    with tempfile.TemporaryDirectory() as folder:
        fit.to_csv(f"{folder}/fit.csv", index=False)
        held.to_csv(f"{folder}/held.csv", index=False)
        with open(f"{folder}/out", "w+", encoding="utf-8") as out, open(f"{folder}/err", "w+", encoding="utf-8") as err:
            process = subprocess.Popen(
                [program, "--project", f"{folder}/p.lathe", "train", "--data", f"{folder}/fit.csv", "--test",
                 f"{folder}/held.csv", "--target", "target", "--task",
                 "classification" if classification else "regression", "--model", model, "--threads", "1", "--json",
                 *flags], stdout=out, stderr=err)
            # This child's own seconds, whatever else runs beside it.
            _, status, used = os.wait4(process.pid, 0)
            out.seek(0)
            err.seek(0)
            if status != 0:
                raise SystemExit(err.read()[-2000:])
            result = json.loads(out.read())
    return result["metrics"]["test/log_loss" if classification else "test/rmse"], used.ru_utime + used.ru_stime


def peer(model, fit, held, classification):
    """Score of one fold, in a process of its own."""
    import numpy
    import pandas
    from sklearn import compose, ensemble, impute, metrics, neural_network, pipeline, preprocessing
    warnings.filterwarnings("ignore")
    x, y, xt, yt = fit.drop(columns="target"), fit["target"], held.drop(columns="target"), held["target"]
    words = [c for c in x.columns if not pandas.api.types.is_numeric_dtype(x[c])]
    numbers = [c for c in x.columns if c not in words]
    if model == "catboost":
        from catboost import CatBoostClassifier, CatBoostRegressor
        x[words], xt[words] = x[words].fillna("missing").astype(str), xt[words].fillna("missing").astype(str)
        kind = CatBoostClassifier if classification else CatBoostRegressor
        estimator = kind(verbose=False, thread_count=1, random_seed=0, cat_features=words, allow_writing_files=False)
    elif model == "hist_gradient_boosting":
        kind = ensemble.HistGradientBoostingClassifier if classification else ensemble.HistGradientBoostingRegressor
        encode = compose.ColumnTransformer([("words", preprocessing.OrdinalEncoder(
            handle_unknown="use_encoded_value", unknown_value=numpy.nan), words)], remainder="passthrough")
        estimator = pipeline.make_pipeline(encode, kind(random_state=0, categorical_features=list(range(len(words)))))
    else:
        kind = neural_network.MLPClassifier if classification else neural_network.MLPRegressor
        encode = compose.ColumnTransformer([
            ("words", preprocessing.OneHotEncoder(handle_unknown="ignore"), words),
            ("numbers", pipeline.make_pipeline(impute.SimpleImputer(), preprocessing.StandardScaler()), numbers)])
        estimator = pipeline.make_pipeline(encode, kind(random_state=0))
        if not classification:
            estimator = compose.TransformedTargetRegressor(estimator, transformer=preprocessing.StandardScaler())
    estimator.fit(x, y)
    if classification:
        return float(metrics.log_loss(yt, estimator.predict_proba(xt), labels=list(estimator.classes_)))
    return float(numpy.sqrt(metrics.mean_squared_error(yt, estimator.predict(xt))))


def peer_fold(model, name, fold, arguments):
    environment = dict(os.environ, OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    done = subprocess.run([sys.executable, __file__, arguments.folder, "--one", f"{model} {name} {fold}", "--folds",
                           str(arguments.folds)], capture_output=True, text=True, env=environment, check=False)
    if done.returncode != 0:
        return None
    return json.loads(done.stdout.splitlines()[-1])


def report(known, models):
    names = sorted({key.split()[1] for key in known})
    print(f"{'data':22}" + "".join(f"{model[:14]:>24}" for model in models))
    ranks = {model: [] for model in models}
    for name in names:
        scores = {}
        line = f"{name:22}"
        for model in models:
            rows = [value for key, value in known.items() if key.split()[:2] == [model, name] and value]
            if not rows:
                line += f"{'-':>24}"
                continue
            scores[model] = sum(row[0] for row in rows) / len(rows)
            line += f"{scores[model]:14.5g} {sum(row[1] for row in rows):7.1f} s"
        print(line)
        if len(scores) == len(models):
            order = sorted(scores, key=scores.get)
            for model in models:
                ranks[model].append(order.index(model) + 1)
    print(f"{'average rank':22}" + "".join(
        f"{sum(ranks[model]) / max(1, len(ranks[model])):24.2f}" for model in models))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder")
    parser.add_argument("--lathe", default="build/release/bin/lathe-cli")
    parser.add_argument("--tables")
    parser.add_argument("--models", default="realmlp,tabm,hist_gradient_boosting,mlp_sklearn,catboost")
    parser.add_argument("--flags", default="", help="further flags for lathe-cli, for trying")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--partial")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--one")
    arguments = parser.parse_args()
    all_tables = tables(arguments.folder)
    if arguments.one:
        model, name, fold = arguments.one.split()
        frame, classification = all_tables[name]
        fit, held = folds_of(frame, classification, arguments.folds)[int(fold)]
        before = resource.getrusage(resource.RUSAGE_SELF)
        score = peer(model, frame.iloc[fit].copy(), frame.iloc[held].copy(), classification)
        after = resource.getrusage(resource.RUSAGE_SELF)
        print(json.dumps([score, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime]))
        return
    partial = pathlib.Path(arguments.partial) if arguments.partial else None
    known = json.loads(partial.read_text()) if partial and partial.exists() else {}
    models = arguments.models.split(",")

    def work(model, name, fold):
        frame, classification = all_tables[name]
        if model.split(":")[0] not in LATHE:
            return peer_fold(model, name, fold, arguments)
        fit, held = folds_of(frame, classification, arguments.folds)[fold]
        flags = arguments.flags.split() if arguments.flags else []
        return lathe_fold(arguments.lathe, model, flags, frame.iloc[fit], frame.iloc[held], classification)

    wanted = arguments.tables.split(",") if arguments.tables else list(all_tables)
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        waiting = {}
        for name in wanted:
            for model in models:
                for fold in range(arguments.folds):
                    key = f"{model} {name} {fold}"
                    if key not in known:
                        waiting[pool.submit(work, model, name, fold)] = key
        for done in concurrent.futures.as_completed(waiting):
            known[waiting[done]] = done.result()
            if partial:
                partial.write_text(json.dumps(known, indent=1))
    report({key: value for key, value in known.items() if key.split()[1] in wanted}, models)


if __name__ == "__main__":
    main()
