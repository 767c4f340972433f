# SPDX-License-Identifier: GPL-3.0-or-later
"""One training in JAX: jit of lax.scan over the steps of an epoch, Adam by hand: microseconds a step, compilation apart.

peer_jax.py mlp64|mlp1024|cnn|gru DATA SECONDS
peer_jax.py trials DATA WIDTH,DEPTH...     seconds of all trials, compilation included
"""
import json
import pathlib
import sys
import time

import jax
import jax.numpy as jnp
import numpy as np

import data


def dense(key, a, b):
    return jax.random.normal(key, (a, b)) / a**0.5, jnp.zeros(b)


def cross_entropy(logits, b):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), b[:, None], 1).mean()


def perceptron(sizes):
    keys = jax.random.split(jax.random.PRNGKey(0), len(sizes))
    params = [dense(k, a, b) for k, a, b in zip(keys, sizes, sizes[1:])]

    def loss(p, a, b):
        for w, c in p[:-1]:
            a = jax.nn.relu(a @ w + c)
        return cross_entropy(a @ p[-1][0] + p[-1][1], b)

    return params, loss


def convolutional():
    keys = jax.random.split(jax.random.PRNGKey(0), 4)
    params = {
        "c1": jax.random.normal(keys[0], (3, 3, 1, 32)) / 3, "g1": jnp.ones(32), "b1": jnp.zeros(32),
        "c2": jax.random.normal(keys[1], (3, 3, 32, 64)) / 17, "g2": jnp.ones(64), "b2": jnp.zeros(64),
        "f1": dense(keys[2], 64 * 49, 128), "f2": dense(keys[3], 128, 10)}

    def block(x, w, g, b):
        x = jax.lax.conv_general_dilated(x, w, (1, 1), "SAME", dimension_numbers=("NHWC", "HWIO", "NHWC"))
        mean = x.mean((0, 1, 2))
        x = (x - mean) * jax.lax.rsqrt(((x - mean) ** 2).mean((0, 1, 2)) + 1e-5) * g + b
        return jax.lax.reduce_window(jax.nn.relu(x), -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")

    def loss(p, a, b):
        a = block(a, p["c1"], p["g1"], p["b1"])
        a = block(a, p["c2"], p["g2"], p["b2"]).reshape(a.shape[0], -1)
        a = jax.nn.relu(a @ p["f1"][0] + p["f1"][1])
        return cross_entropy(a @ p["f2"][0] + p["f2"][1], b)

    return params, loss


def recurrent(columns, hidden=128):
    keys = jax.random.split(jax.random.PRNGKey(0), 3)
    params = {"i": dense(keys[0], columns, 3 * hidden), "h": dense(keys[1], hidden, 3 * hidden),
              "o": dense(keys[2], hidden, 1)}

    def loss(p, a, b):
        def walk(h, x):
            gi = x @ p["i"][0] + p["i"][1]
            gh = h @ p["h"][0] + p["h"][1]
            r, z = jnp.split(jax.nn.sigmoid(gi[:, : 2 * hidden] + gh[:, : 2 * hidden]), 2, 1)
            n = jnp.tanh(gi[:, 2 * hidden :] + r * gh[:, 2 * hidden :])
            return (1 - z) * n + z * h, None

        h, _ = jax.lax.scan(walk, jnp.zeros((a.shape[0], hidden)), a.transpose(1, 0, 2))
        return (((h @ p["o"][0] + p["o"][1])[:, 0] - b) ** 2).mean()

    return params, loss


def descend(params, loss, x, y, batch):
    """An epoch as one function, and its first state."""

    def step(state, index):
        p, m, v, t = state
        value, g = jax.value_and_grad(loss)(p, x[index], y[index])
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = jax.tree.map(lambda p, m, v: p * (1 - 1e-5) - rate * m / (jnp.sqrt(v) + 1e-8), p, m, v)
        return (p, m, v, t), value

    steps = len(x) // batch

    @jax.jit
    def epoch(state, key):
        order = jax.random.permutation(key, len(x))[: steps * batch].reshape(steps, batch)
        return jax.lax.scan(step, state, order)

    zeros = jax.tree.map(jnp.zeros_like, params)
    return epoch, (params, zeros, zeros, 0.0), steps


def trials(path, shapes, steps=2000):
    x, y = (jnp.array(part) for part in data.table(path))
    start = time.perf_counter()
    for width, depth in shapes:
        params, loss = perceptron([x.shape[1], *[width] * depth, data.CLASSES])
        epoch, state, each = descend(params, loss, x, y, 32)
        for done in range(0, steps, each):
            state, values = epoch(state, jax.random.PRNGKey(done))
        values.block_until_ready()
    print(json.dumps({"seconds": time.perf_counter() - start}))


def main():
    work, path = sys.argv[1], sys.argv[2]
    if work == "trials":
        return trials(path, [tuple(map(int, shape.split(","))) for shape in sys.argv[3:]])
    batch = 32
    if work == "cnn":
        pictures, labels = data.images(pathlib.Path(path))
        # A part of the images: an epoch is one call.
        x = jnp.array((pictures[:6400, :, :, None].astype(np.float32) / 255 - 0.286) / 0.353)
        y = jnp.array(labels[:6400])
        (params, loss), batch = convolutional(), 64
    elif work == "gru":
        windows, targets = data.windows(path, 64)
        x, y = jnp.array(windows), jnp.array(targets)
        (params, loss), batch = recurrent(x.shape[2]), 64
    else:
        x, y = (jnp.array(part) for part in data.table(path))
        width = 1024 if work == "mlp1024" else 64
        params, loss = perceptron([x.shape[1], width, width, data.CLASSES])
    epoch, state, steps = descend(params, loss, x, y, batch)
    start = time.perf_counter()
    state, values = epoch(state, jax.random.PRNGKey(1))
    values.block_until_ready()
    compilation = time.perf_counter() - start
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < float(sys.argv[3]):
        state, values = epoch(state, jax.random.PRNGKey(done))
        values.block_until_ready()
        done += steps
    us = (time.perf_counter() - start) / done * 1e6
    print(json.dumps({"us": us, "compilation": compilation, "version": jax.__version__}))


if __name__ == "__main__":
    main()
