# SPDX-License-Identifier: GPL-3.0-or-later
"""Functions with known optima and their search spaces, as lathe-cli reads them. Standard library only."""
import math
import random
import statistics


def floats(count, low, high, names="x"):
    return [{"name": f"{names}{i}", "type": "float", "low": low, "high": high} for i in range(count)]


def vector(params, names="x"):
    values = []
    while f"{names}{len(values)}" in params:
        values.append(params[f"{names}{len(values)}"])
    return values


class Problem:
    """`function` maps {name: value} to a number; inactive parameters are missing. `noise`: what is told is blurred."""

    def __init__(self, name, parameters, function, optimum, noise=0.0):
        self.name, self.parameters, self.function = name, parameters, function
        self.optimum, self.noise = optimum, noise

    def space(self):
        return {"parameters": self.parameters}

    def scale(self):
        """Median of random points above the optimum: what regrets are small against."""
        generator = random.Random(1)
        return statistics.median(self.function(draw(self.parameters, generator)) for _ in range(2001)) - self.optimum


def active(parameter, params):
    conditions = parameter.get("condition", [])
    conditions = [conditions] if isinstance(conditions, dict) else conditions
    return all(params.get(each["parameter"]) in each["in"] for each in conditions)


def draw(parameters, generator):
    params = {}
    for each in parameters:
        if not active(each, params):
            continue
        if "choices" in each:
            params[each["name"]] = generator.choice(each["choices"])
        elif each.get("log"):
            half = 0.5 if each["type"] == "int" else 0
            value = math.exp(generator.uniform(math.log(each["low"] - half), math.log(each["high"] + half)))
            params[each["name"]] = min(max(round(value), each["low"]), each["high"]) if half else value
        elif each["type"] == "int":
            params[each["name"]] = generator.randint(each["low"], each["high"])
        else:
            params[each["name"]] = generator.uniform(each["low"], each["high"])
    return params


def branin(p):
    x, y = p["x"], p["y"]
    return ((y - 5.1 / (4 * math.pi ** 2) * x * x + 5 / math.pi * x - 6) ** 2
            + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10)


HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8],
              [17, 8, 0.05, 10, 0.1, 14]]
HARTMANN_P = [[0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886], [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
              [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650], [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381]]


def hartmann6(p):
    x = vector(p)
    return -sum(alpha * math.exp(-sum(a * (v - c) ** 2 for a, v, c in zip(weights, x, centre)))
                for alpha, weights, centre in zip((1.0, 1.2, 3.0, 3.2), HARTMANN_A, HARTMANN_P))


def rosenbrock(p):
    x = vector(p)
    return sum(100 * (b - a * a) ** 2 + (1 - a) ** 2 for a, b in zip(x, x[1:]))


def mixed(p):
    """The shape of a network: layers, their widths, an optimiser and its rate."""
    penalty, best = {"sgd": (0.02, -1), "adam": (0, -2.7), "rmsprop": (0.01, -3)}[p["opt"]]
    widths = [p[f"w{i}"] for i in range(4) if f"w{i}" in p]
    return (penalty + 0.05 * (math.log10(p["lr"]) - best) ** 2 + 0.02 * (p["layers"] - 3) ** 2
            + sum(0.01 * (math.log2(w) - 7) ** 2 for w in widths) / len(widths))


MIXED = ([{"name": "opt", "type": "categorical", "choices": ["sgd", "adam", "rmsprop"]},
          {"name": "lr", "type": "float", "low": 1e-5, "high": 1, "log": True},
          {"name": "layers", "type": "int", "low": 1, "high": 4},
          {"name": "w0", "type": "int", "low": 8, "high": 512, "log": True}]
         + [{"name": f"w{i}", "type": "int", "low": 8, "high": 512, "log": True,
             "condition": {"parameter": "layers", "in": list(range(i + 1, 5))}} for i in (1, 2, 3)])


def ackley(p):
    x = vector(p)
    return (20 + math.e - 20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / len(x)))
            - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / len(x)))


def levy(p):
    w = [1 + (v - 1) / 4 for v in vector(p)]
    middle = sum((v - 1) ** 2 * (1 + 10 * math.sin(math.pi * v + 1) ** 2) for v in w[:-1])
    return (math.sin(math.pi * w[0]) ** 2 + middle
            + (w[-1] - 1) ** 2 * (1 + math.sin(2 * math.pi * w[-1]) ** 2))


def rotation(count, seed):
    """An orthogonal matrix, by Gram and Schmidt."""
    generator, rows = random.Random(seed), []
    while len(rows) < count:
        row = [generator.gauss(0, 1) for _ in range(count)]
        for other in rows:
            part = sum(a * b for a, b in zip(row, other))
            row = [a - part * b for a, b in zip(row, other)]
        length = math.sqrt(sum(a * a for a in row))
        rows.append([a / length for a in row])
    return rows


ROTATED, CENTRE = rotation(6, 6), [1.3, -2.1, 0.4, 2.6, -0.8, -3.2]


def ellipsoid(p):
    moved = [v - c for v, c in zip(vector(p), CENTRE)]
    turned = [sum(a * b for a, b in zip(row, moved)) for row in ROTATED]
    return sum(10 ** (3 * i / 5) * v * v for i, v in enumerate(turned))


def griewank(p):
    x = vector(p)
    return (1 + sum(v * v for v in x) / 4000
            - math.prod(math.cos(v / math.sqrt(i + 1)) for i, v in enumerate(x)))


def michalewicz(p):
    return -sum(math.sin(v) * math.sin((i + 1) * v * v / math.pi) ** 20 for i, v in enumerate(vector(p)))


def styblinski(p):
    return sum(v ** 4 - 16 * v * v + 5 * v for v in vector(p)) / 2


def pairs():
    """For each pair of categories a height and where the best numbers are; one pair has the height 0."""
    generator, table = random.Random(11), {}
    for first in "abcde":
        for second in "uvwx":
            table[first, second] = (generator.uniform(0.05, 1), generator.uniform(0.1, 0.9),
                                    generator.uniform(-3.5, -0.5))
    table["d", "v"] = (0.0, 0.27, -2.2)
    return table


PAIRS = pairs()


def categories(p):
    """Two categories that only together say what the numbers should be."""
    height, x, rate = PAIRS[p["first"], p["second"]]
    return height + 4 * (p["x"] - x) ** 2 + 0.2 * (math.log10(p["rate"]) - rate) ** 2


TARGET = [17, 4, 18, 26, 9]


def integers(p):
    n = vector(p, "n")
    return (sum(weight * ((v - t) / 30) ** 2 for weight, v, t in zip((1, 2, 1, 0.5, 3), n, TARGET))
            + 0.3 * abs(n[0] + n[1] - n[2] - 3) / 30 + 0.1 * ((n[3] - 2 * n[4] - 8) / 30) ** 2)


def choose(p):
    """Which of three learners, each with its own parameters."""
    if p["learner"] == "kernel":
        return 0.08 + 0.03 * (math.log10(p["c"]) - 1) ** 2 + 0.04 * (math.log10(p["gamma"]) + p["c"] ** 0.1 + 1) ** 2
    if p["learner"] == "forest":
        return 0.05 + 0.2 * (p["features"] - 0.35) ** 2 + 0.01 * abs(p["leaf"] - 3) + 0.1 / math.sqrt(p["trees"])
    return (0.1 * (math.log10(p["lr"]) + 2.5) ** 2 + 0.05 * (math.log2(p["width"]) - 7) ** 2
            + 0.3 * (p["dropout"] - 0.2) ** 2)


def only(learner):
    return {"condition": {"parameter": "learner", "in": [learner]}}


CHOOSE = [{"name": "learner", "type": "categorical", "choices": ["kernel", "forest", "net"]},
          {"name": "c", "type": "float", "low": 1e-3, "high": 1e3, "log": True, **only("kernel")},
          {"name": "gamma", "type": "float", "low": 1e-5, "high": 10, "log": True, **only("kernel")},
          {"name": "trees", "type": "int", "low": 10, "high": 1000, "log": True, **only("forest")},
          {"name": "features", "type": "float", "low": 0.05, "high": 1, **only("forest")},
          {"name": "leaf", "type": "int", "low": 1, "high": 20, **only("forest")},
          {"name": "lr", "type": "float", "low": 1e-5, "high": 1, "log": True, **only("net")},
          {"name": "width", "type": "int", "low": 8, "high": 1024, "log": True, **only("net")},
          {"name": "dropout", "type": "float", "low": 0, "high": 0.9, **only("net")}]


def sparse(p):
    """Twenty parameters of which four matter."""
    x = vector(p)
    return 5 * (x[3] - 0.7) ** 2 + 3 * (x[8] - x[12]) ** 2 + 2 * (x[12] - 0.2) ** 2 + abs(x[17] - 0.45)


PROBLEMS = {each.name: each for each in [
    Problem("branin", [{"name": "x", "type": "float", "low": -5, "high": 10},
                       {"name": "y", "type": "float", "low": 0, "high": 15}], branin, 0.39788735772973816),
    Problem("hartmann6", floats(6, 0, 1), hartmann6, -3.322368011415512),
    Problem("rosenbrock4", floats(4, -2, 2), rosenbrock, 0.0),
    Problem("noisy-hartmann6", floats(6, 0, 1), hartmann6, -3.322368011415512, noise=0.1),
    Problem("mixed", MIXED, mixed, 0.0),
    # Ranges that are not even about the optimum, so that nobody starts in it.
    Problem("ackley5", floats(5, -15, 30), ackley, 0.0),
    Problem("levy4", floats(4, -10, 10), levy, 0.0),
    Problem("ellipsoid6", floats(6, -5, 5), ellipsoid, 0.0),
    Problem("griewank4", floats(4, -400, 600), griewank, 0.0),
    Problem("michalewicz5", floats(5, 0, math.pi), michalewicz, -4.687658179088148),
    Problem("styblinski4", floats(4, -5, 5), styblinski, -156.66466281508565),
    Problem("categories", [{"name": "first", "type": "categorical", "choices": list("abcde")},
                           {"name": "second", "type": "categorical", "choices": list("uvwx")},
                           {"name": "x", "type": "float", "low": 0, "high": 1},
                           {"name": "rate", "type": "float", "low": 1e-4, "high": 1, "log": True}], categories, 0.0),
    Problem("integers", [{"name": f"n{i}", "type": "int", "low": 0, "high": 30} for i in range(5)], integers, 0.0),
    Problem("choose", CHOOSE, choose, 0.0),
    Problem("sparse20", floats(20, 0, 1), sparse, 0.0),
]}


def zdt1(p):
    x = vector(p)
    g = 1 + 9 * sum(x[1:]) / (len(x) - 1)
    return [x[0], g * (1 - math.sqrt(x[0] / g))]


def dtlz2(p):
    x = vector(p)
    r = 1 + sum((v - 0.5) ** 2 for v in x[2:])
    a, b = x[0] * math.pi / 2, x[1] * math.pi / 2
    return [r * math.cos(a) * math.cos(b), r * math.cos(a) * math.sin(b), r * math.sin(a)]


class Goals:
    """A problem with several goals; `references` with the volumes of the true front."""

    def __init__(self, name, parameters, function, references):
        self.name, self.parameters, self.function, self.references = name, parameters, function, references
        self.noise = 0.0

    def space(self):
        return {"parameters": self.parameters}


GOALS = {each.name: each for each in [
    Goals("zdt1", floats(10, 0, 1), zdt1, [([1.1, 1.1], 0.1 * 1.1 + 1.1 - 1 + 2 / 3), ([11.0, 11.0], 120 + 2 / 3)]),
    Goals("dtlz2", floats(12, 0, 1), dtlz2, [([1.1] * 3, 1.1 ** 3 - math.pi / 6),
                                             ([2.5] * 3, 2.5 ** 3 - math.pi / 6)]),
]}
