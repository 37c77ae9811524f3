"""The view of curves: it follows runs, breaks at changes, and offers a menu."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from helpers.playing import play, playback, show
from PySide6.QtWidgets import QWidget

from app.annotations import number_format
from app.document.scenario_diff import breaks_curves, change_text
from app.plots.curve_points import with_breaks
from app.plots.heading import Heading
from app.plots.headings import heading
from app.plots.plot import NOT_POSITIVE, TOO_LARGE, Plot
from app.theme.palette import LIGHT
from app.widgets import axis_scale
from app.widgets.clock_axis import ClockAxis
from sim.clocks.steady import Steady
from sim.frame import FrameRequest
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run

pytestmark = pytest.mark.screen

UNIT = ClockAxis(Steady(), 1.0)
SMALL = Scenario(tokens=12, seed=3, step=0.1)


def test_a_negative_number_has_a_true_minus():
    old, new = edit(SMALL, {"dynamics.beta": 1}), edit(SMALL, {"dynamics.beta": -5})
    assert change_text(old, new) == "β = −5"
    turned = edit(SMALL, {"dynamics.heads.value.scale": -1})
    assert change_text(SMALL, turned) == "V = −I"


def test_a_title_does_not_matter_and_beta_does():
    assert not breaks_curves(
        SMALL, dataclasses.replace(SMALL, title="other", duration=3.0)
    )
    warmer = edit(SMALL, {"dynamics.beta": 9.0})
    assert breaks_curves(SMALL, warmer)
    assert change_text(SMALL, warmer) == "β = 9"
    assert (
        change_text(SMALL, edit(SMALL, {"dynamics": "bracket"}))
        == "Hamiltonian / double bracket"
    )
    assert change_text(SMALL, edit(SMALL, {"dynamics.beta": 9.0, "step": 0.2})) == ""


def plot(curves, kind):
    return curves._plots[kind]


def broken(curves, kind="energy"):
    return int(np.isnan(plot(curves, kind).curve[1]).sum())


def test_curves_follow_a_run(curves, qtbot):
    played = playback(curves, SMALL)
    frame = play(curves, played, 10)
    energy = plot(curves, "energy")
    samples = played.record.samples
    assert np.array_equal(energy.curve[0], samples.t)
    assert np.array_equal(energy.curve[1], samples.values["energy"])
    shown = number_format.plot_value(frame.measures["energy"], 0.5, False)
    qtbot.waitUntil(lambda: energy.value == shown)
    assert energy.toolTip().startswith("F̂ = (1/n²)")
    assert "rises" in energy.toolTip()


@pytest.mark.slow
def test_curves_do_not_depend_on_the_frames_that_are_shown(curves):
    played = playback(curves, SMALL)
    for _ in range(40):
        played.step()  # as while the view is hidden
    show(curves, played)
    other = playback(curves, SMALL)
    for _ in range(40):
        play(curves, other, 1)
    for kind in curves.kinds:
        kept = plot(curves, kind).curve[1]
        assert np.array_equal(kept, played.record.samples.values[kind])


def test_curves_break_where_a_setting_changed_and_say_which(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    scenario = played.simulation.scenario
    played.retune(edit(scenario, {"title": "same run, other name"}))
    show(curves, played)
    assert broken(curves) == 0
    played.retune(edit(scenario, {"dynamics.beta": 9.0}))
    play(curves, played, 10)
    assert broken(curves) == 1
    assert [m.text for m in curves._markers] == ["β = 9"]


def test_a_drag_is_one_mark(curves):
    played = playback(curves, SMALL)
    play(curves, played, 20)
    for beta in (5.0, 6.0, 7.0):
        played.retune(edit(played.simulation.scenario, {"dynamics.beta": beta}))
        play(curves, played, 1)
    assert [m.text for m in curves._markers] == ["β = 7"]
    assert len(played.record.run.changes) == 3


def test_a_new_sample_starts_over(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    played.retune(dataclasses.replace(SMALL, seed=4))
    show(curves, played)
    assert len(plot(curves, "energy").curve[0]) == 1
    assert not curves._markers


def test_going_back_forgets_nothing_until_an_edit_is_made_there(curves):
    played = playback(curves, SMALL)
    play(curves, played, 20)
    energy = plot(curves, "energy")
    whole = energy.curve
    played.seek(0.5, lambda _share: True)
    show(curves, played)
    assert np.array_equal(energy.curve[1], whole[1])
    played.retune(edit(SMALL, {"dynamics.beta": 9.0}))
    show(curves, played)
    assert energy.curve[0][-1] <= played.simulation.t
    assert len(energy.curve[0]) < len(whole[0])


def test_undo_of_a_law_keeps_the_curves(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    before = plot(curves, "energy").curve[1][:-1]  # at the last time the law changed
    played.retune(edit(SMALL, {"dynamics": "unnormalised"}))
    play(curves, played, 10)
    played.retune(SMALL)
    play(curves, played, 10)
    after = plot(curves, "energy").curve[1]
    assert np.array_equal(after[: len(before)], before)
    assert broken(curves) == 2


def test_a_law_with_another_energy_has_other_curves_and_headings(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    played.retune(edit(SMALL, {"dynamics": "bracket", "space": "flat"}))
    show(curves, played)
    assert curves.kinds == ("energy", "energy_rate", "dirichlet")
    assert plot(curves, "energy").accessibleName() == "Energy against time"
    assert plot(curves, "energy").shown.heading.tip.startswith("now E(q, p)")


def test_axes_recover_when_another_run_begins(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    energy = plot(curves, "energy")
    energy.show_present(1.0, 1e9)
    energy.draw((), UNIT)
    played.reset()
    frame = show(curves, played)
    energy.draw((), UNIT)
    low, high = energy._span
    assert low <= frame.measures["energy"] <= high
    assert high - low < 1.0


def test_axes_recover_when_a_part_of_a_run_is_replaced(curves):
    played = playback(curves, SMALL)
    play(curves, played, 10)
    energy = plot(curves, "energy")
    energy.draw((), UNIT)
    t, y = energy.curve
    energy.show_curve(np.append(t, 1.0), np.append(y, 50 * np.nanmax(y)))
    energy.draw((), UNIT)
    assert energy._span[1] > 40 * np.nanmax(y)
    show(curves, played)
    energy.draw((), UNIT)
    assert np.nanmax(y) <= energy._span[1] < 4 * np.nanmax(y)


def test_an_axis_is_logarithmic_on_request(curves):
    played = playback(curves, SMALL)
    play(curves, played, 30)
    energy = plot(curves, "energy")
    energy.logarithmic = True
    energy.draw((), ClockAxis(Steady(), 4.0))
    low, high = energy._fit_range()
    drawn = np.log10(energy.curve[1])
    assert low < drawn.min() < drawn.max() < high
    assert float(energy.value) == pytest.approx(energy.curve[1][-1], rel=2e-3)
    values, texts = energy.area._ticks(8.0)
    assert [float(text) for text in texts] == pytest.approx(10 ** np.array(values))
    assert curves.figure().panels[0].y.log


def test_what_has_no_place_on_a_logarithmic_axis_is_said(curves):
    play(curves, playback(curves, SMALL), 3)
    energy = plot(curves, "energy")
    energy.logarithmic = True
    energy.show_present(0.3, -1.0)
    energy.draw((), UNIT)
    assert energy.empty_text == NOT_POSITIVE
    energy.show_present(0.3, 1e301)
    energy.draw((), UNIT)
    assert energy.empty_text == TOO_LARGE


def test_an_axis_within_a_decade_has_ticks():
    assert axis_scale.decade_ticks(-3.2, 1.1, 20.0) == [-3.0, -1.0, 1.0]
    within = axis_scale.decade_ticks(-0.8, -0.1, 20.0)
    assert 10 ** np.array(within) == pytest.approx([0.2, 0.5])
    assert axis_scale.decade_ticks(0.1, 0.2, 20.0) == [0.15]


def test_breaks_are_inserted_between_samples():
    t, y = np.arange(4.0), np.ones(4)
    found = with_breaks(t, y, (0.0, 1.5, 1.7, 3.0, 9.0))
    assert found[0].tolist() == [0, 1, 2, 2, 3, 3]
    assert np.isnan(found[1]).tolist() == [False, False, True, False, True, False]


def test_an_undefined_measure_says_so(curves, qtbot):
    curves.kinds = ("f_hat", "energy")
    play(curves, playback(curves, edit(SMALL, {"dynamics": "bracket"})), 3)
    qtbot.waitUntil(lambda: plot(curves, "f_hat").value == "–")
    assert plot(curves, "f_hat").empty_text == (
        "undefined: the law has no attention among tokens"
    )
    assert plot(curves, "energy").empty_text == ""


@pytest.mark.slow
def test_kinds_can_be_chosen_up_to_four(curves, qtbot):
    with qtbot.waitSignal(curves.request_changed):
        curves.kinds = ("order", "entropy", "nonsense", "order")
    assert curves.kinds == ("order", "entropy")
    wanted = frozenset({"order", "entropy"})
    assert curves.request() == FrameRequest(
        wanted, clusters=False, series=wanted | {"clusters"}
    )
    curves.kinds = ("energy", "clusters", "order", "f", "e_beta", "entropy")
    assert len(curves.kinds) == 4
    menu = curves._make_menu()
    free = {a.data() for a in menu.actions() if a.isEnabled()}
    assert free == set(curves.kinds)
    menu.triggered.emit(next(a for a in menu.actions() if a.data() == "f"))
    assert curves.kinds == ("energy", "clusters", "order")
    menu.close()
    show(curves, playback(curves, SMALL))
    names = [a.text() for a in curves._make_menu().actions()]
    seen = {name.replace("\u0302", "") for name in names}  # menus hide hats
    assert len(seen) == len(names)  # F̂ once, where it is the energy


@pytest.mark.slow
def test_hidden_curves_are_not_drawn(curves, qtbot):
    curves.hide()
    played, order = playback(curves, SMALL), plot(curves, "order")
    before = order.value
    play(curves, played, 3)
    qtbot.wait(120)
    assert order.value == before
    curves.show()
    qtbot.waitUntil(lambda: order.value != before)


def test_the_energy_is_named_by_the_law():
    assert heading("energy", SMALL).tip == "rises"
    repelled = edit(SMALL, {"dynamics.heads.value.scale": -1.0})
    assert heading("energy", repelled).tip == "falls"
    bracket = edit(SMALL, {"dynamics": "bracket", "space": "flat"})
    assert heading("energy", bracket).tip == "conserved to O(h⁴)"
    assert "Choose" in heading("energy", bracket).formula
    kept = edit(bracket, {"integrator": "midpoint"})
    assert heading("energy", kept).tip == "conserved"
    noisy = edit(SMALL, {"integrator": "maruyama", "integrator.temperature": 0.1})
    assert heading("energy", noisy).tip == "rises, except for noise"
    assert "both ways" in heading("energy", noisy).formula
    cold = edit(noisy, {"integrator.temperature": 0.0})
    assert heading("energy", cold).tip == "rises"


def test_the_energies_of_several_laws_are_not_called_by_the_name_of_one():
    colder = Run(SMALL, (Change(1.0, {"dynamics.beta": 2.0}),))
    assert heading("energy", SMALL, colder) == heading("energy", SMALL)
    law = {"dynamics": "bracket", "space": "flat"}
    both = colder.followed_by(Change(2.0, law))
    first = heading("energy", SMALL, both)
    assert (first.name, first.tip) == ("Energy", "now F̂(μ), rises")
    once = Run(SMALL, (Change(2.0, law),))
    assert heading("energy", once.at(3.0), once).name == "Energy"
    last = heading("energy", both.at(3.0), both)
    assert last.name == "Energy" and last.tip.startswith("now E(q, p)")


@pytest.mark.parametrize(("width", "explained"), [(220, False), (600, True)])
def test_name_and_value_are_never_cut_off_for_a_legend(qtbot, width, explained):
    panel = QWidget()  # which is not widened for what is in it
    qtbot.addWidget(panel)
    shown = Plot(LIGHT, "#808080", panel)
    tip = "of all pairs of tokens of this run"
    shown.set_heading(Heading("Mean cosine", tip, partner="theory"), "")
    t, y = np.array([0.0, 1.0]), np.array([-0.0008496, 0.001])
    shown.show_curve(t, y)
    shown.show_partner(t, y)
    shown.show_present(0.0, -0.0008496)
    shown.resize(width, 120)
    panel.show()
    shown.draw((), UNIT)
    shown.layout().activate()
    for part in (shown._name, shown._value):
        assert part.width() >= part.sizeHint().width()
        assert part.geometry().right() <= width
    assert shown._dashed.isVisible() == explained


def test_curves_take_another_theme(curves):
    before = curves.grab().toImage()
    curves.set_theme(LIGHT, 1.0)
    assert curves.grab().toImage() != before


def test_energies_of_lanes_with_other_laws_are_not_called_by_the_name_of_one():
    one, other = Scenario(), edit(Scenario(), {"dynamics": "bracket"})
    assert heading("energy", one, None, [one]) == heading("energy", one)
    both = heading("energy", one, None, [other])
    assert both.name == "Energy"
    assert both.tip.startswith(f"now {heading('energy', one).name}")
    assert "energy of its own" in both.formula
