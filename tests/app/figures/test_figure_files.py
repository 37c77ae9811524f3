"""Figures as SVG, PDF and PNG: sizes, texts, and the data as a table."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PySide6.QtGui import QImage

from app.figures import files, layout, rich_text
from app.figures.caption import settings_text
from app.figures.figure import Figure, HeatMap, PlotPanel, Table
from app.figures.parts import Axis, Bars, Column, Curve, Rule
from app.figures.plot_painter import TICK_SPACING_MM, PlotPainter
from app.figures.style import GAP_MM, MM, TICK_MM, FigureStyle
from app.figures.table import tab_separated
from app.figures.ticks import round_values, ticks
from sim.scenario import Scenario, edit

X = np.linspace(0, 8, 41)


def plot(label="F\u0302(μ)", unit="", log=False):
    y = np.exp(-X)
    axis = Axis(label, (1e-4, 1.0) if log else (0.0, 1.0), unit, log=log)
    curves = (
        Curve("measured", X, y, "#0B63B6"),
        Curve("theory", X, y, "#000000", True),
    )
    data = (Column("t", X), Column("measured", y, unit))
    rules = (Rule(3.0, "β = 60", "#8A5A00"),)
    return PlotPanel(
        Axis("time t", (0.0, 8.0)), axis, curves, rules, "rises", data=data
    )


@pytest.fixture
def figure():
    return Figure("curves", (plot(), plot("E_β", "nats", log=True)), ("n = 64, β = 9",))


def texts(svg):
    """Return the lines of text of an SVG: pieces at one height are joined."""
    lines = {}
    for group in ET.parse(svg).getroot().iter("{http://www.w3.org/2000/svg}g"):
        for text in group.findall("{http://www.w3.org/2000/svg}text"):
            key = group.get("transform")
            lines.setdefault(key, []).append(text.text or "")
    return ["".join(pieces) for pieces in lines.values()]


def test_an_svg_has_its_labels_as_text_and_its_width_in_mm(figure, tmp_path):
    files.save(figure, tmp_path / "a.svg", 86)
    root = ET.parse(tmp_path / "a.svg").getroot()
    assert root.get("width") == "86mm"
    found = texts(tmp_path / "a.svg")
    wanted = ("Fˆ(μ)", "Eβ (nats)", "time t", "measured", "theory", "rises", "β = 60")
    for text in (*wanted, "n = 64, β = 9", "0.5", "10−2"):
        assert any(sorted(text) == sorted(line) for line in found), (text, found)
    assert "<image" not in (tmp_path / "a.svg").read_text()


def test_texts_of_an_svg_keep_their_length_in_another_font(figure, tmp_path):
    files.save(figure, tmp_path / "a.svg", 86)
    svg = (tmp_path / "a.svg").read_text()
    assert svg.count("textLength=") == svg.count("<text ")
    length = re.findall(r'textLength="([\d.]+)"[^>]*>time t<', svg)[0]
    assert float(length) == pytest.approx(rich_text.width("time t", 8.0), abs=0.1)
    assert "Helvetica, Arial, sans-serif" in svg


@pytest.mark.parametrize("width", [30, 86, 123.4, 178, 600])
def test_the_page_of_a_pdf_is_as_wide_as_asked(figure, tmp_path, width):
    files.save(figure, tmp_path / "a.pdf", width)
    data = (tmp_path / "a.pdf").read_bytes()
    (box,) = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    wide, tall = (float(side) / 72 * 25.4 for side in box)
    assert wide == pytest.approx(width, abs=0.01)
    assert tall == pytest.approx(layout.height(figure, width), abs=0.36)
    start = int(data.rsplit(b"startxref", 1)[1].split()[0])
    assert data[start : start + 4] == b"xref"  # no offset was changed


@pytest.mark.slow
@pytest.mark.parametrize(("width", "dpi"), [(86, 600), (178, 300), (50.5, 150)])
def test_a_png_has_width_times_dpi_pixels(figure, tmp_path, width, dpi):
    files.save(figure, tmp_path / "a.png", width, dpi=dpi)
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() == round(width / 25.4 * dpi)
    tall = layout.height(figure, width) / 25.4 * dpi
    assert abs(image.height() - tall) <= 1
    assert image.dotsPerMeterX() == pytest.approx(dpi / 0.0254, abs=1)
    assert image.pixelColor(0, 0).name() == "#ffffff"


def test_letters_have_8_points_at_86_mm_and_a_caption_can_be_left_out(figure, tmp_path):
    files.save(figure, tmp_path / "a.svg", 86, captioned=False)
    svg = (tmp_path / "a.svg").read_text()
    size, *_ = re.findall(r'font-size="(\d+)"[^>]*>time t<', svg)
    assert int(size) / 2540 * 72 == pytest.approx(8.0, abs=0.02)
    assert "n = 64" not in "".join(texts(tmp_path / "a.svg"))


@pytest.mark.parametrize("width", [40, 86, 178])
def test_no_ink_reaches_the_border(figure, width):
    image = files.image(figure, width, 200)
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)
    dark = (pixels[..., :3] < 250).any(-1)
    assert dark.any()
    assert not dark[:2].any() and not dark[-2:].any()
    assert not dark[:, :2].any() and not dark[:, -2:].any()


def test_a_heat_map_and_a_table_are_drawn_with_their_texts(tmp_path):
    cells = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    ticks_ = ((0, "king"), (3, "queen"))
    ramp = np.zeros((256, 3), np.uint8)
    matrix = HeatMap(
        cells, cells[0], (2,), ticks_, "token i", "token j", ramp, ((1.0, "0.15"),), "A"
    )
    table = Table(("check", "value", "at most"), (("length", "1e−16", "1e−14"),))
    files.save(Figure("m", (matrix, table)), tmp_path / "a.svg", 86)
    found = texts(tmp_path / "a.svg")
    for text in ("king", "queen", "token i", "token j", "0.15", "length", "1e−14"):
        assert text in found


def test_the_table_has_headings_units_and_every_number(figure):
    y = np.array([0.1, np.nan, 1e-300])
    first = (Column("t", np.array([0.0, 0.5, 1.0])), Column("F", y, "nats"))
    other = (Column("t", np.array([0.0, 0.5, 1.0])), Column("k", np.array([1, 2, 3])))
    third = (Column("t", np.array([0.0])), Column("name", ["a\tb"]))
    axis = Axis("", (0.0, 1.0))
    panels = [PlotPanel(axis, axis, (), data=data) for data in (first, other, third)]
    rows = [
        r.split("\t") for r in tab_separated(Figure("f", tuple(panels))).split("\n")
    ]
    assert rows[0] == ["t", "F (nats)", "k", "t", "name"]
    assert rows[1] == ["0.0", "0.1", "1", "0.0", "a b"]
    assert rows[2] == ["0.5", "", "2", "", ""]
    assert float(rows[3][1]) == 1e-300


def test_ticks_are_round_and_inside():
    assert round_values(0.0, 1.0, 5, False) == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert round_values(-0.04, 12.4, 5, True) == [0.0, 5.0, 10.0]
    log = ticks(Axis("", (1e-3, 1.0), log=True), 5)
    assert log == [
        (1e-3, "10⁻³"), (1e-2, "10⁻²"), (1e-1, "10⁻¹"), (1.0, "1")
    ]  # fmt: skip


def test_subscripts_are_runs_of_their_own():
    assert [(r.text, r.level) for r in rich_text.runs("⟨xᵢ,xⱼ⟩ E_β 10⁻²")] == [
        ("⟨x", 0), ("i", -1), (",x", 0), ("j", -1), ("⟩ E", 0), ("β", -1),
        (" 10", 0), ("−2", 1),
    ]  # fmt: skip
    assert rich_text.runs("new_york")[0].text == "new_york"


def test_bad_input_is_refused_with_the_reason(figure, tmp_path):
    with pytest.raises(ValueError, match=r"\.svg, \.pdf, \.png, \.csv, not '\.bmp'"):
        files.save(figure, tmp_path / "a.bmp", 86)
    for width in (0, -5, 29.9, 601, float("nan")):
        with pytest.raises(ValueError, match=r"must be in \[30, 600\] mm, got"):
            files.save(figure, tmp_path / "a.svg", width)
    with pytest.raises(ValueError, match=r"dpi must be in \[72, 1200\], got 5"):
        files.save(figure, tmp_path / "a.png", 86, dpi=5)
    with pytest.raises(OSError, match="cannot write"):
        files.save(figure, tmp_path / "no" / "a.svg", 86)
    assert not list(tmp_path.iterdir())


def test_bars_reach_their_heights(figure):
    bars = Bars("", np.array([0.0]), np.array([1.0]), np.array([0.5]), "#FF0000")
    axis = Axis("", (0.0, 1.0))
    image = files.image(
        Figure("b", (PlotPanel(axis, axis, (bars,), height=1.0),)), 60, 300
    )
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)
    red = (pixels[..., 2] > 200) & (pixels[..., 1] < 60)
    black = (pixels[..., :3] < 60).all(-1)
    line = np.flatnonzero(black.sum(1) > 0.6 * image.width())[0]  # the x axis
    rows = np.flatnonzero(red.any(1))
    column = np.flatnonzero(black.sum(0) > 0.5 * image.height())[0]
    tall = np.flatnonzero(black[:, column])
    share = (line - rows[0]) / (line - tall[0])
    assert share == pytest.approx(0.5, abs=0.01)


def test_the_caption_of_a_figure_has_a_true_minus():
    text = settings_text(edit(Scenario(), {"dynamics.beta": -5}))
    assert "β\u00a0=\u00a0−5" in text


def test_numbers_never_reach_the_label_however_many_fit(qapp):
    axis, style = Axis("Order", (0.05, 0.87)), FigureStyle.of(80.0)
    tall = 4.5 * TICK_SPACING_MM[1] * MM  # four numbers fit
    inset = PlotPainter(PlotPanel(axis, axis, ()), style, tall).inset
    room = inset - rich_text.height(style.label) - (TICK_MM + 2 * GAP_MM) * MM
    for most in (2, 3, 4):  # fewer numbers may be wider: 0.25 for 0.2
        for _, text in ticks(axis, most):
            assert rich_text.width(text, style.small) <= room
