"""Tables in every way of writing: read exactly, or refused, never otherwise."""

from itertools import pairwise

import pytest
from helpers.written_tables import tables
from hypothesis import given, settings

from sim.tables.reading import read_tokens


def read(written, folder):
    """Return the table that a file holds; None if it is refused in one sentence."""
    file = folder / f"t{written.suffix}"
    file.write_bytes(written.content)
    try:
        return read_tokens(str(file))
    except ValueError as error:
        said = str(error)
        assert said.startswith((file.name, str(file)))
        assert "\n" not in said
        assert len(said) < 600
        return None


def unknowable(written):
    """Whether two rows of whole numbers without titles begin with an index.

    Nor can titles be known that are numbers as those below them.
    """
    kind = written.how["titles"]
    untitled = kind == "none" and written.how["index"] != "none"
    whole = all(v == int(v) for row in written.x for v in row)
    alike = kind in ("scale", "unordered") and (
        len(written.x[0]) == 2 or _alike(written)
    )
    return alike or (untitled and whole and len(written.x) == 2)


def _alike(written):
    """Whether a row below is like titles that are numbers."""
    if written.how["titles"] == "unordered":
        return any(v == int(v) for row in written.x for v in row)
    return any(
        len({round(b - a, 9) for a, b in pairwise(row)}) == 1 for row in written.x
    )


def expected(written):
    """Return names and groups; without titles the first words are names."""
    names = tuple(name.strip() for name in written.names)
    if written.how["titles"] == "none":
        return names or written.groups, ()
    return names, written.groups


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("written")


@settings(max_examples=60, deadline=None)
@given(written=tables())
def test_a_table_is_read_exactly_or_refused(folder, written):
    found = read(written, folder)
    if found is not None and not unknowable(written):
        assert found.x.tolist() == written.x
        names, groups = expected(written)
        assert found.names == names
        assert found.groups == groups


@settings(max_examples=20, deadline=None)
@given(written=tables(plain=True))
def test_a_table_with_titles_is_read(folder, written):
    """Refusing everything would pass the test above."""
    how = written.how
    doubtful = how["titles"] == "none" and how["index"] != "none"
    if not doubtful and not (how["titles"] == "numbers" and len(written.x[0]) == 2):
        assert read(written, folder) is not None


@pytest.mark.parametrize(
    ("first", "read_as"),
    [
        ("100 %|100 %|100 %", None),  # a blank in a name, not a row's number
        ("7 kg|100 %|9 m", None),
        ("1 a|2 b|3 c", ("a", "b", "c")),
        ("4 a|9 b|12 c", ("a", "b", "c")),  # rows chosen from more
        ('"2" "a"|"1" "b"|"3" "c"', ("a", "b", "c")),
    ],
)
def test_blanks_before_a_name_are_a_number_of_a_row_or_refused(
    tmp_path, first, read_as
):
    rows = [f"{start} {k}.5 0.25" for k, start in enumerate(first.split("|"))]
    file = tmp_path / "t.txt"
    file.write_text("\n".join(["label axisa axisb", *rows]))
    if read_as is None:
        with pytest.raises(ValueError, match="a blank inside a name"):
            read_tokens(str(file))
    else:
        assert read_tokens(str(file)).names == read_as
