"""Frames and the requests for them."""

import pytest

import sim
import sim.frame


@pytest.mark.parametrize("home", [sim, sim.frame])
def test_the_old_name_of_a_request_still_works_and_says_so(home):
    with pytest.warns(DeprecationWarning, match="FrameRequest"):
        old = home.Wish
    assert old is sim.FrameRequest


def test_the_old_way_to_ask_an_engine_still_works_and_says_so():
    engine = sim.Engine(sim.Simulation(sim.Scenario(tokens=4), "numpy"))
    request = sim.FrameRequest(observables=frozenset({"order"}))
    with pytest.warns(DeprecationWarning, match=r"Engine\.request"):
        engine.wish(request)


def test_the_old_keyword_of_a_frame_still_works_and_says_so():
    run = sim.Simulation(sim.Scenario(tokens=4), "numpy")
    request = sim.FrameRequest(observables=frozenset({"order"}))
    with pytest.warns(DeprecationWarning, match="request="):
        frame = run.frame(wish=request)
    assert list(frame.measures) == ["order"]
