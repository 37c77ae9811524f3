"""What each law promises, on each space that it promises it for."""

from __future__ import annotations

from itertools import product

import array_api_strict
import numpy as np
import pytest

import sim
from sim.arrays import norm
from sim.dynamics import Dynamics
from sim.masks import Mask
from sim.scenario import edit
from sim.seed import Seed
from sim.settings.knobs import get
from sim.spaces import Space
from sim.state import State
from sim.weights import Weights

LAWS = [
    k
    for k, c in Dynamics.kinds().items()
    if hasattr(c, "heads") or "heads" in c.__dataclass_fields__
]

REQUEST = sim.FrameRequest(frozenset({"energy"}), clusters=False)


def field(law, n=9, d=3, *, x=None, **changes):
    """Return a law bound to tokens of the sphere, and the tokens."""
    if x is None:
        x = unit(np.random.default_rng(1).normal(size=(n, d)))
    changes = {f"dynamics.{k}": v for k, v in changes.items()}
    s = edit(sim.Scenario(tokens=len(x)), {"dynamics": law, **changes})
    return s.dynamics.bind(x, Seed(3)), x


def unit(x):
    return x / norm(x)


def velocity(f, x):
    return f.velocity(State(0.0, x, x[..., :0, :])).x


def promises():
    """Yield a scenario for every law, sign of V, and space with a promise."""
    for law, sign, kind in product(LAWS, (1.0, -1.0), Space.kinds()):
        changes = {"dynamics": law, "space": kind, "dynamics.heads.value.scale": sign}
        scenario = edit(sim.Scenario(tokens=16, step=0.05), changes)
        if scenario.dynamics.energy_behaviour(scenario.space) != "none":
            yield pytest.param(scenario, id=f"{law}-{kind}-{sign:+g}")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [*promises()])
def test_the_energy_does_what_the_law_promises(scenario):
    run = sim.Simulation(scenario, "numpy")
    energies = []
    for _ in range(10):
        energies.append(run.frame(request=REQUEST).measures["energy"])
        run.step()
    sign = {"ascends": 1, "descends": -1}[
        scenario.dynamics.energy_behaviour(scenario.space)
    ]
    change = np.diff(energies) * sign
    assert change.min() > -1e-12
    assert change.sum() > 1e-4


@pytest.mark.parametrize("mask", Mask.kinds())
@pytest.mark.parametrize("law", [k for k in LAWS if k not in ("sinkhorn", "cross")])
def test_rows_of_the_matrix_mix_the_tokens(law, mask):
    f, x = field(
        law, **{"heads.mask": mask, "heads.count": 2, "heads.query": "gaussian"}
    )
    rows = f.attention.attention_weights(x, np.arange(len(x)))
    assert np.allclose(rows @ x, f.attention.row_sums(x), atol=1e-14)
    if f.attention.entropy(x) is not None:
        assert np.allclose(rows.sum(axis=-1), 1, atol=1e-14)
        logs = np.log(rows, where=rows > 0, out=np.zeros_like(rows))
        entropy = -(rows * logs).sum(axis=-1)
        assert np.allclose(entropy, f.attention.entropy(x)[..., 0], atol=1e-13)


@pytest.mark.parametrize("mask", Mask.kinds())
def test_every_token_sees_one_at_least_and_tiles_agree(mask):
    like = unit(np.random.default_rng(0).normal(size=(13, 3)))
    rule = Mask.member(mask)().bind(like)
    whole = rule.allow(np.arange(13), np.arange(13))
    if whole is None:
        return
    assert whole.any(axis=1).all()
    part = rule.allow(np.arange(4, 9), np.arange(13))
    assert np.array_equal(part, whole[4:9])


def test_masks_are_what_they_are_called():
    i, j = np.arange(6)[:, None], np.arange(6)[None, :]
    all_ = np.arange(6), np.arange(6)

    def allow(kind, **settings):
        return Mask.member(kind)(**settings).allow(*all_)

    assert np.array_equal(allow("window", reach=2), abs(i - j) <= 2)
    assert np.array_equal(
        allow("window", reach=2, causal=True), (i - j >= 0) & (i - j <= 2)
    )
    assert np.array_equal(allow("block", size=4), i // 4 == j // 4)
    assert np.array_equal(allow("others"), i != j)


@pytest.mark.parametrize("kind", ["matrix", "edges"])
def test_a_graph_is_read_as_a_matrix_or_as_edges(kind, tmp_path):
    edges = np.array([[0, 1], [1, 2], [4, 5]])
    joined = np.zeros((6, 6), bool)
    joined[edges[:, 0], edges[:, 1]] = joined[edges[:, 1], edges[:, 0]] = True
    path = tmp_path / "graph.csv"
    np.savetxt(path, joined if kind == "matrix" else edges, fmt="%d", delimiter=",")
    rule = Mask.member("graph")(path=str(path)).bind(np.zeros((6, 2)))
    assert np.array_equal(
        rule.allow(np.arange(6), np.arange(6)), joined | np.eye(6, dtype=bool)
    )
    with pytest.raises(ValueError, match=r"5 × 5|tokens 0 to 4"):
        Mask.member("graph")(path=str(path)).bind(np.zeros((5, 2)))


@pytest.mark.parametrize("law", [k for k in LAWS if k != "cross"])
def test_equal_tokens_are_one_heavy_token(law):
    """A4: k copies of a token move as one of mass k/n, where tokens see each other."""
    x = unit(np.random.default_rng(5).normal(size=(4, 3)))
    copies = x[[0, 0, 0, 1, 2, 2, 3]]
    f, _ = field(law, x=copies)
    g, _ = field(law, x=x, **weights_of((3.0, 1.0, 2.0, 1.0)))
    v, w = velocity(f, copies), velocity(g, x)
    assert np.abs(v - w[[0, 0, 0, 1, 2, 2, 3]]).max() < 2e-14
    energies = [float(h.energy(State(0.0, y, y[:0]))) for h, y in ((f, copies), (g, x))]
    if law != "hardmax":  # the mean of the best scores counts tokens, not mass
        assert energies[0] == pytest.approx(energies[1], abs=1e-14)


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_strict_arrays_and_batches_agree_with_numpy(law, precision):
    heads = {"heads.count": 2, "heads.value": "gaussian", "heads.key": "gaussian"}
    batch = unit(np.random.default_rng(2).normal(size=(3, 8, 3)).astype(precision))
    f, _ = field(law, x=batch[0], **heads)
    whole = velocity(f, batch)
    assert whole.dtype == precision
    tol = 1e-14 if precision == "float64" else 2e-6
    for one, x in zip(whole, batch, strict=True):
        assert np.allclose(one, velocity(f, x), atol=tol)
    xp = array_api_strict
    s = edit(
        sim.Scenario(tokens=8),
        {"dynamics": law, **{f"dynamics.{k}": v for k, v in heads.items()}},
    )
    strict = s.dynamics.bind(xp.asarray(batch[0].copy()), Seed(3))
    found = np.asarray(velocity(strict, xp.asarray(batch[1].copy())))
    assert found.dtype == precision
    assert np.allclose(found, whole[1], atol=tol)


def test_sinkhorn_is_doubly_stochastic_and_keeps_the_mean():
    for query in ("identity", "gaussian"):
        f, x = field("sinkhorn", n=20, rounds=200, beta=2.0, **{"heads.query": query})
        p = f.attention.attention_weights(x, np.arange(20))[0]
        assert np.abs(p.sum(axis=0) - 1).max() < 1e-13
        assert np.abs(p.sum(axis=1) - 1).max() < 1e-13
        assert np.abs((f.attention.row_sums(x) - x).mean(axis=1)).max() < 1e-14


def test_sinkhorn_energy_rises_at_the_rate_of_the_squared_speed():
    s = edit(
        sim.Scenario(tokens=12, step=1e-3),
        {"dynamics": "sinkhorn", "dynamics.rounds": 200},
    )
    run = sim.Simulation(s, "numpy")
    before, v = run.measures()["energy"], run.velocity()
    run.step()
    slope = (run.measures()["energy"] - before) / 1e-3
    middle = ((v**2).sum(axis=1).mean() + (run.velocity() ** 2).sum(axis=1).mean()) / 2
    assert slope == pytest.approx(middle, rel=1e-6)


def test_hardmax_is_the_limit_of_softmax():
    hard, x = field("hardmax", n=20, **{"heads.key": "gaussian"})
    soft, _ = field("softmax", n=20, beta=1024.0, **{"heads.key": "gaussian"})
    assert np.abs(velocity(hard, x) - velocity(soft, x)).max() < 1e-2


@pytest.mark.parametrize("n", [40, 800])  # summed directly, and by compiled tiles
def test_the_largest_beta_is_summed_without_overflow(n):
    soft, x = field("softmax", n=n, beta=1e5)
    scores = 1e5 * (x @ x.T)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    mean = weights @ x / weights.sum(axis=1, keepdims=True)
    # A score of 1e5 is rounded by 1e-11.
    assert np.abs(velocity(soft, x) - mean).max() < 1e-9


def test_linear_attention_is_the_first_order_of_the_unnormalised_law():
    x = unit(np.random.default_rng(4).normal(size=(10, 3)))
    linear, _ = field("linear", x=x)
    f, _ = field("unnormalised", x=x, beta=1e-6)
    first = (velocity(f, x) * np.exp(1e-6) - x.mean(axis=0)) / 1e-6
    assert np.allclose(first, velocity(linear, x), atol=1e-6)


def test_scaled_scores_are_those_of_a_smaller_beta():
    f, x = field("softmax", beta=4.0, **{"heads.scaled": True})
    g, _ = field("softmax", beta=4.0 / 3**0.5)
    assert np.array_equal(velocity(f, x), velocity(g, x))
    assert f.attention.beta == g.attention.beta


@pytest.mark.parametrize("kind", [k for k in Weights.kinds() if k != "file"])
def test_drawn_matrices_are_what_their_name_says(kind):
    m = Weights.member(kind)().draw(3, 6, Seed(0).rng("value"))
    assert m.shape == (3, 6, 6)
    assert m.dtype == np.float64
    if kind == "symmetric":
        assert np.array_equal(m, m.transpose(0, 2, 1))
    if kind == "antisymmetric":
        assert np.array_equal(m, -m.transpose(0, 2, 1))
    if kind == "low_rank":
        assert (np.linalg.matrix_rank(m) == 1).all()
    more = Weights.member(kind)().draw(4, 6, Seed(0).rng("value"))
    assert np.array_equal(m, more[:3])


def weights_of(row):
    return {"heads.masses": "explicit", "heads.masses.masses": (row,)}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"heads.masses": "explicit", "heads.masses.masses": ((1.0, 2.0),)},
            "n = 9, got 2",
        ),
        ({"heads.masses": "explicit", "heads.masses.masses": ((0.0,) * 9,)}, "above 0"),
        ({"heads.masses": "file", "heads.masses.path": "no.csv"}, "no such file"),
        ({"heads.mask": "graph", "heads.mask.path": "no.csv"}, "no such file"),
    ],
)
def test_bad_settings_are_said(changes, words):
    with pytest.raises(ValueError, match=words):
        field("softmax", **changes)
    for law in ("sinkhorn", "cross"):
        with pytest.raises(
            ValueError, match=r"needs the mask full.*Choose the mask full"
        ):
            field(law, **{"heads.mask": "causal"})


def test_every_setting_of_heads_is_reached_by_its_path():
    s = edit(sim.Scenario(), {"dynamics.heads.masses": "explicit"})
    assert get(s, "dynamics.heads.masses.masses") == ()
