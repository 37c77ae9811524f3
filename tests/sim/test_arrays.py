"""No hidden NumPy: the whole simulator runs on a library that has only the standard."""

import array_api_strict as strict
import numpy as np
import pytest
from helpers.runs import every_part

from sim import FrameRequest, Scenario, Simulation
from sim.arrays import load, namespace, sequential_sum, to_host
from sim.dynamics import Dynamics
from sim.scenario import edit

BASE = Scenario(tokens=10, dimension=10)
SHARED = "dynamics.heads."  # tried with the first law, for all
PARTS = [
    *every_part(BASE),
    *(
        part
        for cls in Dynamics.kinds().values()
        for part in every_part(Scenario(tokens=10, dimension=10, dynamics=cls()))
        if part[0].startswith("dynamics.") and not part[0].startswith(SHARED)
    ),
    (
        "dynamics.heads.count",
        "three",
        edit(
            BASE,
            {
                "dynamics.heads.count": 3,
                "dynamics.heads.query": "gaussian",
                "dynamics.heads.key": "gaussian",
                "dynamics.heads.value": "gaussian",
            },
        ),
    ),
]
REQUEST = FrameRequest(matrix=6, rows=(0, 3), quantities=frozenset({"speed", "head"}))
SAME = 1e-12  # other libraries, other order of summation
NAMES = [
    f"{kind}-{getattr(part.dynamics, 'kind', '')}-{path}" for path, kind, part in PARTS
]


def refusal(scenario, xp):
    """Return why no run of `scenario` can start; "" if one can."""
    try:
        Simulation(scenario, xp)
    except ValueError as error:
        return str(error)
    return ""


def largest(state):
    """Return the largest number of a state or of a velocity, momenta included."""
    parts = (np.abs(to_host(part)) for part in (state.x, state.p))
    return max(float(part.max(initial=0)) for part in parts)


def rounding_of_rate(run):
    """Return how far rounding may move the rate of the energy.

    A central difference over h = ε^⅓ |x| / |v| is off by ε times the terms of the
    energy, divided by h; momenta may be so large that their squares nearly cancel.
    """
    probe = run.probe()
    size, speed = largest(probe.state), largest(probe.velocity)
    terms = max(abs(probe.energy), size**2)
    return 4 * np.finfo(float).eps ** (2 / 3) * terms * speed / size


@pytest.mark.slow
@pytest.mark.parametrize(("path", "kind", "scenario"), PARTS, ids=NAMES)
def test_strict_equals_numpy(path, kind, scenario):
    """Also where the parts do not fit together: both refuse, in the same words."""
    if why := refusal(scenario, np):
        assert refusal(scenario, strict) == why
        return
    frames = {}
    for xp in (np, strict):
        run = Simulation(scenario, xp)
        for _ in range(3):
            run.step()
        assert namespace(run._bound.state.x).__name__.startswith(xp.__name__)
        assert namespace(run._bound.state.p).__name__.startswith(xp.__name__)
        frames[xp] = run.frame(run.t - 0.01, REQUEST)
    ours, theirs = frames[np], frames[strict]
    # Two metriplectic parts are stiff: their momenta are of the order of 10⁴ by then.
    same = SAME * max(1, largest(run._bound.state))
    assert np.abs(ours.x - theirs.x).max() < same
    a, b = dict(ours.measures), dict(theirs.measures)
    assert a.pop("energy_rate") == pytest.approx(
        b.pop("energy_rate"), abs=same + rounding_of_rate(run), rel=same, nan_ok=True
    )
    assert a == pytest.approx(b, abs=same, rel=same, nan_ok=True)
    assert type(theirs.x) is np.ndarray
    for part in ("matrix", "speed"):
        a, b = getattr(ours, part), getattr(theirs, part)
        assert (a is None) == (b is None)
        if a is not None:
            assert np.abs(a - b).max() < same


def test_a_restored_frame_and_a_turned_knob_stay_in_the_library():
    run = Simulation(BASE, strict)
    run.step()
    frame = run.frame()
    run.step()
    run.restore(frame)
    run.retune(edit(BASE, {"space": "flat"}))
    run.step()
    assert namespace(run._bound.state.x) is strict


def test_host_copies_are_never_views():
    x = np.zeros(3)
    y = to_host(x)
    y[0] = 1
    assert x[0] == 0


def test_an_unknown_backend_lists_the_known_ones():
    with pytest.raises(ValueError, match="auto, numpy, cupy; got 'torch'"):
        load("torch")


def test_cupy_without_a_device_says_what_to_do(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(
        RuntimeError, match=r"no CUDA device can be used.*Use numpy, or"
    ):
        load("cupy")
    found = load("auto")
    assert found.name == "numpy"
    assert "no CUDA device" in found.reason


def test_a_sequential_sum_is_rounded_at_every_step():
    """On every Python, unlike `sum`."""
    assert sequential_sum([0.1] * 10) == 0.9999999999999999
    assert sequential_sum([1.0, 1e100, 1.0, -1e100]) == 0.0
    assert sequential_sum([]) == 0.0
    assert np.isnan(sequential_sum([np.inf, -np.inf]))
