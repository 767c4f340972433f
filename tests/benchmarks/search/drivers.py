# SPDX-License-Identifier: GPL-3.0-or-later
"""One study of one sampler on one problem: lathe-cli through pipes, other programs through their Python interfaces.

A sampler is named FAMILY:NAME, for example lathe:auto, optuna:tpe, nevergrad:NGOpt, hyperopt:tpe. Peers are imported
when they are used; Unavailable says why one is missing.
"""
import importlib
import json
import math
import random
import select
import subprocess
import sys
import tempfile
import time
import warnings

from problems import GOALS, PROBLEMS, active

PATIENCE = 600  # seconds for an answer


class Unavailable(Exception):
    """A peer that is not installed, or does not know the sampler."""


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise Unavailable(f"{name} is not installed") from error


class Lathe:
    def __init__(self, program, problem, name, seed, goals, trials, flags):
        self.log = tempfile.TemporaryFile("w+")
        self.space = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump(problem.space(), self.space)
        self.space.flush()
        command = [program, "study", "ask-tell", "--space", self.space.name, "--sampler", name, "--seed", str(seed)]
        for _ in range(goals if goals > 1 else 0):
            command += ["--direction", "minimize"]
        command += [each.replace("{trials}", str(trials)) for each in flags]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        text=True, bufsize=1)

    def line(self, request):
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        answer = self.process.stdout.readline() if ready else ""
        if not answer:
            self.log.seek(0)
            raise RuntimeError(f"no answer to {json.dumps(request)}: {self.log.read().strip()[-500:]}")
        answer = json.loads(answer)
        if "error" in answer:
            raise RuntimeError(f"{json.dumps(request)}: {answer['error']}")
        return answer

    def ask(self):
        trials = self.line({"ask": 1})["trials"]
        return (trials[0]["trial"], trials[0]["params"]) if trials else None

    def tell(self, trial, values):
        self.line({"tell": {"trial": trial, "values": values}})

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.stdout.close()
        self.log.close()
        self.space.close()


class Optuna:
    def __init__(self, problem, name, seed, goals, trials):
        self.optuna = module("optuna")
        self.optuna.logging.set_verbosity(self.optuna.logging.ERROR)
        self.problem = problem
        sampler = self.sampler(name, seed, goals)
        self.study = self.optuna.create_study(directions=["minimize"] * goals, sampler=sampler)

    def sampler(self, name, seed, goals):
        kinds = self.optuna.samplers
        makers = {"random": ("RandomSampler", {}), "tpe": ("TPESampler", {}),
                  "tpe-multivariate": ("TPESampler", {"multivariate": True, "group": True}),
                  "cmaes": ("CmaEsSampler", {}), "gp": ("GPSampler", {}), "qmc": ("QMCSampler", {}),
                  "nsga2": ("NSGAIISampler", {}), "nsga3": ("NSGAIIISampler", {})}
        if name not in makers:
            raise Unavailable(f"optuna has no {name} here")
        kind, options = makers[name]
        if not hasattr(kinds, kind):
            raise Unavailable(f"optuna {self.optuna.__version__} has no {kind}")
        if name == "cmaes":
            module("cmaes")
            if goals > 1:
                raise Unavailable("cmaes has one goal")
        if name == "gp":
            module("torch")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return getattr(kinds, kind)(seed=seed, **options)

    def ask(self):
        trial, params = self.study.ask(), {}
        for each in self.problem.parameters:
            if not active(each, params):
                continue
            name = each["name"]
            if "choices" in each:
                params[name] = trial.suggest_categorical(name, each["choices"])
            elif each["type"] == "int":
                params[name] = trial.suggest_int(name, each["low"], each["high"], log=each.get("log", False))
            else:
                params[name] = trial.suggest_float(name, each["low"], each["high"], log=each.get("log", False))
        return trial, params

    def tell(self, trial, values):
        self.study.tell(trial, values)

    def close(self):
        pass


class Nevergrad:
    def __init__(self, problem, name, seed, goals, trials):
        nevergrad = module("nevergrad")
        self.problem, self.goals = problem, goals
        self.space = nevergrad.p.Dict(**{each["name"]: self.parameter(nevergrad.p, each)
                                         for each in problem.parameters})
        if name not in nevergrad.optimizers.registry:
            raise Unavailable(f"nevergrad has no {name}")
        self.space.random_state.seed(seed)
        self.optimizer = nevergrad.optimizers.registry[name](self.space, budget=trials)

    @staticmethod
    def parameter(kinds, each):
        if "choices" in each:
            return kinds.Choice(each["choices"])
        if each.get("log"):
            scalar = kinds.Log(lower=each["low"], upper=each["high"])
        else:
            scalar = kinds.Scalar(lower=each["low"], upper=each["high"])
        return scalar.set_integer_casting() if each["type"] == "int" else scalar

    def ask(self):
        candidate, params = self.optimizer.ask(), {}
        for each in self.problem.parameters:
            if active(each, params):
                params[each["name"]] = candidate.value[each["name"]]
        return candidate, params

    def tell(self, candidate, values):
        self.optimizer.tell(candidate, values if self.goals > 1 else values[0])

    def close(self):
        pass


class Hyperopt:
    """Its suggest function is fed by hand, so that it can be asked and told."""

    def __init__(self, problem, name, seed, goals, trials):
        hyperopt = module("hyperopt")
        if goals > 1 or name not in ("tpe", "atpe", "anneal", "rand"):
            raise Unavailable(f"hyperopt has no {name} for {goals} goals")
        self.hyperopt, self.problem = hyperopt, problem
        self.suggest = importlib.import_module(f"hyperopt.{name}").suggest
        self.trials = hyperopt.Trials()
        self.domain = hyperopt.Domain(lambda point: 0, {each["name"]: self.parameter(hyperopt.hp, each)
                                                        for each in problem.parameters})
        self.seed = random.Random(seed)

    @staticmethod
    def parameter(hp, each):
        name = each["name"]
        if "choices" in each:
            return hp.choice(name, each["choices"])
        if each["type"] == "int" and each.get("log"):
            return hp.qloguniform(name, math.log(each["low"]), math.log(each["high"]), 1)
        if each["type"] == "int":
            return hp.quniform(name, each["low"], each["high"], 1)
        if each.get("log"):
            return hp.loguniform(name, math.log(each["low"]), math.log(each["high"]))
        return hp.uniform(name, each["low"], each["high"])

    def ask(self):
        new = self.trials.new_trial_ids(1)
        self.trials.refresh()
        document = self.suggest(new, self.domain, self.trials, self.seed.getrandbits(31))[0]
        point = {name: value[0] for name, value in document["misc"]["vals"].items() if value}
        params = {}
        for each in self.problem.parameters:
            if active(each, params):
                value = point[each["name"]]
                if "choices" in each:
                    value = each["choices"][int(value)]
                elif each["type"] == "int":
                    value = min(max(int(value), each["low"]), each["high"])
                params[each["name"]] = value
        return document, params

    def tell(self, document, values):
        document["state"] = self.hyperopt.JOB_STATE_DONE
        document["result"] = {"loss": values[0], "status": self.hyperopt.STATUS_OK}
        self.trials.insert_trial_doc(document)
        self.trials.refresh()

    def close(self):
        pass


PEERS = {"optuna": Optuna, "nevergrad": Nevergrad, "hyperopt": Hyperopt}


def study(job):
    """The values without noise of every trial, in their order, and the milliseconds of each ask and tell."""
    problem = PROBLEMS.get(job["problem"]) or GOALS[job["problem"]]
    goals = len(problem.references[0][0]) if job["problem"] in GOALS else 1
    family, name = job["sampler"].split(":", 1)
    if family == "lathe":
        driver = Lathe(job["lathe"], problem, name, job["seed"], goals, job["trials"], job["flags"])
    elif family in PEERS:
        driver = PEERS[family](problem, name, job["seed"], goals, job["trials"])
    else:
        raise Unavailable(f"nobody knows {family}")
    blur = random.Random(1000003 * job["seed"] + 17)
    values, spent = [], []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for _ in range(job["trials"]):
                begin = time.perf_counter()
                asked = driver.ask()
                asking = time.perf_counter() - begin
                if asked is None:
                    break
                trial, params = asked
                value = problem.function(params)
                value = value if isinstance(value, list) else [value]
                told = [each + blur.gauss(0, problem.noise) if problem.noise else each for each in value]
                begin = time.perf_counter()
                driver.tell(trial, told)
                values.append(value)
                spent.append(asking + time.perf_counter() - begin)
    finally:
        driver.close()
    # The first one waits for the program's start.
    later = spent[1:] or [math.nan]
    return {"values": values, "milliseconds": 1000 * sum(later) / len(later)}


def outcome(job):
    """study(), with what goes wrong as a result."""
    try:
        return study(job)
    except Unavailable as reason:
        return {"unavailable": str(reason)}
    except Exception as error:  # a peer's bug must not end the whole table
        return {"failed": f"{type(error).__name__}: {error}"}


def serve():
    """The child: a job a line in, an outcome a line out. Peers print to standard output now and then."""
    out, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        out.write(json.dumps(outcome(json.loads(line))) + "\n")
        out.flush()


class Child:
    """The same script under another interpreter."""

    def __init__(self, python, script):
        self.process = subprocess.Popen([python, script, "--child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True, bufsize=1)

    def outcome(self, job):
        try:
            self.process.stdin.write(json.dumps(job) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        return json.loads(answer) if answer else {"failed": "the peers' interpreter ended"}

    def close(self):
        self.process.stdin.close()
        self.process.wait()
