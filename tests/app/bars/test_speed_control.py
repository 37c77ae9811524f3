"""The control of speed: every way to set it, and what is achieved."""

import pytest
from PySide6.QtCore import QObject

from app.bars.speed_control import SPEED_SCALE, RateLabel, SpeedSlider
from app.document.document import Document
from app.document.look import Look
from sim.engine import Pace


class Edits(QObject):
    """A session that makes edits of its document, and does nothing else."""

    def __init__(self):
        super().__init__()
        self.document = Document()

    def edit(self, path, value):
        self.document = self.document.edit({path: value})

    def release(self):
        pass


@pytest.fixture
def session(qtbot):
    return Edits()


def test_the_slider_its_keys_and_a_double_click_set_the_speed(session, qtbot):
    slider = SpeedSlider(session)
    qtbot.addWidget(slider)
    slider.setValue(SPEED_SCALE.tick(4.0))
    assert session.document.look.speed == pytest.approx(4.0, rel=0.02)
    slider.nudged.emit(-1.0)
    assert session.document.look.speed < 4.0
    slider.reset.emit()
    assert session.document.look.speed == Look().speed


def test_showing_a_speed_is_no_edit(session, qtbot):
    slider = SpeedSlider(session)
    qtbot.addWidget(slider)
    slider.show_speed(Document(look=Look(speed=3.0)))
    assert slider.value() == SPEED_SCALE.tick(3.0)
    assert session.document.look.speed == Look().speed


@pytest.mark.parametrize(
    ("rate", "playing", "text", "role"),
    [(0.5, True, "0.5×", "warn"), (0.95, True, "1×", ""), (0.5, False, "1×", "")],
)
def test_a_run_that_is_behind_says_what_is_achieved(qtbot, rate, playing, text, role):
    label = RateLabel()
    qtbot.addWidget(label)
    label.show_rate(Pace(40.0, rate, playing, "numpy", "direct"), 1.0)
    assert label.text() == text
    assert label.property("role") == role
    assert ("achieved 0.5×" in label.toolTip()) is bool(role)
