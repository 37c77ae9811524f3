"""Any live knob may be turned in the middle of a run, and restarts are said."""

import numpy as np
import pytest
from helpers.runs import every_part

from sim import Scenario, Simulation
from sim.dynamics import Dynamics
from sim.dynamics.bracket import Bracket
from sim.dynamics.softmax import Softmax
from sim.initial.clusters import Clusters
from sim.restarts import restarts
from sim.scenario import edit
from sim.settings.knobs import choices, get, kind_of, knobs, put, walk
from sim.spaces.flat import Flat
from sim.spaces.sphere import Sphere


def middle(owner, name, knob):
    """Return another value than the default, well inside the bounds."""
    kind, value = kind_of(type(owner), name), getattr(owner, name)
    if menu := choices(type(owner), name):
        return next(v for v in menu if v != value)
    if kind is bool:
        return not value
    if kind not in (int, float):
        return value
    if knob.scale == "log":
        return kind((knob.lo * knob.hi) ** 0.5)
    return kind(min(max(knob.lo, value + 1), knob.hi))


def live():
    for cls in Dynamics.kinds().values():
        base = Scenario(tokens=20, dynamics=cls())
        for path, owner, name in walk(base):
            knob = knobs(type(owner)).get(name)
            if knob is not None and knob.live:
                value = middle(owner, name, knob)
                yield pytest.param(base, path, value, id=f"{cls.kind}-{path}")


@pytest.mark.slow
@pytest.mark.parametrize(("scenario", "path", "value"), [*live()])
def test_turn_in_mid_run(scenario, path, value):
    run = Simulation(scenario, "numpy")
    for _ in range(10):
        run.step()
    t, x, p = run.t, run.x, run.p
    new = put(scenario, path, value)
    assert not restarts(scenario, new)
    run.retune(new)
    assert run.t == t
    assert (run.x == x).all()
    assert np.abs(run.p - p).max(initial=0) < 1e-15  # a new space projects them
    for _ in range(10):
        run.step()
    assert run.t > t
    assert np.isfinite(run.x).all()
    assert get(run.scenario, path) == value


PLACES = {"initial": "uniform", "encoding": "none"}
"""What places tokens, and how it is in the beginning."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "kind", "scenario"),
    [*every_part(Scenario(tokens=12, dimension=12))],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_change_a_part_in_mid_run(path, kind, scenario):
    base = Scenario(tokens=12, dimension=12)
    run = Simulation(base, "numpy")
    run.advance(0.5)
    x, epoch = run.x, run.frame().epoch
    run.retune(scenario)
    if kind != PLACES.get(path, kind):
        assert run.t == 0.0
        assert run.frame().epoch == epoch + 1
    else:
        assert run.t == 0.5
        assert run.frame().epoch == epoch
        if path != "space":
            assert np.abs(run.x - x).max() < 1e-15
    run.advance(0.5)
    assert np.isfinite(run.x).all()


@pytest.mark.parametrize(
    ("changes", "again"),
    [
        ({"title": "other"}, False),
        ({"dynamics.beta": 2.0}, False),
        ({"dynamics": "unnormalised"}, False),
        ({"dynamics": "bracket"}, False),
        ({"dynamics.heads.count": 3}, False),
        ({"dynamics.heads.value": "gaussian"}, False),
        ({"space": "flat"}, False),
        ({"integrator": "euler"}, False),
        ({"step": 0.1}, False),
        ({"duration": 5.0}, False),
        ({"tokens": 9}, True),
        ({"dimension": 9}, True),
        ({"seed": 9}, True),
        ({"precision": "float32"}, True),
        ({"initial": "cap"}, True),
        ({"encoding": "rotary"}, True),
    ],
    ids=str,
)
def test_only_what_places_tokens_restarts(changes, again):
    base = Scenario()
    assert restarts(base, edit(base, changes)) is again
    assert restarts(edit(base, changes), base) is again


def test_settings_of_the_start_restart_and_of_a_new_law_do_not():
    base = Scenario(initial=Clusters())
    assert restarts(base, put(base, "initial.centres", 7))
    graph = Scenario(dynamics=Bracket())
    assert not restarts(graph, put(graph, "dynamics.gamma", 1.0))
    assert not restarts(Scenario(dynamics=Softmax()), graph)


def test_turning_a_knob_keeps_the_random_matrices():
    changes = {"dynamics.heads.value": "gaussian", "tokens": 12}
    run = Simulation(edit(Scenario(), changes), "numpy")
    before = run.velocity()
    run.retune(edit(run.scenario, {"step": 0.01, "title": "x"}))
    assert (run.velocity() == before).all()


def test_an_edit_back_is_as_if_nothing_had_been():
    base = Scenario(tokens=16)
    touched, untouched = (Simulation(base, "numpy") for _ in range(2))
    for run in (touched, untouched):
        run.advance(1.0)
    touched.retune(put(base, "dynamics.beta", 9.0))
    touched.retune(base)
    for run in (touched, untouched):
        run.advance(1.0)
    assert np.abs(touched.x - untouched.x).max() < 1e-15


def test_a_failed_retune_leaves_the_run_unharmed():
    run = Simulation(Scenario(tokens=12), "numpy")
    run.advance(0.5)
    x, old = run.x, run.scenario
    bad = {
        "dynamics.heads.value": "explicit",
        "dynamics.heads.value.matrix": "1,0;0,1",
    }
    for changes in (bad, {"initial": "equiangular"}):
        with pytest.raises(ValueError, match="d"):
            run.retune(edit(old, changes))
        assert run.scenario == old
        assert (run.x == x).all()
        run.step()
        x = run.x


def test_tokens_that_cannot_land_refuse_the_space():
    changes = {"tokens": 8, "dynamics.heads.value.scale": -4.0, "step": 0.5}
    flat = edit(Scenario(space=Flat()), {**changes, "dynamics.beta": 0.0})
    run = Simulation(flat, "numpy")
    run.advance(1.0)
    zero = run.frame()
    zero.x[3] = 0.0
    run.restore(zero)
    with pytest.raises(ValueError, match="token 3 cannot be put on the space"):
        run.retune(put(run.scenario, "space", Sphere()))
    assert run.scenario.space == Flat()
    run.step()


def test_tokens_that_run_away_are_said():
    changes = {"tokens": 8, "dynamics.heads.value.scale": 4.0, "step": 2.0}
    run = Simulation(edit(Scenario(space=Flat()), changes), "numpy")
    with np.errstate(all="ignore"):
        for _ in range(400):
            run.step()
        with pytest.raises(FloatingPointError, match="Lower the step h = 2, choose"):
            run.frame()
    run.reset()
    assert run.t == 0
    assert np.isfinite(run.frame().x).all()
