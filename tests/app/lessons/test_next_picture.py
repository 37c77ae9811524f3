"""The lecturer sees a picture of the next cue: drawn aside, one at a time, kept."""

from typing import ClassVar

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.lessons import next_picture
from app.lessons.next_picture import NextCuePicture
from app.theme.palette import DARK, LIGHT
from sim.lessons.cue import Cue

LAB = Cue("A lab", 1, lab="look-up", panels=(1, 3))
RUNS = [Cue(f"Run {k}", k, settings={"tokens": f"{4 + k}"}, at=0.5) for k in range(3)]


class FakeJob(QObject):
    """Draws when the test says so."""

    ended = Signal(bool, str)
    made: ClassVar[list] = []

    def __init__(self, document, command, out, parent):
        super().__init__(parent)
        self.document, self.command, self.out, self.given_up = (
            document,
            command,
            out,
            False,
        )
        self.made.append(self)

    def start(self):
        """Wait for the test."""

    def cancel(self):
        self.given_up = True

    def finish(self):
        image = QImage(208, 117, QImage.Format.Format_RGB32)
        image.fill(0)
        image.save(str(self.out))
        self.ended.emit(True, "")


@pytest.fixture
def picture(qapp, qtbot, monkeypatch):
    monkeypatch.setattr(next_picture, "ExportJob", FakeJob)
    monkeypatch.setattr(next_picture, "DELAY_MS", 0)
    FakeJob.made.clear()
    made = NextCuePicture()
    qtbot.addWidget(made)
    yield made
    made.stop()


def test_a_lab_is_painted_in_the_colours_in_force(picture, qtbot):
    backs = []
    for theme in (DARK, LIGHT):
        picture.set_theme(theme)
        picture.show_cue(LAB)
        qtbot.waitUntil(lambda: not picture.pixmap().isNull(), timeout=60_000)
        image = picture.pixmap().toImage()
        backs.append(image.pixelColor(1, 1).name())
        inks = {image.pixel(x, 60) for x in range(image.width())}
        assert len(inks) > 5
    assert backs == [DARK.canvas.lower(), LIGHT.canvas.lower()]


def test_runs_are_drawn_one_after_another_and_kept(picture, qtbot):
    for cue in RUNS:
        picture.show_cue(cue)
    qtbot.waitUntil(lambda: len(FakeJob.made) == 1, timeout=60_000)
    (job,) = FakeJob.made  # cues that were passed by are not drawn
    assert job.document.scenario.tokens == 6
    assert job.command[:3] == ("render", "--at", "0.5")
    picture.show_cue(RUNS[0])
    assert picture.text() == next_picture.DRAWING
    job.finish()
    qtbot.waitUntil(lambda: len(FakeJob.made) == 2, timeout=60_000)
    FakeJob.made[1].finish()
    assert not picture.pixmap().isNull()
    picture.show_cue(RUNS[2])
    assert not picture.pixmap().isNull() and len(FakeJob.made) == 2
    picture.show_cue(None)
    assert picture.isHidden()


def test_a_cue_without_a_run_has_no_picture(picture, qtbot):
    picture.show_cue(Cue("Broken", 1, base="nothing"))
    qtbot.waitUntil(lambda: picture.text() == next_picture.NONE, timeout=60_000)
    assert not FakeJob.made
