"""Scenarios from arrays: the same run as by hand, checked, saved with its tables."""

import re

import numpy as np
import pytest

import sim
from sim.io.limits import IN_MEDIA
from sim.scenario import plain

RNG = np.random.default_rng(7)
TOKENS = RNG.normal(size=(6, 3))
NAMES, GROUPS = list("abcdef"), ["x", "x", "y", "y", "y", "z"]
RING = np.array([[0, 1], [2, 1], [2, 3], [4, 3], [4, 5], [0, 5]])
WEIGHTED = np.column_stack([RING, np.arange(1.0, 7.0)])
FLAT = {"space": "flat"}
HAMILTONIAN = {"dynamics": "bracket", "space": "flat", "integrator": "midpoint"}


def from_arrays(x=TOKENS, **given):
    return sim.Scenario.from_arrays(x, **given)


def test_tokens_names_and_groups_are_those_given():
    run = sim.Simulation(from_arrays(names=NAMES, groups=GROUPS, settings=FLAT))
    assert np.array_equal(run.x, TOKENS)  # not centred, not normalised, bit for bit
    assert run.names == tuple(NAMES) and run.groups == tuple(GROUPS)


@pytest.mark.parametrize("x", [None, np.ones((6, 3)) > 0])
def test_tokens_are_numbers(x):
    with pytest.raises(ValueError, match="x: must be an array of real numbers"):
        sim.Scenario.from_arrays(x)


def test_a_missing_name_is_empty():
    names = ["a", None, float("nan"), "d"]
    made = sim.Simulation(sim.Scenario.from_arrays(np.eye(4), names=names))
    assert made.frame().names == ("a", "", "", "d")


def test_tokens_are_centred_only_if_asked():
    run = sim.Simulation(from_arrays(centre=True, settings=FLAT))
    assert run.x == pytest.approx(TOKENS - TOKENS.mean(axis=0), abs=1e-15)


def test_a_scenario_does_not_see_what_becomes_of_an_array():
    x = TOKENS.copy()
    scenario = from_arrays(x, settings=FLAT)
    x[:] = 7
    assert np.array_equal(sim.Simulation(scenario).x, TOKENS)


def test_masses_and_matrices_give_the_velocity_of_the_formula():
    """ẋᵢ = Σ_h V_h Σⱼ mⱼ e^{β⟨Q_h xᵢ, K_h xⱼ⟩} xⱼ / (h Σⱼ …), by a plain sum."""
    m = RNG.uniform(0.5, 2, size=6)
    q, k, v = RNG.normal(size=(3, 2, 3, 3)) / 3
    scenario = from_arrays(
        masses=m, query=q, key=k, value=v, settings={"dynamics.beta": 2.0, **FLAT}
    )
    assert scenario.dynamics.heads.count == 2
    wanted = np.zeros((6, 3))
    for head in range(2):
        scores = 2.0 * (TOKENS @ q[head].T) @ (TOKENS @ k[head].T).T
        p = m * np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        wanted += p @ TOKENS @ v[head].T / 2
    got = sim.Simulation(scenario, "numpy").velocity()
    assert got == pytest.approx(wanted, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("law", ["bracket", "inertial"])
def test_a_run_goes_on_from_the_arrays_of_another(law):
    """Momenta, edges and their directions: as if the run had never stopped."""
    settings = {"dynamics": law, "step": 0.05}
    graph = RING if law == "bracket" else None
    if law == "bracket":
        settings |= HAMILTONIAN | {"dynamics.stir": 1.0}
    whole = sim.Simulation(from_arrays(graph=graph, settings=settings), "numpy")
    whole.advance(1.0)
    p, edges = whole.p, whole.frame().edges
    if edges is not None:  # given in another order and direction
        order = np.array([3, 1, 5, 0, 2, 4])
        sign = np.array([1, -1, 1, -1, 1, 1])
        edges = np.where(sign[:, None] < 0, edges[order][:, ::-1], edges[order])
        p = sign[:, None] * p[order]
    rest = from_arrays(whole.x, graph=edges, momenta=p, settings=settings)
    rest = sim.Simulation(rest, "numpy")
    assert np.abs(rest.p - whole.p).max() < 1e-15
    whole.advance(1.0)
    rest.advance(1.0)
    assert np.abs(rest.x - whole.x).max() < 1e-12
    assert np.abs(rest.p - whole.p).max() < 1e-12


def test_weights_of_edges_are_those_given():
    table = np.column_stack([RING, [0.1, 0.2, 1 / 3, 4, 5, 6]])
    run = sim.Simulation(from_arrays(graph=table, settings={"dynamics": "grand"}))
    law = run.scenario.dynamics
    found = law.graph.edge_list(run.x, RNG)
    by_pair = {tuple(sorted(map(int, e))): w for *e, w in table.tolist()}
    assert [by_pair[tuple(e)] for e in found.edges.tolist()] == found.weight.tolist()


def test_edges_are_a_mask_where_the_law_has_heads():
    run = sim.Simulation(from_arrays(graph=RING, settings=FLAT), "numpy")
    seen = run.frame(request=sim.FrameRequest(matrix=6)).matrix[0] > 0
    wanted = np.eye(6, dtype=bool)
    wanted[RING[:, 0], RING[:, 1]] = wanted[RING[:, 1], RING[:, 0]] = True
    assert np.array_equal(seen, wanted)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x": [1, 2, 3]}, "x: must have shape (n, d)"),
        ({"x": [[1.0], [2.0]]}, "x: must have shape (n, d), one token per row, with d"),
        ({"x": [[1, 2], [3, np.nan]]}, "x: must be finite, got nan at (1, 1)"),
        ({"x": [["a", "b"]]}, "x: must be an array of real numbers (got"),
        ({"names": NAMES[:5]}, "names: there must be one for each of the 6 tokens"),
        ({"groups": "abcdef"}, "groups: there must be one for each of the 6 tokens"),
        ({"masses": np.ones(5)}, "masses: there must be one for each of the 6 tokens"),
        ({"masses": np.arange(6.0)}, "masses: must be above 0, got 0"),
        ({"query": np.eye(4)}, "query: must have shape (3, 3)"),
        ({"value": np.ones((2, 3))}, "value: must have shape (3, 3)"),
        (
            {"query": np.ones((2, 3, 3)), "key": np.ones((3, 3, 3))},
            "matrices must be for one number of heads, got {'query': 2, 'key': 3}",
        ),
        (
            {"query": np.ones((2, 3)), "key": np.ones((1, 3))},
            "query, key: must have the same number of rows, got 2 and 1.",
        ),
        (
            {"momenta": np.ones((5, 3)), "settings": {"dynamics": "inertial", **FLAT}},
            "momenta: there must be one for each of the 6 tokens, got shape (5, 3).",
        ),
        ({"graph": np.eye(6)}, "graph: must be edges, an array of shape (m, 2)"),
        ({"graph": [[0, 6]]}, "the edge 0 – 6 names a node that does not exist"),
        ({"graph": [[0, 0.5]]}, "graph: nodes are whole numbers"),
        ({"graph": [[0, 1, 2.0]]}, "graph: a mask has no weights"),
        (
            {"momenta": np.ones((6, 2)), "settings": HAMILTONIAN},
            "momenta: must have d = 3 columns",
        ),
        (
            {"graph": RING, "momenta": np.ones((5, 3)), "settings": HAMILTONIAN},
            "momenta: there must be one for each row of graph, 6",
        ),
        (
            {"masses": np.ones(6), "settings": {"dynamics": "grand"}},
            "masses: the law 'grand' has no use for it. Choose one with heads",
        ),
        ({"settings": {"tokens": 9}}, "settings: tokens is given by x"),
        (
            {"settings": {"dynamics": "hardmax", "dynamics.heads.depth.ramp": "none"}},
            "settings: dynamics.heads.depth.ramp has no effect",
        ),
        *(
            (
                {"graph": WEIGHTED, "settings": {"dynamics": law}},
                f"graph: the law {law!r} does not use weights of edges",
            )
            for law in ("gat", "metriplectic")
        ),
        *(
            (
                {"momenta": np.ones((6, 3)), "settings": {"dynamics": law}},
                f"momenta: the law {law!r} has none",
            )
            for law in ("softmax", "grand", "spin")
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(given, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        from_arrays(**given)


def test_momenta_must_be_those_of_the_law():
    scenario = from_arrays(momenta=np.ones((5, 3)), settings=HAMILTONIAN)
    with pytest.raises(ValueError, match=r"have shape \(5, 3\), but the law has \d+ e"):
        sim.Simulation(scenario)
    still = sim.edit(scenario, {"dynamics": "softmax"})
    assert len(sim.Simulation(still).p) == 0  # a law without momenta leaves them


@pytest.mark.slow
@pytest.mark.parametrize("rows", [6, 60_000])
def test_a_saved_scenario_has_its_tables_with_it(tmp_path, rows):
    """Small ones inside; larger ones beside, under a name of their own."""
    x = RNG.normal(size=(rows, 6))
    large = x.nbytes > IN_MEDIA
    home = tmp_path / "talk"
    home.mkdir()
    sim.Scenario.from_arrays(x, masses=np.ones(rows), settings=FLAT).save(
        home / "a.json"
    )
    assert len(list(home.iterdir())) == (2 if large else 1)
    moved = home.rename(tmp_path / "elsewhere")
    again = sim.Scenario.load(moved / "a.json")
    assert np.array_equal(again.initial.place(0, 0, RNG).x, x)
    assert str(tmp_path / "talk") not in str(plain(again))
    again.save(moved / "a.json")
    assert len(list(moved.iterdir())) == (2 if large else 1)
