"""A presentation has large letters, wide lines, contrast, and steps of its star."""

import re

import pytest
from PySide6.QtCore import QBuffer, QIODevice, QSize
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGridLayout, QWidget

from app.annotations.caption import SMALL_PT
from app.annotations.text_cache import PX_PER_PT
from app.document.document import Document
from app.document.loading import presets
from app.presenter import lettering
from app.presenter.cover import Cover
from app.presenter.header_footer import PresentationFooter, PresentationHeader
from app.presenter.panel import PresentationPanel
from app.presenter.star import star_of, stepped
from app.theme import fonts
from app.theme.colour import contrast
from app.theme.palette import DARK, LIGHT
from sim import Simulation

SIZES = [(1024, 768), (1440, 900)]


@pytest.fixture
def presentation(qtbot, qapp):
    fonts.install()
    window = QWidget()
    qtbot.addWidget(window)
    grid = QGridLayout(window)
    grid.setContentsMargins(0, 0, 0, 0)

    def make(theme, size):
        parts = (
            PresentationHeader(theme),
            PresentationPanel(theme),
            PresentationFooter(theme),
        )
        for place, part in zip(
            ((0, 0, 1, 2), (1, 1), (2, 0, 1, 2)), parts, strict=True
        ):
            grid.addWidget(part, *place)
            part.show()
        grid.setRowStretch(1, 1)
        grid.setColumnStretch(0, 1)
        window.resize(*size)
        window.show()
        parts[1].setFixedWidth(round(lettering.PANEL_SHARE * size[0]))
        return parts

    return make


def painted(widget):
    """Return the SVG of what a widget paints: sizes, colours and widths of lines."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    device = QSvgGenerator()
    device.setOutputDevice(buffer)
    device.setSize(QSize(widget.width(), widget.height()))
    widget.render(device)
    return bytes(buffer.data()).decode()


def texts(svg):
    """Return size, colour and text of every line of text."""
    groups = re.findall(
        r'<g fill="#?\w+"[^>]*?stroke="(#\w+)"[^>]*?font-size="([\d.]+)"[^>]*>\s*'
        r"<text[^>]*>([^<]*)</text>",
        svg,
    )
    return [(float(size), colour, text) for colour, size, text in groups]


def widths(svg):
    return [
        float(wide)
        for wide, body in re.findall(
            r'stroke="#\w+" stroke-opacity="1" stroke-width="([\d.]+)"[^>]*>(.*?)</g>',
            svg,
            re.S,
        )
        if "<text" not in body and ("<path" in body or "<poly" in body)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_letters_lines_and_contrast(presentation, theme, size):
    header, panel, footer = presentation(theme, size)
    document = Document.load(presets()["metastable"])
    simulation = Simulation(document.scenario, "numpy")
    simulation.reach(0.5)
    panel.show_document(document)
    panel.show_frames((simulation.frame(0.5, panel.request()),))
    header.show_words("A title", "What a lesson says in a line or two. " * 4, "3 of 9")
    footer.show_law(document.scenario, "Softmax attention")
    footer.show_key("Space", "Play")
    found = [t for part in (header, panel, footer) for t in texts(painted(part))]
    said = " ".join(text for *_, text in found)
    for word in ("A title", "Esc leaves", "β", "9", "64", "heads", "time t", "Space"):
        assert word in said
    for letters, colour, text in found:
        assert letters >= size[1] / 28, text
        assert contrast(colour, theme.canvas) >= 6.99, text
    lines = widths(painted(panel))
    assert len(lines) >= 3
    assert min(lines) >= 2.99
    assert lettering.text_scale(size[1]) * SMALL_PT * PX_PER_PT >= size[1] / 28


@pytest.mark.slow
def test_every_preset_has_a_star_that_steps():
    for name, path in presets().items():
        document = Document.load(path)
        star = star_of(document)
        assert star, name
        assert document.look.star in ("", star), name
        up, down = (stepped(document, star, k) for k in (1, -1))
        document.edit({star: up})
        document.edit({star: down})
        value = document.get(star)
        assert down <= value <= up, name
        assert down < up, name


def test_steps_are_round_and_return():
    document = Document().edit({"dynamics.beta": 0.1})
    seen = []
    for _ in range(21):
        document = document.edit(
            {"dynamics.beta": stepped(document, "dynamics.beta", 1)}
        )
        seen.append(document.get("dynamics.beta"))
    assert seen[:3] == [0.15, 0.2, 0.3]
    assert seen[-1] == 15.0
    for value in reversed(seen[:-1]):
        down = stepped(document, "dynamics.beta", -1)
        assert down == value
        document = document.edit({"dynamics.beta": down})
    zero = Document().edit({"dynamics.beta": 0.0})
    assert stepped(zero, "dynamics.beta", 1) == 0.1


def test_black_covers_all_and_light_leaves_a_circle(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(320, 280)
    window.setStyleSheet("background: #FFFFFF")
    window.show()
    cover = Cover(window)

    def grey(x, y):
        return window.grab().toImage().pixelColor(x, y).lightnessF()

    assert grey(160, 140) > 0.99
    cover.show_mode("blank", follow=False)
    assert grey(160, 140) == grey(5, 5) == 0.0
    cover.show_mode("spotlight", follow=False)
    assert grey(160, 140) > 0.99
    assert grey(5, 5) < 0.4
    cover.show_mode("pointer", follow=False)
    red = window.grab().toImage().pixelColor(160, 140)
    assert red.red() > 200 > red.green()
    cover.show_mode("")
    assert grey(5, 5) > 0.99
