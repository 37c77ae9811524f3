"""The line above a lane: a title that is too long has a second line."""

import pytest

from app.lanes.lane_header import LaneHeader
from app.theme.palette import DARK

LONG = "Hamiltonian / double bracket, Mask: Causal"


@pytest.mark.parametrize("width", [260, 330])
def test_a_long_title_has_two_lines_and_no_word_is_cut(qtbot, width):
    header = LaneHeader(0, DARK)
    qtbot.addWidget(header)
    header.show_lane("β = 9", "", chosen=False)
    header.resize(width, header.sizeHint().height())
    header.show()
    low = header.height()
    header.show_lane(LONG, "", chosen=False)
    qtbot.waitUntil(header._title.isVisible)
    header.resize(width, header.minimumSizeHint().height())
    header.layout().activate()
    lines = header._title.lines(header._title.width())
    assert len(lines) == 2 and " ".join(lines) == LONG
    metrics = header._title.fontMetrics()
    for line in lines:
        assert header._title.fitting(line, header._title.width()) == line
    assert header._title.height() >= 2 * metrics.height() > low - 6
    assert LONG in header.toolTip()
