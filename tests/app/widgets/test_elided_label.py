"""Lines of text that are shown in fewer letters where there is no room."""

import pytest

from app.widgets.elided_label import ElidedLabel

pytestmark = pytest.mark.screen

LONG, SHORT = "½|q̂|² by frequency ω", "½|q̂|² by ω"


@pytest.fixture
def label(qtbot):
    made = ElidedLabel()
    qtbot.addWidget(made)
    made.show_forms(LONG, SHORT)
    return made


def test_the_first_form_that_fits_is_shown(label):
    wide, narrow = map(label.fontMetrics().horizontalAdvance, (LONG, SHORT))
    assert label.form(wide) == LONG
    assert label.form(wide - 1) == label.form(narrow) == SHORT
    assert label.form(narrow - 1) == SHORT  # which is then cut
    assert "…" in label.fitting(SHORT, narrow - 1)


def test_another_text_has_no_other_forms(label):
    label.setText("another text")
    assert label.form(1) == "another text"
