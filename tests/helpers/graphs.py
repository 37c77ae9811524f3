"""What the tests of graph laws share: given matrices, given graphs, reference data."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers.paths import DATA
from sim.exterior_calculus.metric import Metric
from sim.graph_operators.edge_list import edge_list
from sim.graphs import Graph, Topology
from sim.seed import Seed
from sim.state import State
from sim.weights import Weights


def reference(name):
    with np.load(DATA / f"{name}.npz") as file:
        return {key: file[key] for key in file.files}


@dataclass(frozen=True)
class Given(Weights):
    """Matrices as they are: (h, e, d)."""

    stack: Any = field(default=None, compare=False)

    def draw(self, h, d, rng):
        return self.stack


@dataclass(frozen=True)
class Edges(Topology):
    """A graph as it is."""

    pairs: Any = field(default=None, compare=False)
    weight: Any = field(default=None, compare=False)

    def edge_list(self, x, rng):
        return edge_list(np.asarray(self.pairs).reshape(-1, 2), len(x), self.weight)


def heads(matrix, count):
    return Given(matrix.reshape(count, -1, matrix.shape[-1]))


def graph_of(pairs, n, *, faces=True, like=None):
    like = np.zeros((n, 1)) if like is None else like
    return Graph.of(edge_list(np.asarray(pairs), n), n, like, faces=faces)


def bound(law, x, seed=0):
    return law.bind(np.asarray(x, dtype=float), Seed(seed))


def state(x, p=None):
    x = np.asarray(x, dtype=float)
    return State(0.0, x, x[:0] if p is None else np.asarray(p, dtype=float))


def stacked(v):
    return np.concatenate([v.x, v.p], axis=-2)


def random_graph(rng, n=7, m=12):
    """Return m of the pairs of n nodes, with triangles and in one piece."""
    every = np.stack(np.triu_indices(n, 1), axis=1)
    while True:
        pairs = every[np.sort(rng.permutation(len(every))[:m])]
        graph = graph_of(pairs, n)
        if len(graph.faces) >= 3 and not graph.notes:
            return pairs


def marched(field, s, t, rtol=1e-13, atol=1e-15):
    """Return the state at `t` by an integrator that is not ours."""
    from scipy.integrate import solve_ivp

    shape, n = (len(s.x) + len(s.p), s.x.shape[1]), len(s.x)

    def rhs(_, y):
        y = y.reshape(shape)
        return stacked(field.velocity(State(0.0, y[:n], y[n:]))).reshape(-1)

    y0 = np.concatenate([s.x, s.p]).reshape(-1)
    done = solve_ivp(rhs, (0, t), y0, method="DOP853", rtol=rtol, atol=atol)
    y = done.y[:, -1].reshape(shape)
    return State(t, y[:n], y[n:])


METRIC = Metric()
