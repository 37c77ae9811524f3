"""Every law of motion keeps its word, on every space; new ones are tested unasked."""

import dataclasses

import numpy as np
import pytest
from helpers.runs import sphere, state

from sim import FrameRequest, Scenario, Simulation
from sim.attention.interaction import interaction
from sim.dynamics import Dynamics
from sim.dynamics.bracket import Bracket
from sim.formula import formula
from sim.integrators import Flow, Integrator
from sim.scenario import edit
from sim.seed import Seed
from sim.spaces import Space

LAWS = [
    *(cls() for cls in Dynamics.kinds().values()),
    Bracket(gamma=0.5),
    *(
        edit(Scenario(), {"dynamics": kind, **changes}).dynamics
        for kind in ("softmax", "unnormalised")
        for changes in (
            {"dynamics.heads.value.scale": -1.0},
            {"dynamics.beta": 0.0},
            {"dynamics.beta": -2.0},
            {"dynamics.heads.mask": "causal"},
            {"dynamics.heads.value": "gaussian", "dynamics.heads.count": 3},
        )
    ),
]
SPACES = [cls() for cls in Space.kinds().values()]
ROUND = 1e-12  # of an energy of size 1, or relative to a larger one
KEPT = 1e-6  # relative loss of RK4 over the run: (ωh)⁶/72 a step of 0.01
UNTIL = 1.5
ENERGY = FrameRequest(frozenset({"energy"}), clusters=False)


def ids(parts):
    return [f"{part.kind}{i}" for i, part in enumerate(parts)]


PROMISES = [
    pytest.param(law, space, promise, id=f"{name}-{space.kind}")
    for law, name in zip(LAWS, ids(LAWS), strict=True)
    for space in SPACES
    if (promise := law.energy_behaviour(space)) != "none"
]


@pytest.mark.slow
@pytest.mark.parametrize(("law", "space", "promise"), PROMISES)
def test_energy_follows_the_law(law, space, promise):
    step = 0.01 if promise == "conserves" else 0.02  # for the error of the steps
    scenario = Scenario(tokens=16, space=space, dynamics=law, step=step)
    run = Simulation(scenario, "numpy")
    energy = [run.frame(request=ENERGY).measures["energy"]]
    for _ in range(round(UNTIL / step)):
        run.step()
        energy.append(run.frame(request=ENERGY).measures["energy"])
    change, size = np.diff(energy), max(1.0, abs(energy[0]))
    match promise:
        case "ascends":
            assert change.min() >= -ROUND * size
            assert change.sum() > 0
        case "descends":
            assert change.max() <= ROUND * size
            assert change.sum() < 0
        case "conserves":
            assert abs(change.sum()) < KEPT * abs(energy[0])


def test_the_promises_that_matter_are_made():
    sphere, flat = Space.member("sphere")(), Space.member("flat")()
    soft = Dynamics.member("softmax")()
    assert soft.energy_behaviour(sphere) == "ascends"
    turned = edit(Scenario(), {"dynamics.heads.value.scale": -1.0}).dynamics
    assert turned.energy_behaviour(sphere) == "descends"
    averaging = edit(Scenario(), {"dynamics.beta": 0.0}).dynamics
    assert averaging.energy_behaviour(sphere) == "none"
    masked = edit(Scenario(), {"dynamics.heads.mask": "causal"}).dynamics
    assert masked.energy_behaviour(sphere) == "none"
    assert Bracket().energy_behaviour(flat) == "conserves"
    assert Bracket(gamma=1.0).energy_behaviour(flat) == "descends"
    assert Bracket(gamma=1.0).energy_behaviour(sphere) == "none"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["pre_ln", "peri_ln", "mix_ln"])
def test_nothing_is_promised_where_lengths_reach_zero(kind):
    space = Space.member(kind)()
    repelling = {"dynamics.heads.value.scale": -1.0, "dynamics.beta": 9.0}
    scenario = edit(Scenario(space=space, tokens=16, step=0.01), repelling)
    assert scenario.dynamics.energy_behaviour(space) == "none"
    cold = edit(Scenario(), {"dynamics.beta": -2.0}).dynamics
    assert cold.energy_behaviour(space) == "none"
    assert edit(Scenario(), {}).dynamics.energy_behaviour(space) == "ascends"
    run = Simulation(scenario, "numpy")
    shortest = 1.0
    while run.t < 4:
        run.step()
        shortest = min(shortest, float(np.linalg.norm(run.x, axis=1).min()))
    assert shortest < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("space", SPACES, ids=[s.kind for s in SPACES])
@pytest.mark.parametrize("law", LAWS, ids=ids(LAWS))
def test_velocity_is_tangent(law, space):
    run = Simulation(Scenario(tokens=24, space=space, dynamics=law), "numpy")
    run.advance(0.1)
    v = run.velocity()
    if space.bounded:
        assert np.abs((run.x * v).sum(axis=1)).max() < 1e-13
    assert np.isfinite(v).all()


@pytest.mark.parametrize("law", LAWS, ids=ids(LAWS))
def test_formula_is_latex(law):
    latex = formula(Scenario(dynamics=law)).main()
    assert latex.count("{") == latex.count("}")
    assert r"\dot" in latex


BATCH = 3
SAME = 1e-13  # other blocks of a product, other rounding


@pytest.mark.parametrize("law", LAWS, ids=ids(LAWS))
def test_a_batch_is_its_members(law):
    x = sphere(np.random.default_rng(4), BATCH, 14, 3)
    # A batch shares the graph and the matrices of its first run.
    together, alone = law.bind(x, Seed(1)), law.bind(x[0], Seed(1))
    s = together.start(state(x))
    rng = np.random.default_rng(5)
    s = dataclasses.replace(s, p=rng.normal(size=s.p.shape))
    v, e = together.velocity(s), np.asarray(together.energy(s))
    assert e.shape == (BATCH,)
    for k in range(BATCH):
        one = dataclasses.replace(s, x=s.x[k], p=s.p[k])
        w = alone.velocity(one)
        assert np.abs(w.x - v.x[k]).max() < SAME
        assert np.abs(w.p - v.p[k]).max(initial=0) < SAME
        assert abs(float(alone.energy(one)) - e[k]) < SAME * max(1, abs(e[k]))


@pytest.mark.parametrize("space", SPACES, ids=[s.kind for s in SPACES])
@pytest.mark.parametrize("method", Integrator.kinds())
def test_a_batch_is_stepped_like_its_members(method, space):
    x = space.initial_point(sphere(np.random.default_rng(4), BATCH, 10, 3))
    law = Dynamics.member("softmax")()
    integrator = Integrator.member(method)()

    def stepped(tokens):
        field = law.bind(tokens, Seed(1))

        def ambient(s):
            return field.velocity(dataclasses.replace(s, x=space.normalised(s.x)))

        def tangent(s):
            return space.project_velocity(s, ambient(s))

        return integrator.step(Flow(ambient, tangent), space, state(tokens), 0.1).x

    found = stepped(x)
    for k in range(BATCH):
        assert np.abs(found[k] - stepped(x[k])).max() < SAME


def test_the_sums_of_observables_are_batched():
    x = sphere(np.random.default_rng(4), BATCH, 20, 5)
    found = interaction(x, 7.0)
    wanted = [float(interaction(one, 7.0)) for one in x]
    assert np.abs(found - wanted).max() < SAME


SINGLE = 2e-5  # float32 after twenty steps: 2⁻²⁴ × n terms × steps, generously


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS, ids=ids(LAWS))
def test_single_precision_is_enough_to_watch(law):
    ends = {}
    for precision in ("float32", "float64"):
        scenario = Scenario(tokens=20, dynamics=law, precision=precision, step=0.05)
        run = Simulation(scenario, "numpy")
        for _ in range(20):
            run.step()
        assert run.x.dtype == precision
        ends[precision] = run.x
        assert np.isfinite(list(run.measures().values())).sum() >= 3
    assert np.abs(ends["float32"] - ends["float64"]).max() < SINGLE


def test_tiles_change_nothing(monkeypatch):
    from sim.sums import row_tiles as direct

    x = sphere(np.random.default_rng(4), 50, 3)
    law = edit(Scenario(), {"dynamics.heads.mask": "causal"}).dynamics
    whole = law.bind(x, Seed(0)).velocity(state(x)).x
    monkeypatch.setattr(direct, "TILE_ENTRIES", 7 * 50)
    tiled = law.bind(x, Seed(0)).velocity(state(x)).x
    assert np.abs(whole - tiled).max() < 1e-15


@pytest.mark.parametrize("mask", ["full", "causal"])
def test_a_sample_of_the_matrix_is_that_of_its_rows(monkeypatch, mask):
    from sim.attention import softmax

    monkeypatch.setattr(softmax, "MAX_TOKENS_BY_ROWS", 50)
    changes = {"tokens": 60, "dynamics.heads.mask": mask}
    run = Simulation(edit(Scenario(), changes), "numpy")
    soft, x, some = run.probe().attention, run.probe().normalised.x, np.arange(0, 60, 7)
    found = soft.weights_among(x, some)
    assert np.abs(found - soft.attention_weights(x, some)[..., some]).max() < 1e-14
    assert soft.weights_among(x, np.arange(60)) is None  # whole rows are no dearer


def test_a_sampled_matrix_does_not_depend_on_tiles(monkeypatch):
    import sim.measure.attention_matrix

    changes = {"tokens": 60, "dynamics.heads.count": 2}
    changes |= {"dynamics.heads.query": "gaussian", "dynamics.heads.mask": "causal"}
    run, request = (
        Simulation(edit(Scenario(), changes), "numpy"),
        FrameRequest(matrix=20),
    )
    whole = run.frame(request=request)
    monkeypatch.setattr(sim.measure.attention_matrix, "TILE_ENTRIES", 3 * 2 * 60)
    tiled = run.frame(request=request)
    assert whole.matrix.shape == (2, 20, 20)
    assert np.abs(whole.matrix - tiled.matrix).max() < 1e-15
    rows = run.frame(request=FrameRequest(rows=(59,))).rows[59]
    assert np.abs(rows[:, whole.sample] - whole.matrix[:, -1]).max() < 1e-15
