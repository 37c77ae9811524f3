"""The view of curves: it follows runs, breaks at changes, and offers a menu."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.annotations import number_format
from app.plots.headings import heading
from app.plots.scenario_diff import breaks_curves, change_text
from app.theme.palette import LIGHT
from sim.frame import FrameRequest
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

pytestmark = pytest.mark.screen

SMALL = Scenario(tokens=12, seed=3, step=0.1)


def frames(run, count, request):
    for _ in range(count):
        run.step()
        yield run.frame(None, request)


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
    return int(np.isnan(plot(curves, kind).trace.points()[1]).sum())


def test_curves_follow_a_run(curves, qtbot):
    run = Simulation(SMALL)
    for frame in frames(run, 10, curves.request()):
        curves.show_frames((frame,))
    energy = plot(curves, "energy")
    assert energy.trace.last == (run.t, frame.measures["energy"])
    shown = number_format.plot_value(frame.measures["energy"], 0.5, False)
    qtbot.waitUntil(lambda: energy.value == shown)
    assert energy.toolTip().startswith("F̂ = (1/n²)")
    assert "rises" in energy.toolTip()


def test_curves_break_where_a_setting_changed_and_say_which(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(edit(run.scenario, {"title": "same run, other name"}))
    curves.show_frames((run.frame(None, curves.request()),))
    assert broken(curves) == 0
    run.retune(edit(run.scenario, {"dynamics.beta": 9.0}))
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    assert broken(curves) == 1
    assert [m.text for m in curves._markers] == ["β = 9"]


def test_changes_in_quick_succession_share_a_mark(curves):
    run = Simulation(SMALL)
    run.advance(4.0)
    for beta in (5.0, 6.0, 7.0):
        curves.show_frames((run.frame(None, curves.request()),))
        run.retune(edit(run.scenario, {"dynamics.beta": beta}))
        run.advance(0.01)
    curves.show_frames((run.frame(None, curves.request()),))
    assert [m.text for m in curves._markers] == ["β = 7"]


def test_a_new_sample_starts_over(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(dataclasses.replace(SMALL, seed=4))
    curves.show_frames((run.frame(None, curves.request()),))
    assert len(plot(curves, "energy").trace.points()[0]) == 1
    assert not curves._markers


def test_going_back_truncates_and_looking_back_forgets_nothing(curves):
    run = Simulation(SMALL)
    kept = list(frames(run, 10, curves.request()))
    for frame in kept:
        curves.show_frames((frame,))
    curves.show_frames((kept[3],))
    energy = plot(curves, "energy")
    assert energy.trace.last == (kept[-1].t, kept[-1].measures["energy"])
    run.restore(kept[3])
    curves.show_frames((run.frame(None, curves.request()),))
    assert energy.trace.last == (kept[3].t, pytest.approx(kept[3].measures["energy"]))
    assert len(energy.trace.points()[0]) == 4


def test_a_law_with_another_energy_starts_that_curve_over(curves):
    run = Simulation(SMALL)
    for frame in frames(run, 5, curves.request()):
        curves.show_frames((frame,))
    run.retune(edit(SMALL, {"dynamics": "bracket", "space": "flat"}))
    curves.show_frames((run.frame(None, curves.request()),))
    assert len(plot(curves, "energy").trace.points()[0]) == 1
    assert curves.kinds == ("energy", "energy_rate", "dirichlet")
    assert plot(curves, "energy").accessibleName().startswith("Energy E(q, p)")


def test_an_undefined_measure_says_so(curves, qtbot):
    curves.kinds = ("f_hat", "energy")
    run = Simulation(edit(SMALL, {"dynamics": "bracket"}))
    for frame in frames(run, 3, curves.request()):
        curves.show_frames((frame,))
    qtbot.waitUntil(lambda: plot(curves, "f_hat").value == "–")
    assert plot(curves, "f_hat").empty_text == "undefined: the law has no β"
    assert plot(curves, "energy").empty_text == ""


def test_kinds_can_be_chosen_up_to_four(curves, qtbot):
    with qtbot.waitSignal(curves.request_changed):
        curves.kinds = ("order", "entropy", "nonsense", "order")
    assert curves.kinds == ("order", "entropy")
    assert curves.request() == FrameRequest(
        frozenset({"order", "entropy"}), clusters=False
    )
    curves.kinds = ("energy", "clusters", "order", "f", "e_beta", "entropy")
    assert len(curves.kinds) == 4
    menu = curves._make_menu()
    free = {a.data() for a in menu.actions() if a.isEnabled()}
    assert free == set(curves.kinds)
    menu.triggered.emit(next(a for a in menu.actions() if a.data() == "f"))
    assert curves.kinds == ("energy", "clusters", "order")
    menu.close()
    curves.show_frames((Simulation(SMALL).frame(None, curves.request()),))
    names = [a.text() for a in curves._make_menu().actions()]
    seen = {name.replace("\u0302", "") for name in names}  # menus hide hats
    assert len(seen) == len(names)  # F̂ once, where it is the energy


def test_a_mark_keeps_its_word(curves, qtbot):
    run = Simulation(SMALL)
    for frame in frames(run, 9, curves.request()):
        curves.show_frames((frame,))
    before = curves.grab().toImage()
    curves.mark(0.4, "law toggled")
    curves._draw()
    assert curves.grab().toImage() != before


def test_hidden_curves_are_not_drawn(curves, qtbot):
    curves.hide()
    run, order = Simulation(SMALL), plot(curves, "order")
    before = order.value
    for frame in frames(run, 3, curves.request()):
        curves.show_frames((frame,))
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


def test_curves_take_another_theme(curves):
    before = curves.grab().toImage()
    curves.set_theme(LIGHT, 1.0)
    assert curves.grab().toImage() != before
