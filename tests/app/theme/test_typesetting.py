"""Formulas are typeset when needed, kept, and waited for by nothing in the window."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from helpers.executors import Held
from helpers.formulas import covering, reachable
from PySide6.QtCore import QByteArray
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from app.annotations.caption import Caption
from app.canvas.scene_view import SceneView
from app.export.picture_buffer import pixels_from_image
from app.export.renderer import application
from app.theme import formulas, typesetting
from app.theme.palette import DARK
from sim.scenario import Scenario, edit
from sim.simulation import Simulation

FORMULA = r"\dot{x}_i = P_{x_i}\,Z_i"
SIZE = (900, 120)


@pytest.fixture(autouse=True)
def fresh():
    """Keep nothing in memory from test to test."""
    typesetting._begun.cache_clear()
    yield
    typesetting._begun.cache_clear()


@pytest.fixture
def calls(monkeypatch):
    """Return the formulas that are typeset."""
    made, typeset = [], typesetting.typeset

    def counted(latex):
        made.append(latex)
        return typeset(latex)

    monkeypatch.setattr(typesetting, "typeset", counted)
    return made


def painted(caption):
    """Return the pixels of a caption of the default scenario."""
    application()
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    try:
        frame = Simulation(Scenario(tokens=8), "numpy").frame()
        caption.paint(painter, frame, *SIZE, shaded=False)
    finally:
        painter.end()
    return pixels_from_image(image)


@pytest.mark.slow
def test_reachable_formulas_can_be_typeset_and_drawn(qapp):
    for latex in covering(reachable()):
        drawing = typesetting.svg(latex, "#123456")
        assert drawing is not None, latex
        assert b"#123456" in drawing, latex
        assert typesetting.INK.encode() not in drawing, latex
        renderer = QSvgRenderer(QByteArray(drawing))
        assert renderer.isValid(), latex
        assert 40 < renderer.defaultSize().width() < 900, latex
        assert 14 < renderer.defaultSize().height() < 80, latex


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"space": "flat"},
        {"dynamics.heads.value.scale": -1.0},
        {"dynamics.heads.mlp": "additive"},
    ],
)
def test_the_equation_of_a_scenario_can_be_typeset(changes):
    equation = formulas.equation(edit(Scenario(), changes))
    assert typesetting.svg(equation, "#123456") is not None


def test_what_is_no_latex_is_none():
    assert typesetting.svg(r"\frac{", "#123456") is None


def test_without_ziamath_the_caption_has_the_law_s_title(monkeypatch):
    def missing(name):
        raise ImportError(name)

    with_formula = painted(Caption(DARK, 1.0))
    typesetting._begun.cache_clear()
    typesetting.cache_file(formulas.equation(Scenario())).unlink()
    monkeypatch.setattr(typesetting, "import_module", missing)
    title = painted(Caption(DARK, 1.0))
    assert not np.array_equal(title, with_formula)
    nothing = painted(Caption(DARK, 1.0, lambda latex, colour: b""))
    assert not np.array_equal(title, nothing)


def test_a_formula_is_typeset_once_and_kept_on_disk(calls):
    first = typesetting.svg(FORMULA, "#123456")
    assert typesetting.svg(FORMULA, "#654321") != first
    assert calls == [FORMULA]
    typesetting._begun.cache_clear()
    assert typesetting.svg(FORMULA, "#123456") == first
    assert calls == [FORMULA]


@pytest.mark.parametrize("spoilt", [b"", b"<svg>cut of", b"\xff\xfe"])
def test_a_spoilt_file_of_the_cache_is_replaced(calls, spoilt):
    first = typesetting.svg(FORMULA, "#123456")
    file = typesetting.cache_file(FORMULA)
    kept = file.read_bytes()
    file.write_bytes(spoilt)
    typesetting._begun.cache_clear()
    assert typesetting.svg(FORMULA, "#123456") == first
    assert len(calls) == 2 and file.read_bytes() == kept


def test_a_cache_that_cannot_be_written_does_no_harm(monkeypatch, tmp_path, calls):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert typesetting.svg(FORMULA, "#123456") == typesetting.svg(FORMULA, "#123456")
    assert calls == [FORMULA]


def test_files_of_another_ziamath_are_not_taken(monkeypatch):
    before = typesetting.cache_file(FORMULA)
    monkeypatch.setattr(typesetting, "version", lambda name: "0.0.1")
    assert typesetting.cache_file(FORMULA) != before


def test_it_is_typeset_on_another_thread(monkeypatch, qtbot):
    gate, threads = threading.Event(), []

    def typeset(latex):
        gate.wait()
        threads.append(threading.current_thread().name)
        return "<svg></svg>"

    monkeypatch.setattr(typesetting, "typeset", typeset)
    with ThreadPoolExecutor(1, "formulas") as pool:
        monkeypatch.setattr(typesetting, "pool", pool)
        typesetter = typesetting.Typesetter(None)
        assert typesetter.svg(FORMULA, "#123456") == b""
        with qtbot.waitSignal(typesetter.ready):
            gate.set()
        assert typesetter.svg(FORMULA, "#123456") == b"<svg></svg>"
    assert threads == ["formulas_0"]
    assert not typesetter._timer.isActive()


def test_the_caption_is_blank_until_the_formula_is_there(monkeypatch, qtbot):
    held = Held()
    monkeypatch.setattr(typesetting, "pool", held)
    typesetter = typesetting.Typesetter(None)
    caption = Caption(DARK, 1.0, typesetter.svg)
    before = painted(caption)
    assert len(held.held) == 1
    assert np.array_equal(before, painted(caption)) and len(held.held) == 1
    with qtbot.waitSignal(typesetter.ready):
        held.release()
    after = painted(caption)
    assert not np.array_equal(before, after)
    assert np.array_equal(after, painted(Caption(DARK, 1.0)))
    typesetter.stop()


@pytest.mark.slow
def test_the_view_is_painted_again_when_the_formula_is_there(monkeypatch, qtbot):
    held = Held()
    monkeypatch.setattr(typesetting, "pool", held)
    view = SceneView(DARK)
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    frame = Simulation(Scenario(tokens=8), "numpy").frame(request=view.request())
    view.show_frames([frame])
    qtbot.waitUntil(lambda: bool(held.held))
    painted_before = len(view.paints)
    with qtbot.waitSignal(view._typesetter.ready):
        held.release()
    qtbot.waitUntil(lambda: len(view.paints) > painted_before)
    view.close()
    assert not view._typesetter._timer.isActive()
