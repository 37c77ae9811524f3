"""Titles of films fit into their room: smaller at first, then in two lines."""

import pytest

from app.export.lettering import title_lines, width, wrapped
from app.theme import fonts

TITLE = "Hamiltonian dynamics does not over-smooth"


@pytest.mark.parametrize("room", [220.0, 300.0, 420.0, 900.0])
def test_a_title_is_whole_at_a_size_that_can_be_read(qapp, room):
    fonts.install()
    px, lines = title_lines(TITLE, 28.0, 18.0, room)
    assert " ".join(lines) == TITLE and 18.0 <= px <= 28.0
    assert all(width(line, px, strong=True) <= room for line in lines)
    alone = width(TITLE, 18.0, strong=True) <= room
    assert len(lines) == (1 if alone else 2)


def test_a_note_is_whole_in_as_many_lines_as_it_needs(qapp):
    fonts.install()
    note = "one colour: cos > 0.9; one cluster: cos > 0.999"
    lines = wrapped(note, 14.0, 150.0)
    assert len(lines) > 2 and all(width(line, 14.0) <= 150.0 for line in lines)
    assert " ".join(lines).replace("\N{NO-BREAK SPACE}", " ") == note
    assert not any(line.endswith((">", "cos")) for line in lines)


def test_a_title_in_two_lines_keeps_a_number_with_its_name(qapp):
    fonts.install()
    _, lines = title_lines("β = 9, from t = 7: β = 60", 19.0, 14.0, 150.0)
    spaced = [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
    assert spaced == ["β = 9, from", "t = 7: β = 60"]
