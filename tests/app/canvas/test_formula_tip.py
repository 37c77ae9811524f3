"""The tooltip of the caption's formula has all definitions and the settings in it."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QTextDocument

from app.canvas.formula_tip import formula_tip
from app.canvas.token_view import TokenView
from app.theme import formulas, typesetting
from app.theme.palette import DARK
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

HEADS = "dynamics.heads"


@pytest.fixture
def masked():
    """Return a scenario with a mask."""
    return edit(Scenario(tokens=8), {f"{HEADS}.mask": "window", f"{HEADS}.count": 2})


@pytest.mark.slow
def test_the_tip_has_a_picture_and_the_settings(masked, qapp):
    lines = [typesetting.svg(s, "#123456") for s in formulas.all_lines(masked)]
    tip = formula_tip(lines, masked, 2.0)
    document = QTextDocument()
    document.setHtml(tip)
    text = document.toPlainText()
    for name, value in (("β", "4"), ("Heads", "2"), ("w", "8")):
        assert name in text and value in text
    assert "data:image/png;base64," in tip
    assert document.size().height() > 100


def test_there_is_no_tip_before_every_line_is_typeset(masked, qapp):
    assert formula_tip([b"<svg></svg>", b""], masked, 1.0) == ""
    assert formula_tip([b"<svg></svg>", None], masked, 1.0) == ""


@pytest.mark.slow
def test_the_tip_is_that_of_the_formula_under_the_mouse(masked, qtbot):
    view = TokenView(DARK)
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    view.show_frames([Simulation(masked, "numpy").frame(request=view.request())])
    qtbot.waitUntil(lambda: not view._overlay.equation_box.isEmpty())
    on_it = view._overlay.equation_box.center()
    qtbot.waitUntil(lambda: bool(view.equation_tip(on_it)))
    assert view.equation_tip(QPointF(790, 10)) == ""
    view.close()
