"""Numbers beside clusters: of their ids, in window and exports alike."""

import dataclasses

import numpy as np
import pytest

from app.annotations.cluster_numbers import number_labels
from app.annotations.overlay import Overlay
from app.document.look import Look
from app.export.globe_figure import globe_figure
from app.export.renderer import Renderer
from app.scene.builder import SceneBuilder, request_for
from app.scene.camera import Camera
from app.theme.palette import DARK, PAPER
from sim import Scenario, Simulation, edit

LOOK = Look(numbers=True)
GIVEN = {"initial": "clusters", "initial.centres": 4, "tokens": 40, "seed": 5}


@pytest.fixture(scope="module")
def frame():
    run = Simulation(edit(Scenario(), {**GIVEN, "initial.spread": 0.02}), "numpy")
    return run.frame(request=request_for(LOOK, 40, 3))


def test_a_number_stands_beside_the_token_in_the_middle():
    ids = np.array([2, 2, 2, -1, 0, 7, 7])
    xy = np.array([[0, 0], [10, 0], [20, 0], [5, 5], [9, 9], [50, 0], [60, 0]], float)
    facing = np.array([1, 1, 1, 1, 1, -1, -1], float)
    first, second = number_labels(ids, xy, facing)
    assert (first.text, first.at, first.alpha) == ("3", (10.0, 0.0), 1.0)
    assert second.text == "8" and second.alpha < 1
    assert first.token != second.token and max(first.token, second.token) < 0
    facing[0] = -1
    assert number_labels(ids, xy, facing)[0].at in ((10.0, 0.0), (20.0, 0.0))


def test_every_cluster_in_the_picture_has_its_number(qapp, frame):
    builder = SceneBuilder(DARK)
    builder.build(frame, LOOK, ())
    info, camera = builder.info, Camera(size=(900, 900))
    ids, sizes = np.unique(info.cluster_ids, return_counts=True)
    wanted = {str(i + 1) for i, n in zip(ids, sizes, strict=True) if i >= 0 and n > 1}
    placed = Overlay(DARK).place_labels(camera, 1.0, LOOK, info, [])
    assert len(wanted) >= 3
    assert {one.label.text for one in placed} == wanted
    off = dataclasses.replace(LOOK, numbers=False)
    assert Overlay(DARK).place_labels(camera, 1.0, off, info, []) == []


@pytest.mark.screen
@pytest.mark.slow
def test_a_figure_has_the_numbers_of_its_colours(qapp, frame):
    renderer = Renderer((240, 240), PAPER, LOOK)
    try:
        (picture,) = globe_figure(renderer, frame, 60.0).panels
    finally:
        renderer.close()
    column = next(c for c in picture.data if c.name == "cluster")
    ids, sizes = np.unique(column.values, return_counts=True)
    wanted = {str(i + 1) for i, n in zip(ids, sizes, strict=True) if i >= 0 and n > 1}
    assert wanted <= {text.text for text in picture.texts}
