"""Help pages read as they are meant: exponents stand high, indices low."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QTextCharFormat, QTextDocument

from app.pages.help import Browser, pages, raise_scripts

PLACES = QTextCharFormat.VerticalAlignment


def test_exponents_are_raised_and_indices_lowered(qapp):
    document = QTextDocument()
    document.setMarkdown("with e^{−2t} and\n\n    P_{xᵢ} V x\n")
    raise_scripts(document)
    assert "e−2t and" in document.toPlainText()
    assert "Pxᵢ V x" in document.toPlainText()
    for text, place in (
        ("−2t", PLACES.AlignSuperScript),
        ("xᵢ", PLACES.AlignSubScript),
    ):
        assert document.find(text).charFormat().verticalAlignment() is place
    assert document.find(" and").charFormat().verticalAlignment() is PLACES.AlignNormal


@pytest.mark.parametrize("page", pages())
def test_no_page_shows_braces_of_a_formula(page, qtbot):
    browser = Browser(1.0)
    qtbot.addWidget(browser)
    browser.turn_to(page)
    text = browser.toPlainText()
    assert "^{" not in text and "_{" not in text
