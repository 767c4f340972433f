# SPDX-License-Identifier: GPL-3.0-or-later
"""One training in PyTorch, as people write it (loader) or as its documentation says for speed (tuned): microseconds a step.

peer_torch.py WORK loader|tuned DATA THREADS SECONDS
"""
import csv
import json
import math
import sys
import time

import torch
from torch import nn


def table(path):
    with open(path) as file:
        lines = list(csv.reader(file))[1:]
    x = torch.tensor([[float(v) for v in line[:-1]] for line in lines])
    y = torch.tensor([int(line[-1][1:]) for line in lines])
    return (x - x.mean(0)) / x.std(0), y


def perceptron(widths):
    layers = []
    for a, b in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(a, b), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


class Waves(nn.Module):
    """Periodic embeddings of every column, as RealMLP has them."""

    def __init__(self, columns, waves=16, size=4):
        super().__init__()
        self.frequency = nn.Parameter(torch.randn(columns, waves) * 0.1)
        self.phase = nn.Parameter(torch.rand(columns, waves) - 0.5)
        self.weight = nn.Parameter((torch.rand(columns, waves, size - 1) * 2 - 1) / waves**0.5)
        self.bias = nn.Parameter((torch.rand(columns, size - 1) * 2 - 1) / waves**0.5)

    def forward(self, x):
        z = torch.cos(2 * math.pi * (x.unsqueeze(-1) * self.frequency + self.phase))
        mixed = (z.unsqueeze(-2) @ self.weight).squeeze(-2) + self.bias
        return torch.cat([x.unsqueeze(-1), mixed], -1).flatten(1)


class Scaled(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * self.weight


class Clip(nn.Module):
    def forward(self, x):
        return x / torch.sqrt(1 + (x / 3) ** 2)


class Bent(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.alpha = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x + self.alpha * (torch.selu(x) - x)


class Ntk(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(b, a))
        self.bias = nn.Parameter(torch.randn(b))
        self.scale = a**-0.5

    def forward(self, x):
        return nn.functional.linear(x, self.weight) * self.scale + self.bias


def realmlp(columns):
    layers = [Clip(), Waves(columns), Scaled(columns * 4)]
    width = columns * 4
    for _ in range(3):
        layers += [Ntk(width, 256), Bent(256), nn.Dropout(0.15)]
        width = 256
    return nn.Sequential(*layers, Ntk(width, 10))


class Members(nn.Module):
    def __init__(self, members, width, bias=False):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(members, width))
        self.bias = nn.Parameter(torch.zeros(members, width)) if bias else None

    def forward(self, x):
        x = (x.unsqueeze(1) if x.dim() == 2 else x) * self.weight
        return x if self.bias is None else x + self.bias


class Heads(nn.Module):
    def __init__(self, members, width, outputs):
        super().__init__()
        self.weight = nn.Parameter((torch.rand(members, width, outputs) * 2 - 1) / width**0.5)
        self.bias = nn.Parameter(torch.zeros(members, outputs))

    def forward(self, x):
        return (x.unsqueeze(-2) @ self.weight).squeeze(-2) + self.bias


def tabm(columns, width=128, members=32):
    layers = []
    for _ in range(3):
        layers += [Members(members, columns), nn.Linear(columns, width, bias=False), Members(members, width, True)]
        layers += [nn.ReLU(), nn.Dropout(0.1)]
        columns = width
    return nn.Sequential(*layers, Heads(members, width, 10))


def build(work, columns):
    if work == "mlp64":
        return perceptron([columns, 64, 64, 10]), 32
    if work == "mlp1024":
        return perceptron([columns, 1024, 1024, 10]), 32
    if work == "realmlp":
        return realmlp(columns), 256
    if work == "tabm":
        return tabm(columns), 256
    raise SystemExit(f"unknown work {work}")


def loss_of(output, target):
    if output.dim() == 3:
        return nn.functional.cross_entropy(output.flatten(0, 1), target.repeat_interleave(output.shape[1]))
    return nn.functional.cross_entropy(output, target)


def trial(x, y, widths, steps):
    """A hyperparameter trial as under Optuna: its own network, loader and optimiser."""
    model = perceptron(widths)
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), 32, shuffle=True)
    done = 0
    while done < steps:
        for a, b in loader:
            optimiser.zero_grad(set_to_none=True)
            loss_of(model(a), b).backward()
            optimiser.step()
            done += 1
            if done == steps:
                break


def main():
    work, mode, path, threads, seconds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])
    torch.set_num_threads(threads)
    x, y = table(path)
    model, batch = build(work, x.shape[1])
    options = {"fused": True} if mode == "tuned" and torch.__version__ >= "2.4" else {}
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, **options)

    def step(a, b):
        optimiser.zero_grad(set_to_none=True)
        loss_of(model(a), b).backward()
        optimiser.step()

    for _ in range(10):
        step(x[:batch], y[:batch])
    steps = 0
    start = time.perf_counter()
    if mode == "loader":
        loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch, shuffle=True)
        while time.perf_counter() - start < seconds:
            for a, b in loader:
                step(a, b)
                steps += 1
    else:
        while time.perf_counter() - start < seconds:
            order = torch.randperm(len(x))
            for first in range(0, len(x) - batch + 1, batch):
                chosen = order[first : first + batch]
                step(x[chosen], y[chosen])
                steps += 1
    print(json.dumps({"us": (time.perf_counter() - start) / steps * 1e6, "version": torch.__version__}))


if __name__ == "__main__":
    main()
