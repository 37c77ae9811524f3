"""The red button: what is played becomes a video, as it is looked at."""

import pytest
from PySide6.QtCore import QObject, Signal

from app.document.document import Document
from app.document.look import Look
from app.document.session import Session
from app.export.recording import Recording
from app.export.video_dialog import VideoDialog
from app.scene.camera import Camera
from sim import Scenario, Simulation

SMALL = Scenario(tokens=8, duration=4)


class Seen:
    """A view with a camera, a player and a session, as far as a recording needs."""

    def __init__(self, session):
        self.camera = Camera(30.0, 10.0, 1.0, (64, 64))
        self.orbit = self
        self.session = session
        self.playing = False


@pytest.fixture
def recording(qapp):
    class FakePlayer(QObject):
        shown = Signal(object)
        frame, playing = None, False

        def play(self):
            self.playing = True

        def pause(self):
            self.playing = False

    class FakeEngine:
        edits = 0

    session = Session(Document(SMALL, Look(rotate=2.0)), FakeEngine())
    player, view = FakePlayer(), Seen(session)
    made = Recording(session, player, view)
    made.player, made.view, made.session = player, view, session
    yield made
    session.deleteLater()


def frames(count):
    run = Simulation(SMALL, "numpy")
    for _ in range(count):
        run.step()
        yield run.frame()


def test_camera_and_look_are_noted_until_it_is_stopped(recording, qtbot):
    recording.record(True)
    assert recording.running
    assert recording.player.playing
    shown = list(frames(6))
    for k, frame in enumerate(shown):
        recording.view.camera = Camera(30.0 + k, 10.0, 1.0, (64, 64))
        recording.player.shown.emit(frame)
    with qtbot.waitSignal(recording.ended) as ended:
        recording.record(False)
    track, span = ended.args
    assert span == (shown[0].t, shown[-1].t)
    assert [look.camera.azimuth for look in track] == [30.0 + k for k in range(6)]
    assert {look.rotate for look in track} == {0.0}  # the camera's way has it
    assert not recording.player.playing
    recording.player.shown.emit(shown[0])
    assert not recording.running


def test_a_recording_of_nothing_says_so(recording, qtbot):
    recording.record(True)
    with qtbot.waitSignal(recording.session.refused) as said:
        recording.record(False)
    assert said.args[0].startswith("Nothing was recorded")


def test_the_dialog_proposes_what_was_recorded(qtbot, tmp_path):
    document = Document(SMALL, Look(speed=2.0))
    dialog = VideoDialog(document, tmp_path, 1.0, None)
    qtbot.addWidget(dialog)
    dialog.propose_span(1.25, 3.25)
    command = dialog.command
    assert command[command.index("--start") + 1] == "1.25"
    assert float(command[command.index("--seconds") + 1]) == 1.0
    dialog.close()
