"""Files of other programs, each of which stands for a kind: the right values."""

import gzip
import re
import shutil

import numpy as np
import pytest
from helpers.paths import ROOT

from sim.graphs.file import EdgeListFile
from sim.initial.file import EmbeddingFile
from sim.loading import open_scenario
from sim.tables.reading import read_tokens

CASES = ROOT / "tests" / "data" / "tables"
ROWS = np.array(
    [
        [-0.8019, -1.3244, -0.2484, 0.4204, 1.136, 0.1097],
        [-0.5526, -0.7848, 0.7487, 1.6348, 0.2728, -1.2333],
        [-0.9583, 1.6, 0.2029, -1.7321, -0.0837, -1.1632],
    ]
)
"""The first rows of most tables."""
LAST = [0.1602, -0.3804, 0.1004]
WORDS = (
    *("sun", "moon", "star", "comet", "planet", "orbit", "river", "lake", "sea"),
    *("brook", "horse", "goat", "sheep", "cow", "iron", "tin", "gold", "lead"),
)
READ = {  # file: names, what is left out, words of the report
    "excel-decimal-comma-nolabel/zahlen.csv": ((), (), "semicolons.*decimal commas"),
    "excel-decimal-comma/umfrage.csv": (WORDS, (), "column 1 'label'.*decimal commas"),
    "excel-sep-line/sep.csv": (WORDS, (), "semicolons"),
    "excel-utf16-csv/unicode.csv": (WORDS, (), "tabs"),
    "fasttext-vec/wiki.vec": (WORDS, (), "counts of rows"),
    "glove-txt-clean/glove.txt": (WORDS, (), "names from column 1;?.*blanks"),
    "index-named-id/p.csv": ((), ("'id' (whole numbers 0…17)",), "left out: 'id'"),
    "npz-bytes/e.npz": (WORDS, (), "array 'labels'"),
    "npz-objlabels/e.npz": ((), (), "18 tokens in 6 dimensions"),
    "npz-two-tables/e.npz": ((), ("'weights' (4 × 4, numbers)",), "'embeddings'"),
    "npz-word-vectors/e.npz": (WORDS, (), "array 'words'"),
    "pandas-index-named/p.csv": ((), ("column 1 (whole numbers 0…17)",), "left out"),
    "pandas-nolabelhdr-numbers/p.csv": ((), (), "titles above"),
    "pandas-wordindex/p.csv": (WORDS, (), "names from column 1[.]"),
    "pipe-sep/p.csv": (WORDS, (), "vertical bars"),
    "projector-vectors/vectors.tsv": ((), (), "tabs"),
    "word-then-numbered-header/p.csv": (WORDS, (), "column 1 'word'"),
    "word2vec-txt/vec.txt": (WORDS, (), "counts of rows"),
}


def table(name):
    return read_tokens(str(CASES / name))


@pytest.mark.parametrize("name", READ)
def test_a_table_of_eighteen_words_is_read(name):
    names, left_out, said = READ[name]
    found = table(name)
    assert found.x.shape == (18, 6)
    assert np.array_equal(found.x[:3], ROWS)
    assert np.array_equal(found.x[-1, :3], LAST)
    assert found.names[: len(names)] == names
    if "npz-objlabels" in name:  # one array that could run code stops no other
        assert any("run code" in left for left in found.report.left_out)
    else:
        assert found.report.left_out == left_out
        assert bool(found.names) == bool(names)
    assert re.search(said, found.report.text())
    assert found.groups == ()


def test_names_and_groups_of_the_projector_are_joined():
    scenario = open_scenario(CASES / "projector-vectors" / "vectors.tsv")
    assert isinstance(scenario.initial, EmbeddingFile)
    found = scenario.initial.table()
    assert np.array_equal(found.x[:3], ROWS)
    assert found.names == WORDS
    assert found.groups == ("t0", "t1", "t2") * 6
    assert "names from column 1 'word' of metadata.tsv" in found.report.text()


def test_names_of_the_projector_travel_with_a_saved_scenario(tmp_path):
    shutil.copytree(CASES / "projector-vectors", tmp_path / "a")
    scenario = open_scenario(tmp_path / "a" / "vectors.tsv")
    scenario.save(tmp_path / "a" / "run.json")
    shutil.move(tmp_path / "a", tmp_path / "b")
    again = open_scenario(tmp_path / "b" / "run.json")
    assert isinstance(again.initial, EmbeddingFile)
    assert again.initial.table().names == WORDS


def test_marks_are_tokens_like_others():
    found = table("glove-txt/glove.6B.6d.txt")
    assert found.x.shape == (25, 6)
    assert found.names[:7] == ("the", ",", ".", "of", '"', "#", "'s")
    assert found.x[5, 0] == 0.7099
    found = table("glove-comma-first/glove.txt")
    assert (found.x.shape, found.names[0], found.x[0, 0]) == ((20, 6), ",", 0.9284)
    found = table("glove-quote/glove.txt")
    assert (found.x.shape, found.names[1:4]) == ((22, 6), ('"', "of", '"to'))
    found = table("hash-labels/h.csv")
    assert (found.x.shape, found.names[2], found.names[5]) == ((18, 6), "#tag", "C#")
    found = table("export-hash-label-pandas/langs.csv")
    assert found.names == ("C", "C#", "F#", "Go")
    assert found.x.tolist() == [[1, 2], [2, 1], [3, 3], [0, 1]]


def test_small_tables_are_read():
    assert table("two-col-decimal-comma/q.csv").x.tolist() == [
        [1.5, 2.5],
        [2.5, 3.5],
        [0.5, 1.5],
    ]
    found = table("list-in-cell/b.csv")
    assert found.names == WORDS
    assert np.array_equal(found.x[:3], ROWS[:, :3])
    found = table("numeric-labels-target/iris.csv")
    assert found.x.shape == (18, 4)
    assert found.groups == ("0", "1", "2") * 6
    found = table("year-labels/q.csv")
    assert found.x.shape == (24, 2)
    assert found.report.left_out == ("'year' (whole numbers 1990…2013)",)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        (
            "csv-bare-quotes/q.csv",
            "line 3 has a quotation mark that would enclose the 3",
        ),
        ("quote-labels/q.csv", "line 6 has a quotation mark that is not closed"),
        ("mostly-missing-column/t.csv", "line 2, column 4 'c': a number is missing"),
        (
            "export-through-excel/observables_de.csv",
            "observables over time, not of tok",
        ),
    ],
)
def test_a_doubtful_table_is_refused(name, says):
    with pytest.raises(ValueError, match=says) as said:
        table(name)
    assert str(said.value).startswith(name.rpartition("/")[2])


def test_an_export_saved_by_a_spreadsheet_carries_its_run(tmp_path):
    found = table("export-through-excel/trajectory_lo.csv")
    assert found.names == ("C", "C#", "F#", "Go")
    assert found.x[0, 0] == -0.8953894032600384
    for file in (CASES / "export-through-excel").iterdir():
        with pytest.raises(ValueError, match=r"langs\.csv: there is no such file"):
            open_scenario(file)
        shutil.copy(file, tmp_path)
    shutil.copy(CASES / "export-hash-label-pandas" / "langs.csv", tmp_path)
    for name in ("observables_de", "observables_excel", "trajectory_lo"):
        scenario = open_scenario(tmp_path / f"{name}.csv")
        assert (scenario.title, scenario.tokens) == ("langs", 4)


def test_numbers_that_a_spreadsheet_rewrote_are_not_trusted(tmp_path):
    file = tmp_path / "o.csv"
    file.write_text('"# scenario: {""format"": 1"," ""a"": [1.5",2," 3]}"\nt,f\n0,1\n')
    with pytest.raises(ValueError, match="a spreadsheet has saved this export again"):
        open_scenario(file)


GRAPHS = {
    "graph-float-ids-order/e.csv": ([[2, 0], [0, 1], [1, 3]], None, "No weights"),
    "graph-gephi-export/edges.csv": (
        [[0, 1], [1, 2]],
        [1, 2],
        "Weights from 'Weight'; left out: 'Type', 'Id'",
    ),
    "graph-hash-names/e.csv": ([[0, 1], [1, 2], [2, 3]], None, "order of appearance"),
    "graph-nx-edgelist-int/e.txt": ([[0, 1], [1, 2], [2, 3], [3, 4]], None, "4 edges"),
    "graph-pandas-index/e.csv": ([[0, 1], [1, 2]], [1, 2], "left out: column 1"),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_an_edge_list_is_read(name):
    pairs, weight, says = GRAPHS[name]
    topology = EdgeListFile(path=str(CASES / name))
    nodes = max(max(pair) for pair in pairs) + 1
    edges = topology.edge_list(np.zeros((nodes, 2)), np.random.default_rng())
    assert topology.nodes(1) == nodes
    assert sorted(map(sorted, pairs)) == edges.edges.tolist()
    assert (weight is None) == (edges.weight is None)
    assert weight is None or edges.weight.tolist() == weight
    assert says in topology.said()


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("graph-huge-id2/e.csv", "line 2: the node '99999999999999999999' is beyond"),
        ("graph-ml-string-weight/g.graphml", "edge 0 – 1 has the weight 'strong'"),
    ],
)
def test_a_doubtful_graph_is_refused(name, says):
    if name.endswith(".graphml"):
        pytest.importorskip("networkx")
    with pytest.raises(ValueError, match=says):
        EdgeListFile(path=str(CASES / name)).nodes(1)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("w;a;b;c\nx;1'000.5;1.5;2\ny;2'000.5;0.5;1\n", "'a' has \"1'000.5\", which"),
        ("a,b,c\n1,2,12 %\n2,3,7 %\n", "'c' has '12 %', which is no number here"),
        ("w;a;b;c\nx;1’000.5;1.5;2\ny;2’000.5;0.5;1\n", "'a' has '1’000.5', which"),
        ("w,a,b\nx,'0.5,1\ny,'2.5,2\n", "'a' has \"'0.5\", which is no number here"),
        ("plz,a,b\n01067,0.5,1\n80331,1.5,2\n", "'plz' has '01067', which is a code"),
        ("word,0.1,0.2\nx,1.5,2\ny,2.5,1\n", "0.1, 0.2 may be titles or the first tok"),
        ("2 4\na .1 .2 .3\nb .2 .3 .4\n", "line 1 says 2 rows of 4 numbers, but those"),
        ("2 2\n.1 .2 .3\n.2 .3 .4\n", "line 1 says 2 rows of 2 numbers, but those be"),
        ("1 3\n.1 .2 .3\n.2 .3 .4\n", "line 1 says 1 rows of 3 numbers, but there"),
        ("2 2\n.1 .2\n.2 .3\n", "line 1 may be the first token, or count the 2 rows"),
    ],
)
def test_a_doubtful_number_or_count_is_refused(tmp_path, text, says):
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        read_tokens(str(file))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "day,a,b\n44197,0.5,1.5\n44198,2.5,1.25\n",
            "'day' are .* times as large",
        ),
        (
            "1,0.5,1.5\n1,2.5,1.25\n2,.5,.25\n",
            "Only column 1 holds whole",
        ),
    ],
)
def test_a_number_that_may_be_no_coordinate_is_noted(tmp_path, text, says):
    file = tmp_path / "t.csv"
    file.write_text(text)
    assert re.search(says, read_tokens(str(file)).report.text())


def test_words_below_counts_may_be_numbers(tmp_path):
    file = tmp_path / "node2vec.emb.txt"
    file.write_text("3 2\n7 0.5 -1\n0 0.25 2\n12 1 1e-3\n")
    found = read_tokens(str(file))
    assert found.names == ("7", "0", "12")
    assert found.x.tolist() == [[0.5, -1], [0.25, 2], [1, 1e-3]]


@pytest.mark.parametrize("separator", ["\t", ";"])
def test_lists_are_not_torn_apart(tmp_path, separator):
    file = tmp_path / "t.txt"
    rows = [f"{w}{separator}[{k}.5, {k}, 0.25, 1]" for k, w in enumerate(WORDS)]
    file.write_text("\n".join([f"text{separator}embedding", *rows]))
    found = read_tokens(str(file))
    assert found.names == WORDS
    assert found.x.tolist() == [[k + 0.5, k, 0.25, 1] for k in range(len(WORDS))]


def test_a_graph_needs_a_title_for_every_column(tmp_path):
    file = tmp_path / "e.csv"
    file.write_text("source,x,target,w\na,b\nb,c\nc,d\n")
    with pytest.raises(ValueError, match="line 1 has 4 titles, the lines below it 2"):
        EdgeListFile(path=str(file)).nodes(1)


def test_compressed_texts_are_read(tmp_path):
    text = (CASES / "glove-txt-clean" / "glove.txt").read_bytes()
    (tmp_path / "glove.txt.gz").write_bytes(gzip.compress(text))
    found = read_tokens(str(tmp_path / "glove.txt.gz"))
    assert found.names == WORDS
    assert np.array_equal(found.x[:3], ROWS)
    (tmp_path / "cut.txt.gz").write_bytes(gzip.compress(text)[:-20])
    with pytest.raises(ValueError, match=r"cut\.txt\.gz: cannot be read"):
        read_tokens(str(tmp_path / "cut.txt.gz"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b,c\n0.5kg,1,2\n1.5kg,2,3\n", "line 2, column 1 'a' has '0.5kg', which is"),
        ("n,a,b,c\nx,5 cm,1,2\ny,7 cm,2,3\n", "'a' has '5 cm', which is no number"),
        ("a,b,c\n0x1F,1,2\n0x2A,2,3\n", "'a' has '0x1F', which is no number here"),
        ("x0,x0,x1\n.5,1,2\n1,2,3\n", "columns 1 and 2 have the same title 'x0'"),
        ("x0,x1\n.5,1,2\n1.5,2,3\n", "column 1 has no title and holds numbers"),
        ("t,token,x0,x1\n0,0,1,0\n1,0,0,1\n0,1,1,0\n1,1,0,1\n", "'0' after '1': rows"),
        ("token,dim,value\na,0,.5\na,1,.2\nb,0,.1\n", "one number a row, and column 2"),
    ],
)
def test_a_table_that_would_be_read_wrongly_is_refused(tmp_path, text, says):
    file = tmp_path / "t.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        read_tokens(str(file))


def test_a_second_index_is_left_out_and_ordinals_are_names(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("Unnamed: 0.1,Unnamed: 0,place,a,b\n0,0,1st,.5,1\n1,1,2nd,1,2\n")
    found = read_tokens(str(file))
    assert found.x.tolist() == [[0.5, 1], [1, 2]]
    assert found.names == ("1st", "2nd")
    file.write_text("rank,a,b\n1,.5,1.5\n2,1.5,2.5\n3,2.5,.5\n")
    assert "Only column 1 'rank' holds whole" in read_tokens(str(file)).report.text()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("source,target,weight,weight\n0,1,1,2\n1,2,3,4\n", "two columns are called"),
        ("source;target;weight\n0;1;1,234\n1;2;2,345\n", "'1,234' may have a decimal"),
        ("source,target\na,b\nb,nan\n", "line 3: the node 'nan' may be a name, or"),
        ("3,3\n0,1\n1,2\n2,0\n", "line 1: may be an edge, or count the 3 edges"),
    ],
)
def test_an_edge_list_that_would_be_read_wrongly_is_refused(tmp_path, text, says):
    file = tmp_path / "e.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=says):
        EdgeListFile(path=str(file)).nodes(1)
