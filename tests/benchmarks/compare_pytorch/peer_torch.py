# SPDX-License-Identifier: GPL-3.0-or-later
"""One training in PyTorch, as people write it (loader) or as its documentation says for speed (tuned): microseconds a step.

peer_torch.py WORK loader|tuned DATA THREADS SECONDS
peer_torch.py trials loader|tuned DATA WIDTH,DEPTH...     seconds of all trials, on one thread
peer_torch.py csv loader DATA THREADS                     a table from its file to the end of the first epoch
"""
import json
import math
import pathlib
import sys
import time

import torch
from torch import nn

import data


class Recurrent(nn.Module):
    def __init__(self, columns, hidden=128):
        super().__init__()
        self.gru = nn.GRU(columns, hidden, batch_first=True)
        self.output = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.output(self.gru(x)[0][:, -1]).squeeze(1)


def convolutional():
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Dropout(0.3), nn.Linear(128, 10))


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
    if work.startswith("cnn"):
        return convolutional(), 64
    if work == "gru":
        return Recurrent(columns), 64
    raise SystemExit(f"unknown work {work}")


def loss_of(output, target):
    if target.is_floating_point():
        return nn.functional.mse_loss(output, target)
    if output.dim() == 3:
        return nn.functional.cross_entropy(output.flatten(0, 1), target.repeat_interleave(output.shape[1]))
    return nn.functional.cross_entropy(output, target)


class Pictures(torch.utils.data.Dataset):
    """As torchvision's datasets give them: an image at a time, made a float tensor and normalised."""

    def __init__(self, x, y):
        self.x, self.y = x, y

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        return (self.x[index].float() / 255 - 0.286) / 0.353, self.y[index]


def trials(mode, path, shapes, steps=2000):
    """Hyperparameter trials as under Optuna: each its own network, loader and optimiser."""
    torch.set_num_threads(1)
    x, y = (torch.from_numpy(part) for part in data.table(path))
    start = time.perf_counter()
    for width, depth in shapes:
        model = perceptron([x.shape[1], *[width] * depth, data.CLASSES])
        optimiser = torch.optim.AdamW(model.parameters(), 1e-3)
        done = 0
        while done < steps:
            for a, b in batches("trials", mode, x, y, 32):
                optimiser.zero_grad(set_to_none=True)
                loss_of(model(a), b).backward()
                optimiser.step()
                done += 1
                if done == steps:
                    break
    print(json.dumps({"seconds": time.perf_counter() - start}))


def from_file(path, threads):
    """The customary way: pandas, tensors, a DataLoader."""
    import pandas

    torch.set_num_threads(threads)
    frame = pandas.read_csv(path)
    labels, _ = frame.pop("y").factorize()
    x = torch.tensor(data.scaled(frame.to_numpy("float32")))
    y = torch.tensor(labels)
    model = perceptron([x.shape[1], 64, 64, int(y.max()) + 1])
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3)
    rows = int(0.7 * len(x))
    part = torch.utils.data.TensorDataset(x[:rows], y[:rows])
    for a, b in torch.utils.data.DataLoader(part, 256, shuffle=True):
        optimiser.zero_grad(set_to_none=True)
        loss_of(model(a), b).backward()
        optimiser.step()


def batches(work, mode, x, y, batch):
    """An epoch."""
    if mode == "loader":
        rows = Pictures(x, y) if work.startswith("cnn") else torch.utils.data.TensorDataset(x, y)
        yield from torch.utils.data.DataLoader(rows, batch, shuffle=True)
        return
    order = torch.randperm(len(x))
    for first in range(0, len(x) - batch + 1, batch):
        chosen = order[first : first + batch]
        rows = x[chosen]
        if work.startswith("cnn"):
            rows = ((rows.float() / 255 - 0.286) / 0.353).contiguous(memory_format=torch.channels_last)
        yield rows, y[chosen]


def main():
    work, mode, path = sys.argv[1:4]
    if work == "trials":
        return trials(mode, path, [tuple(map(int, shape.split(","))) for shape in sys.argv[4:]])
    if work == "csv":
        return from_file(path, int(sys.argv[4]))
    threads, seconds = int(sys.argv[4]), float(sys.argv[5])
    torch.set_num_threads(threads)
    if work.startswith("cnn"):
        x, y = data.images(pathlib.Path(path))
        x = x[:, None]
    else:
        x, y = data.windows(path, 64) if work == "gru" else data.table(path)
    x, y = torch.from_numpy(x.copy()), torch.from_numpy(y)
    model, batch = build(work, x.shape[-1])
    if mode == "tuned" and work.startswith("cnn"):
        model = model.to(memory_format=torch.channels_last)
    options = {"fused": True} if mode == "tuned" and torch.__version__ >= "2.4" else {}
    optimiser = torch.optim.AdamW(model.parameters(), 1e-3, **options)
    half = work.endswith("bf16")

    def step(a, b):
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            loss = loss_of(model(a), b)
        loss.backward()
        optimiser.step()

    warm = 0
    for a, b in batches(work, mode, x, y, batch):
        step(a, b)
        warm += 1
        if warm == 10:
            break
    steps = 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        for a, b in batches(work, mode, x, y, batch):
            step(a, b)
            steps += 1
            if time.perf_counter() - start > seconds:
                break
    print(json.dumps({"us": (time.perf_counter() - start) / steps * 1e6, "version": torch.__version__}))


if __name__ == "__main__":
    main()
