"""Captions and legends of small pictures leave the globe free."""

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

import sim
from app.annotations.caption import GLOBE_SHARE, Caption
from app.annotations.legends import LegendRow
from app.annotations.tight_caption import tight_rows
from app.theme.palette import DARK


@pytest.fixture
def painter(qapp):
    image = QImage(800, 700, QImage.Format.Format_ARGB32)
    made = QPainter(image)
    yield made
    made.end()


def distance_of_globe(box, w, h):
    """Return how far a box is from the centre, in radii of the globe."""
    x = max(box.left() - w / 2, w / 2 - box.right(), 0.0)
    y = max(box.top() - h / 2, h / 2 - box.bottom(), 0.0)
    return np.hypot(x, y) / (GLOBE_SHARE / 2 * min(w, h))


@pytest.mark.parametrize("size", [(342, 290), (640, 440), (342, 610), (150, 300)])
def test_numbers_of_a_lane_leave_the_globe_free(painter, size):
    frame = sim.Simulation(sim.edit(sim.Scenario(), {"tokens": 9}), "numpy").frame()
    caption = Caption(DARK, 1.0)
    caption.titled = False
    boxes = caption.paint(painter, frame, *size, shaded=False)
    assert caption.tight == (size in ((342, 290), (150, 300)))
    assert min(distance_of_globe(box, *size) for box in boxes[:1]) > 0.8
    assert all(0 <= box.left() and box.right() <= size[0] for box in boxes)


def test_a_small_legend_has_whole_samples_and_cut_notes(painter):
    metrics = QFontMetricsF(painter.font())
    ramp = LegendRow("1.5  edge weight", np.ones((2, 3), np.float32), True, low="0")
    note = LegendRow("arcs: 14 % of the weight of token 7, to 3 tokens " * 2)
    wide = tight_rows([note, ramp], metrics, 1.0, (340, 290))
    assert [row.text[-1] for row in wide] == ["…", "t"]
    assert metrics.horizontalAdvance(wide[0].text) <= 320
    assert tight_rows([ramp], metrics, 1.0, (150, 200)) == []
    assert len(tight_rows([note] * 9, metrics, 1.0, (340, 290))) < 4
