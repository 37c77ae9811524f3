"""The line above a lane: a title that is too long has more lines, or short names."""

import pytest

from app.lanes.lane_header import LaneHeader
from app.theme.palette import DARK

SHORT, FORK = "SA, sphere", "β = 1, from t = 7: β = 25, h = 0.02"
LONG = "Hamiltonian / double bracket, Mask: Causal"


@pytest.fixture
def header(qtbot):
    made = LaneHeader(0, DARK)
    qtbot.addWidget(made)
    return made


def lines_at(header, title, width):
    """Return the lines of a title in a header, which must have room for them."""
    header.show_lane(title, "", chosen=False)
    header.resize(width, 30)
    header.show()
    header.resize(width, header.minimumSizeHint().height())
    header.layout().activate()
    label = header._title
    found, room = label.lines(label.width()), label.width()
    assert label.height() >= len(found) * label.fontMetrics().height()
    assert [label.fitting(line, room) for line in found] == list(found)
    assert title in header.toolTip()
    return found


@pytest.mark.parametrize("width", [260, 330])
def test_a_long_title_has_two_lines_and_no_word_is_cut(header, width):
    assert len(lines_at(header, "β = 9", width)) == 1
    lines = lines_at(header, LONG, width)
    assert len(lines) == 2 and " ".join(lines) == LONG


def test_where_two_lines_are_not_enough_names_are_short(header):
    assert lines_at(header, "Softmax attention (SA), sphere", 150) == (SHORT,)


def test_a_line_ends_beside_no_sign_of_equality(header):
    lines = lines_at(header, FORK, 200)
    assert len(lines) in (2, 3) and " ".join(lines) == FORK
    assert not [line for line in lines if line.startswith("=") or line.endswith("=")]
