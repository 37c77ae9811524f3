"""The inspectors: their tabs, and the numbers that each page shows."""

from __future__ import annotations

import dataclasses
from functools import partial

import numpy as np
import pytest
from helpers.scenes import show
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

from app.annotations.number_format import complex_number
from app.document.document import Document
from app.inspectors import tabs
from app.inspectors.attention import AttentionPage
from app.inspectors.checks import ChecksPage
from app.inspectors.cosines import CosinesPage
from app.inspectors.page import Page
from app.inspectors.spectra import SpectraPage
from app.inspectors.tabs import InspectorTabs
from app.theme.palette import DARK, LIGHT
from app.widgets.view import NO_REQUEST
from sim import Scenario, Simulation, edit
from sim.checks.state import check_state
from sim.dynamics import Dynamics
from sim.frame import FrameRequest

SMALL = Scenario(tokens=12)


class Counted(Page):
    """A page that fits laws with more than 20 tokens, and says so with a dot."""

    kind, title, icon = "counted", "Counted", "tokens"
    wants = FrameRequest(frozenset({"order"}), clusters=False)

    @classmethod
    def fits(cls, scenario):
        return scenario.tokens > 20

    @classmethod
    def flag(cls, scenario):
        return "Fifty." if scenario.tokens == 50 else ""

    def draw(self, frame):
        self._tip.setText(f"{frame.t:g}")

    def figure_of(self, frame, caption):
        return None


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def stack(qtbot, settings, monkeypatch):
    monkeypatch.setattr(tabs, "PAGES", (Counted, AttentionPage))
    made = InspectorTabs(DARK, settings)
    qtbot.addWidget(made)
    made.resize(327, 360)
    made.show()
    made.show_document(Document(edit(SMALL, {"tokens": 30})))
    return made


def test_two_pages_are_never_shown_at_once(stack, monkeypatch):
    """For a moment they would make the window grow, which never shrinks again."""
    pages, most = [stack.page("counted"), stack.page("matrix")], []
    for page in pages:
        plain = page.setVisible

        def counted(visible, plain=plain):
            plain(visible)
            most.append(sum(p.isVisibleTo(stack) for p in pages))

        monkeypatch.setattr(page, "setVisible", counted)
        monkeypatch.setattr(page, "show", partial(counted, True))
        monkeypatch.setattr(page, "hide", partial(counted, False))
    for kind in ("counted", "matrix", "counted"):
        stack.choose_page(kind)
    assert max(most) == 1


def test_a_page_that_does_not_fit_gives_way_and_comes_back(stack):
    stack.choose_page("counted")
    assert (stack.kind, stack.fitting) == ("counted", ("counted", "matrix"))
    stack.show_document(Document(SMALL))
    assert (stack.kind, stack.fitting) == ("matrix", ("matrix",))
    assert stack.page("matrix").isVisible()
    assert not stack.page("counted").isVisible()
    stack.show_document(Document(edit(SMALL, {"tokens": 30})))
    assert stack.kind == "counted"
    assert stack.page("counted").isVisible()


def test_the_choice_is_remembered_also_while_it_does_not_fit(stack, settings, qtbot):
    stack.choose_page("counted")
    stack.show_document(Document(SMALL))
    again = InspectorTabs(DARK, settings)
    qtbot.addWidget(again)
    again.show_document(Document(SMALL))
    assert again.kind == "matrix"
    again.show_document(Document(edit(SMALL, {"tokens": 30})))
    assert again.kind == "counted"


def test_an_unknown_remembered_page_is_forgotten(settings, qtbot):
    settings.setValue(tabs.PAGE_KEY, "nonsense")
    made = InspectorTabs(DARK, settings)
    qtbot.addWidget(made)
    assert made.kind == tabs.PAGES[0].kind


def test_only_the_page_in_front_requests_anything(stack):
    stack.choose_page("counted")
    assert stack.request() == Counted.wants
    with_matrix = stack.page("matrix").request()
    assert with_matrix == NO_REQUEST
    stack.choose_page("matrix")
    assert stack.request().matrix == 288
    stack.hide()
    assert stack.request() == NO_REQUEST


def test_arrows_turn_the_pages(stack, qtbot):
    stack.choose_page("counted")
    with qtbot.waitSignal(stack.request_changed):
        qtbot.keyClick(stack._tabs, Qt.Key.Key_Right)
    assert stack.kind == "matrix"
    stack.turn(1)
    assert stack.kind == "counted"
    stack.turn(-1)
    assert stack.kind == "matrix"


def test_tooltips_of_tabs_have_the_name_and_the_warning(stack):
    assert [stack._tabs.tabToolTip(k) for k in range(2)] == ["Counted", "Attention A"]
    plain = stack._tabs.tabIcon(0).pixmap(18).toImage()
    stack.show_document(Document(edit(SMALL, {"tokens": 50})))
    assert stack._tabs.tabToolTip(0) == "Counted. Fifty."
    assert stack._tabs.tabIcon(0).pixmap(18).toImage() != plain
    stack.show_document(Document(SMALL))
    assert not stack._tabs.isTabVisible(0)


def test_every_page_is_in_the_table_once_and_the_last_always_fits():
    kinds = [page.kind for page in tabs.PAGES]
    assert len(set(kinds)) == len(kinds)
    assert all(page.title and page.icon for page in tabs.PAGES)
    for kind in Dynamics.kinds():
        assert tabs.PAGES[-1].fits(edit(SMALL, {"dynamics": kind}))


def test_pages_take_another_theme(stack):
    before = stack.grab().toImage()
    stack.set_theme(LIGHT, 2.0)
    assert stack.grab().toImage() != before
    assert stack._tabs.iconSize().width() == 36


# -- the pages -------------------------------------------------------------------

ROTATED = {"dynamics.heads.value": "rotation", "dynamics.heads.value.angle": 60.0}


def made(qtbot, page, scenario, steps=0, checks=()):
    """Return a page on show, and the frame that it has drawn."""
    view = page(DARK)
    qtbot.addWidget(view)
    view.resize(327, 330)
    view.show()
    run = Simulation(scenario, "numpy")
    for _ in range(steps):
        run.step()
    if view.request().checks:
        checks = tuple(check_state(run))
    frame = dataclasses.replace(run.frame(None, view.request()), checks=checks)
    show(view, frame)
    view._draw()
    view.grab()
    return view, frame


def test_spectra_are_marked_with_how_often(qtbot):
    page, _ = made(qtbot, SpectraPage, edit(SMALL, ROTATED))
    d, *v = page.plane.eigenvalues
    assert (d.kind, d.value, d.count) == ("D", 1, 3)
    up = np.exp(1j * np.pi / 3)
    found = [m.value for m in v]
    np.testing.assert_allclose(found, [1, up, up.conjugate()], atol=1e-12)
    assert {m.kind for m in v} == {"V"}


def test_the_plane_holds_every_mark_and_the_unit_circle(qtbot):
    changes = {"dynamics.heads.value.scale": 3.5, "dynamics.heads.key.scale": 0.2}
    page, _ = made(qtbot, SpectraPage, edit(SMALL, changes))
    plane = page.plane
    for mark in plane.eigenvalues:
        assert plane.rect().contains(plane.place(mark.value).toPoint())
    assert plane.place(1j).y() >= 0
    unit = plane.place(1).x() - plane.place(0).x()
    assert unit == pytest.approx(plane.place(0).y() - plane.place(1j).y())


def test_hovering_an_eigenvalue_shows_its_value(qtbot):
    page, _ = made(qtbot, SpectraPage, edit(SMALL, ROTATED))
    plane = page.plane
    at = plane.place(np.exp(1j * np.pi / 3))
    assert plane.text_at(at) == "V: λ = 0.50 + 0.87i"
    assert plane.text_at(plane.place(1)) == "D: λ = 1.00 (3 times)\nV: λ = 1.00"


def test_heads_have_marks_of_their_own_and_their_mean(qtbot):
    changes = {"dynamics.heads.count": 3, "dynamics.heads.value": "symmetric"}
    page, frame = made(qtbot, SpectraPage, edit(SMALL, changes))
    v = [m for m in page.plane.eigenvalues if m.kind == "V"]
    assert [m.head for m in v] == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    means = [m.value for m in page.plane.eigenvalues if m.kind == "mean V"]
    np.testing.assert_allclose(means, frame.operators.mean)
    colours = {page.plane.colour(m).name() for m in v}
    assert len(colours) == 3


def test_consequences_are_written_below(qtbot):
    page, _ = made(qtbot, SpectraPage, SMALL)
    assert (
        page.text
        == "V = c·I, c > 0: attraction (F̂ increases). Consensus is an equilibrium."
    )


def test_too_large_spectra_are_explained(qtbot):
    page, _ = made(qtbot, SpectraPage, edit(SMALL, {"dimension": 600}))
    assert page.plane.eigenvalues == ()
    assert page.text.endswith("here d = 600, with 1 head.")


def test_spectra_fit_laws_of_q_k_and_v():
    fit = {
        k for k in Dynamics.kinds() if SpectraPage.fits(edit(SMALL, {"dynamics": k}))
    }
    assert {"softmax", "unnormalised", "hardmax", "sinkhorn", "linear"} <= fit
    assert not {"cross", "bracket", "grand", "spin"} & fit
    for kind in fit:
        run = Simulation(edit(SMALL, {"dynamics": kind}), "numpy")
        assert run.frame(None, SpectraPage.wants).operators is not None


@pytest.mark.parametrize(("value", "text"), [
    (1.0, "1.00"), (-0.5, "−0.50"), (0.5 - 0.25j, "0.50 − 0.25i"), (2 + 1e-9j, "2.00"),
])  # fmt: skip
def test_complex_numbers_are_written_with_two_decimals(value, text):
    assert complex_number(complex(value)) == text


def test_bars_are_as_tall_as_their_counts(qtbot):
    page, frame = made(qtbot, CosinesPage, edit(SMALL, {"tokens": 60}), 20)
    counts = frame.cosines.counts
    np.testing.assert_allclose(page.histogram.heights, counts / counts.max())
    page._log.click()
    expected = np.log1p(counts) / np.log1p(counts.max())
    np.testing.assert_allclose(page.histogram.heights, expected)
    assert f"mean {frame.cosines.mean:.3g}" in page.histogram.description
    assert page.histogram.along(0) == pytest.approx(page.histogram.width() / 2)


@pytest.mark.slow
def test_a_sample_of_the_tokens_is_named(qtbot):
    page, _ = made(qtbot, CosinesPage, edit(SMALL, {"tokens": 1000}))
    assert page._tip.text() == "pairs among 512 of 1,000 tokens"
    alone, _ = made(qtbot, CosinesPage, edit(SMALL, {"tokens": 1}))
    assert alone.histogram.description == "One token has no pairs."


def test_entropies_are_shares_of_the_largest(qtbot):
    cold = edit(SMALL, {"dynamics.beta": 0.0})
    page, _ = made(qtbot, CosinesPage, cold)
    assert page.entropies.shares == pytest.approx([1.0])
    heads = {"dynamics.heads.count": 6, "dynamics.heads.query": "gaussian"}
    page, frame = made(qtbot, CosinesPage, edit(SMALL, heads))
    assert page.entropies.shares == pytest.approx(list(frame.entropy / np.log(12)))
    assert page._bound.text() == "at most log n = 2.48"
    page, _ = made(qtbot, CosinesPage, edit(SMALL, {"dynamics": "bracket"}))
    assert page.entropies.isHidden()


def test_every_check_has_a_line(qtbot):
    page, frame = made(qtbot, ChecksPage, SMALL, 3)
    assert [row.name.text() for row in page.rows] == [c.name for c in frame.checks]
    assert page._tip.text() == "all hold now"
    assert all(row.note.isHidden() for row in page.rows)
    assert {row.sign.accessibleName() for row in page.rows} == {"holds"}


def test_a_check_that_fails_is_written_out(qtbot):
    page, frame = made(qtbot, ChecksPage, edit(SMALL, {"step": 2.0}))
    names = [c.name for c in frame.checks]
    row = page.rows[names.index("step")]
    assert row.sign.accessibleName() == "does not hold"
    assert not row.note.isHidden()
    assert "halve h" in row.note.text()
    assert page._tip.text() == "one does not hold"
    fewer = dataclasses.replace(frame, checks=frame.checks[:1])
    show(page, fewer)
    page._draw()
    assert len(page.rows) == 1
    assert row.name.isHidden()
    assert row.note.isHidden()


def test_an_integrator_that_breaks_a_promise_puts_a_dot_on_the_tab():
    assert ChecksPage.flag(SMALL) == ""
    drifts = {"dynamics": "bracket", "space": "flat", "integrator": "rk4"}
    assert "it drifts" in ChecksPage.flag(edit(SMALL, drifts))


@pytest.mark.parametrize("page", tabs.PAGES, ids=lambda p: p.kind)
@pytest.mark.parametrize("size", [(291, 300), (654, 640)])
def test_nothing_of_a_page_is_cut_off(page, size, qtbot):
    heads = {"dynamics.heads.count": 4, "dynamics.heads.query": "gaussian"}
    view, _ = made(qtbot, page, edit(SMALL, heads))
    view.resize(*size)
    view.grab()
    assert view.minimumSizeHint().width() <= size[0]
    for part in view.findChildren(QWidget):
        if part.isVisibleTo(view) and part.parentWidget() is view:
            assert view.rect().contains(part.geometry())


@pytest.mark.parametrize("page", tabs.PAGES, ids=lambda p: p.kind)
def test_every_page_has_both_themes_and_waits_for_its_request(page, qtbot):
    view, frame = made(qtbot, page, SMALL)
    before = view.grab().toImage()
    view.set_theme(LIGHT, 1.0)
    view._draw()
    assert view.grab().toImage() != before
    bare = Simulation(SMALL, "numpy").frame(None, NO_REQUEST)
    show(view, bare)
    view._draw()
    assert (tabs.PAGES[-1]).fits(frame.scenario)
