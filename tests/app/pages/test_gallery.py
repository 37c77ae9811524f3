"""The gallery: by subject, searched, with star settings, in the theme in force."""

import pytest
from PySide6.QtWidgets import QWidget

from app.pages.cards import LIGHT_THUMBNAIL, shipped_presets, star_text
from app.pages.gallery import Gallery
from app.pages.subjects import MORE, START, SUBJECTS, subject_of
from app.theme import fonts
from app.theme.palette import LIGHT
from sim.resources import presets


@pytest.fixture
def gallery(qtbot, qapp):
    fonts.install()
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.resize(1440, 900)
    made = Gallery(LIGHT, 1.0, parent)
    made.show()
    yield made  # and its parent


def titles(gallery):
    return [card.preset.title for card in gallery._cards if not card.isHidden()]


def test_every_preset_has_a_subject_and_the_order_is_that_of_reading():
    named = [name for names in SUBJECTS.values() for name in names]
    assert sorted(named) == sorted(presets())
    found = shipped_presets()
    assert [p.path.stem for p in found] == named
    assert subject_of("opening") == START
    assert subject_of("mine") == MORE


def test_search_finds_subjects_and_says_when_nothing_is_found(gallery):
    assert len(titles(gallery)) == len(presets())
    assert gallery._empty.isHidden()
    gallery._search.setText("layer norm")
    assert 0 < len(titles(gallery)) < 12
    gallery._search.setText("zebra")
    assert titles(gallery) == []
    assert "“zebra”" in gallery._empty.text()
    assert not gallery._empty.isHidden()
    gallery._search.setText("arXiv:2410.06833 β")
    assert "Metastable clusters" in titles(gallery)


def test_cards_name_the_star_setting_and_follow_the_theme():
    by_name = {p.path.stem: p for p in shipped_presets()}
    assert by_name["metastable"].star == "β 9"
    assert by_name["spin-bridge"].star == "φ 0"
    assert star_text({"dynamics": {"gamma": -0.5}}) == "γ −0.5"
    assert star_text({}) == ""
    missing = {n for n, p in by_name.items() if not _light(p.path).is_file()}
    assert missing <= {"million"}


def _light(path):
    return path.with_suffix(LIGHT_THUMBNAIL)
