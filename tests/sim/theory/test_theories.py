"""What theory says stands beside the curve of what it predicts, while it holds."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.playing import playback, show

import sim
from app.plots.heading import Heading
from app.plots.predictions import CHANGED
from app.plots.theory_line import fits, in_lines, said
from app.plots.theory_worker import TheoryWorker
from app.theme import fonts
from app.theme.palette import DARK
from app.theme.theme import style_sheet
from sim.resources import presets
from sim.scenario import edit
from sim.theory import Theory, applicable

SQUARE = edit(
    sim.Scenario(tokens=6, dimension=6, step=0.02),
    {"initial": "equiangular", "initial.cosine": 0.1, "dynamics.beta": 2.0},
)


def found(curves, played, qtbot):
    """Show the first frame until the theories of the run are known."""

    def known():
        show(curves, played)
        return bool(curves._theories.found)

    qtbot.waitUntil(known)
    show(curves, played)  # with the curve that is predicted


def play(curves, played, end, qtbot, kind="mean_cosine"):
    """Show frames until `end`, and wait until theory has caught up."""
    while played.simulation.t < end - 1e-9:
        played.step()
        show(curves, played)

    def caught_up():
        show(curves, played)
        t = curves._plots[kind].partner[0] if kind in curves.kinds else []
        return len(t) and t[-1] > played.simulation.t - 0.02

    qtbot.waitUntil(caught_up)


@pytest.mark.slow
def test_theory_is_drawn_beside_what_it_predicts(curves, qtbot):
    played = playback(curves, SQUARE)
    found(curves, played, qtbot)
    play(curves, played, 2.0, qtbot)
    assert curves.kinds == ("energy", "clusters", "mean_cosine")
    plot = curves._plots["mean_cosine"]
    t, y = plot.partner
    assert t[0] == 0 and y[0] == pytest.approx(0.1, abs=1e-12)
    seen, measured = plot.curve
    known = seen <= t[-1]
    apart = np.interp(seen[known], t, y) - measured[known]
    assert known.sum() > 10 and np.abs(apart).max() < 1e-4  # lines between points
    assert "Dashed: ρ(t), ρ' =" in plot.toolTip()


@pytest.mark.slow
def test_theory_ends_where_a_setting_is_turned_and_begins_again(curves, qtbot):
    played = playback(curves, SQUARE)
    found(curves, played, qtbot)
    play(curves, played, 1.0, qtbot)
    played.retune(edit(played.simulation.scenario, {"dynamics.beta": 5.0}))
    for _ in range(25):
        played.step()
        show(curves, played)
        qtbot.wait(4)
    plot = curves._plots["mean_cosine"]
    assert plot.partner[0][-1] <= 1.0 < plot.curve[0][-1]
    played.reset()
    found(curves, played, qtbot)
    play(curves, played, 0.5, qtbot)
    t, y = plot.partner
    assert t[0] == 0 and t[-1] <= 0.5
    assert abs(y[-1] - np.interp(t[-1], *plot.curve)) < 1e-4


def test_another_run_is_not_said_to_have_a_theory(curves, qtbot):
    scenario = sim.Scenario.load(presets()["repulsion-platonic"])
    found(curves, playback(curves, scenario), qtbot)
    assert curves._plots["energy"]._heading.partner == "theory"
    assert curves._plots["energy"]._heading.tip == "falls"
    playback(curves, sim.Scenario(tokens=30, seed=5))
    about = curves._plots["energy"]._heading
    assert (about.tip, about.partner) == ("rises", "")


def test_a_curve_says_its_source_or_why_there_is_none(curves, qtbot):
    curves.kinds = ("energy", "mean_cosine", "order")
    played = playback(curves, SQUARE)
    found(curves, played, qtbot)
    with_one = curves._plots["mean_cosine"]._heading
    assert with_one.partner == "theory"
    assert "ρ' = " in with_one.formula and "arXiv:2312.10794" in with_one.formula
    start = played.simulation.frame().x
    theory = Theory.member("kuramoto")()
    reason = theory.why_not(played.simulation.scenario, start)
    assert reason
    lines = curves._plots["order"]._heading.formula.splitlines()
    assert lines[-2:] == ["No curve of theory:", f"r(t): {reason}"]
    curves.resize(420, 1200)  # with room for what is read without the mouse
    curves._draw()
    lines = {kind: plot._theory for kind, plot in curves._plots.items()}
    assert lines["mean_cosine"].text == "ρ' = 2cb(1−ρ)(1+(n−1)ρ)/s, arXiv:2312.10794"
    assert lines["order"].text == "theory " + reason.removeprefix("it ")
    assert not any(line.isHidden() for k, line in lines.items() if k != "energy")
    played.retune(edit(played.simulation.scenario, {"dynamics.beta": 5.0}))
    played.step()
    show(curves, played)
    assert curves._plots["order"]._heading.missing == (CHANGED,)


SMALL_SCREENS = {(1440, 900): (327, 402), (1024, 768): (267, 336)}
"""The room of the curves in a window of a size."""


@pytest.mark.parametrize("room", SMALL_SCREENS.values(), ids=map(str, SMALL_SCREENS))
def test_four_plots_say_all_of_theory_without_the_mouse(curves, room, qtbot):
    curves.kinds = ("order", "f_hat", "mean_cosine", "clusters")
    curves.setFixedSize(*room)
    fonts.install()
    curves.setFont(fonts.font(fonts.BODY_PT))
    curves.setStyleSheet(style_sheet(DARK, 1.0))
    played = playback(curves, SQUARE)
    found(curves, played, qtbot)
    plot = curves._plots["mean_cosine"]

    def drawn():
        show(curves, played)
        curves._draw()
        return len(plot.partner[0]) > 0

    qtbot.waitUntil(drawn)
    curves._draw()
    curves._stack.layout().activate()
    for plot in curves._plots.values():
        assert plot.isVisible() and plot._theory.isVisible()
        plot.layout().activate()
        plot._theory.layout().activate()
        for label in plot._theory._labels:
            cut = label.fitting(label.text(), label.contentsRect().width())
            assert cut == label.text() or not label.isVisible()
        assert plot.area.widget.height() >= 1.5 * plot.area.line_height
    line = curves._plots["mean_cosine"]._theory
    assert "ρ' = 2cb(1−ρ)(1+(n−1)ρ)/s" in line.text
    assert line._dashes.isVisible()
    assert not curves._plots["mean_cosine"]._dashed.isVisible()


def test_reasons_are_said_in_as_many_lines_as_there_are():
    needs = "it needs β = 0, got 9", "tokens are words"
    about = Heading("r", missing=needs)
    both = "theory needs β = 0, got 9; tokens are words"
    assert in_lines(about) == [
        both,
        both.replace("; ", "\n"),
        "theory needs β = 0, got 9; …",
        "theory needs β = 0, got 9",
    ]
    assert said(needs[1:]) == ["no theory: tokens are words"]
    assert not fits(both, 10, 1, len) and fits("a\nb", 1, 2, len)
    assert not fits("a\nb", 1, 1, len)


def test_every_theory_that_is_drawn_has_a_reference():
    drawn = [t for t in Theory.kinds().values() if t.drawn]
    assert len(drawn) >= 5
    for theory in drawn:
        text = " ".join(theory.__doc__.split())
        assert all(part in text for part in theory.reference.split(" ", 1))


def test_chosen_curves_stay(curves, qtbot):
    curves.kinds = ("energy", "clusters")
    found(curves, playback(curves, SQUARE), qtbot)
    assert "mean_cosine" in curves._theories.found
    assert curves.kinds == ("energy", "clusters")


def test_the_least_energy_stands_beside_the_energy(curves, qtbot):
    """F̂ of the icosahedron, under the energy that V = −I descends."""
    scenario = sim.Scenario.load(presets()["repulsion-platonic"])
    played = playback(curves, scenario)
    found(curves, played, qtbot)
    play(curves, played, 1.0, qtbot, "energy")
    least = curves._plots["energy"].partner[1][-1]
    assert least == pytest.approx(2 * 9.381108763 / 12**2, rel=1e-9)  # β = 4


def test_every_time_is_asked_once():
    theories = TheoryWorker()
    theories.begin(SQUARE, sim.Simulation(SQUARE, "numpy").x)
    while not theories.collect():
        pass
    times = list[float]()
    for t, end in ((0.3, 0.5), (0.9, 1.0), (0.9, 1.0), (1.7, 2.0), (1.9, 2.0)):
        for _ in range(200):
            for points in theories.evaluate(t, end).values():
                times += [t for t, _ in points]
            if theories._work is not None:
                theories._work.result()
    assert times == sorted(set(times))
    assert times[0] == 0 and times[-1] == pytest.approx(1.9, abs=2 / 256)


@pytest.mark.slow
def test_random_tokens_in_many_dimensions_meet_as_orthogonal_ones():
    """L: d = 1024, n = 32, β = 3; the mean cosine of the run and of the equation."""
    s = edit(sim.Scenario(tokens=32, dimension=1024), {"dynamics.beta": 3.0})
    run = sim.Simulation(s, "numpy")
    curve = applicable(s, run.x)["orthogonal"]
    assert curve(2.0, run.x) == pytest.approx(0.323190873233, abs=1e-9)
    for t in (2.0, 4.0):
        run.reach(t)
        assert run.measures()["mean_cosine"] == pytest.approx(curve(t, run.x), abs=0.03)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({}, "d ≥ n and d ≥ 64, got n = 20 and d = 3"),
        ({"dimension": 64, "initial": "cap"}, "not start nearly orthogonal"),
        ({"dimension": 64, "initial": "equiangular"}, "where equiangular applies"),
        ({"dimension": 64, "dynamics.heads.mask": "causal"}, "without a mask"),
    ],
)
def test_why_random_tokens_do_not(changes, words):
    run = sim.Simulation(edit(sim.Scenario(tokens=20), changes), "numpy")
    assert words in Theory.member("orthogonal")().why_not(run.scenario, run.x)
