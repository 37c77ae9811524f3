"""Labs in a presentation: no small letter, pages of panels, a setting that steps."""

import pytest
from helpers import sampling
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from app.figures import rich_text
from app.labs.page import LabPage
from app.labs.plate_view import PlateView
from app.labs.star import star_of, star_text
from app.presenter import lettering
from app.theme import fonts
from app.theme.palette import DARK
from sim.labs import in_order
from sim.labs.masks import Masks
from sim.labs.memory import Memory

WIDE, HIGH = 1024, 768
EVERY = 4  # labs of which one is drawn, without --long
HEADER = 200  # pixels of the words of a cue above the plate


class Hall:
    """A plate view in a window of a projector's size, and the letters it drew."""

    def __init__(self, qtbot, monkeypatch):
        fonts.install()
        self.view = PlateView(DARK)
        qtbot.addWidget(self.view)
        self.view.resize(WIDE, HIGH - HEADER)
        self.view.set_theme(DARK, lettering.text_scale(HIGH))
        self.view.present(True)
        self._sizes = []
        self._draw = rich_text.draw
        monkeypatch.setattr(rich_text, "draw", self._note)

    def _note(self, p, text, at, points, colour, **how):
        self._sizes.append((points * rich_text.PT, text))
        self._draw(p, text, at, points, colour, **how)

    def show(self, lab):
        self.view.show_title(lab.title, lab.summary())
        self.view.show_star(star_text(lab))
        self.view.show_plate(lab.compute())

    def drawn(self):
        """Return sizes in pixels and texts of what the view paints."""
        self._sizes.clear()
        self.view.render(QImage(WIDE, HIGH, QImage.Format.Format_RGB32))
        return list(self._sizes)


@pytest.fixture
def hall(qtbot, qapp, monkeypatch):
    return Hall(qtbot, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("lab", in_order(), ids=lambda lab: lab.kind)
def test_no_letter_is_small_on_any_page(hall, lab):
    if lab.number % EVERY and not sampling.long:
        return
    hall.show(lab())
    pages = hall.view.pages
    every = range(len(hall.view._plate.panels))
    assert sorted(k for page in pages for k in page) == list(every)
    for _ in pages:
        sizes = [s for s in hall.drawn() if s[1]]
        assert min(sizes)[0] >= HIGH / 28, min(sizes)
        QTest.keyClick(hall.view, Qt.Key.Key_Right)


def test_panels_of_a_cue_come_first_and_arrows_turn_pages(hall):
    hall.show(Memory())
    hall.view.show_first((1, 4))
    assert hall.view.on_show == (1, 4)
    seen = []
    hall.view.turned.connect(seen.append)
    for _ in hall.view.pages:
        QTest.keyClick(hall.view, Qt.Key.Key_Right)
    assert seen[-1] == (1, 4)
    assert {k for page in seen for k in page} == set(range(7))
    texts = " ".join(text for _, text in hall.drawn())
    assert "Forgetting by time" in texts and "Memories" not in texts
    hall.view.present(False)
    assert hall.view.on_show == tuple(range(7))


def test_every_lab_has_a_setting_that_steps(qtbot):
    page = LabPage(DARK)
    qtbot.addWidget(page)
    for kind in in_order():
        page.show_lab(kind.kind)
        star = star_of(page.lab)
        assert star, kind.kind
        before = getattr(page.lab, star)
        page.step_star(1)
        page.step_star(1)
        page.step_star(-1)
        assert getattr(page.lab, star) != before, kind.kind
        assert page._doubt.isHidden(), kind.kind
    assert star_text(Masks()) == "Look-ahead mask: on"
