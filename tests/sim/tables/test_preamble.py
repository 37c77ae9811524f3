"""Lines above a table are named, with what to do; doubtful cells have their line."""

import re

import pytest

from sim.tables.reading import read_tokens

XYZ = "3\na water molecule\nO 0 0 0.1\nH 0 0.7 -0.4\nH 0 -0.7 -0.4\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (XYZ, "lines 1 to 2 above the table have 1 and 3 cells, the lines below 4."),
        ("2\n\nC 0 0 0.5\nH 1 0 0\n", "line 1 above the table has 1 cell"),
        ("Runs of May\nin metres\na,b,c\n1,2,3.5\n4,5,6\n", "lines 1 to 2 above"),
        ("x;y\n1.234;2,5\n2.345;3,5\n", "line 2, column 2 'y' has '2,5', which is no"),
        ("x,y\n1,2\n٣,٤\n5,6\n", "line 3, column 1 'x'"),
    ],
)
def test_what_is_no_row_is_named_by_its_lines(tmp_path, text, says):
    file = tmp_path / "t.txt"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(says)):
        read_tokens(str(file))


def test_a_table_below_comments_is_read(tmp_path):
    file = tmp_path / "t.txt"
    file.write_text(
        "\n".join(("# " * (k < 2)) + line for k, line in enumerate(XYZ.split("\n")))
    )
    table = read_tokens(str(file))
    assert table.names == ("O", "H", "H") and table.x.shape == (3, 3)
