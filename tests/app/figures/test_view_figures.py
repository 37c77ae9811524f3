"""Every view offers its figure by right-click, with its labels and its numbers."""

from __future__ import annotations

import numpy as np
import pytest
from helpers.scenes import show
from helpers.trained import RESULT_TIMEOUT_MS
from helpers.trained import scenario as sentence
from PySide6.QtCore import QPoint, QSettings
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from app.document.document import Document
from app.figures import files
from app.figures.figure import HeatMap, PlotPanel, Table
from app.figures.table import tab_separated
from app.inspectors.tabs import PAGES, InspectorTabs
from app.inspectors.trained.page import ModelPage
from app.theme.palette import DARK
from app.widgets.figure_menu import ENTRIES
from sim import Scenario, Simulation, edit
from sim.checks.state import check_state
from sim.frame import FrameRequest
from sim.playback import Playback

ATTENTION = Scenario(tokens=12, duration=4.0)
GRAPH = edit(Scenario(tokens=12), {"dynamics": "bracket"})
QUANTITIES = frozenset({"operators", "modes", "cosines", "entropy", "gram"})


def framed(scenario, t=2.0):
    run = Simulation(scenario, "numpy")
    played = Playback(run)
    played.sample(frozenset({"clusters", "f_hat"}))
    assert played.seek(t, lambda _share: True)
    request = FrameRequest(matrix=288, quantities=QUANTITIES, checks=True)
    return run, played.frame(None, request)


@pytest.fixture
def inspectors(qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    made = InspectorTabs(DARK, settings)
    qtbot.addWidget(made)
    made.resize(327, 400)
    made.show()
    return made


def shown(inspectors, kind, qtbot=None):
    """Show a page of a run that it fits; return it and its frame."""
    scenario = GRAPH if kind == "modes" else ATTENTION
    trained = isinstance(inspectors.page(kind), ModelPage)
    if trained:
        scenario = sentence()
    run, frame = framed(scenario)
    if kind == "checks":
        import dataclasses

        frame = dataclasses.replace(frame, checks=tuple(check_state(run)))
    inspectors.show_document(Document(scenario))
    inspectors.choose_page(kind)
    page = inspectors.page(kind)
    show(page, frame, np.arange(len(frame.x)) % 3)
    page._draw()
    if trained:
        qtbot.waitUntil(lambda: page.result is not None, timeout=RESULT_TIMEOUT_MS)
    return page, frame


def choose(view, text):
    """Open the menu of `view` by a right-click on it, and choose an entry."""
    middle = view.rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, middle, view.mapToGlobal(middle)
    )
    child = view.childAt(middle) or view
    QApplication.sendEvent(child, event)
    menu = QApplication.activePopupWidget()
    entries = {action.text(): action for action in menu.actions()}
    entries[text].trigger()
    menu.close()


@pytest.mark.parametrize("kind", [page.kind for page in PAGES])
def test_every_page_offers_its_figure_by_right_click(inspectors, kind, qtbot):
    page, _ = shown(inspectors, kind, qtbot)
    asked = []
    inspectors.figure_requested.connect(lambda view, verb: asked.append((view, verb)))
    for _verb, text, _tip in ENTRIES:
        choose(page, text)
    assert asked == [(page, verb) for verb, _, _ in ENTRIES]
    assert page.figure() is not None


@pytest.mark.slow
@pytest.mark.parametrize("kind", [page.kind for page in PAGES])
@pytest.mark.parametrize("suffix", files.WRITERS)
def test_the_figure_of_every_page_is_saved_in_every_format(
    inspectors, kind, suffix, tmp_path, qtbot
):
    page, _ = shown(inspectors, kind, qtbot)
    files.save(page.figure(), tmp_path / f"a{suffix}", 86, dpi=100)
    least = 20 if suffix == ".csv" else 1000
    assert (tmp_path / f"a{suffix}").stat().st_size > least


def test_a_page_without_a_frame_has_no_figure(inspectors):
    assert [page(DARK, inspectors).figure() for page in PAGES] == [None] * len(PAGES)


def table(view):
    rows = tab_separated(view.figure()).rstrip("\n").split("\n")
    return [row.split("\t") for row in rows]


def test_the_copied_matrix_is_that_of_the_frame(inspectors):
    page, frame = shown(inspectors, "matrix")
    (panel,) = page.figure().panels
    assert isinstance(panel, HeatMap)
    rows = table(page)
    order = [int(name.split()[1]) - 1 for name in rows[0][1:]]
    assert [row[0] for row in rows[1:]] == rows[0][1:]
    assert sorted(order) == list(range(12))
    found = np.array([[float(v) for v in row[1:]] for row in rows[1:]])
    wanted = frame.matrix.mean(axis=0)[np.ix_(order, order)]
    assert np.array_equal(found, wanted)


def test_the_copied_eigenvalues_are_those_of_the_frame(inspectors):
    page, frame = shown(inspectors, "spectra")
    rows = table(page)
    assert rows[0] == ["matrix", "head", "Re λ", "Im λ", "multiplicity"]
    value = [(row[2], row[3], row[4]) for row in rows[1:] if row[0] == "V"]
    assert [(float(a), float(b)) for a, b, _ in value] == [(1.0, 0.0)]
    assert sum(int(k) for _, _, k in value) == frame.operators.value.shape[-1]


def test_the_copied_cosines_and_entropies_are_those_of_the_frame(inspectors):
    page, frame = shown(inspectors, "cosines")
    rows = table(page)
    assert rows[0][:3] == ["cosine, from", "cosine, to", "pairs"]
    assert rows[0][3:] == ["head", "attention entropy (nats)"]
    assert [int(row[2]) for row in rows[1:]] == frame.cosines.counts.tolist()
    assert float(rows[1][4]) == frame.entropy[0]
    assert float(rows[1][0]) == -1.0 and float(rows[-1][1]) == 1.0


def test_the_copied_modes_sum_to_those_of_the_frame(inspectors):
    page, frame = shown(inspectors, "modes")
    (panel,) = page.figure().panels
    assert isinstance(panel, PlotPanel)
    rows = table(page)
    total = sum(float(row[2]) for row in rows[1:])
    assert total == pytest.approx(frame.modes[:, 1].sum(), rel=1e-14)
    assert sum(int(row[1]) for row in rows[1:]) == len(frame.modes)


def test_the_copied_checks_have_every_digit(inspectors):
    page, frame = shown(inspectors, "checks")
    (panel,) = page.figure().panels
    assert isinstance(panel, Table)
    rows = table(page)
    assert [row[0] for row in rows[1:]] == [c.name for c in frame.checks]
    assert [float(row[2]) for row in rows[1:]] == [c.value for c in frame.checks]


@pytest.mark.slow
def test_curves_offer_their_figure_and_copy_every_sample(curves, tmp_path):
    from sim.playback import Playback

    playback = Playback(Simulation(ATTENTION, "numpy"))
    curves.kinds = ("f_hat", "clusters", "entropy")
    playback.sample(curves.request().series)
    playback.seek(4.0, lambda _: True)
    frame = playback.frame(None, FrameRequest(frozenset(curves.kinds), clusters=False))
    curves.show_frames((frame,))
    asked = []
    curves.figure_requested.connect(lambda view, verb: asked.append(verb))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), QPoint())
    curves.contextMenuEvent(event)
    menu = QApplication.activePopupWidget()
    for _verb, text, _tip in ENTRIES:
        next(a for a in menu.actions() if a.text() == text).trigger()
    menu.close()
    assert asked == [verb for verb, _, _ in ENTRIES]
    assert curves.kinds == ("f_hat", "clusters", "entropy")  # none was switched off
    rows = table(curves)
    assert rows[0][:2] == ["t", "F\u0302(μ)"]
    assert rows[0][2:4] == ["Clusters", "Attention entropy (nats)"]
    samples = playback.record.samples
    for k, kind in enumerate(("f_hat", "clusters", "entropy"), start=1):
        values = [float(row[k]) for row in rows[1:] if row[k]]
        assert values == samples.values[kind].tolist()
    assert [float(row[0]) for row in rows[1:]] == samples.t.tolist()
    files.save(curves.figure(), tmp_path / "a.svg", 86)
    assert "time t" in (tmp_path / "a.svg").read_text()
