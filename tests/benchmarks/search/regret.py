#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How near do samplers come to a known optimum? lathe-cli's against those of other programs, 100 trials a study.

regret.py [--lathe build/release/bin/lathe-cli] [--problems branin,mixed,...] [--samplers lathe:auto,optuna:tpe,...]
          [--trials 100] [--seeds 10] [--peer-python PYTHON] [--partial FILE [--resume]] [--jobs 1]

Peers: optuna:{random,tpe,tpe-multivariate,cmaes,gp,qmc}, nevergrad:NAME (NGOpt, OnePlusOne, ...),
hyperopt:{tpe,anneal,rand}; what cannot be imported is left out with a word. With --peer-python they run in that
interpreter. Regret is the best trial's value without noise above the optimum. A cell has the median over seeds and, in
brackets, the bootstrap interval over seeds of the mean of log10(regret + 1e-4 of the median of random points' regret).
Ranks are by that mean. Milliseconds are those of asking and telling, mean over trials but the first.
"""
import argparse
import math
import os
import statistics

import drivers
import tables
from problems import PROBLEMS

SAMPLERS = ("lathe:auto,lathe:tpe,lathe:gp,lathe:cmaes,lathe:de,lathe:random,"
            "optuna:tpe,optuna:tpe-multivariate,optuna:cmaes,optuna:gp,optuna:random,nevergrad:NGOpt,hyperopt:tpe")


def keep(problem, outcome):
    """Best regret after each tenth of the trials, the last one included."""
    best, curve = math.inf, []
    for value, in outcome["values"]:
        best = min(best, value - PROBLEMS[problem].optimum)
        curve.append(max(best, 0.0))
    if not curve:
        return {"regrets": [math.inf], "milliseconds": outcome["milliseconds"]}
    count = len(curve)
    places = sorted({math.ceil(count * tenth / 10) - 1 for tenth in range(1, 11)})
    return {"regrets": [curve[place] for place in places], "milliseconds": outcome["milliseconds"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables.arguments_for(parser, ",".join(PROBLEMS), SAMPLERS, 100, 10)
    arguments = parser.parse_args()
    if arguments.child:
        drivers.serve()
        return
    results, missing = tables.run(arguments, os.path.abspath(__file__), keep)
    problems = [each for each in arguments.problems.split(",") if any(problem == each for problem, _ in results)]
    samplers = [each for each in arguments.samplers.split(",") if any(sampler == each for _, sampler in results)]
    scales = {problem: PROBLEMS[problem].scale() for problem in problems}

    def logs(problem, sampler):
        return [math.log10(each["regrets"][-1] + 1e-4 * scales[problem])
                for each in results.get((problem, sampler), {}).values()]

    def score(problem, sampler):
        found = logs(problem, sampler)
        return statistics.fmean(found) if found else None

    def cell(problem, sampler):
        found = logs(problem, sampler)
        if not found:
            return "-"
        median = statistics.median(each["regrets"][-1] for each in results[problem, sampler].values())
        low, high = tables.interval(found)
        return f"{median:.3g} [{low:.2f} {high:.2f}]"

    rows = [[problem] + [cell(problem, sampler) for sampler in samplers] for problem in problems]
    averages = tables.average_ranks(score, problems, samplers)
    rows.append(["average rank"] + [f"{averages[sampler]:.2f}" for sampler in samplers])
    times = {sampler: [each["milliseconds"] for (_, its), seeds in results.items() if its == sampler
                       for each in seeds.values()] for sampler in samplers}
    rows.append(["ms a proposal"] + [f"{statistics.fmean(times[sampler]):.2f}" for sampler in samplers])
    tables.show([f"{arguments.trials} trials, {arguments.seeds} seeds"] + samplers, rows)
    for sampler, reason in missing.items():
        print(f"{sampler}: {reason}")
    print(tables.machine())


if __name__ == "__main__":
    main()
