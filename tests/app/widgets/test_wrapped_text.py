"""Text in lines: equations stay whole, and nothing is lost."""

import pytest
from PySide6.QtGui import QFont

from app.widgets.wrapped_text import NO_BREAK, WrappedText

TEXT = "When do they meet? By t = 17, and F\u0302 = 1 then.\nEach has d \u2265 3."


@pytest.mark.parametrize("room", [90.0, 130.0, 170.0, 400.0, 2000.0])
def test_no_line_ends_within_an_equation(qapp, room):
    font = QFont("Inter")
    font.setPixelSize(20)
    text = WrappedText(TEXT, font, room)
    lines = [line.replace(NO_BREAK, " ") for line in text.lines]
    bare = TEXT.replace("F\u0302", "F")
    assert " ".join(lines).split() == bare.split()
    assert sum("t = 17" in line for line in lines) == 1
    assert sum("F = 1" in line for line in lines) == 1
    assert any(line.startswith("Each") for line in lines)
    if room == 2000.0:
        assert len(lines) == 2
    single = WrappedText("F", font, 1e4).height
    assert text.height == pytest.approx(single * len(lines), rel=0.1)
