"""Texts are broken into lines where there is a space, and only if they must be."""

from PySide6.QtGui import QFontMetricsF

from app.annotations.line_breaks import in_lines


def test_a_line_that_is_too_wide_becomes_several(qapp):
    width = QFontMetricsF(qapp.font()).horizontalAdvance
    room = width("239 clusters")
    assert in_lines("239 clusters", width, room) == ["239 clusters"]
    wide = "energy 0.000123456"
    assert in_lines(wide, width, room) == ["energy", "0.000123456"]
    assert in_lines("a b c", width, room) == ["a b c"]
    assert in_lines("", width, room) == [""]
    assert in_lines("239\u00a0clusters 240", width, room)[0] == "239\u00a0clusters"
