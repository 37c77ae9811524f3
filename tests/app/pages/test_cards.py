"""Cards of the gallery have their pictures."""

import importlib.util
import json
import shutil

import pytest
from helpers.paths import TESTS
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QImage

from app.pages.cards import (
    CARD_WIDTH,
    PICTURE_HEIGHT,
    THUMBNAIL,
    short_references,
    shortened,
)
from sim.resources import presets

SCRIPT = TESTS / "shots" / "thumbnails.py"
MAX_BYTES = 40_000  # of a thumbnail: all of them are installed


@pytest.fixture(scope="module")
def script():
    spec = importlib.util.spec_from_file_location("thumbnails", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", presets())
def test_presets_have_a_thumbnail_unless_they_are_large(name, script, qapp):
    path = presets()[name]
    picture = path.with_suffix(THUMBNAIL)
    tokens = json.loads(path.read_text(encoding="utf-8")).get("tokens", 0)
    assert picture.is_file() == (tokens <= script.MOST)
    if picture.is_file():
        assert picture.stat().st_size < MAX_BYTES
        size = QImage(str(picture)).size()
        assert size.width() >= 2 * CARD_WIDTH and size.height() >= 2 * PICTURE_HEIGHT


@pytest.mark.slow
def test_thumbnails_can_be_drawn_again(script, tmp_path):
    path = tmp_path / "five-tokens.json"
    shutil.copy(presets()[path.stem], path)
    script.draw(path.stem, path)
    drawn = QImage(str(path.with_suffix(THUMBNAIL)))
    shipped_presets = QImage(str(presets()[path.stem].with_suffix(THUMBNAIL)))
    assert drawn.size() == shipped_presets.size()
    for x, y in ((280, 160), (200, 80), (20, 20)):
        here, there = drawn.pixelColor(x, y), shipped_presets.pixelColor(x, y)
        assert abs(here.lightness() - there.lightness()) < 16


def test_a_long_reference_is_shortened_to_its_paper():
    one = "Geshkovski, Letrouit, Polyanskiy, Rigollet, arXiv:2312.10794"
    assert short_references(one) == [
        one,
        "Geshkovski et al., arXiv:2312.10794",
        "arXiv:2312.10794",
    ]
    assert short_references("Rigollet, arXiv:1")[1] == "Rigollet, arXiv:1"
    assert short_references("Chamberlain et al., arXiv:2; Zachary 1977")[1:] == [
        "Chamberlain et al., arXiv:2",
        "arXiv:2",
    ]
    assert short_references("all-MiniLM-L6-v2, Apache-2.0") == [
        "all-MiniLM-L6-v2, Apache-2.0"
    ]


def test_a_note_that_is_too_long_ends_with_dots_and_keeps_its_hats(qapp):
    text, font = "F̂ rises in steps. " * 20, QFont("Inter", 9)
    cut = shortened(text, font, QRectF(0, 0, 200, 60))
    assert cut.height <= 60
    assert cut.lines[0].startswith("F rises") and cut.lines[-1].endswith("…")
    assert shortened("F̂ rises.", font, QRectF(0, 0, 200, 60)).lines == ["F rises."]
