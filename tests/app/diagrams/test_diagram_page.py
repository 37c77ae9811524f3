"""The page of phase diagrams, its figure and table, and the command."""

import csv

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

import sim
from app.__main__ import main
from app.diagrams.figure import caption_of, figure_of, save_table
from app.diagrams.page import DiagramPage
from app.diagrams.painter import Shown
from app.diagrams.places import curve_inside
from app.diagrams.view import flattened
from app.theme.palette import DARK
from sim.sweeps import diagram
from sim.sweeps.diagram import TIME, Axis, Diagram
from sim.sweeps.diagram_theory import lines
from sim.sweeps.jobs import results_of

SMALL = sim.Scenario(tokens=4, dimension=3, step=0.1, duration=0.5, seed=3)


@pytest.fixture
def here(monkeypatch):
    """Let jobs be done without further processes."""

    def completed(jobs, workers, stopped):
        for number, job in enumerate(jobs):
            yield number, results_of(job)

    monkeypatch.setattr(diagram, "completed", completed)


def run_on_show():
    return SMALL


@pytest.fixture
def page(qtbot, here):
    parent = QWidget()
    parent.resize(1200, 800)
    qtbot.addWidget(parent)
    made = DiagramPage(run_on_show, DARK, 1.0, parent)
    made.form.preset.setCurrentIndex(0)
    made.form.preset.activated.emit(0)
    for text, value in (
        (made.form.columns, "1:4:3"),
        (made.form.lines, "0.1:0.5:2"),
        (made.form.seeds, "2"),
    ):
        text.setText(value)
    yield made
    made.reject()


def test_a_diagram_fills_and_a_cell_is_its_run(page, qtbot):
    page.toggle()
    assert page.work.busy and page.go.text() == "Stop"
    qtbot.waitUntil(lambda: not page.work.busy, timeout=60_000)
    assert page.shown.means.shape == (2, 3) and np.isfinite(page.shown.means).all()
    page.view.hovered.emit((1, 1))
    assert "β = 2.5" in page.cell.text() and "Aligned pairs" in page.cell.text()
    qtbot.waitUntil(lambda: page.thumbnail.known, timeout=60_000)
    with qtbot.waitSignal(page.run_requested) as asked:
        page.view.clicked.emit((1, 1))
    (run,) = asked.args
    assert (run.dynamics.beta, run.seed, run.duration) == (2.5, 3, 0.5)
    assert not page.grab().isNull()


@pytest.mark.parametrize(
    ("control", "text", "words"),
    [
        ("columns", "4:1:3", "that increase"),
        ("lines", "", "where one is empty"),
        ("seeds", "many", "whole number"),
    ],
)
def test_what_cannot_be_drawn_is_said_below_the_form(page, control, text, words):
    getattr(page.form, control).setText(text)
    page.toggle()
    assert words in page.note.text() and not page.work.busy


def shown():
    d = Diagram(SMALL, Axis("dynamics.beta", "1:4:3"), Axis(TIME, "1:2:2"), seeds=2)
    return Shown(d, np.arange(6.0).reshape(2, 3) / 5, tuple(lines(d)))


def test_the_table_has_every_cell_and_the_curve(tmp_path):
    save_table(shown(), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open() as file:
        lines = file.read().splitlines()
    assert lines[0].startswith("# scenario:") and "2 seeds from 3 on" in lines[2]
    rows = [*csv.DictReader(line for line in lines if not line.startswith("#"))]
    assert [*rows[0]][:3] == ["dynamics.beta", "t", "aligned"] and len(rows) == 6
    assert float(rows[4]["aligned"]) == 0.8
    curve = "theory:tokens at equal angles merge"
    assert rows[1][curve] == rows[4][curve] != rows[0][curve]


def test_curves_are_cut_at_the_cells():
    box = QRectF(10, 20, 100, 50)
    path = curve_inside(
        np.array([-0.5, 0.5, 0.5, 0.9, 0.9]), np.array([0.5, 0.5, 2, 2, 0.2]), box
    )
    ends = [(path.elementAt(k).x, path.elementAt(k).y) for k in range(5)]
    assert ends == [(10, 45), (60, 45), (60, 20), (100, 20), (100, 60)]
    lost = curve_inside(np.array([0.1, 0.2, np.inf]), np.array([2, 3, 0.5]), box)
    assert lost.isEmpty()


def test_cells_are_chosen_with_the_keyboard(page, qtbot):
    page.view.show_diagram(shown())
    page.shown = shown()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(page.view, key)
    assert "β = 2.5, time t = 2" in page.cell.text()
    with qtbot.waitSignal(page.run_requested) as asked:
        qtbot.keyClick(page.view, Qt.Key.Key_Return)
    assert asked.args[0].dynamics.beta == 2.5 and not page.work.busy


def test_a_figure_says_what_it_shows():
    text = " ".join(caption_of(shown()))
    for part in ("2 seeds from 3 on", "β = 1 … 4 (3)", "dashed", "n = 4, d = 3"):
        assert part in text
    assert figure_of(shown()).name == "phase-diagram"


def test_tokens_lie_on_a_plane():
    x = np.eye(5)[:3]
    assert flattened(x).shape == (3, 2)
    assert flattened(np.ones((1, 5))).shape == (1, 2)


def test_the_command_writes_figure_and_table(tmp_path, here, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    SMALL.save("a.json")
    flags = ["--across", "dynamics.beta=1:4:3", "--up", "t=0.1:0.5:2", "--seeds", "1"]
    for out in ("a.csv", "a.svg"):
        assert main(["diagram", "a.json", *flags, "-o", out]) == 0
    assert "aligned" in (tmp_path / "a.csv").read_text()
    assert "<svg" in (tmp_path / "a.svg").read_text()
    capsys.readouterr()
    for bad, words in (
        (["nothing", "-o", "b.svg"], "no such file or preset"),
        (["a.json", "-o", "b.txt"], "ends in"),
        (["a.json", "--up", "t", "-o", "b.svg"], "PATH=VALUES"),
        (["a.json", "--full", "-o", "b.svg"], "give one of"),
        (["a.json", *flags, "-o", "a.csv"], "--force"),
    ):
        assert main(["diagram", *bad]) == 2
        err = capsys.readouterr().err.strip()
        assert words in err and len(err.splitlines()) == 1
