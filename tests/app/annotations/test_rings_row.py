"""The row of the legend that explains rings, where rings are drawn and have room."""

from app.annotations.legends import RINGS_TEXT
from app.annotations.overlay import Overlay
from app.document.look import Look
from app.scene.builder import SceneBuilder, request_for
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
    rows = [row.text for row in overlay.rows(frame, LOOK, builder.info)]
    overlay.annotated = False
    assert RINGS_TEXT not in [r.text for r in overlay.rows(frame, LOOK, builder.info)]
    return rows


def test_rings_are_explained_last_and_only_where_they_are_drawn(qapp):
    assert texts(0.001)[-1] == RINGS_TEXT
    assert RINGS_TEXT not in texts(0.5)
