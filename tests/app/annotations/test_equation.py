"""The line of the caption has the definitions that there is room for."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFont, QImage, QPainter

from app.annotations.equation import ASCENT, DESCENT, EquationLine
from app.export.picture_buffer import pixels_from_image
from app.export.renderer import application
from app.theme import formulas, typesetting
from sim.scenario import Scenario, edit

HEIGHT, BASELINE = 100, 50
INK = "#FFFFFF"
RICH = edit(
    Scenario(),
    {"dynamics": "sinkhorn", "dynamics.heads.query": "gaussian", "space": "mix_ln"},
)


def painted(scenario, room, typeset=typesetting.svg):
    """Return the width that the line says it takes, and which pixels have ink."""
    application()
    image = QImage(2400, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    at, look = QPointF(0, BASELINE), (1.0, INK, QFont())
    used = EquationLine(typeset).paint(painter, scenario, at, room, look)
    painter.end()
    return used, pixels_from_image(image)[..., :3].any(axis=-1)


@pytest.mark.slow
@pytest.mark.parametrize("room", [200, 420, 700, 1400, 2300])
@pytest.mark.parametrize("scenario", [Scenario(), RICH], ids=["plain", "rich"])
def test_nothing_is_painted_outside_its_room(scenario, room):
    used, ink = painted(scenario, room)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    assert used <= room
    assert columns.max() <= used + 1
    assert BASELINE - ASCENT - 1 <= rows.min()
    assert rows.max() <= BASELINE + DESCENT + 1


def test_definitions_are_shown_where_there_is_room():
    widths = [painted(RICH, room)[0] for room in (420, 900, 2300)]
    assert widths == sorted(set(widths))
    assert len(formulas.lines(RICH)) > 3
    alone, _ = painted(Scenario(), 2300)
    assert alone < 300  # what every reader knows is left to the tooltip


def test_the_title_of_the_law_stands_for_what_cannot_be_typeset():
    used, ink = painted(Scenario(), 500, lambda latex, colour: None)
    assert used > 0 and ink.any()
    assert painted(Scenario(), 500, lambda latex, colour: b"")[0] == 0
