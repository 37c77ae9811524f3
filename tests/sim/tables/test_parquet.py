"""Tables of Parquet are read as the same tables of text, where pyarrow is installed."""

from decimal import Decimal

import pytest

from sim.loading import open_scenario
from sim.tables.reading import read_tokens

COLUMNS = {
    "id": [0, 1, 2, 3],
    "word": ["sun", "moon", "star", "Über"],
    "x": [0.1, -2.5, 1e-300, 3.0],
    "y": [1.0, 0.0, -0.125, 7.25],
    "z": [1 / 3, 2.0, 5.0, -1.0],
}


@pytest.fixture
def arrow():
    return pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")


def test_a_table_is_that_of_its_text(arrow, tmp_path):
    module, parquet = arrow
    parquet.write_table(module.table(COLUMNS), tmp_path / "t.parquet")
    rows = zip(*COLUMNS.values(), strict=True)
    lines = [",".join(COLUMNS), *(",".join(map(str, row)) for row in rows)]
    (tmp_path / "t.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    found, text = (read_tokens(str(tmp_path / f"t.{s}")) for s in ("parquet", "csv"))
    assert found.x.tolist() == text.x.tolist()
    assert found.x.tolist() == [
        list(r) for r in zip(*list(COLUMNS.values())[2:], strict=True)
    ]
    assert found.names == text.names == tuple(COLUMNS["word"])
    scenario = open_scenario(tmp_path / "t.parquet")
    assert (scenario.tokens, scenario.dimension) == (4, 3)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf")])
def test_a_cell_without_a_number_is_refused_by_its_place(arrow, tmp_path, value):
    module, parquet = arrow
    columns = {**COLUMNS, "y": [1.0, 0.0, value, 7.25]}
    parquet.write_table(module.table(columns), tmp_path / "t.parquet")
    with pytest.raises(ValueError, match=r"t\.parquet: .*(row|line) 3.*'y'|'y'.*3"):
        read_tokens(str(tmp_path / "t.parquet"))


def test_what_is_no_parquet_is_refused(arrow, tmp_path):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 and no more")
    with pytest.raises(ValueError, match=r"t\.parquet"):
        read_tokens(str(tmp_path / "t.parquet"))


@pytest.mark.parametrize(
    ("names", "columns", "says"),
    [
        ("ab", [[2**53 + 1, 1], [1, 2]], "column 1 'a' has whole numbers beyond"),
        ("aa", [[0.5, 1], [1, 2]], "two columns are called 'a'"),
        (("t", "token", "x0", "x1"), [[0, 1], [0, 0], [1, 0], [0, 1]], "trajectory"),
    ],
)
def test_a_table_that_would_be_read_wrongly_is_refused(
    arrow, tmp_path, names, columns, says
):
    module, parquet = arrow
    arrays = [module.array(column) for column in columns]
    table = module.Table.from_arrays(arrays, names=list(names))
    parquet.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(ValueError, match=says):
        read_tokens(str(tmp_path / "t.parquet"))


def test_names_are_text_and_numbers_may_be_decimal(arrow, tmp_path):
    module, parquet = arrow
    columns = {
        "word": [word.encode() for word in COLUMNS["word"]],
        "known": [True, False, True, True],
        "x": [Decimal("0.25"), Decimal("-2.5"), Decimal("1.125"), Decimal(3)],
        "y": COLUMNS["y"],
    }
    parquet.write_table(module.table(columns), tmp_path / "t.parquet")
    found = read_tokens(str(tmp_path / "t.parquet"))
    assert found.names == tuple(COLUMNS["word"])
    assert found.x.tolist() == [[0.25, 1], [-2.5, 0], [1.125, -0.125], [3, 7.25]]
    del columns["word"]
    parquet.write_table(module.table(columns), tmp_path / "t.parquet")
    assert read_tokens(str(tmp_path / "t.parquet")).names == ()
