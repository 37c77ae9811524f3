"""One key from conserving to dissipating: the law turns, and the curve says when."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.playing import play, playback, show

from app.document.document import Document
from app.document.session import Session
from app.panel import law_switches
from app.panel.toggles import LawActions
from app.plots.curves import Curves
from app.theme.palette import DARK
from sim import Scenario, Simulation, edit
from sim.checks.integrator import warning_of_change
from sim.dynamics import Dynamics
from sim.engine import Engine
from sim.observables import Observable
from sim.settings.knobs import get, knobs

pytestmark = pytest.mark.screen

WITH_ENDS = [k for k, c in Dynamics.kinds().items() if c.limits is not None]
RING = edit(
    Scenario(tokens=12, seed=3),
    {
        "space": "flat",
        "dynamics": "bracket",
        "dynamics.graph": "ring",
        "integrator": "midpoint",
    },
)


def session_of(scenario):
    return Session(Document(scenario), Engine(Simulation(scenario, "numpy")))


def test_the_laws_that_have_ends():
    assert WITH_ENDS == ["bracket", "inertial", "mix", "spin"]


@pytest.mark.parametrize("kind", WITH_ENDS)
def test_h_goes_from_end_to_end_in_one_step_without_a_restart(kind, qapp):
    session = session_of(edit(Scenario(tokens=6), {"dynamics": kind}))
    toggles, limits = LawActions(session), Dynamics.member(kind).limits
    path = f"dynamics.{limits.setting}"
    assert knobs(Dynamics.member(kind))[limits.setting].live
    assert session.document.get(path) == limits.conservative.value
    assert law_switches.flow_of(session.document) == "hamiltonian"
    toggles.toggle_flow()
    assert session.document.get(path) == limits.dissipative.value
    assert law_switches.flow_of(session.document) == "double"
    assert session.document.scenario.dynamics.kind == kind
    assert session.undo_text == limits.dissipative.name.lower()
    session.undo()
    assert session.document.get(path) == limits.conservative.value
    assert not session.undo_text


@pytest.mark.parametrize("kind", WITH_ENDS)
def test_ends_keep_and_lose_what_they_say(kind):
    for space in ("flat", "sphere"):
        s = edit(Scenario(), {"dynamics": kind, "space": space})
        limits, promise = s.dynamics.limits, s.dynamics.energy_behaviour(s.space)
        if promise == "none":
            continue
        assert promise == "conserves"
        turned = edit(s, {f"dynamics.{limits.setting}": limits.dissipative.value})
        assert turned.dynamics.energy_behaviour(turned.space) in ("ascends", "descends")
        assert s.dynamics.energy_rate_formula() == "0"
        assert turned.dynamics.energy_rate_formula() != "0"


def test_the_menu_of_laws_leads_to_the_graph_bracket_from_any_law(qapp):
    session = session_of(edit(Scenario(tokens=6), {"dynamics": "mix"}))
    LawActions(session).bracket("double")
    law = session.document.scenario.dynamics
    assert (law.kind, get(law, "gamma")) == ("bracket", 0.5)


@pytest.fixture
def curves(qtbot):
    made = Curves(DARK)
    qtbot.addWidget(made)
    return made


def test_the_curve_of_e_breaks_from_flat_to_falling_where_h_was_pressed(curves):
    played = playback(curves, RING)
    play(curves, played, 20)
    scenario, pressed = played.simulation.scenario, played.simulation.t
    end = scenario.dynamics.limits.dissipative
    played.retune(edit(scenario, {"dynamics.gamma": end.value}))
    play(curves, played, 20)
    assert [(m.t, m.text) for m in curves._markers] == [(pressed, "Double bracket")]
    t, y = curves._plots["energy"].curve
    before, after = y[t < pressed], y[t > pressed]
    assert np.ptp(before[np.isfinite(before)]) < 1e-12
    assert (np.diff(after[np.isfinite(after)]) < -0.01).all()


def test_rate_and_formula_share_a_plot(curves):
    played = playback(curves, edit(RING, {"dynamics.gamma": 0.5}))
    assert curves.kinds == ("energy", "energy_rate", "dirichlet")
    assert {"energy_rate", "energy_law"} <= curves.request().series
    play(curves, played, 30)
    plot = curves._plots["energy_rate"]
    (t, y), (s, z) = plot.curve, plot.partner
    np.testing.assert_array_equal(t, s)
    np.testing.assert_allclose(y, z, rtol=1e-7)
    low, high = plot._fit_range()
    assert low < z.min() < z.max() < high
    assert plot._heading.tip == "measured"
    assert plot._heading.partner == "law −γ|J∇E|²"


def test_partners_are_observables_without_partners():
    for member in Observable.kinds().values():
        if member.partner:
            assert not Observable.member(member.partner).partner


@pytest.mark.parametrize("kind", Dynamics.kinds())
def test_curves_of_laws_are_observables(kind):
    assert set(Dynamics.member(kind).curves) <= set(Observable.kinds())


def test_what_a_person_chose_for_a_law_stays_with_it(curves):
    bracket = playback(curves, RING)
    curves.kinds = ("energy", "cycles")
    playback(curves, edit(RING, {"dynamics": "grand"}))
    assert curves.kinds == ("energy", "energy_rate", "node_mean")
    show(curves, bracket)
    assert curves.kinds == ("energy", "cycles")


def test_a_rate_that_is_rounding_is_shown_as_zero(curves, qtbot):
    curves.show()
    play(curves, playback(curves, RING), 10)
    plot = curves._plots["energy_rate"]
    assert 0 < np.nanmax(np.abs(plot.curve[1])) < 1e-8
    low, high = plot._fit_range()
    assert -4e-6 < low < -5e-8 < 5e-7 < high < 4e-6
    qtbot.waitUntil(lambda: plot.value == "0")


@pytest.mark.parametrize("kind", ["metriplectic", "grand", "gat"])
def test_laws_without_ends_or_heads_are_no_attention(kind, qapp):
    changes = {"space": "flat", "dynamics": kind, "dynamics.graph": "karate"}
    session = session_of(edit(Scenario(), changes))
    assert law_switches.flow_of(session.document) == ""
    toggles = LawActions(session)
    toggles.toggle_flow()
    law = session.document.scenario.dynamics
    assert (law.kind, get(law, "gamma"), law.graph.kind) == ("bracket", 0.0, "karate")
    session.undo()
    toggles.flow("attention")
    assert session.document.scenario.dynamics.kind == "softmax"


def test_choosing_a_method_that_drifts_is_warned_of_once():
    drifting = edit(RING, {"integrator": "rk4"})
    assert "it drifts" in warning_of_change(RING, drifting)
    assert not warning_of_change(drifting, RING)
    assert not warning_of_change(drifting, edit(drifting, {"step": 0.01}))
    losing = edit(drifting, {"dynamics.gamma": 0.5})
    assert not warning_of_change(losing, drifting)  # H goes to and fro without a word
