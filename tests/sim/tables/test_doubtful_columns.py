"""Columns that are no coordinates are left out by their titles, or refused."""

import re

import numpy as np
import pytest

from sim.tables.reading import read_tokens

N = 9
X = np.random.default_rng(5).normal(size=(N, 3)).round(3)
WORDS = tuple("abcdefghi")


def written(tmp_path, titles, *columns):
    """Return the path of a CSV; a column is a function of the row, or an axis of X."""
    rows = [
        [str(c(k)) if callable(c) else f"{X[k, c]:.3f}" for c in columns]
        for k in range(N)
    ]
    file = tmp_path / "t.csv"
    lines = ([titles] if titles else []) + [",".join(row) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    "cell",
    [
        *("<0.5{}", "~1.{}", "0.{}***", "1.{}±0.1", "1.{} +/- 0.1", "{}/7", "2.{}-"),
        *("1.{}×10^-3", "1.{}*10^3", "1.{}+2i", "1.5f{}", "–0.{}", "1.{}‰", "1.{}°C"),
        *("1.{} metres", "tensor([1.{}, 2])", '"{{1.{},2}}"'),
    ],
)
@pytest.mark.parametrize("named", [False, True])
def test_numbers_in_another_form_are_neither_names_nor_left_out(tmp_path, cell, named):
    def form(k):
        text = cell.format(k)
        return f'"{text}"' if "," in text and '"' not in text else text

    first = (lambda k: WORDS[k],) if named else ()
    titles = "word,p,q,r" if named else "p,q,r"
    path = written(tmp_path, titles, *first, form, 0, 1)
    with pytest.raises(ValueError, match=r"t\.csv: line 2, column [12]"):
        read_tokens(path)


@pytest.mark.parametrize(
    "title",
    ["Year", "fiscal_year", "Jahrgang", "subject", "Sl No", "obs", "Kundennummer", "#"],
)
def test_columns_that_number_the_rows_are_left_out(tmp_path, title):
    found = read_tokens(
        written(tmp_path, f"{title},p,q,r", lambda k: 7 * k + 1990, 0, 1, 2)
    )
    assert found.x.tolist() == X.tolist()
    assert found.report.left_out == (f"{title!r} (whole numbers 1990…2046)",)


@pytest.mark.parametrize("title", ["leiden", "Cluster_ID", "Klasse", "y_pred"])
def test_classes_are_groups(tmp_path, title):
    found = read_tokens(written(tmp_path, f"p,q,r,{title}", 0, 1, 2, lambda k: k % 3))
    assert found.x.tolist() == X.tolist()
    assert found.groups == tuple("012") * 3


@pytest.mark.parametrize(
    ("place", "number", "says"),
    [
        (0, lambda k: 1990 + k, "column 1 counts the rows, 1990 … 1998"),
        (0, lambda k: 40 - 3 * k, "column 1 counts the rows, 40 … 16"),
        (3, lambda k: k, "column 4 counts the rows, 0 … 8"),
        (3, lambda k: k % 3, "column 4 holds whole numbers alone, 0, 1, 2: a class"),
    ],
)
def test_an_index_or_a_class_without_title_is_refused(tmp_path, place, number, says):
    columns = [0, 1, 2]
    columns.insert(place, number)
    with pytest.raises(ValueError, match=re.escape(says)):
        read_tokens(written(tmp_path, "", *columns))


@pytest.mark.parametrize(
    "titles", ["400,410,420", "0.0,0.5,1.0", "2023,2022,2021", "5,3,8", "-1,0,1"]
)
def test_titles_that_are_numbers_are_no_token(tmp_path, titles):
    with pytest.raises(
        ValueError, match=r"line 1: .* may be titles or the first token"
    ):
        read_tokens(written(tmp_path, titles, 0, 1, 2))


@pytest.mark.parametrize(
    ("titles", "extra", "says"),
    [
        ("umap_1,umap_2,score", 2, "'score' stands beside 'umap_1' … 'umap_2'"),
        (",,p,q", 0, ""),
        ("p,q,,r", lambda k: k, "column 3 has no title and holds numbers"),
        ("source,target,p,q", lambda k: k, "are the ends of edges: it is a graph"),
    ],
)
def test_numbers_beside_a_family_or_without_title(tmp_path, titles, extra, says):
    columns = {
        ",,p,q": (lambda k: k // 3, lambda k: k % 3, 0, 1),
        "p,q,,r": (0, 1, extra, 2),
        "source,target,p,q": (extra, lambda k: k + 1, 0, 1),
    }.get(titles, (0, 1, extra))
    path = written(tmp_path, titles, *columns)
    if not says:  # two indices, as pandas writes them
        assert read_tokens(path).x.tolist() == X[:, :2].tolist()
        return
    with pytest.raises(ValueError, match=says):
        read_tokens(path)


@pytest.mark.parametrize(
    "cell", [lambda k: k % 2 == 0, lambda k: "ok" if k == 3 else ""]
)
def test_booleans_and_rare_remarks_are_no_names(tmp_path, cell):
    found = read_tokens(written(tmp_path, "p,q,r,noted", 0, 1, 2, cell))
    assert found.names == ()
    assert found.report.left_out == ("'noted' (text)",)


def test_lists_of_words_are_no_coordinates(tmp_path):
    tags = written(
        tmp_path, "word,p,q,tags", lambda k: WORDS[k], 0, 1, lambda k: "['a']"
    )
    found = read_tokens(tags)
    assert found.x.tolist() == X[:, :2].tolist()
    assert found.report.left_out == ("'tags' (text)",)


def test_a_whole_number_that_would_be_rounded_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("p,q\n9007199254740993,.5\n1,.25\n3,.125\n")
    with pytest.raises(ValueError, match=r"line 2, column 1 'p': .* beyond 2⁵³"):
        read_tokens(str(tmp_path / "t.csv"))


@pytest.mark.parametrize("rows", [";;;", '"";"";"";""', " ; ;;"])
def test_rows_of_separators_are_blank(tmp_path, rows):
    path = written(tmp_path, "word,p,q,r", lambda k: WORDS[k], 0, 1, 2)
    lines = (tmp_path / "t.csv").read_text().replace(",", ";").splitlines()
    lines[3:3] = [rows]
    (tmp_path / "t.csv").write_text("\n".join([*lines, rows, rows, ""]))
    found = read_tokens(path)
    assert found.names == WORDS
    assert found.x.tolist() == X.tolist()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("\n,,\n,,\n", "is empty"),
        ("# a\n", "is empty"),
        ("[0.1, 0.2]\n[0.3, 0.4]\n", "line 1 has a list in brackets"),
        ("a: [.1, .2]\nb: [.3, .4]\n", "line 1 has a list in brackets"),
        ("w,a,b\nsun, day,.1,.2\nsea, tide,.3,.4\n", "begin with 'sea' and 'tide'"),
        ("w,u,v\na,[.1],[.2]\nb,[.3],[.4]\n", "'u' and column 3 'v' hold lists"),
        ('"w,a"\n"x,.1"\n', "each line is a single cell"),
        ("%%MatrixMarket matrix array real\n2 1\n.5\n.25\n", "Matrix Market"),
        ("graph [\n node [\n id 0\n ]\n]\n", "GML"),
        ("c x\np edge 3 2\ne 1 2\ne 2 3\n", "DIMACS"),
        ("@relation r\n@attribute a numeric\n@data\n1,2\n", "ARFF"),
    ],
)
def test_what_is_no_table_is_refused_by_what_it_is(tmp_path, text, says):
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(ValueError, match=says):
        read_tokens(str(tmp_path / "t.csv"))


def test_cells_of_several_lines_are_read(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text('word,v\nsun,"[ 0.1 -0.2\n  0.3  0.4\n]"\nsea,"[1. 2. 3.\n 4.]"\n')
    found = read_tokens(str(file))
    assert found.names == ("sun", "sea")
    assert found.x.tolist() == [[0.1, -0.2, 0.3, 0.4], [1, 2, 3, 4]]
    file.write_text('word,a,b\n"sun\nshine",.5,1\nsea,.25,2\n')
    assert read_tokens(str(file)).names == ("sun\nshine", "sea")


@pytest.mark.parametrize(
    ("metadata", "names"),
    [
        ("label\na\n\nc\nd\n", ("a", "", "c", "d")),
        ("a\n\nc\nd\n\n\n", ("a", "", "c", "d")),
        ("id\ttitle\n1\ta\n2\tb\n3\tc\n4\td\n", ("a", "b", "c", "d")),
    ],
)
def test_names_in_a_second_file_are_not_shifted(tmp_path, metadata, names):
    (tmp_path / "v.tsv").write_text("".join(f"{k}.5\t0.25\n" for k in (3, 1, 4, 1)))
    (tmp_path / "m.tsv").write_text(metadata)
    found = read_tokens(str(tmp_path / "v.tsv"), metadata=str(tmp_path / "m.tsv"))
    assert found.names == names


def test_an_array_of_words_called_tokens_names_the_vectors(tmp_path):
    arrays = {"tokens": np.array(WORDS), "vectors": X}
    np.savez(tmp_path / "t.npz", **arrays)
    found = read_tokens(str(tmp_path / "t.npz"))
    assert (found.names, found.x.tolist()) == (WORDS, X.tolist())
    np.savez(tmp_path / "t.npz", x=X[:3], feature_names=np.array(WORDS[:3]))
    assert read_tokens(str(tmp_path / "t.npz")).names == ()


def test_a_long_title_is_shortened_in_messages(tmp_path):
    place = tmp_path / "t.csv"
    place.write_text(f"x,{'(' * 900}\n0.1,0.2\n0.3,0.4\n0.5,0.6%\n0.2,0.1\n")
    with pytest.raises(ValueError, match=r"t\.csv: .*column 2 '\(+…'") as error:
        read_tokens(str(place))
    assert len(str(error.value)) < 300
