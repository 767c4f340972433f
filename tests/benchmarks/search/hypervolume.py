#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much volume do samplers dominate? ZDT1 with 10 parameters and 2 goals, DTLZ2 with 12 and 3.

hypervolume.py [--lathe build/release/bin/lathe-cli] [--samplers lathe:motpe,optuna:nsga2,...] [--trials 200]
               [--seeds 5] [--peer-python PYTHON] [--partial FILE [--resume]] [--jobs 1]

References are (1.1, 1.1) and (11, 11), (1.1, 1.1, 1.1) and (2.5, 2.5, 2.5). A cell has the median volume over seeds and, in
brackets, the bootstrap interval of its mean as a share of the true front's; ranks and milliseconds as in regret.py.
"""
import argparse
import os
import statistics

import drivers
import tables
from problems import GOALS

SAMPLERS = ("lathe:auto,lathe:nsga2,lathe:nsga3,lathe:motpe,lathe:ehvi,lathe:random,"
            "optuna:tpe,optuna:nsga2,optuna:nsga3,optuna:gp,optuna:random")


def area(points, reference):
    """By a sweep along the first goal."""
    total, height = 0.0, reference[1]
    for x, y in sorted(points):
        if x < reference[0] and y < height:
            total += (reference[0] - x) * (height - y)
            height = y
    return total


def volume(points, reference):
    """Slices along the last goal."""
    inside = sorted((p for p in points if all(v < r for v, r in zip(p, reference))), key=lambda p: p[-1])
    if len(reference) == 2:
        return area(inside, reference)
    total = 0.0
    for i, point in enumerate(inside):
        above = inside[i + 1][2] if i + 1 < len(inside) else reference[2]
        if above > point[2]:
            total += (above - point[2]) * area([p[:2] for p in inside[:i + 1]], reference)
    return total


def keep(problem, outcome):
    return {"volumes": [volume(outcome["values"], reference) for reference, _ in GOALS[problem].references],
            "milliseconds": outcome["milliseconds"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    tables.arguments_for(parser, ",".join(GOALS), SAMPLERS, 200, 5)
    arguments = parser.parse_args()
    if arguments.child:
        drivers.serve()
        return
    results, missing = tables.run(arguments, os.path.abspath(__file__), keep)
    samplers = [each for each in arguments.samplers.split(",") if any(sampler == each for _, sampler in results)]
    lines = [(problem, place) for problem in arguments.problems.split(",") if any(its == problem for its, _ in results)
             for place in range(len(GOALS[problem].references))]

    def shares(line, sampler):
        problem, place = line
        true = GOALS[problem].references[place][1]
        return [each["volumes"][place] / true for each in results.get((problem, sampler), {}).values()]

    def score(line, sampler):
        found = shares(line, sampler)
        return -statistics.fmean(found) if found else None

    def cell(line, sampler):
        found = shares(line, sampler)
        if not found:
            return "-"
        low, high = tables.interval(found)
        median = statistics.median(found) * GOALS[line[0]].references[line[1]][1]
        return f"{median:.5g} [{low:.3f} {high:.3f}]"

    rows = [[f"{problem} {GOALS[problem].references[place][0][0]:g}"] + [cell((problem, place), sampler)
                                                                         for sampler in samplers]
            for problem, place in lines]
    averages = tables.average_ranks(score, lines, samplers)
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
