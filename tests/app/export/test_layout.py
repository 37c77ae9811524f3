"""What a film holds: places that do not overlap, values and marks of changes."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from app.document.document import Document
from app.export.curve_axis import (
    CurveAxis,
    kind_of,
    measured_values,
    round_ticks,
    ticks_around,
)
from app.export.curve_plot import CurvePlot
from app.export.dialogs import with_suffix
from app.export.layout import places
from app.export.narrative import Narrative
from app.export.render_file import render_file
from app.export.render_options import RenderOptions
from app.export.renderer import application
from app.theme.palette import DARK
from sim.scenario import Scenario, edit
from sim.schedule import Change, Run

SIZES = ((1280, 720), (1920, 720), (720, 720), (720, 1280), (960, 720))
START = Scenario(tokens=16)
RUN = Run(
    START,
    (
        Change(2.0, {"dynamics.beta": 9.0}),
        Change(2.01, {"dynamics.beta": 1.0}),
        Change(6.0, {"dynamics.heads.value.scale": -1.0}),
    ),
)


@pytest.mark.parametrize("layout", ["curve", "matrix"])
@pytest.mark.parametrize("size", SIZES)
def test_parts_do_not_overlap_and_are_inside(layout, size):
    found = places(layout, *size)
    parts = [found.globe, found.words, found.curve]
    parts += [found.matrix] if layout == "matrix" else []
    assert found.matrix.isEmpty() == (layout == "curve")
    whole = QRectF(0, 0, *size)
    assert all(whole.contains(part) for part in (*parts, found.foot))
    assert not any(a.intersects(b) for a, b in combinations(parts, 2))
    assert not any(found.foot.intersects(part) for part in parts[1:])
    assert all(part.width() >= 200 and part.height() >= 100 for part in parts)


@pytest.mark.parametrize("size", range(1, 60))
def test_ticks_are_few_and_hold_all_values(size):
    low, high = np.sort(np.random.default_rng(size).normal(size=2) * 10.0 ** (size % 9))
    ticks = round_ticks(low, high)
    assert 2 <= len(ticks) <= 5
    assert ticks[0] <= low + 1e-6 * abs(low)
    assert ticks[-1] >= high - 1e-6 * abs(high)
    inside = round_ticks(low, high, inside=True)
    assert all(low - 1e-6 * abs(low) <= t <= high + 1e-6 * abs(high) for t in inside)


def test_an_axis_exists_for_any_values():
    assert ticks_around([0.07, 0.19]) == pytest.approx((0.0, 0.05, 0.1, 0.15, 0.2))
    for values in ([], [0.0], [3.0, 3.0], [-2.0, -2.0], [1e300, 2e300]):
        ticks = ticks_around(values)
        assert ticks[0] < ticks[-1]
        assert np.isfinite(ticks).all()


def test_rounding_errors_of_a_constant_are_not_enlarged():
    ticks = ticks_around([6.0 - 1e-9, 6.0 + 1e-6])
    assert ticks[-1] - ticks[0] > 0.2
    assert ticks[0] < 6 < ticks[-1]


@pytest.mark.parametrize(("space", "kind"), [("flat", "order"), ("sphere", "f_hat")])
def test_an_energy_without_bounds_gives_way_to_the_order(space, kind):
    start = edit(START, {"space": space, "step": 0.1, "dynamics.beta": 1.0})
    times = [k / 10 for k in range(35)]
    values = measured_values(Run(start), times, "numpy", math.isfinite)
    assert kind_of([values]) == kind
    assert [t for t, _ in values[kind]] == times


def test_close_changes_have_one_mark():
    found = Narrative(RUN, 0.0, 10.0)
    assert [mark.t for mark in found.marks] == [2.0, 6.0]
    assert found.marks[0].text == "β 4 → 1"
    assert found.latest(1.9) is None
    assert found.latest(2.5) is found.marks[0]


def test_a_drag_has_one_mark_however_long_it_is():
    drag = [Change(1 + k / 2, {"dynamics.beta": 5.0 + k}) for k in range(9)]
    run = Run(Scenario(tokens=4, duration=60), tuple(drag))
    (mark,) = Narrative(run, 0.0, 10.0).marks
    assert (mark.t, mark.end, mark.text) == (1.0, 5.0, "β 4 → 13")


def test_values_are_those_in_force_with_what_was_before():
    found = Narrative(RUN, 0.0, 10.0)
    beta, scale = found.values(RUN.at(7.0), 7.0)
    assert (beta.name, beta.value, beta.before) == ("β", "1", "4 until t = 2")
    assert (scale.value, scale.before) == ("−1", "1 until t = 6")
    before = found.values(RUN.at(1.0), 1.0)
    assert [v.value for v in before] == ["4", "1"]
    assert not any(v.before for v in before)
    later = Narrative(RUN, 3.0, 10.0)  # begins after the first change
    assert [mark.t for mark in later.marks] == [6.0]


def test_a_long_curve_is_the_line_through_its_values():
    application()
    box, axis = QRectF(0, 0, 400, 300), CurveAxis("f_hat", "F", (0.0, 0.5, 1.0))
    plot = CurvePlot(box, axis, (0.0, 10.0), [], DARK, 1.0)
    times = np.linspace(0, 10, 3000)
    for t in times:
        plot.add(float(t), 0.5 + 0.4 * math.sin(t))
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    plot.paint(painter)
    painter.end()
    area = plot._plot
    accent = np.array([0xE0, 0xB0, 0x4B])
    for t in (1.0, 2.5, 5.0, 7.7, 9.5):
        x = area.left() + t / 10 * area.width()
        y = area.bottom() - (0.5 + 0.4 * math.sin(t)) * area.height()
        colour = image.pixelColor(round(x - 0.5), round(y - 0.5))
        seen = np.array([colour.red(), colour.green(), colour.blue()])
        assert np.abs(seen - accent).max() < 40


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["globe", "curve", "matrix"])
def test_a_still_is_what_the_film_shows_at_its_time(tmp_path, layout):
    """Same code draws both; PSNR of a decoded film is at least 37.5 dB."""
    document = Document(Scenario(tokens=16, title="A title"))
    options = RenderOptions((640, 360), 10.0, 0.1, layout=layout, at=0.0)
    render_file(document, tmp_path / "a.png", options)
    render_file(document, tmp_path / "a.mp4", options)
    still = np.asarray(Image.open(tmp_path / "a.png")).astype(float)
    with av.open(str(tmp_path / "a.mp4")) as film:
        (frame,) = film.decode(video=0)
        seen = frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray()
    assert 10 * np.log10(255**2 / np.mean((seen - still) ** 2)) > 37.5


@pytest.mark.slow
def test_a_title_card_comes_before_the_first_frame(tmp_path):
    document = Document(START)
    options = RenderOptions((320, 180), 10.0, 0.5, title_card=True)
    render_file(document, tmp_path / "a.zip", options)
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert len([n for n in archive.namelist() if n.endswith(".png")]) == 25 + 5


def test_a_law_without_a_matrix_says_so(tmp_path):
    document = Document().edit({"space": "flat", "dynamics": "bracket"})
    options = RenderOptions((320, 180), layout="matrix", seconds=0.1)
    with pytest.raises(ValueError, match="has no attention matrix"):
        render_file(document, tmp_path / "a.mp4", options)
    assert not list(tmp_path.iterdir())


def test_a_name_with_a_dot_keeps_it():
    assert with_suffix(Path("beta=2.5"), ".mp4") == Path("beta=2.5.mp4")
    assert with_suffix(Path("a.MP4"), ".mp4") == Path("a.MP4")
