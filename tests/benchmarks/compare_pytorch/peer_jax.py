# SPDX-License-Identifier: GPL-3.0-or-later
"""A perceptron in JAX: jit of lax.scan over the steps of an epoch, Adam by hand: microseconds a step, compilation apart.

peer_jax.py mlp64|mlp1024 DATA SECONDS
"""
import csv
import json
import sys
import time

import jax
import jax.numpy as jnp


def main():
    work, path, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    with open(path) as file:
        lines = list(csv.reader(file))[1:]
    x = jnp.array([[float(v) for v in line[:-1]] for line in lines])
    y = jnp.array([int(line[-1][1:]) for line in lines])
    width = 1024 if work == "mlp1024" else 64
    sizes = [x.shape[1], width, width, 10]
    keys = jax.random.split(jax.random.PRNGKey(0), len(sizes))
    params = [(jax.random.normal(k, (a, b)) / a**0.5, jnp.zeros(b)) for k, a, b in zip(keys, sizes, sizes[1:])]

    def loss(p, a, b):
        for w, c in p[:-1]:
            a = jax.nn.relu(a @ w + c)
        logits = a @ p[-1][0] + p[-1][1]
        return -jnp.take_along_axis(jax.nn.log_softmax(logits), b[:, None], 1).mean()

    def step(state, index):
        p, m, v, t = state
        value, g = jax.value_and_grad(loss)(p, x[index], y[index])
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
        rate = 1e-3 * jnp.sqrt(1 - 0.999**t) / (1 - 0.9**t)
        p = jax.tree.map(lambda p, m, v: p * (1 - 1e-5) - rate * m / (jnp.sqrt(v) + 1e-8), p, m, v)
        return (p, m, v, t), value

    steps = len(lines) // 32

    @jax.jit
    def epoch(state, key):
        order = jax.random.permutation(key, len(lines))[: steps * 32].reshape(steps, 32)
        return jax.lax.scan(step, state, order)

    zeros = jax.tree.map(jnp.zeros_like, params)
    state = (params, zeros, zeros, 0.0)
    start = time.perf_counter()
    state, values = epoch(state, keys[0])
    values.block_until_ready()
    compilation = time.perf_counter() - start
    done = 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        state, values = epoch(state, jax.random.PRNGKey(done))
        values.block_until_ready()
        done += steps
    us = (time.perf_counter() - start) / done * 1e6
    print(json.dumps({"us": us, "compilation": compilation, "version": jax.__version__}))


if __name__ == "__main__":
    main()
