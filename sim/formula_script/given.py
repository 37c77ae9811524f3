"""The numbers that a formula reads: tokens, momenta, matrices and edges of a start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.arrays import to_host
from sim.dynamics import AttentionLaw, GraphLaw
from sim.dynamics.cross import Cross
from sim.dynamics.gat import GAT
from sim.mlps import Perceptron
from sim.placement import place
from sim.scenario import from_json
from sim.seed import Seed
from sim.state import State

if TYPE_CHECKING:
    from sim.array_types import AnyArray
    from sim.attention.heads import Heads
    from sim.scenario import Scenario

    Numbers = dict[str, AnyArray]


def numbers_of(settings: str) -> Numbers:
    """Return the arrays of a scenario in JSON, by the names of its program."""
    return given(from_json(settings))


def given(scenario: Scenario) -> Numbers:
    """Return the arrays of the formula of a scenario, by the names of its program.

    Raises
    ------
    ValueError
        If the start or the law cannot be made.
    """
    start, seed = start_of(scenario), Seed(scenario.seed)
    x, law = start.x, scenario.dynamics
    out: Numbers = {"start": x, "momenta": start.p}
    d = x.shape[1]
    if isinstance(law, Cross):
        out["keys"] = _keys(law, d, seed)
    if isinstance(law, AttentionLaw):
        out |= _of_heads(law.heads, x, law.keys_of(len(x)), seed)
    if isinstance(law, GraphLaw):
        out |= _of_graph(law, x, seed) | _matrices(law, d, seed)
    return out


def start_of(scenario: Scenario) -> State:
    """Return the state at the start, in float64 on the host."""
    start, law = place(scenario), scenario.dynamics
    x = np.array(start.x, dtype=np.float64)
    field = law.bind(x, Seed(scenario.seed))
    state = field.begin(State(0.0, x, x[:0]), start.momenta)
    if field.carrier != "tokens":
        return state
    space = scenario.space.tangent_bundle()
    return space.kick(State(0.0, state.x, 0 * state.p), state.p)


def half_layer(settings: str, x: AnyArray, t: float) -> AnyArray:
    """Return tokens after the half layer at t of the scenario's model: (n, d)."""
    scenario = from_json(settings)
    field = scenario.dynamics.bind(np.asarray(x), Seed(scenario.seed))
    seen = scenario.space.normalised(x)
    return seen + to_host(field.velocity(State(t, seen, x[:0])).x)


def by_index(array: AnyArray, count: int, layers: int) -> AnyArray:
    """Return matrices by layer and head, without the axes of which there is one."""
    shape = tuple(k for k in (layers, count) if k > 1)
    return np.asarray(array).reshape(*shape, *array.shape[1:])


def _keys(law: Cross, d: int, seed: Seed) -> AnyArray:
    """Return the keys of cross-attention: (m, d)."""
    keys = law.keys.place(law.size, d, seed.rng("dictionary")).x
    if not law.unit:
        return keys
    return keys / np.linalg.norm(keys, axis=-1, keepdims=True)


def _of_heads(heads: Heads, x: AnyArray, m: int, seed: Seed) -> Numbers:
    """Return the matrices of heads, and the masses and the mask of tokens."""
    count, layers = heads.count, heads.depth.layers
    drawn = dict(zip("QKV", heads.draw(x.shape[1], seed), strict=True))
    out = {name: by_index(a, count, layers) for name, a in drawn.items()}
    out["d_k"] = np.array(drawn["K"].shape[1])
    if (shares := heads.masses.shares(m)) is not None:
        out["m"] = shares
    rows = np.arange(len(x))
    allowed = heads.mask.bind(x).allow(rows, rows)
    if allowed is not None:
        out["mask"] = np.asarray(allowed)
    if isinstance(heads.mlp, Perceptron) and not heads.mlp.trivial:
        out |= _of_mlp(heads, heads.mlp, x, seed)
    return out


def _of_mlp(heads: Heads, mlp: Perceptron, x: AnyArray, seed: Seed) -> Numbers:
    """Return the matrices and biases of perceptrons."""
    layers = heads.depth.layers
    count = heads.count if mlp.kind == "composed" else 1
    net = mlp.net(layers * count, x, seed)
    out: Numbers = {"mlp_W_1": to_host(net.first), "mlp_W_2": to_host(net.second)}
    if net.inner is not None and net.outer is not None:
        out["mlp_b_1"] = to_host(net.inner)[:, 0]
        out["mlp_b_2"] = to_host(net.outer)[:, 0]
    return {name: by_index(a, count, layers) for name, a in out.items()}


def _of_graph(law: GraphLaw, x: AnyArray, seed: Seed) -> Numbers:
    """Return the edges of a law's graph, int (m, 2), and their weights, (m,)."""
    found = law.graph.edge_list(x, seed.rng("graph"))
    edges = np.asarray(found.edges, dtype=int).reshape(-1, 2)
    weight = np.ones(len(edges)) if found.weight is None else found.weight
    return {"edges": edges, "edge_weights": np.asarray(weight)}


def _matrices(law: GraphLaw, d: int, seed: Seed) -> Numbers:
    """Return the matrices of a law on a graph."""
    owner: Any = getattr(law, "metric", law)
    count: int = getattr(owner, "count", 1)
    out: Numbers = {}
    for letter, name in (("Q", "query"), ("K", "key"), ("V", "value")):
        if (weights := getattr(owner, name, None)) is not None:
            out[letter] = by_index(weights.draw(count, d, seed.rng(name)), count, 1)
    if isinstance(law, GAT):
        width = out["V"].shape[-2]
        for letter, name in (("gat_a", "gat source"), ("gat_b", "gat target")):
            drawn = law.spread * seed.rng(name).standard_normal((count, 1, width))
            out[letter] = by_index(drawn[:, 0], count, 1)
    return out
