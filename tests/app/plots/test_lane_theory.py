"""What theory says in several lanes stands below the plots, and in the figure."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.playing import playback

from app.document.document import Document
from app.figures.parts import Curve
from app.plots.heading import LaneTheory
from app.plots.lane_curves import LANE_WIDTH_PX, curve_pen, theory_pen
from app.plots.lane_theory import Statement, statements
from app.plots.predictions import CHANGED
from app.plots.theory_line import Line, lane_rows
from app.theme.palette import DARK, LANE_DASHES, LIGHT
from sim import Scenario
from sim.lanes import compare
from sim.schedule import Change, Run

START = Scenario(tokens=8, seed=2, step=0.1)
FORMULA, REFERENCE = "|x̄| by a Möbius map, β = 0", "Chaos 31 (2021)"


@pytest.fixture
def lanes(curves):
    """Two lanes, β = 0 and 9, and a function that shows both after a step."""
    curves.kinds = ("order", "clusters")
    comparison = compare(START, {"dynamics.beta": (0, 9)})
    curves.show_document(Document().with_comparison(comparison))
    played = [playback(curves, run.start) for run in comparison.runs]

    def step(by=1):
        for _ in range(by):
            for one in played:
                one.step()
        for one in played:
            one.sample(curves.request().series)
        frames = tuple(one.frame(None, curves.request()) for one in played)
        curves.show_frames(frames)
        return frames

    step.played = played
    return step


def known(curves, lanes, qtbot, count=1):
    order = curves._plots["order"]

    def drawn():
        lanes(0)
        return len(order._theories) == count

    qtbot.waitUntil(drawn)
    curves.resize(420, 1200)
    curves._draw()
    return order


def test_each_lane_says_its_theory_or_why_there_is_none(curves, lanes, qtbot):
    lanes(5)
    order = known(curves, lanes, qtbot)
    assert order._theory.text == f"{FORMULA}, {REFERENCE}\ntheory needs β = 0, got 9"
    (t, y) = order._theories[0]
    seen, measured = order.curve
    apart = np.interp(seen, t, y) - measured
    assert np.abs(apart[seen <= t[-1]]).max() < 0.01
    tip = order.toolTip().splitlines()
    assert tip[-2].startswith("β = 0: dashed: r(t), ")
    assert tip[-1] == "β = 9: no curve of theory: r(t): it needs β = 0, got 9"
    clusters = curves._plots["clusters"]
    assert clusters._theory.text.startswith("theory needs causal softmax attention")
    assert all(samples.isHidden() for samples in clusters._theory._samples)  # of all


def test_theory_of_a_lane_does_not_depend_on_which_is_edited(curves, lanes, qtbot):
    lanes(3)
    first = known(curves, lanes, qtbot)._theories[0]
    comparison = compare(START, {"dynamics.beta": (0, 9)})
    curves.show_document(Document(place=1).with_comparison(comparison))
    lanes(0)
    order = known(curves, lanes, qtbot)
    assert np.array_equal(order._theories[0][1][: len(first[1])], first[1])
    assert order._heading.lanes[0].source == f"{FORMULA}, {REFERENCE}"


def test_one_lane_less_is_a_run_alone_again(curves, lanes, qtbot):
    lanes(3)
    order = known(curves, lanes, qtbot)
    alone = compare(START, {"dynamics.beta": (0,)})
    curves.show_document(Document().with_comparison(alone))
    frame = lanes.played[0].frame(None, curves.request())
    curves.show_frames((frame,))
    curves._draw()
    assert not order._theories
    assert not order._heading.lanes
    assert order._heading.partner == "theory"


def test_the_figure_has_the_theory_of_its_lanes(curves, lanes, qtbot):
    lanes(3)
    known(curves, lanes, qtbot)
    figure = curves.figure()
    panel = figure.panels[0]
    assert [isinstance(p, Curve) and not p.name for p in panel.parts].count(True) == 1
    assert any(f"wide dashes: {FORMULA}" in text for text in figure.caption)
    assert any(column.name.endswith("β = 0, theory") for column in panel.data)


def test_the_energy_says_as_little_as_that_of_a_run_alone(curves, lanes, qtbot):
    curves.kinds = ("energy", "order")
    lanes(2)
    known(curves, lanes, qtbot)
    assert curves._plots["energy"]._heading.lanes == ()
    assert not curves._plots["energy"]._theory.text


def test_a_changed_lane_says_that_theory_needs_none(curves, lanes, qtbot):
    changed = Run(START, (Change(0.0, {"dynamics.beta": 4.0}),))
    lanes(2)
    known(curves, lanes, qtbot)
    lanes.played[1].retune(changed.at(1.0))
    lanes(1)
    assert curves._plots["order"]._heading.lanes[1].missing == (CHANGED,)


def test_statements_are_said_once_for_all_of_their_lanes():
    needs = [(f"it needs β = 0, got {beta}",) for beta in (1, 9, 25)]
    said = [LaneTheory(0, "f, arXiv:1"), *map(_lacking, (1, 2, 3), needs)]
    both = statements(said)
    assert both == [
        Statement((0,), "f, arXiv:1"),
        Statement((1, 2, 3), missing=("it needs β = 0, got 1 | 9 | 25",)),
    ]
    rows = lane_rows(both, 400, 2, len)
    assert rows[0] == Line("f, arXiv:1", (0,), True)
    assert rows[1] == Line("theory needs β = 0, got 1 | 9 | 25", (1, 2, 3))
    assert lane_rows(both, 400, 1, len) == rows[:1]
    assert lane_rows(both, 24, 2, len)[0].text == "f"  # no part of a reference
    assert lane_rows(both[1:], 400, 2, len) == [Line(rows[1].text)]
    assert not statements([LaneTheory(0), LaneTheory(1)])
    other = statements([_lacking(0, ("a",)), _lacking(1, ("b",))])
    assert [one.places for one in other] == [(0,), (1,)]


def _lacking(place, missing):
    return LaneTheory(place, "", missing)


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_theory_is_not_taken_for_the_curve_of_a_lane(theme):
    for lane in range(len(LANE_DASHES)):
        pen, curve = theory_pen(theme, lane), curve_pen(theme, lane)
        assert pen.color().name() == curve.color().name()
        assert pen.color().alphaF() < 0.7 and pen.widthF() > 2 * LANE_WIDTH_PX
        assert pen.dashPattern() != curve.dashPattern()
