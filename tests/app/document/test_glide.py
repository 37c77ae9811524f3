"""Numbers that are set gliding in the window: one ramp, one mark, one step to undo."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from app.document.document import Document
from app.document.glide import can_glide, start_glide
from app.document.marks import marks_of
from app.document.session import Session
from app.panel.glide_dialog import GlideDialog
from sim import Change, Engine, Run, Scenario, Simulation

START = Scenario(tokens=12, duration=4, precision="float64")
BETA = "dynamics.beta"


@pytest.fixture
def session(qapp, qtbot):
    made = Session(Document(START), Engine(Simulation(START, "numpy"), speed=8.0))
    with qtbot.waitSignal(made.arrived):
        made.start(playing=False)
    yield made
    made.close()
    made.deleteLater()


def seek(session, qtbot, t):
    session.engine.seek(t)
    qtbot.waitUntil(lambda: session.t == t and not session._link.waits)


def test_a_glide_is_the_ramp_of_the_command_line(session, qtbot):
    seek(session, qtbot, 0.5)
    assert start_glide(session, BETA, "9", 1.0, "linear")
    wanted = Run(START, (Change(0.5, {BETA: 9.0}, over=1.0),))
    seek(session, qtbot, 1.0)
    assert session.document.run == wanted
    assert session.document.scenario.dynamics.beta == pytest.approx(6.5)
    frames = []
    session.arrived.connect(frames.append)
    seek(session, qtbot, 2.0)
    alone = Simulation(wanted, "numpy")
    alone.reach(2.0)
    (frame,) = frames[-1]  # of the only lane
    assert np.array_equal(frame.x, alone.frame(2.0).x)
    assert session.document.scenario.dynamics.beta == 9.0


def test_a_glide_is_one_mark_and_one_step(session, qtbot):
    seek(session, qtbot, 0.5)
    start_glide(session, BETA, "9", 1.0, "geometric")
    (mark,) = marks_of(session.document.run)
    assert (mark.t, mark.arrival, mark.text) == (0.5, 1.5, "β = 9 in 1")
    assert session.undo_text == "glide of β"
    session.undo()
    seek(session, qtbot, 0.6)
    assert session.document.run == Run(START)
    session.redo()
    seek(session, qtbot, 0.6)
    assert session.document.changes == (
        Change(0.5, {BETA: 9.0}, over=1.0, ramp="geometric"),
    )


def test_only_numbers_of_the_law_glide():
    document = Document(START)
    assert can_glide(document, BETA)
    for path in ("tokens", "step", "dynamics.heads.count", "dynamics", "look.trail"):
        assert not can_glide(document, path)


@pytest.mark.parametrize(
    ("value", "way", "why"),
    [
        ("five", "linear", "number"),
        ("1e9", "linear", "must be in"),
        ("-3", "geometric", "equal factors"),
    ],
)
def test_a_wrong_goal_is_said_and_the_dialog_stays(session, qtbot, value, way, why):
    dialog = GlideDialog(session, BETA, None)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # qtbot does
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.value.setText(value)
    dialog.way.setCurrentIndex(dialog.way.findData(way))
    dialog.accept()
    assert dialog.isVisible() and why in dialog._why.text()
    assert session.document.changes == ()
    dialog.value.setText("8")
    dialog.accept()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert session.document.changes[0].settings == {BETA: 8.0}
