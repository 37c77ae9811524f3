"""A scene depends on the run and the time alone, not on what was drawn before."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass

import numpy as np
import pytest
from helpers.edit_sequences import TOKEN_ACTIONS, EditedRun
from helpers.sampling import drawn
from hypothesis import given
from hypothesis import strategies as st

from app.document.look import Look
from app.scene.builder import SceneBuilder, request_for
from app.theme.palette import DARK
from sim import Scenario, Simulation, edit
from sim.followed_frames import followed_frames
from sim.projections.guided import Guided

STARTS = {
    "few": (Scenario(tokens=8, dimension=3, duration=2), Look(trail=0.8)),
    "crowd": (Scenario(tokens=30, dimension=3, duration=2), Look(colour="speed")),
    "graph": (
        edit(Scenario(tokens=12, dimension=3), {"dynamics": "bracket"}),
        Look(trail=0.3),
    ),
    "pca": (Scenario(tokens=20, dimension=5, duration=2), Look(trail=0.5)),
    "guided": (
        Scenario(tokens=20, dimension=4, seed=2),
        Look(projection=Guided(), trail=0.5),
    ),
}


def digest(value):
    """Return a hash of a scene, or of a part of it, to the bit."""
    out = hashlib.sha256()
    if is_dataclass(value):
        for field in fields(value):
            out.update(digest(getattr(value, field.name)))
    elif isinstance(value, np.ndarray):
        out.update(f"{value.dtype}{value.shape}".encode() + value.tobytes())
    else:
        out.update(repr(value).encode())
    return out.digest()


@pytest.mark.slow
@pytest.mark.parametrize("name", STARTS)
def test_a_scene_is_that_of_a_straight_replay(name):
    start, look = STARTS[name]
    request = request_for(look, start.tokens, start.dimension)

    @drawn(12)
    @given(st.lists(TOKEN_ACTIONS, min_size=3, max_size=9))
    def replayed(actions):
        edited, window = EditedRun(start, request), SceneBuilder(DARK)
        for action, value in actions:
            try:
                edited.do(action, value)
            except (FloatingPointError, ValueError):
                break  # a run in flat space may grow; tokens of graphs are fixed
        run = edited.played.simulation.run
        seen = [f for f in edited.seen if f.run.divergence(run) > f.t]
        shown = {f.t: digest(window.build(f, look)) for f in seen}
        straight = followed_frames(Simulation(run, "numpy"), sorted(shown), request)
        film = SceneBuilder(DARK)
        for frame in straight:
            assert digest(film.build(frame, look)) == shown[frame.t], frame.t

    replayed()
