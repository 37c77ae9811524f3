"""Captions and legends of low and narrow pictures: whole, and beside the globe."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

import sim
from app.annotations.caption import SMALL_PT, Caption
from app.annotations.globe_room import (
    STRIP_PX,
    GlobeRoom,
    fit,
    fit_in_lane,
    is_small,
    outline,
)
from app.annotations.legends import LegendRow
from app.annotations.small_caption import broken
from app.annotations.small_legend import place_rows, with_title
from app.annotations.text_cache import screen_font
from app.theme.palette import DARK

# Width and height of pictures, and the scale of letters.
USUAL = [(812, 804, 1.0), (652, 624, 1.0), (1292, 984, 1.0), (1280, 720, 1.2)]
USUAL += [(720, 720, 1.2), (720, 1280, 1.2)]
SMALL = [(380, 336, 1.0), (300, 320, 1.0), (460, 404, 1.0), (380, 296, 1.0)]
SMALL += [(1280, 720, 1.9), (812, 804, 1.5), (300, 610, 1.0)]
NAMES = "animals food finance geography music medicine sports computing".split()
FORMULA = b"""<svg xmlns="http://www.w3.org/2000/svg" width="203" height="34"
viewBox="0 -19 203 34"><rect y="-19" width="203" height="34"/></svg>"""


@pytest.fixture
def painter(qapp):
    image = QImage(1300, 1000, QImage.Format.Format_ARGB32)
    made = QPainter(image)
    yield made
    made.end()


@pytest.fixture(scope="module")
def frame():
    title = "Hamiltonian dynamics does not over-smooth"
    scenario = sim.edit(sim.Scenario(), {"tokens": 9, "title": title})
    return sim.Simulation(scenario, "numpy").frame()


def from_centre(box, w, h):
    """Return how far a box is from the centre, pixels."""
    x = max(box.left() - w / 2, w / 2 - box.right(), 0.0)
    y = max(box.top() - h / 2, h / 2 - box.bottom(), 0.0)
    return math.hypot(x, y)


@pytest.mark.parametrize("flat", [False, True])
def test_pictures_of_usual_sizes_stay_as_they_are(flat):
    for w, h, scale in USUAL:
        assert not is_small(w, h, scale)
        assert fit(w, h, scale, flat=flat) == 1.0
    for w, h, scale in SMALL:
        assert is_small(w, h, scale)
        radius = fit(w, h, scale, flat=flat) * outline(w, h, flat=flat)
        assert radius <= h / 2 - STRIP_PX * scale + 1e-9


@pytest.mark.parametrize(("w", "h", "scale"), SMALL)
def test_all_of_a_small_caption_is_whole_and_beside_the_globe(
    painter, frame, w, h, scale
):
    caption = Caption(DARK, scale, lambda *_: FORMULA)
    boxes = caption.paint(painter, frame, w, h, shaded=False)
    assert caption.small and len(boxes) >= 3
    assert not caption.equation_box.isEmpty()
    metrics = QFontMetricsF(screen_font(SMALL_PT, scale))
    ramp = LegendRow("3", np.ones((2, 3), np.float32), True, low="0")
    colour = np.ones((1, 3), np.float32)
    rows = [LegendRow("11 % of the variance shown"), LegendRow("index"), ramp]
    rows += [LegendRow(name, colour) for name in NAMES]
    rows = with_title(rows, "index")
    assert [row.low for row in rows[:2]] == ["", "index  0"]
    placed = place_rows(rows, metrics, scale, caption.spans)
    assert len([p for p in placed if p.row.colours is not None]) >= 5
    tall = metrics.height()
    for one in placed:
        box = QRectF(one.left, one.middle - tall / 2, one.width, tall)
        assert not any(box.intersects(other) for other in boxes)
        boxes.append(box)
    radius = GlobeRoom.of(w, h, scale, flat=False).radius
    for box in boxes:
        assert from_centre(box, w, h) >= radius
        assert box.left() >= 0 and box.right() <= w
        assert box.top() >= 0 and box.bottom() <= h


def test_all_names_of_a_legend_have_room_on_a_laptop_at_twice_the_scale(qapp):
    room, colour = GlobeRoom.of(380, 336, 1.0, flat=False), np.ones((1, 3), np.float32)
    metrics = QFontMetricsF(screen_font(SMALL_PT, 1.0))
    rows = [LegendRow(name, colour) for name in NAMES]
    spans = room.spans(20.0, 280.0)
    placed = place_rows([LegendRow("a note " * 30), *rows], metrics, 1.0, spans)
    assert sorted(p.row.text for p in placed) == sorted(NAMES)
    wide = GlobeRoom.of(900, 336, 1.0, flat=False).spans(20.0, 280.0)
    column = place_rows(rows, metrics, 1.0, wide)
    assert [p.row.text for p in column] == NAMES
    assert len({p.left for p in column}) == 1
    assert np.allclose(np.diff([p.middle for p in column]), 17.0)


def test_a_title_is_broken_between_words_or_not_shown(qapp):
    metrics = QFontMetricsF(qapp.font())
    text = "A title that takes more than one line"
    lines = broken(text, 120.0, metrics)
    assert " ".join(lines) == text and len(lines) > 1
    assert all(metrics.horizontalAdvance(line) <= 120.0 for line in lines)
    assert broken("unbreakable" * 9, 120.0, metrics) == []


def test_numbers_have_a_line_below_the_globe_of_a_small_lane():
    for w, h in ((160, 132), (190, 120), (300, 200)):
        radius = fit_in_lane(w, h, 1.0, flat=False) * outline(w, h, flat=False)
        assert radius <= h / 2 - 25.0  # the line is at most 25 pixels high
    assert fit_in_lane(400, 400, 1.0, flat=False) == 1.0
