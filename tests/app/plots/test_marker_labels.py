"""Labels of changes beside their marks: apart from each other, inside the plot."""

import random
from itertools import pairwise

from PySide6.QtGui import QFont

from app.document.scenario_diff import ChangeMarker
from app.plots.marker_labels import MAX_LABELS, MarkerLabels
from app.widgets.clock_axis import ClockAxis
from sim.clocks.steady import Steady

WIDTH, END = 300.0, 20.0
TEXTS = ("β = 9", "β = 60 in 3", "Double bracket", "token 12 moved", "")


class Items:
    """A plot that holds texts."""

    def __init__(self):
        self.texts = []

    def addItem(self, item, *, ignoreBounds):  # noqa: N802 - as pyqtgraph's
        self.texts.append(item)

    def removeItem(self, item):  # noqa: N802 - as pyqtgraph's
        self.texts.remove(item)


def spans(labels, items, markers):
    """Show markers, and return where their labels are, in pixels."""
    labels.show(markers, ClockAxis(Steady(), END), 1.0, WIDTH)
    at = ((text.pos().x() * WIDTH / END, text) for text in items.texts)
    return sorted((x, x + text.boundingRect().width()) for x, text in at)


def test_labels_are_apart_and_inside(qapp):
    rng, items = random.Random(4), Items()
    labels = MarkerLabels(items)
    labels.set_font(QFont("Inter", 9))
    shown = 0
    for _ in range(60):
        times = sorted(rng.uniform(0, 1.2 * END) for _ in range(rng.randrange(1, 12)))
        markers = [ChangeMarker(t, rng.choice(TEXTS)) for t in times]
        found = spans(labels, items, markers)
        shown += len(found)
        assert len(found) <= MAX_LABELS
        assert all(left >= 0 and right <= WIDTH for left, right in found)
        assert all(a[1] <= b[0] for a, b in pairwise(found))
    assert shown > 100


def test_a_mark_at_the_right_edge_has_its_label_on_the_left(qapp):
    items = Items()
    ((left, right),) = spans(MarkerLabels(items), items, [ChangeMarker(END, "β = 9")])
    assert 0 < left < right <= WIDTH
