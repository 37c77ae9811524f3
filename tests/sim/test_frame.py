"""Frames and the requests for them."""

from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

import sim
import sim.frame
from sim.array_types import Floats
from sim.frame import Frame, FrameRequest
from sim.measure.quantities import quantity
from sim.placement import place
from sim.tokens.present import TokenList

NOTHING = FrameRequest(observables=frozenset(), clusters=False)
OTHER = {
    "observables": frozenset({"order"}),
    "clusters": True,
    "matrix": 8,
    "rows": (3,),
    "quantities": frozenset({"speed"}),
    "checks": True,
    "series": frozenset({"order"}),
    "columns": (2,),
    "trails": frozenset({2.0}),
}
"""Another value of every field than that of `NOTHING`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithMean(Frame):
    """A frame with one more quantity: this line is all that it takes."""

    mean: Floats | None = quantity(lambda probe: probe.host.mean(axis=0))


def seen(form, request):
    run = sim.Simulation(sim.Scenario(tokens=6), "numpy")
    tokens = TokenList.of(place(run.scenario))
    parts = {"scenario": run.scenario, "tokens": tokens, "epoch": 0}
    return form.of(run.probe(), request=request, **parts)


@pytest.mark.parametrize("name", [f.name for f in fields(FrameRequest)])
def test_a_joined_request_holds_every_field_of_either(name):
    other = replace(NOTHING, **{name: OTHER[name]})
    for joined in (NOTHING | other, other | NOTHING):
        assert joined == other
        assert getattr(joined, name) == OTHER[name]


def test_joined_requests_are_unions():
    a = FrameRequest(frozenset({"order"}), matrix=4, rows=(1, 2))
    b = FrameRequest(frozenset({"f_hat"}), matrix=9, rows=(2, 5))
    both = FrameRequest(frozenset({"order", "f_hat"}), matrix=9, rows=(1, 2, 5))
    assert a | b == both
    assert (a | FrameRequest()).observables is None


def test_a_new_quantity_is_one_line():
    assert seen(WithMean, NOTHING).mean is None
    frame = seen(WithMean, replace(NOTHING, quantities=frozenset({"mean"})))
    assert np.array_equal(frame.mean, frame.x.mean(axis=0))


@pytest.mark.slow
@pytest.mark.parametrize("name", Frame.quantities())
def test_a_quantity_is_computed_on_request_alone(name):
    frame = seen(Frame, replace(NOTHING, quantities=frozenset({name})))
    given = {k for k in Frame.quantities() if getattr(frame, k) is not None}
    assert given == {name} - {"modes"}  # the softmax law has no graph


def test_a_quantity_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no quantity 'sped' of a frame; there are"):
        seen(Frame, replace(NOTHING, quantities=frozenset({"sped"})))


@pytest.mark.parametrize("home", [sim, sim.frame])
def test_the_old_name_of_a_request_still_works_and_says_so(home):
    with pytest.warns(DeprecationWarning, match="FrameRequest"):
        old = home.Wish
    quantities = frozenset({"speed"})
    assert old(matrix=3, speed=True, head=False) == FrameRequest(
        matrix=3, quantities=quantities
    )


def test_the_old_way_to_ask_an_engine_still_works_and_says_so():
    engine = sim.Engine(sim.Simulation(sim.Scenario(tokens=4), "numpy"))
    with pytest.warns(DeprecationWarning, match=r"Engine\.request"):
        engine.wish(NOTHING)


def test_the_old_keyword_of_a_frame_still_works_and_says_so():
    run = sim.Simulation(sim.Scenario(tokens=4), "numpy")
    with pytest.warns(DeprecationWarning, match="request="):
        frame = run.frame(wish=NOTHING)
    assert frame.measures == {}


@pytest.mark.parametrize("space", ["sphere", "pre_ln"])
def test_the_frame_at_the_start_of_a_step_is_that_state_to_the_bit(space):
    start = sim.edit(sim.Scenario(tokens=9, step=0.5), {"space": space})
    run = sim.Simulation(start, "numpy")
    for _ in range(6):
        before, t = run.x.copy(), run.t
        run.step()
        assert run.frame(t, NOTHING).t == t
        np.testing.assert_array_equal(run.frame(t, NOTHING).x, before)
