"""The row of the legend that explains rings, where rings are drawn and have room."""

from PySide6.QtGui import QFontMetricsF

from app.annotations.legend_room import is_beside
from app.annotations.legends import RINGS_TEXT, LegendRow
from app.annotations.overlay import Overlay
from app.document.look import Look
from app.scene.builder import SceneBuilder, request_for
from app.scene.camera import Camera
from app.theme.palette import DARK
from sim import Scenario, Simulation, edit

LOOK = Look()
GIVEN = {"initial": "clusters", "initial.centres": 4, "tokens": 40, "seed": 5}


def texts(spread):
    changes = {**GIVEN, "initial.spread": spread}
    run = Simulation(edit(Scenario(), changes), "numpy")
    frame, builder = run.frame(request=request_for(LOOK, 40, 3)), SceneBuilder(DARK)
    scene, overlay = builder.build(frame, LOOK), Overlay(DARK)
    ringed = scene.mass is not None and bool((scene.mass > 1).any())
    assert builder.info.ringed is ringed is (spread < 0.01)
    rows = [row.text for row in overlay.legend.rows(frame, LOOK, builder.info)]
    overlay.legend.annotated = False
    assert RINGS_TEXT not in [
        r.text for r in overlay.legend.rows(frame, LOOK, builder.info)
    ]
    return rows


def test_rings_are_explained_last_and_only_where_they_are_drawn(qapp):
    assert texts(0.001)[-1] == RINGS_TEXT
    assert RINGS_TEXT not in texts(0.5)


def test_the_row_of_rings_stands_beside_the_globe_or_not_at_all(qapp):
    metrics = QFontMetricsF(Overlay(DARK).font(9.5))
    rows = [LegendRow("colour")] * 2 + [LegendRow(RINGS_TEXT)]
    wide, tall, high = ((1200, 700), (500, 1200), (440, 440))
    for size, beside in ((wide, True), (tall, True), (high, False)):
        place = (metrics, 1.0, Camera(size=size), 1.0)
        assert is_beside(rows[-1:], *place, above=2) is beside
    place = (metrics, 1.0, Camera(size=(500, 1000)), 1.0)
    assert not is_beside(rows[-1:], *place, above=18)
