"""What the symbols of a formula are worth in a simulation, drawn as its seed says."""

import itertools

import numpy as np

from sim.dynamics import AttentionLaw, GraphLaw
from sim.expressions.expression import Environment
from sim.seed import Seed


def environment(sim):
    """Return the environment of a simulation's present state, with noise 0."""
    law, (n, d) = sim.scenario.dynamics, sim.x.shape
    seed, start = Seed(sim.scenario.seed), sim._bound.first
    values = {
        "x": sim.x,
        "first tokens": start,
        "p": sim.p,
        "t": sim.t,
        "n": n,
        "d": d,
        "noise": np.zeros((n, d)),
    }
    sizes = {"i": n, "j": n, "k": n, "d": d, "e": 0, "h": 1}
    if law.kind == "trained":
        values["half layer"] = half_layer(law, sim, seed)
    if isinstance(law, AttentionLaw):
        keys = of_keys(law, d, seed)
        if keys is not None:
            values["keys"] = keys
            sizes["j"] = sizes["k"] = len(keys)
        sizes["h"] = law.heads.count
        values |= of_heads(law.heads, start, sizes, seed, sim.t)
    if isinstance(law, GraphLaw):
        graph = of_graph(law, start, seed)
        sizes["e"] = len(graph["cells ij"])
        values |= graph
        count, matrices = matrices_of(law, d, seed)
        sizes["h"] = count
        values |= matrices
    return Environment(values, sizes)


def half_layer(law, sim, seed):
    """Return the tokens after the half layer that they are in: (n, d)."""
    x = sim.scenario.space.normalised(sim.x)
    return law.halves(x, seed)[law.start + int(np.floor(sim.t))].apply(x)


def of_keys(law, d, seed):
    """Return the keys of cross-attention: (m, d)."""
    if law.self_attending:
        return None
    keys = law.keys.place(law.size, d, seed.rng("dictionary")).x
    size = np.linalg.norm(keys, axis=-1, keepdims=True)
    return keys / size if law.unit else keys


def by_index(array, count, layers):
    """Return matrices by layer and head, without the axes of which there is one."""
    array = array.reshape(layers, count, *array.shape[1:])
    array = array if layers > 1 else array[0]
    axis = 1 if layers > 1 else 0
    return array if count > 1 else np.squeeze(array, axis)


def of_heads(heads, start, sizes, seed, t):
    """Return what the heads draw."""
    (n, d), m, h, layers = start.shape, sizes["j"], heads.count, heads.depth.layers
    q, k, v = heads.draw(d, seed)
    values = {
        name: by_index(m, h, layers) for name, m in (("Q", q), ("K", k), ("V", v))
    }
    values["d_k"] = k.shape[1]
    values["m"] = heads.masses.shares(m)
    if heads.masses.shares(m) is None:
        del values["m"]
    rows = np.arange(n)
    allowed = heads.mask.bind(start).allow(rows, rows)
    values["mask"] = np.ones((n, n), bool) if allowed is None else allowed
    if heads.depth.dropout:
        layer = int(np.floor(t / heads.depth.thickness))
        drawn = seed.rng_at("dropout", float(layer)).random((h, n, m))
        kept = drawn >= heads.depth.dropout
        values["kept"] = (kept if h > 1 else kept[0]).astype(float)
    if not heads.mlp.trivial:
        values |= of_mlp(heads, d, seed)
    return values


def of_mlp(heads, d, seed):
    """Return the matrices and biases of perceptrons."""
    mlp, layers = heads.mlp, heads.depth.layers
    count = heads.count if mlp.kind == "composed" else 1
    total = layers * count
    first = mlp.first.draw(total, d, seed.rng("mlp first"))
    second = mlp.second.draw(total, first.shape[1], seed.rng("mlp second"))
    out = {"mlp W_1": first, "mlp W_2": second}
    for name, size, label in (
        ("mlp first bias", first.shape[1], "mlp b_1"),
        ("mlp second bias", second.shape[1], "mlp b_2"),
    ):
        shape = (total, 1, size)
        out[label] = seed.rng(name).normal(scale=mlp.bias, size=shape)[:, 0]
    return {name: by_index(a, count, layers) for name, a in out.items()}


def of_graph(law, start, seed):
    """Return the incidence of the law's graph on the first tokens."""
    n = len(start)
    found = law.graph.edge_list(start, seed.rng("graph"))
    edges = found.edges
    joined, weight = np.zeros((n, n), bool), np.eye(n)
    for k, (i, j) in enumerate(edges):
        joined[i, j] = joined[j, i] = True
        w = 1.0 if found.weight is None else found.weight[k]
        weight[i, j] = weight[j, i] = w
    number = {(int(i), int(j)): k for k, (i, j) in enumerate(edges)}
    faces = [
        (i, j, k)
        for i, j, k in itertools.combinations(range(n), 3)
        if joined[i, j] and joined[j, k] and joined[i, k]
    ]
    d0, d1 = np.zeros((len(edges), n)), np.zeros((len(faces), len(edges)))
    for (i, j), k in number.items():
        d0[k, i], d0[k, j] = -1, 1
    for row, (i, j, k) in enumerate(faces):
        d1[row, number[i, j]] = d1[row, number[j, k]] = 1
        d1[row, number[i, k]] = -1
    return {
        "adjacency": joined,
        "edge weight": weight,
        "d0": d0,
        "d1": d1,
        "cells i": [(i,) for i in range(n)],
        "cells ij": [tuple(e) for e in edges],
        "cells ijk": faces,
    }


def matrices_of(law, d, seed):
    """Return the number of heads of a law on a graph, and its matrices by name."""
    owner = getattr(law, "metric", law)
    count = getattr(owner, "count", 1)
    values = {}
    for letter, name in (("Q", "query"), ("K", "key"), ("V", "value")):
        weights = getattr(owner, name, None)
        if weights is not None:
            values[letter] = by_index(weights.draw(count, d, seed.rng(name)), count, 1)
    if law.kind == "gat":
        shape = (count, 1, d)
        for letter, name in (("a", "gat source"), ("b", "gat target")):
            drawn = law.spread * seed.rng(name).standard_normal(shape)
            values[f"gat {letter}"] = by_index(drawn[:, 0], count, 1)
    return count, values
