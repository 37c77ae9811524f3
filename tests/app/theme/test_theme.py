"""The program's clothes: readable, complete, at every scale."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QFontInfo, QFontMetricsF

from app.theme import fonts, formulas, icons, theme
from app.theme.palette import THEMES, contrast, mix
from sim.scenario import Scenario, edit


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)


@pytest.mark.parametrize("name", THEMES)
def test_body_text_has_a_contrast_of_thirteen(name):
    t = THEMES[name]
    assert contrast(t.text, t.panel) >= 13
    assert contrast(t.text, t.canvas) >= 13


@pytest.mark.parametrize("name", THEMES)
def test_every_text_is_readable_where_it_stands(name):
    t = THEMES[name]
    chosen = mix(t.raised, t.accent, 0.18)
    pairs = [(t.text, t.raised), (t.text, chosen), (theme.text_on_accent(t), t.accent)]
    pairs += [(theme.text_on_accent(t), theme.accent_hover(t))]
    for back in (t.panel, t.raised, t.canvas):
        pairs += [(c, back) for c in (t.muted, t.accent, t.sky, t.good, t.bad)]
    low = {pair: contrast(*pair) for pair in pairs if contrast(*pair) < 4.5}
    assert not low


@pytest.mark.parametrize("name", THEMES)
def test_the_sheet_names_only_what_there_is(name):
    text = theme.style_sheet(THEMES[name])
    assert "$" not in text
    for file in re.findall(r"url\((.*?)\)", text):
        drawing = Path(file).read_text(encoding="utf-8")
        t = THEMES[name]
        assert t.muted in drawing or theme.text_on_accent(t) in drawing


def test_no_text_is_under_nine_points():
    points = re.findall(r"font-size: ([\d.]+)pt", theme.style_sheet(THEMES["dark"]))
    assert points
    assert min(map(float, points)) >= fonts.SMALL_PT


def test_lengths_and_letters_grow_with_the_scale():
    assert "min-width: 299px" in theme.style_sheet(THEMES["dark"])
    twice = theme.style_sheet(THEMES["dark"], 2.0)
    assert "min-width: 598px" in twice
    assert "font-size: 21.00pt" in twice


def test_the_shipped_family_is_found(qapp):
    assert fonts.install() == fonts.install() == "Inter"
    for weight in (400, 500, 600, 700):
        found = QFontInfo(fonts.font(10.5, fonts.QFont.Weight(weight)))
        assert (found.family(), found.weight()) == ("Inter", weight)


def test_figures_have_one_width(qapp):
    fonts.install()
    width = QFontMetricsF(fonts.font()).horizontalAdvance
    assert width("1111") == width("0000")


def test_every_icon_has_ink(qapp):
    for file in sorted(icons.FOLDER.glob("*.svg")):
        image = icons.pixmap(file.stem, "#FF0000").toImage()
        inked = (image.pixelColor(x, y).alpha() for x in range(40) for y in range(40))
        assert any(inked), file


def test_the_choice_and_the_scale_are_kept(qapp, settings):
    first = theme.ThemeController(qapp, settings)
    first.choose("light")
    first.grow(+1)
    assert first.theme is THEMES["light"]
    second = theme.ThemeController(qapp, settings)
    assert (second.choice, second.scale) == ("light", first.scale)
    second.grow(0)
    assert second.scale == 1.0
    qapp.setStyleSheet("")


def test_a_spoilt_setting_does_no_harm(qapp, settings):
    settings.setValue("scale", "huge")
    settings.setValue("theme", "puce")
    theme_controller = theme.ThemeController(qapp, settings)
    assert (theme_controller.choice, theme_controller.scale) == ("system", 1.0)


def test_nothing_is_made_tangent_in_the_flat_space():
    sphere = Scenario()
    flat = edit(sphere, {"space": "flat"})
    assert formulas.equation(sphere).startswith(r"\dot{x}_i = P_{x_{i}}\,Z_{i}")
    assert formulas.equation(flat).startswith(r"\dot{x}_i = Z_{i}")
    repelled = edit(flat, {"dynamics.heads.value.scale": -1.0})
    assert formulas.equation(repelled).startswith(r"\dot{x}_i = -Z_{i}")
    beside = edit(flat, {"dynamics.heads.mlp": "additive"})
    assert formulas.equation(beside).startswith(r"\dot{x}_i = Z_{i}")
    assert formulas.equation(beside).endswith(r" + c\,\mathrm{MLP}\left(x_{i}\right)")
