"""What the globe is painted with, and what the legend says of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.annotations.globe_legend import globe_rows
from app.document.look import Look
from app.scene.builder import SceneBuilder, request_for
from app.scene.globe_fields import globe_request, painted_globe
from app.theme.palette import DARK
from sim.scenario import Scenario
from sim.simulation import Simulation
from sim.spaces.flat import Flat


def frame_for(look: Look):
    scenario = Scenario(tokens=20, dimension=3)
    return Simulation(scenario).frame(request=request_for(look, 20, 3))


@pytest.mark.parametrize("kind", ["density", "divergence"])
def test_a_field_is_the_values_on_the_scale_of_the_legend(kind):
    look = Look(field=kind, potential=True)
    frame = frame_for(look)
    scene = SceneBuilder(DARK).build(frame, look)
    painted = painted_globe(frame, look)
    values = frame.token_density if kind == "density" else frame.flow_divergence
    low = 0.0 if kind == "density" else -painted.top
    shown = low + scene.field.astype(float) * (painted.top - low)
    assert shown == pytest.approx(values, abs=1e-6 * painted.top)
    assert scene.field_kind == kind
    assert 0.6 * painted.top < np.abs(values).max() <= painted.top * (1 + 1e-6)
    ramp = globe_rows(painted, DARK)[-1]
    assert (ramp.low, ramp.text)[kind == "density"].endswith(f"{painted.top:g}")


def test_nothing_is_computed_that_is_not_on_show():
    assert globe_request(Look(), 3) == frozenset()
    assert globe_request(Look(field="density", streaks=True), 4) == frozenset()
    wanted = globe_request(Look(field="density", streaks=True, potential=True), 3)
    assert wanted == {"token_density", "streaks"}


def test_streaks_are_lines_that_become_thick_along_the_flow():
    look = Look(streaks=True)
    scene = SceneBuilder(DARK).build(frame_for(look), look)
    assert np.allclose(np.linalg.norm(scene.edges.end, axis=1), 1, atol=1e-6)
    assert np.array_equal(scene.edges.end[0], scene.edges.start[1])
    assert scene.edges.weight[0] < scene.edges.weight[1]


def test_the_legend_says_why_there_is_no_flow():
    look = Look(field="divergence", streaks=True)
    frame = replace(frame_for(look), flow_divergence=None, streaks=None)
    rows = globe_rows(painted_globe(frame, look), DARK)
    assert [r.text.split(":")[0] for r in rows] == ["no streaks", "no divergence"]


def test_no_reason_is_given_while_a_quantity_is_still_to_come():
    look = Look(field="density", streaks=True)
    frame = replace(frame_for(Look()), token_density=None)
    assert painted_globe(frame, look).reasons == ()
    assert painted_globe(frame, replace(look, field="divergence")).reasons == ()
    flat = replace(frame, scenario=replace(frame.scenario, space=Flat()))
    assert painted_globe(flat, look).reasons[1] == "no density: on the sphere S² only"
