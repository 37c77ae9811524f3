"""Layers, dropout and ramps: each depth sees its own attention, steps keep order."""

from __future__ import annotations

import gc
import weakref
from functools import cache

import array_api_strict
import numpy as np
import pytest
from helpers.runs import sphere, state, table

import sim
from sim.arrays import transpose
from sim.attention import layer_schedule
from sim.attention.depth import layer_at
from sim.attention.heads import Heads
from sim.checks.state import check_state
from sim.expressions.formula import to_latex
from sim.formula import formula
from sim.instants import just_before
from sim.integrators import Integrator
from sim.ramps import Ramp
from sim.scenario import edit
from sim.seed import Seed
from sim.theory import inapplicable

LAWS = ("softmax", "unnormalised", "linear", "hardmax", "sinkhorn", "cross")
DEPTH = "dynamics.heads.depth"
MATRICES = {f"dynamics.heads.{k}": "gaussian" for k in ("value", "query", "key")} | {
    "dynamics.heads.count": 2,
    "dynamics.heads.mlp": "composed",
}
SLACK = 0.25  # of an order


def scenario(n=12, law="softmax", **changes):
    """Return a scenario with settings of its depth changed."""
    changes = {f"{DEPTH}.{k}".replace("__", "."): v for k, v in changes.items()}
    return edit(sim.Scenario(tokens=n), {"dynamics": law, **changes})


def tokens(n=12, d=3, seed=1):
    return sphere(np.random.default_rng(seed), n, d)


def bound(s, x, seed=3):
    return s.dynamics.bind(x, Seed(seed))


def end(s, t):
    run = sim.Simulation(s, "numpy")
    run.reach(t)
    return run.x


def test_attention_that_stands_still_is_itself():
    attention = bound(scenario(thickness=3.0), tokens()).attention
    assert attention.at(7.0) is attention
    assert attention.next_jump(0.0) == np.inf
    for kind in Ramp.kinds():
        same = {} if kind == "none" else {"ramp__end": 1.0}
        assert scenario(ramp=kind, **same).dynamics.heads.bare()


def test_a_layer_begins_on_time_whatever_the_step():
    for h in (0.1, 0.05, 0.3, 1 / 3, 0.7, 1e-3):
        for steps in (1, 3, 7):
            for k in range(2000):
                t = (k * steps) * h
                assert layer_at(t, steps * h) == k
                if k:
                    assert layer_at(just_before(t), steps * h) == k - 1


@pytest.mark.parametrize("name", ["value", "query", "key"])
def test_more_layers_leave_the_first_as_it_was(name):
    x = tokens()
    one = bound(edit(scenario(), MATRICES), x).attention
    many = bound(edit(scenario(layers=5), MATRICES), x).attention
    first, later = many.at(0.5), many.at(3.5)
    assert np.array_equal(getattr(first, name), getattr(one, name))
    assert np.array_equal(first.feed_forward.net.second, one.feed_forward.net.second)
    assert np.abs(getattr(later, name) - getattr(one, name)).max() > 0.1
    assert np.array_equal(getattr(many.at(5.5), name), getattr(one, name))
    drawn = edit(scenario(layers=5), MATRICES).dynamics.heads.draw(3, Seed(3))
    assert [len(m) for m in drawn] == [10, 10, 10]


def stacked(rng, count=3, **changes):
    """Return matrices V of some layers, and a run through them."""
    v = rng.normal(size=(count, 3, 3))
    flat = {"value": "explicit", "value.matrix": table(v.reshape(-1, 3))}
    changes = {f"{DEPTH}.{k}": w for k, w in changes.items()}
    base = scenario(layers=count)
    heads = {f"dynamics.heads.{k}": w for k, w in flat.items()}
    return v, edit(base, {**heads, **changes})


def alone(v, **changes):
    heads = {"dynamics.heads.value": "explicit"}
    heads["dynamics.heads.value.matrix"] = table(v)
    return edit(scenario(), {**heads, **changes})


@pytest.mark.slow
@pytest.mark.parametrize("method", ["rk4", "euler", "layer", "adaptive"])
def test_a_run_through_layers_is_run_after_run(method):
    rng = np.random.default_rng(0)
    v, s = stacked(rng, thickness=0.5)
    run = sim.Simulation(edit(s, {"integrator": method, "step": 0.1}), "numpy")
    part = sim.Simulation(
        edit(alone(v[0]), {"integrator": method, "step": 0.1}), "numpy"
    )
    for k in range(5):
        part.retune(edit(alone(v[k % 3]), {"integrator": method, "step": 0.1}))
        for _ in range(5):
            run.step()
            part.step()
        off = np.abs(run.x - part.x).max()
        assert off < (1e-15 if method != "adaptive" else 1e-6), k


def test_layers_as_thick_as_a_step_are_a_stack_of_transformer_layers():
    v, s = stacked(np.random.default_rng(4), thickness=0.2)
    run = sim.Simulation(edit(s, {"integrator": "layer", "step": 0.2}), "numpy")
    x = run.x
    for k in range(9):
        run.step()
        p = np.exp(4 * x @ x.T)
        x = x + 0.2 * (p @ x / p.sum(axis=1, keepdims=True)) @ v[k % 3].T
        x = x / np.linalg.norm(x, axis=1, keepdims=True)
        assert np.abs(run.x - x).max() < 1e-14


CHANGING = {
    "layers": {"layers": 3, "thickness": 0.25},
    "dropout": {"dropout": 0.3, "thickness": 0.25},
    "linear": {"ramp": "linear", "ramp__length": 0.5, "ramp__end": 3.0},
    "geometric": {"ramp": "geometric", "ramp__start": 0.25, "ramp__length": 0.5},
}


def changing(what):
    value = {"dynamics.heads.value": "gaussian"} if what == "layers" else {}
    return edit(scenario(**CHANGING[what]), value)


@cache
def exact_end(what):
    return end(edit(changing(what), {"integrator": "rk4", "step": 1 / 512}), 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGING)
@pytest.mark.parametrize("method", ["rk4", "midpoint", "euler", "layer"])
def test_integrators_keep_their_order(what, method):
    base = edit(changing(what), {"integrator": method})
    cls = Integrator.member(method)
    exact = exact_end(what)
    errors = [
        np.abs(end(edit(base, {"step": 1 / k}), 1.0) - exact).max()
        for k in (16, 32, 64)
    ]
    slopes = -np.diff(np.log2(errors))
    assert abs(slopes.mean() - cls.order) < SLACK, slopes


@pytest.mark.slow
@pytest.mark.parametrize("what", CHANGING)
def test_frames_just_before_a_jump_are_as_accurate_as_steps(what):
    base = changing(what)
    errors = []
    for h in (1 / 16, 1 / 32, 1 / 64):
        run = sim.Simulation(edit(base, {"step": h}), "numpy")
        run.reach(0.75)  # a layer ends there
        at = 0.75 - 0.4 * h
        exact = sim.Simulation(edit(base, {"step": h / 10}), "numpy")
        exact.reach(at)
        assert exact.t == pytest.approx(at, abs=1e-12)
        errors.append(np.abs(run.frame(at).x - exact.x).max())
    slopes = -np.diff(np.log2(errors))
    assert slopes.mean() > 4 - SLACK, slopes


def test_the_present_is_the_layer_that_begins():
    v, s = stacked(np.random.default_rng(0), thickness=0.5)
    run = sim.Simulation(edit(s, {"step": 0.1}), "numpy")
    run.reach(0.5)
    here = sim.Simulation(alone(v[1]), "numpy")
    here.restore(run.frame())
    assert np.array_equal(run.velocity(), here.velocity())
    run.frame(0.45)  # looks back into the layer before
    assert np.array_equal(run.velocity(), here.velocity())
    assert 0 < run.step_error() < 1e-3


def test_views_see_the_attention_in_force():
    s = edit(scenario(layers=2, thickness=0.5, ramp="linear"), MATRICES)
    run = sim.Simulation(edit(s, {"step": 0.1}), "numpy")
    request = sim.FrameRequest(matrix=12, rows=(3,))
    for t in (0.3, 0.8):
        run.reach(t)
        now = bound(s, run.x, seed=0).attention.at(run.t)
        frame = run.frame(request=request)
        assert (
            np.abs(frame.matrix - now.attention_weights(run.x, np.arange(12))).max()
            < 1e-15
        )
        assert np.abs(frame.rows[3] - frame.matrix[:, 3]).max() < 1e-15
        assert run.probe().beta == pytest.approx(4 * (1 + 3 * run.t / 10), rel=1e-12)
        entropy = now.entropy(run.x).mean()
        assert frame.measures["entropy"] == pytest.approx(entropy, rel=1e-12)


# Dropout


def dropped(rate=0.3, n=12, kind="softmax", **changes):
    s = scenario(n, kind, dropout=rate)
    return edit(s, {f"dynamics.{k}": v for k, v in changes.items()})


@pytest.mark.slow
def test_dropout_is_unbiased_and_as_frequent_as_it_says():
    x, rate, layers = tokens(), 0.3, 4000
    attention = bound(dropped(rate), x).attention
    kept = attention.at(0.0).undropped_weights(x, np.arange(12))[0]
    every = np.stack(
        [
            attention.at(k + 0.5).attention_weights(x, np.arange(12))[0]
            for k in range(layers)
        ]
    )
    assert np.abs(every / kept * (1 - rate) - (every > 0)).max() < 1e-15
    spread = (rate / (1 - rate) / layers) ** 0.5  # of the mean of b/(1 − q)
    assert np.abs(every.mean(axis=0) / kept - 1).max() < 5 * spread
    rows = layers * 144
    share = (every == 0).mean()
    assert share == pytest.approx(rate, abs=5 * (rate * (1 - rate) / rows) ** 0.5)


def test_a_mask_belongs_to_its_layer():
    x = tokens()
    one, two = (bound(dropped(0.5, **{"heads.count": h}), x) for h in (1, 2))
    masks = [one.attention.at(t).dropped.kept for t in (0.0, 0.9, 1.0, 0.3)]
    assert np.array_equal(masks[0], masks[1])
    assert np.array_equal(masks[0], masks[3])
    assert not np.array_equal(masks[0], masks[2])
    more = two.attention.at(0.0).dropped.kept
    assert np.array_equal(more[:1], masks[0])
    assert not np.array_equal(more[0], more[1])
    other = bound(dropped(0.5), x, seed=4).attention.at(0.0).dropped.kept
    assert not np.array_equal(other, masks[0])


@pytest.mark.parametrize("kind", [k for k in LAWS if k != "cross"])
def test_a_dropped_velocity_is_what_its_rows_collect(kind):
    x = tokens()
    field = bound(dropped(0.4, kind=kind, **{"heads.value": "gaussian"}), x)
    now = field.attention.at(2.0)
    y = now.attention_weights(x, np.arange(12)) @ x
    if kind == "unnormalised":
        y = y * np.exp(4 * (x @ x.T - 1)).mean(axis=1, keepdims=True)
    wanted = (y @ transpose(now.value)).mean(axis=0)
    assert np.abs(field.velocity(state(x, 2.0)).x - wanted).max() < 1e-14


@pytest.mark.parametrize("kind", LAWS)
def test_a_token_whose_row_is_dropped_whole_rests(kind):
    for seed in range(8):
        x = tokens(3)
        changes = {"size": 2} if kind == "cross" else {}
        s = dropped(0.9, 3, kind, **changes)
        v = bound(s, x, seed).velocity(state(x)).x
        assert np.isfinite(v).all()
        kept = Seed(seed).rng_at("dropout", 0.0).random((1, 3, 2 + (kind != "cross")))
        bare = (kept < 0.9).all(axis=-1)[0]
        assert bare.any()
        assert np.array_equal((v == 0).all(axis=1) & bare, bare)


@pytest.mark.parametrize("precision", ["float32", "float64"])
@pytest.mark.parametrize("kind", LAWS)
def test_strict_arrays_batches_and_tiles_agree(kind, precision, monkeypatch):
    s = edit(dropped(0.4, 8, kind), MATRICES | {f"{DEPTH}.layers": 2})
    s = edit(s, {f"{DEPTH}.ramp": "geometric"})
    batch = sphere(np.random.default_rng(2), 3, 8, 3).astype(precision)
    field = bound(s, batch[0])
    whole = field.velocity(state(batch, 1.5)).x
    assert whole.dtype == precision
    tol = 1e-13 if precision == "float64" else 2e-5
    for one, x in zip(whole, batch, strict=True):
        assert np.abs(one - field.velocity(state(x, 1.5)).x).max() < tol
    xp = array_api_strict
    strict = bound(s, xp.asarray(batch[0].copy()))
    found = strict.velocity(state(xp.asarray(batch[1].copy()), 1.5)).x
    assert np.abs(np.asarray(found) - whole[1]).max() < tol
    monkeypatch.setattr("sim.attention.base.TILE_ENTRIES", 2 * 8 * 3)  # three rows
    tiled = field.velocity(state(batch[1], 1.5)).x
    assert np.abs(tiled - whole[1]).max() < tol


def test_masks_go_with_the_law_that_drew_them():
    """Not when a collector comes: each may take 16 MiB, and a slider makes many."""
    drawn = bound(dropped(0.5), tokens()).attention.schedule.dropout
    drawn.mask(0)
    gone = weakref.ref(drawn)
    gc.disable()
    try:
        del drawn
        assert gone() is None
    finally:
        gc.enable()


def test_dropout_says_how_many_pairs_it_can_do(monkeypatch):
    monkeypatch.setattr(layer_schedule, "MAX_DROPOUT_PAIRS", 12 * 12)
    bound(dropped(), tokens())
    with pytest.raises(ValueError, match=r"at most 144 a layer; got 2 × 12 × 12.*0\."):
        bound(dropped(**{"heads.count": 2}), tokens())


def test_what_dropout_leaves_without_meaning_is_not_said():
    run = sim.Simulation(dropped(), "numpy")
    measures = run.measures()
    assert np.isnan(measures["entropy"])
    assert np.isnan(measures["divergence"])
    assert np.isfinite(measures["f_hat"])
    assert "row sums" not in {c.name for c in check_state(run)}
    assert run.method == (
        "direct",
        "dropout needs whole rows of the attention matrix",
    )
    assert all(c.holds for c in check_state(run))


# Ramps


@pytest.mark.parametrize("kind", ["linear", "geometric"])
def test_a_ramp_goes_from_one_to_its_end(kind):
    ramp = Ramp.member(kind)(end=9.0, start=2.0, length=4.0)
    assert [ramp.factor(t) for t in (0.0, 2.0, 6.0, 99.0)] == [1, 1, 9, 9]
    assert ramp.factor(4.0) == pytest.approx(5.0 if kind == "linear" else 3.0)
    assert not ramp.constant


@pytest.mark.parametrize("kind", ["softmax", "unnormalised", "sinkhorn", "cross"])
def test_a_ramped_law_is_at_every_time_the_law_of_that_beta(kind):
    x = tokens()
    s = scenario(law=kind, ramp="linear", ramp__end=-2.0)
    field = bound(s, x)
    for t, beta in ((0.0, 4.0), (5.0, -2.0), (20.0, -8.0)):
        still = edit(sim.Scenario(), {"dynamics": kind, "dynamics.beta": beta})
        other = bound(still, x)
        assert (
            np.abs(field.velocity(state(x, t)).x - other.velocity(state(x)).x).max()
            < 1e-14
        )
        energies = [float(f.energy(state(x, at))) for f, at in ((field, t), (other, 0))]
        assert energies[0] == pytest.approx(energies[1], rel=1e-13)
    assert r"\beta(t)\," in to_latex(formula(s))


@pytest.mark.parametrize("kind", ["linear", "hardmax"])
def test_laws_without_beta_do_not_look_at_the_ramp(kind):
    x = tokens()
    s = scenario(law=kind, ramp="linear")
    plain = edit(sim.Scenario(), {"dynamics": kind})
    fields = bound(s, x), bound(plain, x)
    a, b = (f.velocity(state(x, 5.0)).x for f in fields)
    assert np.array_equal(a, b)
    assert to_latex(formula(s)) == to_latex(formula(plain))


# Words


@pytest.mark.parametrize("what", CHANGING)
@pytest.mark.parametrize("kind", LAWS)
def test_what_changes_with_depth_promises_nothing(what, kind):
    s = scenario(law=kind, **CHANGING[what])
    assert s.dynamics.energy_behaviour(s.space) == "none"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"depth.layers": 3}, "one layer at every depth, got 3"),
        ({"depth.dropout": 0.1}, "without dropout, got 0.1"),
        ({"depth.ramp": "linear"}, "a constant β"),
        ({"mlp": "additive"}, "without an MLP"),
    ],
)
def test_theories_say_why_they_do_not_apply(changes, why):
    changes = {f"dynamics.heads.{k}": v for k, v in changes.items()}
    s = edit(sim.Scenario(tokens=4, dimension=4), {"initial": "orthonormal", **changes})
    reasons = inapplicable(s, np.eye(4))
    assert why in reasons["equiangular"]
    assert ("hemisphere" in reasons) == ("mlp" in str(changes))
    assert ("uniform" in reasons) == ("ramp" in str(changes))


def test_a_hemisphere_is_kept_under_dropout_layers_and_ramps():
    changes = {"layers": 2, "dropout": 0.6, "ramp": "geometric", "thickness": 0.5}
    queries = {"dynamics.heads.query": "gaussian", "initial": "cap"}
    run = sim.Simulation(edit(scenario(**changes), queries), "numpy")
    from sim.theory.hemisphere import pole

    low = (run.x @ pole(run.x)).min()
    w = pole(run.x)
    for _ in range(100):
        run.step()
        now = (run.x @ w).min()
        assert now > low - 1e-9
        low = now
    assert low > 0


def test_depth_starts_as_a_single_constant_layer():
    assert Heads().depth.constant
    with pytest.raises(ValueError, match=r"depth.dropout .*in \[0, 0.9\], got 1"):
        scenario(dropout=1.0)
