"""How fast waves run on a large graph, beside SciPy's sparse product in the same run.

``python tests/benchmarks/bench_graph.py [nodes [edges]]``
"""

import sys
import time
from functools import partial

import numpy as np

from sim.dynamics.bracket import Bracket
from sim.exterior_calculus.metric import Metric
from sim.graphs.erdos_renyi import ErdosRenyi
from sim.integrators import Flow
from sim.integrators.leapfrog import Leapfrog
from sim.integrators.rk4 import RK4
from sim.seed import Seed
from sim.spaces.flat import Flat
from sim.state import State

BOUND = 3.0  # times SciPy's sparse product of the same size
REPEATS = 7


def best(job):
    """Return the fastest of some runs, in milliseconds."""
    spent = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        job()
        spent.append(time.perf_counter() - start)
    return 1e3 * min(spent)


def plain(graph, s):
    """Return SciPy's own products with d0 and its transpose, stored as it likes."""
    d0 = graph.d0.matrix
    d0t = d0.T.tocsr()
    return lambda: (d0 @ s.x, d0t @ s.p)


def lines(n, m, precision):
    like = np.random.default_rng(0).standard_normal((n, 3)).astype(precision)
    topology = ErdosRenyi(p=2 * m / (n * (n - 1)))
    weights = {"equal weights": "graph", "frozen attention": "frozen"}
    weights["attention in force"] = "attention"
    flat = Flat()
    for name, kind in weights.items():
        law = Bracket(graph=topology, metric=Metric(weights=kind))
        field = law.bind(like, Seed(0))
        s = field.start(State(0.0, like, like[:0]))
        s = State(0.0, s.x, field.velocity(s).p)
        base = best(plain(field.graph, s))
        rhs = best(partial(field.velocity, s))
        flow = Flow(field.velocity, field.velocity, split=field.split)
        yield precision, name, "right-hand side", rhs, rhs / base
        for method in (Leapfrog(), RK4()):
            step = best(partial(method.step, flow, flat, s, 0.01))
            yield precision, name, f"step of {method.kind}", step, step / base
        yield precision, name, "SciPy's d0 q, d0ᵀp", base, 1.0


def main(n=100_000, m=1_000_000):
    print(f"{n:,} nodes, {m:,} edges, d = 3")
    kept = True
    for precision, weights, job, ms, ratio in lines(n, m, "float64"):
        print(f"{precision}  {weights:19s} {job:20s} {ms:8.1f} ms {ratio:6.2f}")
        if weights == "equal weights" and job == "right-hand side":
            kept = ratio <= BOUND
    for precision, weights, job, ms, ratio in lines(n, m, "float32"):
        print(f"{precision}  {weights:19s} {job:20s} {ms:8.1f} ms {ratio:6.2f}")
    print(f"Hamiltonian right-hand side at most {BOUND:g} × SciPy: {kept}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*(int(a) for a in sys.argv[1:])))
